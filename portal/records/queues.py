"""Queues of officials: open tasks of their units, due soonest first, page by page by key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CTE, ColumnElement, and_, func, literal, or_, select, true, tuple_, union_all
from sqlalchemy.orm import Session

from portal.catalogue import queries as catalogue
from portal.catalogue.types import Procedure
from portal.core import clock
from portal.core.actor import Actor
from portal.records.models import Record, Task

PAGE = 25
COUNT_UP_TO = 1000
"""Counts stop here: an exact count of a huge queue would cost more than it tells."""


class QueueFilter(StrEnum):
    ALL = "tat-ca"
    OVERDUE = "qua-han"
    TODAY = "hom-nay"
    SUPPLEMENTED = "bo-sung-xong"
    OPINION = "co-y-kien"
    STILL = "dung-yen"


class QueueScope(StrEnum):
    MINE = "cua-toi"  # in my hands, or in nobody's and my post fits
    UNIT = "don-vi"  # every open task of my units


@dataclass(frozen=True)
class QueueRow:
    id: UUID
    record_id: UUID
    unit_id: UUID
    step: str
    step_name: str
    function: str | None
    role: str | None
    due_at: datetime
    opened_at: datetime
    assignee_id: UUID | None
    assignee_name: str
    record_code: str
    applicant_name: str
    procedure_name: str
    place_name: str
    record_due_at: datetime | None
    news: str
    version: int
    paused: bool


@dataclass(frozen=True)
class DeskCounts:
    """What an official finds at the start of the day; every number is counted up to COUNT_UP_TO."""

    shown: Mapping[QueueFilter, int]  # of the queue asked for
    mine: int
    unit: int
    unclaimed: int  # in the unit, in nobody's hands


@dataclass(frozen=True)
class QueueKey:
    """Where a page begins: after the row with this due date and id."""

    due_at: datetime
    id: UUID


@dataclass(frozen=True)
class QueuePage:
    rows: tuple[QueueRow, ...]
    next: QueueKey | None


_SHOWN = (
    Task.id,
    Task.record_id,
    Task.unit_id,
    Task.step,
    Task.step_name,
    Task.function,
    Task.role,
    Task.due_at,
    Task.opened_at,
    Task.assignee_id,
    Task.assignee_name,
    Task.record_code,
    Task.applicant_name,
    Task.procedure_name,
    Task.place_name,
    Task.record_due_at,
    Task.news,
    Task.version,
    Task.paused,
)


def procedures_of(session: Session, rows: Iterable[QueueRow]) -> dict[UUID, Procedure]:
    """The definitions by which the rows' records go, by record: they have the names in both languages."""
    wanted = sorted({row.record_id for row in rows})
    versions = session.execute(select(Record.id, Record.version_id).where(Record.id.in_(wanted)))
    return {record_id: catalogue.version(session, version_id).procedure for record_id, version_id in versions}


def list_queue(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    scope: QueueScope = QueueScope.MINE,
    only: QueueFilter = QueueFilter.ALL,
    after: QueueKey | None = None,
    size: int = PAGE,
) -> QueuePage:
    """One page of the queue. Each unit is asked for itself, so that each answer comes from the index alone."""
    unit_ids = sorted(actor.unit_ids)
    if not unit_ids:
        return QueuePage((), None)
    parts = []
    for unit_id in unit_ids:
        part = select(*_SHOWN).where(
            Task.unit_id == unit_id, Task.closed_at.is_(None), *_conditions(actor, scope, only, now)
        )
        if after is not None:
            part = part.where(tuple_(Task.due_at, Task.id) > tuple_(literal(after.due_at), literal(after.id)))
        parts.append(part.order_by(Task.due_at, Task.id).limit(size + 1))
    query: Any = parts[0]
    if len(parts) > 1:
        together = union_all(*(part.subquery().select() for part in parts)).subquery()
        query = select(together).order_by(together.c.due_at, together.c.id).limit(size + 1)
    found = [QueueRow(*row) for row in session.execute(query)]
    rows = tuple(found[:size])
    return QueuePage(rows, QueueKey(rows[-1].due_at, rows[-1].id) if len(found) > size else None)


def count_desk(session: Session, *, actor: Actor, now: datetime, scope: QueueScope = QueueScope.MINE) -> DeskCounts:
    """The counts of a queue page with its menu, in one statement."""
    if not actor.unit_ids:
        return DeskCounts(dict.fromkeys(QueueFilter, 0), 0, 0, 0)
    mine = _some(actor, QueueScope.MINE, now, name="mine")
    unit = _some(actor, QueueScope.UNIT, now, name="of_unit")
    shown = mine if scope is QueueScope.MINE else unit
    filters = [_counted(shown, *_narrowed(shown.c, only, now)) for only in QueueFilter]
    totals = [_counted(mine), _counted(unit), _counted(unit, unit.c.assignee_id.is_(None))]
    *counts, mine_total, unit_total, unclaimed = session.execute(select(*filters, *totals)).one()
    return DeskCounts(dict(zip(QueueFilter, counts, strict=True)), mine_total, unit_total, unclaimed)


def tasks_held(session: Session, unit_id: UUID) -> dict[UUID, int]:
    """How many open tasks of the unit each person holds."""
    rows = session.execute(
        select(Task.assignee_id, func.count())
        .where(Task.unit_id == unit_id, Task.closed_at.is_(None), Task.assignee_id.is_not(None))
        .group_by(Task.assignee_id)
    )
    return {person_id: count for person_id, count in rows if person_id is not None}


def _some(actor: Actor, scope: QueueScope, now: datetime, *, name: str) -> CTE:
    return (
        select(Task.due_at, Task.news, Task.opened_at, Task.paused, Task.assignee_id)
        .where(
            Task.unit_id.in_(sorted(actor.unit_ids)),
            Task.closed_at.is_(None),
            *_conditions(actor, scope, QueueFilter.ALL, now),
        )
        .limit(COUNT_UP_TO)
        .cte(name)
    )


def _counted(some: CTE, *conditions: ColumnElement[bool]) -> Any:
    return select(func.count()).select_from(some).where(*conditions).scalar_subquery()


def is_of_post(actor: Actor) -> ColumnElement[bool]:
    """Tasks that one of the actor's posts may do."""
    fits = [
        and_(
            Task.unit_id == post.unit_id,
            Task.role == post.role,
            or_(Task.function == post.function, Task.function.is_(None)) if post.function else true(),
        )
        for post in actor.posts
    ]
    return or_(*fits)


def _conditions(actor: Actor, scope: QueueScope, only: QueueFilter, now: datetime) -> Iterable[ColumnElement[bool]]:
    if scope is QueueScope.MINE:
        yield or_(Task.assignee_id == actor.person_id, and_(Task.assignee_id.is_(None), is_of_post(actor)))
    yield from _narrowed(Task, only, now)


def _narrowed(columns: Any, only: QueueFilter, now: datetime) -> Iterable[ColumnElement[bool]]:
    if only is QueueFilter.OVERDUE:
        yield columns.due_at < now
    elif only is QueueFilter.TODAY:
        yield columns.due_at >= now
        yield columns.due_at < _end_of_day(now)
    elif only is QueueFilter.SUPPLEMENTED:
        yield columns.news == "supplemented"
    elif only is QueueFilter.OPINION:
        yield columns.news == "opinion"
    elif only is QueueFilter.STILL:
        yield columns.opened_at < now - timedelta(days=3)


def _end_of_day(now: datetime) -> datetime:
    tomorrow = clock.local_day(now) + timedelta(days=1)
    return datetime.combine(tomorrow, time.min, tzinfo=clock.CITY)
