"""What is rehearsed, who may start it, and the second administrator that a large or breaking move needs.

As for publishing, whoever prepares a move that many records feel does not decide about it alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from portal.audit import service as audit
from portal.catalogue import administration
from portal.catalogue.comparison import compare
from portal.core.actor import Actor
from portal.core.errors import Conflict, InvalidInput, NotAllowed
from portal.records.moving import ask, check, count_open, require_administrator, start_moving
from portal.records.moving_plan import Versions
from portal.records.moving_queries import Moving, get_moving, get_report

ALONE = 100
"""As many records one administrator may move alone."""

KEPT = timedelta(days=14)
"""A rehearsal is forgotten afterwards: records have gone on, and what it found holds no more."""

_SEND = text(
    "UPDATE record_moving SET sent_at = :now, returned_by_name = '', return_reason = '' "
    "WHERE id = :moving AND sent_at IS NULL RETURNING id"
)
_RETURN = text(
    "UPDATE record_moving SET sent_at = NULL, returned_by_name = :person_name, return_reason = :reason "
    "WHERE id = :moving AND sent_at IS NOT NULL RETURNING id"
)
_DECIDED = text("UPDATE record_moving SET sent_at = NULL WHERE id = :moving AND sent_at IS NOT NULL RETURNING id")
_LOCK = text("SELECT id FROM record_moving WHERE id = :moving FOR UPDATE")
_FORGET = (
    text(
        "DELETE FROM moved_record USING record_moving WHERE record_moving.id = moved_record.moving_id "
        "AND record_moving.purpose = 'rehearsal' AND record_moving.requested_at < :before"
    ),
    text("DELETE FROM record_moving WHERE purpose = 'rehearsal' AND requested_at < :before"),
)


@dataclass(frozen=True)
class Weight:
    """Why a move needs a second administrator: how many records it changes, and whether the newer version breaks
    something of the older one (see `catalogue.comparison`)."""

    records: int
    is_breaking: bool

    @property
    def is_many(self) -> bool:
        return self.records > ALONE

    @property
    def needs_second(self) -> bool:
        return self.is_many or self.is_breaking


def ask_rehearsal(session: Session, versions: Versions, *, actor: Actor, now: datetime) -> UUID:
    """Owe a rehearsal in the background; gives its key. Raises MappingError, Conflict and NotAllowed."""
    require_administrator(actor)
    check(versions)
    _require_newest(session, versions)
    return ask(session, "rehearsal", versions, actor=actor, now=now)


def weight_of(session: Session, rehearsal: Moving) -> Weight:
    """Of the move that was rehearsed, with the records that have come since."""
    report = get_report(session, rehearsal.id, most=0)
    records = max(report.fits, count_open(session, rehearsal) - report.refused)
    changes = compare(rehearsal.old.procedure, rehearsal.new.procedure)
    return Weight(records, any(change.breaking for change in changes))


def send_rehearsal(session: Session, rehearsal_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Ask for a second administrator. Raises NotFound, NotAllowed and Conflict."""
    rehearsal = _rehearsed(session, rehearsal_id, actor=actor)
    if session.execute(_SEND, {"moving": rehearsal_id, "now": now}).first() is None:
        raise Conflict("Lần chuyển này đã gửi duyệt. Đợi người thứ hai quyết định.")
    audit.note(session, "moving_sent", actor=actor, now=now, **_about(rehearsal))


def return_rehearsal(session: Session, rehearsal_id: UUID, *, reason: str, actor: Actor, now: datetime) -> None:
    """Give it back with a reason to whoever prepared it, or take one's own back. Raises NotFound, NotAllowed, Conflict
    when nobody waits any more, and InvalidInput without a reason."""
    rehearsal = _rehearsed(session, rehearsal_id, actor=actor)
    is_own = rehearsal.requested_by == actor.person_id
    if not is_own and not reason.strip():
        raise InvalidInput("Nhập lý do trả lại", field="reason")
    name = "" if is_own else actor.name
    about = {"moving": rehearsal_id, "person_name": name, "reason": "" if is_own else reason.strip()}
    if session.execute(_RETURN, about).first() is None:
        raise Conflict("Lần chuyển này không còn chờ duyệt.")
    if is_own:
        audit.note(session, "moving_recalled", actor=actor, now=now, **_about(rehearsal))
    else:
        audit.note(session, "moving_returned", actor=actor, now=now, **_about(rehearsal))


def start_rehearsed(session: Session, rehearsal_id: UUID, *, actor: Actor, now: datetime) -> UUID:
    """Owe the move that was rehearsed; gives its key. Raises NotFound, NotAllowed, and Conflict when the rehearsal is
    not done, a newer version is in force by now, no record is left, a move of this procedure runs, or a second
    administrator is needed."""
    rehearsal = _rehearsed(session, rehearsal_id, actor=actor)
    _require_newest(session, rehearsal)
    if not weight_of(session, rehearsal).needs_second:
        return start_moving(session, rehearsal, actor=actor, now=now)
    _require_second(rehearsal, actor)
    if count_open(session, rehearsal) and session.execute(_DECIDED, {"moving": rehearsal_id}).first() is None:
        raise Conflict("Lần chuyển này không còn chờ duyệt.")
    asker = Actor(kind=actor.kind, person_id=rehearsal.requested_by, name=rehearsal.requested_by_name)
    return start_moving(session, rehearsal, actor=asker, now=now, approved_by=actor)


def forget_rehearsals(session: Session, *, before: datetime) -> None:
    """Delete what rehearsals that were asked for before that moment have found."""
    for statement in _FORGET:
        session.execute(statement, {"before": before})


def _rehearsed(session: Session, rehearsal_id: UUID, *, actor: Actor) -> Moving:
    """The rehearsal, and nobody else decides about it until this transaction ends."""
    require_administrator(actor)
    session.execute(_LOCK, {"moving": rehearsal_id})
    rehearsal = get_moving(session, rehearsal_id)
    if not rehearsal.is_rehearsal or rehearsal.finished_at is None:
        raise Conflict("Lần thử này chưa xong. Đợi xong rồi chuyển.")
    if rehearsal.is_stopped:
        raise Conflict("Lần thử này đã dừng giữa chừng. Thử lại rồi chuyển.")
    return rehearsal


def _require_second(rehearsal: Moving, actor: Actor) -> None:
    if rehearsal.requested_by == actor.person_id:
        raise NotAllowed("Người chuẩn bị không tự chuyển. Nhờ một người quản trị khác.")


def _require_newest(session: Session, versions: Versions) -> None:
    newest = administration.newest_version(session, versions.new.procedure.code)
    if newest is not None and newest.version_id != versions.new.version_id:
        raise Conflict("Bản %(number)s vừa được công bố. Nối lại với bản đó rồi thử lại.", number=newest.number)


def _about(rehearsal: Moving) -> dict[str, Any]:
    """What an audit entry says of it."""
    return {"code": rehearsal.old.procedure.code, "old": rehearsal.old.number, "new": rehearsal.new.number}
