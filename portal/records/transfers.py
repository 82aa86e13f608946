"""The paper of a record on its way: it follows the electronic record, and nobody waits with his work for it.

The desk that has it confirms so; paper that does not come in time is told to who leads the desk that sent it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, insert, or_, select, text, update
from sqlalchemy.orm import Session

from portal.accounts import queries as accounts
from portal.core import clock
from portal.core.actor import SYSTEM, Actor
from portal.core.errors import Conflict, NotAllowed, NotFound
from portal.core.references import new_id
from portal.core.text import marked
from portal.core.unit_of_work import in_one_trip
from portal.jobs import service as jobs
from portal.records import positions
from portal.records.changes import Change, Situation
from portal.records.events import append_note
from portal.records.models import PaperTransfer, Record
from portal.records.openings import Opened
from portal.records.types import LockedRecord
from portal.workflow.deadlines import paper_due

ONLINE = "online"

ARRIVED, NO_PAPER, LATE = "paper_arrived", "paper_none", "paper_late"
"""Kinds of events. The last is also what is new about the tasks of both desks."""

LEADING = ("head", "counter_leader", "leader")

GONE = marked("Không thấy lần chuyển giấy này. Mở lại hồ sơ để xem.")
NOT_YOURS = marked("Nơi nhận bản giấy mới xác nhận được. Chuyển cho đơn vị đó.")
ALREADY = marked("%(name)s đã xác nhận bản giấy này. Không phải làm gì thêm.")
DROPPED = marked("Lần chuyển giấy này không còn. Mở lại hồ sơ để xem.")

_SEND = insert(cast(Table, PaperTransfer.__table__))
_REPLACE = text("""
UPDATE paper_transfer SET dropped_at = :moment
WHERE record_id = :wanted AND from_unit_id = :sender AND to_unit_id = :receiver
  AND arrived_at IS NULL AND dropped_at IS NULL
""")
TAKE_BACK = text("""
UPDATE paper_transfer SET dropped_at = :moment
WHERE task_id = :closed AND arrived_at IS NULL AND dropped_at IS NULL
""")
_TELL_DESKS = text("""
UPDATE task SET news = :news
WHERE record_id = :wanted AND closed_at IS NULL AND unit_id = ANY (:units) AND news = :instead_of
""")


@dataclass(frozen=True)
class Transfer:
    """Paper of one record between two desks."""

    id: UUID
    record_id: UUID
    record_code: str
    applicant_name: str
    from_unit_id: UUID
    to_unit_id: UUID
    sent_at: datetime
    sent_by_name: str
    due_at: datetime
    arrived_at: datetime | None
    arrived_by_name: str
    dropped_at: datetime | None

    @property
    def is_on_the_way(self) -> bool:
        return self.arrived_at is None and self.dropped_at is None

    def is_late(self, now: datetime) -> bool:
        return self.is_on_the_way and self.due_at <= now


def send_paper(situation: Situation, opened: Opened, change: Change) -> None:
    """The paper goes to each desk that the hand-over opens: of what came by hand or by post."""
    days = situation.action.paper_within
    sender = situation.task.unit_id
    if not days or sender is None or situation.record.channel == ONLINE:
        return  # what was only shown at the counter has been given back there
    due = paper_due(
        situation.now,
        days=days,
        cutoff=time.fromisoformat(situation.action.cutoff),
        calendar=situation.book.as_known(situation.now, unit_id=sender),
    )
    for receiver in _receivers(opened, sender):
        transfer_id = new_id()
        between = {"wanted": situation.record.id, "sender": sender, "receiver": receiver}
        change.write(_REPLACE, {**between, "moment": situation.now})
        change.write(
            _SEND,
            {
                "id": transfer_id,
                "record_id": situation.record.id,
                "owner_id": situation.record.owner_id,
                "task_id": situation.task.id,
                "from_unit_id": sender,
                "to_unit_id": receiver,
                "sent_at": situation.now,
                "sent_by_name": situation.actor.name,
                "due_at": due,
            },
        )
        change.details["paper"] = {"due_at": due.isoformat()}
        change.owe(
            "paper_due",
            arguments={"transfer_id": str(transfer_id)},
            due_at=due,
            natural_key=f"{transfer_id}:due",
        )


def _receivers(opened: Opened, sender: UUID) -> Iterator[UUID]:
    units = (row["unit_id"] for row in opened.tasks)
    yield from dict.fromkeys(unit for unit in units if unit is not None and unit != sender)


def list_transfers(session: Session, record_id: UUID) -> list[Transfer]:
    """Every one of a record, the newest first; those that were taken back too."""
    return _rows(session, select(*_COLUMNS).where(PaperTransfer.record_id == record_id))


def list_on_the_way(session: Session, *, actor: Actor) -> list[Transfer]:
    """Paper that one of the actor's units waits for or has sent, due soonest first."""
    units = sorted(actor.unit_ids)
    wanted = select(*_COLUMNS).where(
        or_(PaperTransfer.to_unit_id.in_(units), PaperTransfer.from_unit_id.in_(units)),
        PaperTransfer.arrived_at.is_(None),
        PaperTransfer.dropped_at.is_(None),
        Record.closed_at.is_(None),
    )
    return sorted(_rows(session, wanted), key=lambda transfer: (transfer.due_at, transfer.id)) if units else []


def confirm_paper(session: Session, transfer_id: UUID, *, actor: Actor, now: datetime) -> str:
    """The paper has arrived. Answers the code of the record.

    Raises NotFound, NotAllowed, and Conflict when somebody has confirmed it before, or it was taken back.
    """
    return _close(session, transfer_id, ARRIVED, actor=actor, now=now)


def say_no_paper(session: Session, transfer_id: UUID, *, actor: Actor, now: datetime) -> str:
    """There is no paper to wait for: the electronic record is all. Raises as `confirm_paper` does."""
    return _close(session, transfer_id, NO_PAPER, actor=actor, now=now)


def tell_late(session: Session, transfer_id: UUID, *, now: datetime) -> bool:
    """Tell both desks, and who leads the one that sent it; False when the paper is there. Run as SYSTEM."""
    transfer = _found(session, transfer_id)
    record, _position = positions.lock_record(session, transfer.record_id, now=now)
    transfer = _found(session, transfer_id)
    if record.closed_at is not None or not transfer.is_late(now):
        return False
    day = clock.local_day(now)
    leading = [
        official.person_id
        for official in accounts.list_officials(session, transfer.from_unit_id, day=day)
        if official.role in LEADING
    ]
    details = {
        "missed_due_at": transfer.due_at.isoformat(),
        "told": [str(person) for person in dict.fromkeys(leading)],
    }
    event_id = append_note(session, record, kind=LATE, actor=SYSTEM, now=now, details=details)
    session.connection().execute(_TELL_DESKS, _told(transfer, news=LATE, instead_of=""))
    told = {"record_id": str(record.id), "event_id": str(event_id)}
    jobs.owe(session, "tell_officials", arguments=told, natural_key=str(event_id), now=now)
    return True


def _close(session: Session, transfer_id: UUID, kind: str, *, actor: Actor, now: datetime) -> str:
    record, position = positions.lock_record(session, _found(session, transfer_id).record_id, now=now)
    transfer = _found(session, transfer_id)
    if transfer.to_unit_id not in {post.unit_id for post in position.posts}:
        raise NotAllowed(NOT_YOURS)
    if transfer.arrived_at is not None:
        raise Conflict(ALREADY, name=transfer.arrived_by_name)
    if transfer.dropped_at is not None:
        raise Conflict(DROPPED)
    arrived = {"arrived_at": now, "arrived_by_name": actor.name}
    values = arrived if kind == ARRIVED else {"dropped_at": now}
    with in_one_trip(session):
        session.execute(update(PaperTransfer).where(PaperTransfer.id == transfer_id).values(**values))
        session.connection().execute(_TELL_DESKS, _told(transfer, news="", instead_of=LATE))
        _note(session, record, transfer, kind, actor=actor, now=now)
    return record.code


def _note(
    session: Session, record: LockedRecord, transfer: Transfer, kind: str, *, actor: Actor, now: datetime
) -> None:
    details = {"transfer": str(transfer.id), "unit_id": str(transfer.to_unit_id)}
    append_note(session, record, kind=kind, actor=actor, now=now, details=details)


def _told(transfer: Transfer, *, news: str, instead_of: str) -> dict[str, Any]:
    units = [transfer.from_unit_id, transfer.to_unit_id]
    return {"news": news, "instead_of": instead_of, "wanted": transfer.record_id, "units": units}


def _found(session: Session, transfer_id: UUID) -> Transfer:
    found = _rows(session, select(*_COLUMNS).where(PaperTransfer.id == transfer_id))
    if not found:
        raise NotFound(GONE)
    return found[0]


_COLUMNS: tuple[Any, ...] = (
    PaperTransfer.id,
    PaperTransfer.record_id,
    Record.code,
    Record.applicant_name,
    PaperTransfer.from_unit_id,
    PaperTransfer.to_unit_id,
    PaperTransfer.sent_at,
    PaperTransfer.sent_by_name,
    PaperTransfer.due_at,
    PaperTransfer.arrived_at,
    PaperTransfer.arrived_by_name,
    PaperTransfer.dropped_at,
)


def _rows(session: Session, wanted: Any) -> list[Transfer]:
    joined = wanted.join(Record, Record.id == PaperTransfer.record_id)
    return [Transfer(*row) for row in session.execute(joined.order_by(PaperTransfer.sent_at.desc(), PaperTransfer.id))]
