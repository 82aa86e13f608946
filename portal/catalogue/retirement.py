"""Taking a procedure out of use, with or without one that takes its place. Records under way go on."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.audit import service as audit
from portal.catalogue.models import ProcedureRow
from portal.core.actor import Actor
from portal.core.errors import Conflict, InvalidInput, NotAllowed, NotFound


def withdraw_procedure(
    session: Session, code: str, *, reason: str, replaced_by: str | None = None, actor: Actor, now: datetime
) -> None:
    """No new drafts from now on; the procedure's page leads to the one that replaces it, when there is one.

    Raises NotFound, InvalidInput without a reason or when the other is not in use, Conflict when it is withdrawn
    already.
    """
    row = _locked(session, code, actor=actor)
    if row.withdrawn_at is not None:
        raise Conflict("Thủ tục này đã ngừng nhận hồ sơ mới. Mở lại trang để xem.")
    if not reason.strip():
        raise InvalidInput("Nhập lý do ngừng", field="reason")
    if replaced_by:
        _require_in_use(session, replaced_by, besides=code)
    _set(session, code, withdrawn_at=now, withdrawal=reason.strip(), replaced_by=replaced_by or None)
    audit.note(session, "procedure_withdrawn", actor=actor, now=now, code=code, replaced_by=replaced_by or "")


def restore_procedure(session: Session, code: str, *, actor: Actor, now: datetime) -> None:
    """Take new drafts again. Raises NotFound, and Conflict when it is in use."""
    row = _locked(session, code, actor=actor)
    if row.withdrawn_at is None:
        raise Conflict("Thủ tục này đang nhận hồ sơ. Mở lại trang để xem.")
    _set(session, code, withdrawn_at=None, withdrawal=None, replaced_by=None)
    audit.note(session, "procedure_restored", actor=actor, now=now, code=code)


def _locked(session: Session, code: str, *, actor: Actor) -> ProcedureRow:
    if not actor.has_role("administrator"):
        raise NotAllowed("Chỉ người quản trị ngừng hoặc mở lại thủ tục.")
    row = session.scalars(select(ProcedureRow).where(ProcedureRow.code == code).with_for_update()).first()
    if row is None:
        raise NotFound("Không có thủ tục này. Tìm lại bằng tên hoặc việc cần làm.")
    return row


def _require_in_use(session: Session, code: str, *, besides: str) -> None:
    in_use = select(ProcedureRow.id).where(ProcedureRow.code == code, ProcedureRow.withdrawn_at.is_(None))
    if code == besides or session.scalar(in_use.with_for_update(read=True)) is None:
        raise InvalidInput("Chọn một thủ tục đang dùng để thay", field="replaced_by")


def _set(session: Session, code: str, **values: object) -> None:
    session.execute(update(ProcedureRow).where(ProcedureRow.code == code).values(**values))
