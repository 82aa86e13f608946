"""Writes of documents as plain statements, so that an action on a record sends them in its own trip."""

from __future__ import annotations

from typing import cast

from sqlalchemy import Table, Text, bindparam, insert, text, update

from portal.documents.models import Document

_DOCUMENT = cast(Table, Document.__table__)

ADD_DOCUMENT = insert(_DOCUMENT)

DRAFT_AGAIN = (
    update(_DOCUMENT)
    .where(_DOCUMENT.c.id == bindparam("wanted"), _DOCUMENT.c.number.is_(None))
    .values(
        template=bindparam("to_template"),
        title=bindparam("to_title"),
        title_en=bindparam("to_title_en"),
        series=bindparam("to_series", type_=Text()),
        drafted_by=bindparam("to_drafted_by"),
        drafted_at=bindparam("to_drafted_at"),
        initialled_by=None,
        initialled_at=None,
        signed_by=None,
        signed_at=None,
    )
)
"""A draft that came back is drafted anew: initials and signature belong to what was read.

What has a number is issued: no statement here changes it.
"""

INITIAL = text(
    "UPDATE document SET initialled_by = :person, initialled_at = :moment WHERE id = :wanted AND number IS NULL"
)
SIGN = text(
    "UPDATE document SET signed_by = :person, signed_at = :moment, for_applicant = true "
    "WHERE id = :wanted AND number IS NULL"
)
UNINITIAL = text(
    "UPDATE document SET initialled_by = NULL, initialled_at = NULL "
    "WHERE id = :wanted AND number IS NULL AND signed_at IS NULL"
)
"""The initials were taken back before anybody signed."""
