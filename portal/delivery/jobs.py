"""What is asked of the postal operator: to take a parcel, not to come for one, where one is."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from portal.core.actor import SYSTEM
from portal.core.errors import Unavailable
from portal.core.unit_of_work import reading, unit_of_work
from portal.delivery import operator, queries, service, tracking
from portal.delivery.operator import ParcelOrder, Sender
from portal.delivery.types import ON_THE_WAY, Heard, ParcelState, ParcelView
from portal.jobs.service import owe
from portal.jobs.types import Handler
from portal.units.queries import directory
from portal.units.resolution import Directory

log = logging.getLogger(__name__)

_AGAIN = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720, 1440, 2880))
"""Pauses before the same is sent again: the operator may be down longer than the attempts of one job last."""


def place_parcel(arguments: Mapping[str, str], *, now: datetime) -> None:
    """Order under the same request until the operator has answered."""
    parcel_id, turn = UUID(arguments["parcel_id"]), int(arguments.get("turn", "0"))
    with reading(SYSTEM) as session:
        parcel = queries.get_parcel(session, parcel_id)
        if parcel is None or parcel.number or parcel.state is not ParcelState.ORDERED:
            return
        wanted = _order(parcel, _sender(parcel, directory(session)))
    try:
        answer = operator.operator().order(wanted, now=now)
    except Unavailable:
        _again("place_parcel", parcel_id, turn=turn, now=now)
        return
    with unit_of_work(SYSTEM) as session:
        if service.note_order(session, parcel_id, answer, now=now):
            moved = {"parcel_id": str(parcel_id), "event_id": "order"}
            owe(session, "parcel_moved", arguments=moved, natural_key=f"{parcel_id}:order", now=now)


def cancel_parcel(arguments: Mapping[str, str], *, now: datetime) -> None:
    """Nobody need come for it. Asked under the request of the order, also when its answer never came."""
    parcel_id, turn = UUID(arguments["parcel_id"]), int(arguments["turn"])
    with reading(SYSTEM) as session:
        parcel = queries.get_parcel(session, parcel_id)
    if parcel is None or parcel.state is not ParcelState.CANCELLED or parcel.ordered_at is None:
        return
    try:
        if not operator.operator().cancel(_request(parcel), now=now):
            log.error("the post did not cancel a parcel", extra={"parcel": str(parcel_id)})
    except Unavailable:
        _again("cancel_parcel", parcel_id, turn=turn, now=now)


def track_parcel(arguments: Mapping[str, str], *, now: datetime) -> None:
    """Ask where it is: the operator's own words may be lost. Asked again while it is on its way."""
    parcel_id, turn = UUID(arguments["parcel_id"]), int(arguments["turn"])
    with reading(SYSTEM) as session:
        parcel = queries.get_parcel(session, parcel_id)
    if parcel is None or parcel.ordered_at is None or parcel.state not in {*ON_THE_WAY, ParcelState.READY}:
        return
    try:
        told = operator.operator().track(_request(parcel), now=now)
    except Unavailable:
        told = []
    with unit_of_work(SYSTEM) as session:
        tracking.book(session, told, heard=Heard.QUESTION, now=now)
        if not service.ask_later(session, parcel_id, turn=turn + 1, since=parcel.ordered_at, now=now):
            log.error("nobody knows where a parcel is", extra={"parcel": str(parcel_id)})


def _again(kind: str, parcel_id: UUID, *, turn: int, now: datetime) -> None:
    if turn == len(_AGAIN):
        log.error("the post never answered", extra={"parcel": str(parcel_id), "kind": kind})
        return
    with unit_of_work(SYSTEM) as session:
        owe(
            session,
            kind,
            arguments={"parcel_id": str(parcel_id), "turn": str(turn + 1)},
            due_at=now + _AGAIN[turn],
            natural_key=f"{parcel_id}:{turn + 1}",
            now=now,
        )


def _order(parcel: ParcelView, sender: Sender) -> ParcelOrder:
    return ParcelOrder(request=_request(parcel), reference=parcel.record_code, sender=sender, receiver=parcel.receiver)


def _request(parcel: ParcelView) -> str:
    return service.request_of(parcel.id)


def _sender(parcel: ParcelView, units: Directory) -> Sender:
    counter = units.unit(parcel.unit_id)
    return Sender(counter.name, counter.phone, counter.address)


KINDS: dict[str, Handler] = {
    "place_parcel": place_parcel,
    "cancel_parcel": cancel_parcel,
    "track_parcel": track_parcel,
}
