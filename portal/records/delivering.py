"""How a result reaches its applicant: the way may be changed until it is sent; what goes by post is ordered and handed
over at the counter where the result lies, and what becomes of it stands in the history of the record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from portal.catalogue.types import Procedure
from portal.core import clock
from portal.core.actor import Actor
from portal.core.errors import Conflict, InvalidInput, NotAllowed, NotFound
from portal.core.text import marked
from portal.delivery import operator, queries, service
from portal.delivery.types import ParcelView, Receiver
from portal.jobs.service import owe
from portal.records import positions
from portal.records.answers import WAY
from portal.records.collecting import collecting, require_paid
from portal.records.events import append_note
from portal.records.grounds import Grounds, grounds_of
from portal.records.policy import AT_THE_COUNTER
from portal.records.telling import tell_applicant
from portal.records.types import COUNTER, POST, HeldPost, LockedRecord, Position, TaskRow
from portal.units.resolution import Directory
from portal.workflow.definition import ActionKind, Process

CHANGED, ORDERED, SENT = "way_changed", "parcel_ordered", "parcel_sent"
CANCELLED, BACK = "parcel_cancelled", "parcel_back"
"""Kinds of events that people cause; what the post causes stands in `parcels`."""

GONE = marked("Kết quả đã gửi qua bưu điện, không đổi cách nhận được nữa. Mở lại hồ sơ để xem.")
ENDED = marked("Hồ sơ này đã xong, không đổi cách nhận được nữa. Mở lại hồ sơ để xem.")
NOT_OFFERED = marked("Chọn một cách nhận trong danh sách.")
NOT_YOURS = marked("Chỉ bộ phận một cửa đang giữ kết quả làm được việc này.")
NOT_BY_POST = marked("Người nộp không nhận kết quả này qua bưu điện. Mở lại hồ sơ để xem.")
HAND_IN = marked("Kết quả này phải nhận tại quầy vì phải nộp lại giấy cũ. Gọi người nộp chọn lại cách nhận.")
NO_OPERATOR = marked("Chưa nối với bưu điện nên không gửi được. Hẹn người nộp đến nhận tại quầy.")
BY_POST = marked("Người nộp nhận kết quả này qua bưu điện. Người nộp đến quầy thì đổi cách nhận trước.")

_CHANGE = text("UPDATE record SET return_by = :way, return_unit_id = :unit WHERE id = :wanted")
GO_TO_COUNTER = text("UPDATE record SET return_by = 'counter', return_unit_id = :unit WHERE id = :wanted")


@dataclass(frozen=True)
class Wish:
    """How the applicant wants the result. `place`: at whose counter; `receiver`: of what goes by post."""

    way: str
    place: str = ""
    receiver: Receiver | None = None


def ways_offered(procedure: Procedure, answers: Mapping[str, Any] | None, *, outcome: str | None) -> tuple[str, ...]:
    """Those of the definition; the post only where there is one, and nothing is taken in with the result."""
    asked = next((field for page in procedure.pages for field in page.fields if field.id == WAY), None)
    ways = tuple(choice.value for choice in asked.choices) if asked else ()
    if operator.is_offered() and not collecting(procedure, answers, outcome=outcome).taken_in:
        return ways
    return tuple(way for way in ways if way != POST)


def giving_task(tasks: Iterable[TaskRow], process: Process) -> TaskRow | None:
    """The open task with which the result is given: it lies at that unit."""
    for task in tasks:
        step = process.steps.get(task.step)
        if task.is_open and step and any(action.kind is ActionKind.GIVE for action in step.actions):
            return task
    return None


def receiver_of(answers: Mapping[str, Any], directory: Directory) -> Receiver:
    """Whom the application names; where it names nobody, the applicant at his own address."""
    elsewhere = answers.get("post_where") == "elsewhere"
    place = "" if elsewhere else str(answers.get("post_commune") or answers.get("commune") or "")
    return Receiver(
        name=str(answers.get("post_name") or answers.get("full_name") or ""),
        phone=str(answers.get("post_phone") or answers.get("phone") or ""),
        address=str(answers.get("post_address") or answers.get("address") or ""),
        place=place,
        locality=str(answers.get("post_place") or "") if elsewhere else locality_of(place, directory),
    )


def locality_of(place: str, directory: Directory) -> str:
    """A commune of the city with all that lies above it, in Vietnamese as an envelope has it."""
    return ", ".join(one.name for one in directory.territories(place)) if directory.place_or_none(place) else ""


def wanted_parcel(
    answers: Mapping[str, Any], directory: Directory, *, record_id: UUID, owner_id: UUID, unit_id: UUID, now: datetime
) -> dict[str, Any]:
    """The row of the parcel that the application asks for."""
    receiver = receiver_of(answers, directory)
    return service.parcel_row(record_id=record_id, owner_id=owner_id, unit_id=unit_id, receiver=receiver, now=now)


def change_way(session: Session, record_id: UUID, wish: Wish, *, actor: Actor, now: datetime) -> None:
    """The applicant chooses again; at the counter an official may choose the counter for whoever has come.

    Raises NotFound for anybody else, InvalidInput for a way that is not offered, Conflict once the result is sent or
    the record has ended. Nothing happens when nothing is changed.
    """
    record, position, grounds, task, parcel = _opened(session, record_id, now=now)
    is_owner = record.owner_id == actor.person_id
    if not is_owner and not (_sits_there(task, position.posts) and wish.way == COUNTER):
        raise NotFound("Không thấy hồ sơ này. Xem lại mã hồ sơ.")
    if record.closed_at is not None:
        raise Conflict(ENDED)
    if parcel is not None and not parcel.may_change:
        raise Conflict(GONE)
    if wish.way not in ways_offered(grounds.procedure, record.answers, outcome=record.outcome):
        raise InvalidInput(NOT_OFFERED, field=WAY)
    unit_id = _returning_unit(record, wish, task, grounds.directory, now=now)
    same_receiver = parcel is not None and parcel.receiver == wish.receiver
    if (wish.way, unit_id) == (record.return_by, record.return_unit_id) and (wish.way != POST or same_receiver):
        return
    _keep_receiver(session, record, parcel, wish, unit_id=unit_id, now=now)
    session.execute(_CHANGE, {"way": wish.way, "unit": unit_id, "wanted": record.id})
    holder = task.assignee_id if task else None
    details = {
        "from": record.return_by, "from_unit": str(record.return_unit_id), "to": wish.way, "to_unit": str(unit_id),
        "told": [str(holder)] if holder and is_owner else [],
    }  # fmt: skip
    event_id = append_note(
        session, record, kind=CHANGED, actor=actor, now=now, details=details, for_applicant=True,
        unit=None if is_owner or task is None or task.unit_id is None else grounds.directory.unit(task.unit_id),
    )  # fmt: skip
    if not is_owner:
        tell_applicant(session, record.id, event_id, now=now)
    elif holder:
        told = {"record_id": str(record.id), "event_id": str(event_id)}
        owe(session, "tell_officials", arguments=told, natural_key=str(event_id), now=now)


def order_parcel(session: Session, record_id: UUID, *, actor: Actor, now: datetime) -> str:
    """Whoever sits at the counter where the result lies orders the post; answers the record's code.

    Raises NotFound, NotAllowed, and Conflict when the way is another, a fee is unpaid, or the order was made before.
    """
    record, position, grounds, task, parcel = _opened(session, record_id, now=now)
    if task is None or task.unit_id is None:
        raise Conflict(ENDED)
    if not _sits_there(task, position.posts):
        raise NotAllowed(NOT_YOURS)
    if record.return_by != POST:
        raise Conflict(NOT_BY_POST)
    if not operator.is_offered():
        raise Conflict(NO_OPERATOR)
    if collecting(grounds.procedure, record.answers, outcome=record.outcome).taken_in:
        raise Conflict(HAND_IN)
    require_paid(session, record.id, outcome=record.outcome)
    if parcel is None:
        row = wanted_parcel(
            record.answers, grounds.directory, record_id=record.id, owner_id=record.owner_id,
            unit_id=task.unit_id, now=now,
        )  # fmt: skip
        session.execute(service.ADD_PARCEL, row)
    parcel_id = parcel.id if parcel else row["id"]
    service.order(session, parcel_id, unit_id=task.unit_id, now=now)
    append_note(session, record, kind=ORDERED, actor=actor, now=now, task=task, details={"parcel": str(parcel_id)})
    return record.code


def hand_parcel(session: Session, parcel_id: UUID, *, actor: Actor, now: datetime) -> str:
    """The postman has taken it: the applicant is told; answers the record's code. Raises as `order_parcel` does."""
    record, task, parcel = _at_counter(session, parcel_id, now=now)
    service.hand_over(session, parcel.id, by_name=actor.name, now=now)
    details = {"parcel": str(parcel.id), "state": "sent", "number": parcel.number, "fee": parcel.fee}
    event_id = append_note(
        session, record, kind=SENT, actor=actor, now=now, task=task, details=details, for_applicant=True
    )
    tell_applicant(session, record.id, event_id, now=now)
    return record.code


def cancel_parcel(session: Session, parcel_id: UUID, *, actor: Actor, now: datetime) -> str:
    """The envelope stays; the way and the receiver may be changed again. Raises as `order_parcel` does."""
    record, task, parcel = _at_counter(session, parcel_id, now=now)
    service.cancel(session, parcel.id, now=now)
    again = service.parcel_row(
        record_id=record.id, owner_id=record.owner_id, unit_id=parcel.unit_id, receiver=parcel.receiver, now=now
    )
    session.execute(service.ADD_PARCEL, again)
    append_note(session, record, kind=CANCELLED, actor=actor, now=now, task=task, details={"parcel": str(parcel.id)})
    return record.code


def take_parcel_back(session: Session, parcel_id: UUID, *, actor: Actor, now: datetime) -> str:
    """What could not be delivered lies at the counter again, and waits there. Raises as `order_parcel` does."""
    record, task, parcel = _at_counter(session, parcel_id, now=now)
    service.take_back(session, parcel.id, now=now)
    session.execute(GO_TO_COUNTER, {"unit": parcel.unit_id, "wanted": record.id})
    details = {"parcel": str(parcel.id), "state": "back"}
    event_id = append_note(
        session, record, kind=BACK, actor=actor, now=now, task=task, details=details, for_applicant=True,
        reason=parcel.failure,
    )  # fmt: skip
    tell_applicant(session, record.id, event_id, now=now)
    return record.code


def refuse_giving(session: Session, record: LockedRecord) -> None:
    """Raises Conflict when the result goes by post: it is not there to be given, or is meant to leave."""
    parcel = queries.parcel_of(session, record.id) if record.return_by == POST else None
    if parcel is None or parcel.ended_at is not None:
        return
    if not parcel.may_change:
        raise Conflict(GONE)
    if operator.is_offered():
        raise Conflict(BY_POST)


def _opened(
    session: Session, record_id: UUID, *, now: datetime
) -> tuple[LockedRecord, Position, Grounds, TaskRow | None, ParcelView | None]:
    """The record under its lock, and its live parcel as it is under it."""
    record, position = positions.lock_record(session, record_id, now=now)
    grounds = grounds_of(session, record, now=now)
    parcel = queries.parcel_of(session, record.id)
    live = parcel if parcel is not None and parcel.ended_at is None else None
    return record, position, grounds, giving_task(position.tasks, grounds.procedure.process), live


def _at_counter(session: Session, parcel_id: UUID, *, now: datetime) -> tuple[LockedRecord, TaskRow, ParcelView]:
    found = queries.get_parcel(session, parcel_id)
    if found is None:
        raise NotFound("Không thấy bưu gửi này. Mở lại danh sách để xem.")
    record, position, _grounds, task, parcel = _opened(session, found.record_id, now=now)
    if parcel is None or parcel.id != parcel_id or task is None:
        raise Conflict(service.CHANGED)
    if not _sits_there(task, position.posts):
        raise NotAllowed(NOT_YOURS)
    return record, task, parcel


def _sits_there(task: TaskRow | None, posts: Iterable[HeldPost]) -> bool:
    """Whoever works at the counter where the result lies."""
    return task is not None and any(post.unit_id == task.unit_id and post.role in AT_THE_COUNTER for post in posts)


def _returning_unit(
    record: LockedRecord, wish: Wish, task: TaskRow | None, directory: Directory, *, now: datetime
) -> UUID:
    """Where it lies already, else the counter that was chosen, else the one that received the record."""
    if task is not None and task.unit_id is not None:
        return task.unit_id
    counters = directory.counters(wish.place, day=clock.local_day(now)) if wish.way == COUNTER and wish.place else []
    return counters[0].id if counters else record.received_unit_id


def _keep_receiver(
    session: Session, record: LockedRecord, parcel: ParcelView | None, wish: Wish, *, unit_id: UUID, now: datetime
) -> None:
    if wish.way != POST:
        if parcel is not None:
            service.drop_wish(session, parcel.id, now=now)
        return
    if wish.receiver is None:
        raise InvalidInput(NOT_OFFERED, field=WAY)
    if parcel is not None:
        service.change_receiver(session, parcel.id, wish.receiver, unit_id=unit_id)
        return
    row = service.parcel_row(
        record_id=record.id, owner_id=record.owner_id, unit_id=unit_id, receiver=wish.receiver, now=now
    )
    session.execute(service.ADD_PARCEL, row)
