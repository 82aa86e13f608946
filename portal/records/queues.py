"""Queues of officials: open tasks of their units, due soonest first, page by page by key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CTE,
    ColumnElement,
    DateTime,
    Select,
    Uuid,
    any_,
    bindparam,
    false,
    func,
    literal,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from portal.catalogue import queries as catalogue
from portal.catalogue.types import Procedure
from portal.core.actor import Actor, Post
from portal.core.direct import Question
from portal.core.unit_of_work import asked_in_one_trip
from portal.documents.models import DocumentDecision
from portal.records.models import Record, Task
from portal.records.policy import bodies_led
from portal.records.queue_conditions import (
    EVERYTHING,
    Narrowing,
    QueueFilter,
    QueueScope,
    moments,
    narrowed_to,
    of_scope,
    passing,
)

PAGE = 25
COUNT_UP_TO = 1000
"""Counts stop here: an exact count of a huge queue would cost more than it tells."""

KEPT = 512
"""Statements that a process remembers: writing one costs more than asking it. They depend on who holds which posts."""

_AFTER_DUE = bindparam("after_due", type_=DateTime(timezone=True))
_AFTER_ID = bindparam("after_id", type_=Uuid())


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
class KindOfWork:
    """Tasks of one step of one procedure, as the rows name them, with a record from which to learn other names."""

    procedure_name: str
    step_name: str
    step: str
    record_id: UUID


@dataclass(frozen=True)
class DeskCounts:
    """What an official finds at the start of the day; every number is counted up to COUNT_UP_TO."""

    shown: Mapping[QueueFilter, int]  # of the queue asked for
    mine: int
    unit: int
    unclaimed: int  # in the unit, in nobody's hands
    keeps_accounts: bool = False  # the city's, as the database knows it
    to_decide: int = 0  # what others propose about results that the actor's bodies have issued


@dataclass(frozen=True)
class QueueKey:
    """Where a page begins: after the row with this due date and id."""

    due_at: datetime
    id: UUID


@dataclass(frozen=True)
class QueuePart:
    """Which rows are asked for: of whose queue, which of them, from where on."""

    scope: QueueScope = QueueScope.MINE
    only: QueueFilter = QueueFilter.ALL
    narrowing: Narrowing = EVERYTHING
    after: QueueKey | None = None
    size: int = PAGE


@dataclass(frozen=True)
class QueuePage:
    rows: tuple[QueueRow, ...]
    next: QueueKey | None


FIRST_PAGE = QueuePart()
NOTHING = QueuePage((), None)
NONE = DeskCounts(dict.fromkeys(QueueFilter, 0), 0, 0, 0)

_SHOWN: tuple[Any, ...] = (
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


def procedures_of(session: Session, record_ids: Iterable[UUID]) -> dict[UUID, Procedure]:
    """The definitions by which the records go, by record: they have the names in both languages."""
    wanted = sorted(set(record_ids))
    versions = session.execute(select(Record.id, Record.version_id).where(Record.id.in_(wanted)))
    return {record_id: catalogue.version(session, version_id).procedure for record_id, version_id in versions}


def list_queue(session: Session, part: QueuePart = FIRST_PAGE, *, actor: Actor, now: datetime) -> QueuePage:
    """One page of the queue."""
    question = _page_question(part, actor, now)
    return _page(asked_in_one_trip(session, question)[0], part.size) if question else NOTHING


def count_desk(session: Session, *, actor: Actor, now: datetime, scope: QueueScope = QueueScope.MINE) -> DeskCounts:
    """The counts of a queue page with its menu, in one statement."""
    question = _counts_question(QueuePart(scope), actor, now)
    return _counts(asked_in_one_trip(session, question)[0]) if question else NONE


def read_desk(
    session: Session, part: QueuePart = FIRST_PAGE, *, actor: Actor, now: datetime
) -> tuple[QueuePage, DeskCounts]:
    """`list_queue` and the counts of the same narrowing in one trip to the database."""
    page, counts = _page_question(part, actor, now), _counts_question(part, actor, now)
    if page is None or counts is None:
        return NOTHING, NONE
    found, counted = asked_in_one_trip(session, page, counts)
    return _page(found, part.size), _counts(counted)


def list_kinds_of_work(session: Session, *, actor: Actor, scope: QueueScope) -> list[KindOfWork]:
    """What stands in the queue, by procedure and step: what it may be narrowed to."""
    if not actor.posts:
        return []
    work = (
        select(Task.procedure_name, Task.step_name, Task.step, Task.record_id)
        .where(
            Task.unit_id.in_(sorted(actor.unit_ids)),
            Task.closed_at.is_(None),
            *of_scope(actor.person_id, actor.posts, scope),
        )
        .limit(COUNT_UP_TO)
        .subquery()
    )
    names = (work.c.procedure_name, work.c.step_name)
    rows = session.execute(select(work).ext(distinct_on(*names)).order_by(*names))
    return [KindOfWork(*row) for row in rows]


def list_rows(session: Session, task_ids: Iterable[UUID]) -> list[QueueRow]:
    """The rows of these tasks, closed ones too, as far as the actor may see them; due soonest first."""
    wanted = select(*_SHOWN).where(Task.id.in_(sorted(set(task_ids))))
    return [QueueRow(*row) for row in session.execute(wanted.order_by(Task.due_at, Task.id))]


def _page(found: list[Any], size: int) -> QueuePage:
    rows = tuple(QueueRow(*row) for row in found[:size])
    return QueuePage(rows, QueueKey(rows[-1].due_at, rows[-1].id) if len(found) > size else None)


def _counts(found: list[Any]) -> DeskCounts:
    *counts, mine, unit, unclaimed, keeps_accounts, to_decide = found[0]
    return DeskCounts(dict(zip(QueueFilter, counts, strict=True)), mine, unit, unclaimed, keeps_accounts, to_decide)


def _page_question(part: QueuePart, actor: Actor, now: datetime) -> Question | None:
    if not actor.posts:
        return None
    after = part.after
    told = moments(now) | part.narrowing.values
    if after:
        told |= {"after_due": after.due_at, "after_id": after.id}
    statement = _page_of(
        actor.person_id, actor.posts, part.scope, part.only, part.narrowing.parts, part.size, after is not None
    )
    return statement, told


def _counts_question(part: QueuePart, actor: Actor, now: datetime) -> Question | None:
    if not actor.posts:
        return None
    narrowing = part.narrowing
    return _counts_of(actor.person_id, actor.posts, part.scope, narrowing.parts), moments(now) | narrowing.values


@lru_cache(maxsize=KEPT)
def _page_of(
    person_id: UUID | None,
    posts: tuple[Post, ...],
    scope: QueueScope,
    only: QueueFilter,
    parts: frozenset[str],
    size: int,
    is_continued: bool,
) -> Select[Any]:
    """Each unit is asked for itself, so that each answer comes from the index alone."""
    found: list[Select[Any]] = []
    for unit_id in sorted({post.unit_id for post in posts}):
        part = select(*_SHOWN).where(
            Task.unit_id == unit_id,
            Task.closed_at.is_(None),
            *of_scope(person_id, posts, scope),
            *passing(Task, only),
            *narrowed_to(Task, parts),
        )
        if is_continued:
            part = part.where(tuple_(Task.due_at, Task.id) > tuple_(_AFTER_DUE, _AFTER_ID))
        found.append(part.order_by(Task.due_at, Task.id).limit(size + 1))
    if len(found) == 1:
        return found[0]
    together = union_all(*(part.subquery().select() for part in found)).subquery()
    return select(together).order_by(together.c.due_at, together.c.id).limit(size + 1)


@lru_cache(maxsize=KEPT)
def _counts_of(
    person_id: UUID | None, posts: tuple[Post, ...], scope: QueueScope, parts: frozenset[str]
) -> Select[Any]:
    mine = _some(person_id, posts, QueueScope.MINE, name="mine")
    unit = _some(person_id, posts, QueueScope.UNIT, name="of_unit")
    shown = mine if scope is QueueScope.MINE else unit
    if parts:
        shown = _some(person_id, posts, scope, *narrowed_to(Task, parts), name="narrowed")
    filters = [_counted(shown, *passing(shown.c, only)) for only in QueueFilter]
    may_keep_accounts = any(post.level == "city" for post in posts)  # the database is asked of few
    keeps_accounts = func.app.keeps_accounts() if may_keep_accounts else false()
    unclaimed = _counted(unit, unit.c.assignee_id.is_(None))
    to_decide = _to_decide(person_id, posts).label("to_decide")
    counts = (*filters, _counted(mine), _counted(unit), unclaimed)
    return select(*counts, keeps_accounts.label("keeps_accounts"), to_decide)


def _to_decide(person_id: UUID | None, posts: tuple[Post, ...]) -> ColumnElement[Any]:
    """Asked of those alone who lead a body: how many proposals of other people wait for them."""
    led = sorted(bodies_led(posts))
    if not led:
        return literal(0)
    found = (
        select(DocumentDecision.id)
        .where(DocumentDecision.unit_id == any_(literal(led, ARRAY(Uuid()))), DocumentDecision.decided_at.is_(None))
        .where(DocumentDecision.proposed_by != person_id)
        .limit(COUNT_UP_TO)
    )
    return select(func.count()).select_from(found.subquery()).scalar_subquery()


def tasks_held(session: Session, unit_id: UUID) -> dict[UUID, int]:
    """How many open tasks of the unit each person holds."""
    rows = session.execute(
        select(Task.assignee_id, func.count())
        .where(Task.unit_id == unit_id, Task.closed_at.is_(None), Task.assignee_id.is_not(None))
        .group_by(Task.assignee_id)
    )
    return {person_id: count for person_id, count in rows if person_id is not None}


def _some(
    person_id: UUID | None, posts: tuple[Post, ...], scope: QueueScope, *conditions: ColumnElement[bool], name: str
) -> CTE:
    unit_ids = sorted({post.unit_id for post in posts})
    return (
        select(Task.due_at, Task.news, Task.opened_at, Task.paused, Task.assignee_id)
        .where(
            Task.unit_id == any_(literal(unit_ids, ARRAY(Uuid()))),
            Task.closed_at.is_(None),
            *of_scope(person_id, posts, scope),
            *conditions,
        )
        .limit(COUNT_UP_TO)
        .cte(name)
    )


def _counted(some: CTE, *conditions: ColumnElement[bool]) -> Any:
    return select(func.count()).select_from(some).where(*conditions).scalar_subquery()
