"""The document by which a decision about the calendar is taken back, or by which hours of work end."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_TAKEN_BACK = "number and date of the document that takes it back"
_ENDED = "the document that orders its last day, when that is another one"


def upgrade() -> None:
    for table, column, comment in (
        ("calendar_exception", "withdrawal_source", _TAKEN_BACK),
        ("office_hours", "withdrawal_source", _TAKEN_BACK),
        ("office_hours", "end_source", _ENDED),
    ):
        op.add_column(table, sa.Column(column, sa.Text, nullable=False, server_default="", comment=comment))


def downgrade() -> None:
    op.drop_column("office_hours", "end_source")
    op.drop_column("office_hours", "withdrawal_source")
    op.drop_column("calendar_exception", "withdrawal_source")
