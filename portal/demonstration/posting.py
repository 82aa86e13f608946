"""Sending results of the sample records by post, as the counter, the operator and the postman would."""

from __future__ import annotations

from portal.core import clock
from portal.core.actor import SYSTEM, Actor
from portal.core.unit_of_work import reading, unit_of_work
from portal.delivery import queries, tracking
from portal.delivery import service as parcels
from portal.delivery.operator import Taken, Told
from portal.delivery.types import Heard, ParcelEventKind, ParcelView
from portal.demonstration.walking import Walk, official_for
from portal.records import service
from portal.records.parcels import tell_moved

FEE = 22_000
"""VND: of a letter inside the city."""
OFFICES = {"collected": "Bưu cục Ninh Kiều", "out": "Bưu cục phát", "failed": "Bưu cục phát"}
REASONS = {"failed": "Gọi không ai nghe máy", "returning": "Không ai nhận sau nhiều lần phát"}
WHOLE_WAY = ("order", "ready", "hand", "collected", "out", "delivered")


def carry(walk: Walk, *steps: str, number: int) -> None:
    """What happens to the parcel: order, ready, hand, back, or a word of the operator. `number` tells parcels apart."""
    for step in steps:
        if step == "order":
            actor = _at_counter(walk)
            with unit_of_work(actor) as session:
                service.order_parcel(session, walk.record_id, actor=actor, now=walk.now)
        elif step == "ready":
            with unit_of_work(SYSTEM) as session:
                parcels.note_order(session, _parcel(walk).id, Taken(f"CT{number:09d}VN", FEE), now=walk.now)
        elif step in ("hand", "back"):
            actor, act = _at_counter(walk), service.hand_parcel if step == "hand" else service.take_parcel_back
            with unit_of_work(actor) as session:
                act(session, _parcel(walk).id, actor=actor, now=walk.now)
        else:
            _hear(walk, ParcelEventKind(step))


def _hear(walk: Walk, kind: ParcelEventKind) -> None:
    parcel = _parcel(walk)
    told = Told(
        request=parcels.request_of(parcel.id),
        number=parcel.number,
        event=f"E{len(parcel.events) + 1}",
        kind=kind,
        at=walk.now,
        office=OFFICES.get(kind, ""),
        reason=REASONS.get(kind, ""),
    )
    with unit_of_work(SYSTEM) as session:
        tracking.book(session, [told], heard=Heard.CALLBACK, now=walk.now)
    with unit_of_work(SYSTEM) as session:
        tell_moved(session, parcel.id, now=walk.now)


def _parcel(walk: Walk) -> ParcelView:
    with reading(SYSTEM) as session:
        parcel = queries.parcel_of(session, walk.record_id)
    if parcel is None:
        raise LookupError("the record has no parcel")
    return parcel


def _at_counter(walk: Walk) -> Actor:
    task = next(task for task in walk.open_tasks() if task.role == "receptionist")
    with reading(SYSTEM) as session:
        return official_for(session, task, walk.record_id, day=clock.local_day(walk.now), turn=walk.turn)
