"""What an agency decides about a result that it has issued, by two persons, and what expires soon.

The effect of a decision stands in the document itself, where results that change an older one leave theirs
(`documents.ended_at`, `valid_until`, `changes_id`): pages and checks ask there alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.actor import SYSTEM, Actor
from portal.core.errors import Conflict, InvalidInput, NotAllowed, NotFound
from portal.core.references import new_id
from portal.core.text import composed, marked
from portal.documents.models import Document, DocumentDecision
from portal.documents.symbols import read_reference, reference
from portal.records import policy, positions
from portal.records.events import append_note
from portal.records.issued_list import GONE, SOON, IssuedRow, get_issued_row
from portal.records.policy import IssuedPermission, IssuedQuestion
from portal.records.telling import tell_applicant
from portal.records.types import HeldPost
from portal.units import queries as units

LONGEST_REASON = 2000
LONGEST_REFERENCE = 60
SHORTEST = timedelta(days=60)
"""What is valid for less is not reminded of: the applicant has only just received it."""

ENDED = marked("Văn bản này đã hết giá trị. Mở lại trang để xem.")
WAITS = marked("Đã có đề nghị chờ lãnh đạo quyết định. Mở lại trang để xem.")
DECIDED = marked("Đề nghị này đã được quyết định. Mở lại trang để xem.")
NOT_YOURS = marked("Việc này thuộc cơ quan đã cấp văn bản.")
FOUR_EYES = marked("Lãnh đạo cơ quan cấp văn bản quyết định, và không phải người đã đề nghị.")
NO_REASON = marked("Ghi lý do.")
NO_REFERENCE = marked("Nhập số quyết định, ví dụ 12/QĐ-UBND.")
TOO_LONG = marked("Dài quá. Viết trong %(most)s chữ cái.")
NO_DAY = marked("Ngày hết hiệu lực mới phải sau ngày hiện nay (%(day)s).")
NO_END = marked("Văn bản này không có thời hạn, nên không gia hạn.")
NOT_FOUND = marked("Không thấy văn bản số %(number)s còn hiệu lực của cùng cơ quan.")

_OPEN = text("SELECT 1 FROM document_decision WHERE document_id = :wanted AND decided_at IS NULL")
_NEWER = text("""
SELECT id FROM document
WHERE number = :number AND series = :series AND unit_id = :unit AND kind = 'result' AND id <> :older
  AND number IS NOT NULL AND ended_at IS NULL AND changes_id IS NULL
ORDER BY issued_at DESC LIMIT 1
""")
_DECIDE = text("""
UPDATE document_decision SET decided_by = :person, decided_by_name = :name, decided_at = :now, agreed = :agreed
WHERE id = :wanted AND decided_at IS NULL
""")
_END = text("UPDATE document SET ended_at = :now WHERE id = :wanted AND ended_at IS NULL")
_STANDS_FOR = text("UPDATE document SET changes_id = :wanted WHERE id = :newer AND changes_id IS NULL")
_EXTEND = text("UPDATE document SET valid_until = :until WHERE id = :wanted AND ended_at IS NULL")
_EXPIRING = text("""
SELECT document.id, document.record_id, document.number, document.series, document.valid_until
FROM document
WHERE document.valid_until BETWEEN :today AND :latest AND document.ended_at IS NULL AND document.number IS NOT NULL
  AND document.kind IN ('result', 'further_result') AND document.template <> 'rejection' AND document.for_applicant
  AND (document.issued_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date <= document.valid_until - :shortest
  AND NOT EXISTS (
    SELECT FROM record_event AS told
    WHERE told.record_id = document.record_id AND told.kind = 'result_expiring'
      AND told.details ->> 'document' = CAST(document.id AS text)
      AND told.details ->> 'valid_until' = CAST(document.valid_until AS text))
  AND (CAST(:only AS uuid) IS NULL OR document.id = :only)
ORDER BY document.valid_until LIMIT 500
""")


@dataclass(frozen=True)
class Decision:
    """What was proposed about a result, and what became of it; `agreed` is None while it waits."""

    id: UUID
    kind: str
    reason: str
    reference: str
    valid_until: date | None
    newer_id: UUID | None
    proposed_by: UUID
    proposed_by_name: str
    proposed_at: datetime
    decided_by_name: str
    decided_at: datetime | None
    agreed: bool | None
    newer: str = ""
    """Number of the document that stands for it."""


@dataclass(frozen=True)
class Proposal:
    """What somebody proposes. `valid_until` of an extension, `newer` (its number) of a replacement."""

    kind: str
    reason: str
    reference: str
    valid_until: date | None = None
    newer: str = ""


@dataclass(frozen=True)
class Expiring:
    document_id: UUID
    record_id: UUID
    number: int
    series: str
    valid_until: date


def list_decisions(session: Session, document_id: UUID) -> list[Decision]:
    """Everything that was proposed about it, the newest first."""
    names = [name for name in Decision.__dataclass_fields__ if name != "newer"]
    columns = [getattr(DocumentDecision, name) for name in names]
    found = (
        select(*columns, Document.number, Document.series)
        .outerjoin(Document, Document.id == DocumentDecision.newer_id)
        .where(DocumentDecision.document_id == document_id)
    )
    rows: Any = session.execute(found.order_by(DocumentDecision.proposed_at.desc()))
    return [
        Decision(**dict(zip(names, told, strict=True)), newer=reference(number, series) if number else "")
        for *told, number, series in rows
    ]


def may(
    session: Session, permission: IssuedPermission, unit_id: UUID, *, actor: Actor, proposed_by: UUID | None = None
) -> bool:
    """For a page, by the posts that it knows; the acts read them again."""
    return _may(session, permission, unit_id, actor, policy.held_posts(actor), proposed_by)


def propose(session: Session, document_id: UUID, proposal: Proposal, *, actor: Actor, now: datetime) -> UUID:
    """Ask the leader of the agency to revoke, replace or prolong a result.

    Raises NotFound, NotAllowed, InvalidInput, and Conflict when it has ended or something waits already.
    """
    document = get_issued_row(session, document_id, actor=actor)
    record, position = positions.lock_record(session, document.record_id, now=now)
    if not _may(session, IssuedPermission.PROPOSE, document.unit_id, actor, position.posts):
        raise NotAllowed(NOT_YOURS)
    document = get_issued_row(session, document_id, actor=actor)  # as it stands under the lock
    if document.ended_at is not None:
        raise Conflict(ENDED)
    if session.execute(_OPEN, {"wanted": document_id}).first() is not None:
        raise Conflict(WAITS)
    decision_id = new_id()
    session.execute(
        insert(DocumentDecision).values(
            id=decision_id,
            document_id=document_id,
            record_id=document.record_id,
            owner_id=record.owner_id,
            unit_id=document.unit_id,
            **_checked(session, document, proposal, now=now),
            proposed_by=actor.person_id,
            proposed_by_name=actor.name,
            proposed_at=now,
            decided_by_name="",
        )
    )
    return decision_id


def decide(session: Session, decision_id: UUID, *, agreed: bool, actor: Actor, now: datetime) -> None:
    """The leader agrees, and it takes effect at once, or sends it back.

    Raises NotFound, NotAllowed for anybody else and for whoever proposed it, and Conflict when it was decided before or
    the result has ended meanwhile.
    """
    document_id = session.scalars(
        select(DocumentDecision.document_id).where(DocumentDecision.id == decision_id)
    ).one_or_none()
    if document_id is None:
        raise NotFound(GONE)
    document = get_issued_row(session, document_id, actor=actor)
    record, position = positions.lock_record(session, document.record_id, now=now)
    decision = next(one for one in list_decisions(session, document_id) if one.id == decision_id)
    allowed = _may(session, IssuedPermission.DECIDE, document.unit_id, actor, position.posts, decision.proposed_by)
    if not allowed:
        raise NotAllowed(FOUR_EYES)
    told = {"wanted": decision_id, "person": actor.person_id, "name": actor.name, "now": now, "agreed": agreed}
    if not _changed(session, _DECIDE, told):
        raise Conflict(DECIDED)
    if not agreed:
        return
    newer = _take_effect(session, document_id, decision, now=now)
    event_id = append_note(
        session,
        record,
        kind=EVENTS[decision.kind],
        actor=actor,
        now=now,
        details={
            "document": str(document_id),
            "number": document.reference,
            "reference": decision.reference,
            "newer": newer,
            "valid_until": decision.valid_until.isoformat() if decision.valid_until else None,
            "proposed_by": decision.proposed_by_name,
        },
        for_applicant=True,
        reason=decision.reason,
        unit=units.directory(session).unit(document.unit_id),
    )
    tell_applicant(session, document.record_id, event_id, now=now)


EVENTS = {"revoke": "result_revoked", "replace": "result_replaced", "extend": "result_extended"}


def expiring(session: Session, *, today: date, only: UUID | None = None) -> list[Expiring]:
    """Results in force whose last day is near, and whose holders were not told of that day. Run as SYSTEM."""
    asked = {"today": today, "latest": today + SOON, "shortest": SHORTEST.days, "only": only}
    return [Expiring(*row) for row in session.execute(_EXPIRING, asked)]


def remind(session: Session, one: Expiring, *, now: datetime) -> None:
    """Tell the holder of a result when it expires. Nothing when somebody has told him meanwhile."""
    record, _position = positions.lock_record(session, one.record_id, now=now)
    if one not in expiring(session, today=clock.local_day(now), only=one.document_id):
        return
    details = {
        "document": str(one.document_id),
        "number": reference(one.number, one.series),
        "valid_until": one.valid_until.isoformat(),
    }
    event_id = append_note(
        session, record, kind="result_expiring", actor=SYSTEM, now=now, details=details, for_applicant=True
    )
    tell_applicant(session, one.record_id, event_id, now=now)


def _take_effect(session: Session, document_id: UUID, decision: Decision, *, now: datetime) -> str:
    """What the decision does to the document; gives the number of the one that stands for it."""
    asked = {"wanted": document_id, "now": now}
    if decision.kind == "extend":
        if not _changed(session, _EXTEND, {"wanted": document_id, "until": decision.valid_until}):
            raise Conflict(ENDED)
        return ""
    if not _changed(session, _END, asked):
        raise Conflict(ENDED)
    if decision.newer_id is None:
        return ""
    if not _changed(session, _STANDS_FOR, {"wanted": document_id, "newer": decision.newer_id}):
        raise Conflict(ENDED)
    newer = session.execute(select(Document.number, Document.series).where(Document.id == decision.newer_id)).one()
    return reference(newer.number or 0, newer.series or "")


def _checked(session: Session, document: IssuedRow, proposal: Proposal, *, now: datetime) -> dict[str, Any]:
    reason, reference = composed(proposal.reason).strip(), composed(proposal.reference).strip()
    if not reason:
        raise InvalidInput(NO_REASON, field="reason")
    if len(reason) > LONGEST_REASON:
        raise InvalidInput(TOO_LONG, field="reason", most=LONGEST_REASON)
    if not reference or len(reference) > LONGEST_REFERENCE:
        raise InvalidInput(NO_REFERENCE, field="reference")
    values: dict[str, Any] = {"kind": proposal.kind, "reason": reason, "reference": reference}
    if proposal.kind == "extend":
        values["valid_until"] = _later_day(document, proposal.valid_until, now=now)
    if proposal.kind == "replace":
        values["newer_id"] = _newer(session, document, proposal.newer)
    return values


def _later_day(document: IssuedRow, day: date | None, *, now: datetime) -> date:
    if document.valid_until is None:
        raise InvalidInput(NO_END, field="kind")
    earliest = max(document.valid_until, clock.local_day(now))
    if day is None or day <= earliest:
        raise InvalidInput(NO_DAY, field="valid_until", day=earliest)
    return day


def _newer(session: Session, document: IssuedRow, number: str) -> UUID:
    read = read_reference(number)
    wanted = {"number": read[0], "series": read[1], "unit": document.unit_id, "older": document.id} if read else {}
    found: UUID | None = session.execute(_NEWER, wanted).scalar_one_or_none() if read else None
    if found is None:
        said = reference(*read) if read else composed(number).strip() or "…"
        raise InvalidInput(NOT_FOUND, field="newer", number=said)
    return found


def _may(
    session: Session,
    permission: IssuedPermission,
    unit_id: UUID,
    actor: Actor,
    posts: tuple[HeldPost, ...],
    proposed_by: UUID | None = None,
) -> bool:
    directory = units.directory(session)
    bodies = tuple(directory.body_of(post.unit_id).id for post in posts)
    return policy.may_decide(permission, IssuedQuestion(actor, posts, bodies, unit_id, proposed_by))


def _changed(session: Session, statement: Any, values: dict[str, Any]) -> bool:
    done: Any = session.execute(statement, values)
    return bool(done.rowcount)
