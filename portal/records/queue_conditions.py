"""What a queue is asked for: whose tasks, which of them, and the conditions that say so to the database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, DateTime, Text, and_, bindparam, or_, true

from portal.core import clock
from portal.core.actor import Post
from portal.records.models import Task
from portal.records.openings import THE_PORTAL

_MOMENT = DateTime(timezone=True)
_NOW, _TOMORROW, _STILL_SINCE, _DUE_BEFORE = (
    bindparam(name, type_=_MOMENT) for name in ("now", "tomorrow", "still_since", "due_before")
)
_PROCEDURE, _STEP = bindparam("procedure", type_=Text()), bindparam("step", type_=Text())


class QueueFilter(StrEnum):
    ALL = "tat-ca"
    OVERDUE = "qua-han"
    TODAY = "hom-nay"
    SUPPLEMENTED = "bo-sung-xong"
    OPINION = "co-y-kien"
    STILL = "dung-yen"
    UNCOLLECTED = "chua-den-nhan"


class QueueScope(StrEnum):
    MINE = "cua-toi"  # in my hands, or in nobody's and my post fits
    UNIT = "don-vi"  # every open task of my units


@dataclass(frozen=True)
class Narrowing:
    """What a queue is narrowed to besides its filter. Procedure and step are named as the rows name them."""

    procedure: str = ""
    step: str = ""
    due_until: date | None = None  # that day included
    unclaimed: bool = False

    @property
    def parts(self) -> frozenset[str]:
        """Which of the conditions there are: the statement is written once for each set of them."""
        return frozenset(name for name, value in vars(self).items() if value)

    @property
    def values(self) -> dict[str, Any]:
        given: dict[str, Any] = {name: getattr(self, name) for name in ("procedure", "step") if getattr(self, name)}
        return given | ({"due_before": _end_of(self.due_until)} if self.due_until else {})


EVERYTHING = Narrowing()


def moments(now: datetime) -> dict[str, datetime]:
    """What the conditions of every filter compare with."""
    return {"now": now, "tomorrow": _end_of(clock.local_day(now)), "still_since": now - timedelta(days=3)}


def is_of_post(posts: Iterable[Post]) -> ColumnElement[bool]:
    """Tasks that one of the posts may do."""
    fits = [
        and_(
            Task.unit_id == post.unit_id,
            Task.role == post.role,
            or_(Task.function == post.function, Task.function.is_(None)) if post.function else true(),
        )
        for post in posts
    ]
    return or_(*fits)


def of_scope(person_id: UUID | None, posts: tuple[Post, ...], scope: QueueScope) -> Iterable[ColumnElement[bool]]:
    if scope is QueueScope.MINE:
        held = and_(Task.assignee_id == person_id, Task.role != THE_PORTAL)  # the portal keeps for whom its answer is
        yield or_(held, and_(Task.assignee_id.is_(None), is_of_post(posts)))


def passing(columns: Any, only: QueueFilter) -> Iterable[ColumnElement[bool]]:
    if only is QueueFilter.OVERDUE:
        yield columns.due_at < _NOW
    elif only is QueueFilter.TODAY:
        yield columns.due_at >= _NOW
        yield columns.due_at < _TOMORROW
    elif only is QueueFilter.SUPPLEMENTED:
        yield columns.news == "supplemented"
    elif only is QueueFilter.OPINION:
        yield columns.news == "opinion"
    elif only is QueueFilter.UNCOLLECTED:
        yield columns.news == "uncollected"
    elif only is QueueFilter.STILL:
        yield columns.opened_at < _STILL_SINCE


def narrowed_to(columns: Any, parts: frozenset[str]) -> Iterable[ColumnElement[bool]]:
    if "procedure" in parts:
        yield columns.procedure_name == _PROCEDURE
    if "step" in parts:
        yield columns.step_name == _STEP
    if "due_until" in parts:
        yield columns.due_at < _DUE_BEFORE
    if "unclaimed" in parts:
        yield columns.assignee_id.is_(None)


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=clock.CITY)
