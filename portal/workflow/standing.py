"""Early, on time, late, near due: how a record, a step or an agency stands against its deadline, by working time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Generic, TypeVar

from portal.workflow.deadlines import HOURS_A_DAY
from portal.workflow.working_time import WorkingCalendar, local

Key = TypeVar("Key")


class Standing(StrEnum):
    EARLY = "early"  # done on a day before the due day
    ON_TIME = "on_time"
    DONE_LATE = "done_late"
    RUNNING = "running"
    NEAR_DUE = "near_due"
    LATE = "late"
    PAUSED = "paused"


@dataclass(frozen=True)
class Judged:
    """`hours` of work between then and the due date: those left, or those by which it was missed."""

    standing: Standing
    hours: Decimal

    @property
    def is_late(self) -> bool:
        return self.standing in (Standing.LATE, Standing.DONE_LATE)


def judged(
    due: datetime,
    *,
    now: datetime,
    calendar: WorkingCalendar,
    ended_at: datetime | None = None,
    whole_day: bool = False,
    paused: bool = False,
    near: Decimal = Decimal(HOURS_A_DAY),
) -> Judged:
    """How something with a deadline stands. `near` is in working hours.

    With `whole_day` what ends on the due day is in time, after its last session too: a term runs until the end of its
    last day (Civil Code 2015, article 148). Steps are due to the minute.
    """
    if ended_at is not None:
        return _ended(due, ended_at, calendar, whole_day=whole_day)
    hours = calendar.working_hours_between(now, due)
    if paused:
        return Judged(Standing.PAUSED, hours)
    if now > due:
        return Judged(Standing.LATE, -hours)
    return Judged(Standing.NEAR_DUE if hours <= near else Standing.RUNNING, hours)


def _ended(due: datetime, ended_at: datetime, calendar: WorkingCalendar, *, whole_day: bool) -> Judged:
    hours = calendar.working_hours_between(ended_at, due)
    due_day, day = local(due).date(), local(ended_at).date()
    if day < due_day:
        return Judged(Standing.EARLY, hours)
    if ended_at <= due or (whole_day and day == due_day):
        return Judged(Standing.ON_TIME, max(hours, Decimal(0)))
    return Judged(Standing.DONE_LATE, -hours)


@dataclass(frozen=True)
class Stay(Generic[Key]):
    """One step of a record at an agency. `allowed` in working hours; 0 when the step has no quota of its own."""

    agency: Key
    opened_at: datetime
    closed_at: datetime | None
    due_at: datetime
    allowed: Decimal = Decimal(0)
    paused: bool = False  # the clock of the record stands while this step is open


@dataclass(frozen=True)
class Share(Generic[Key]):
    """The part of one agency in a record: working hours used and allowed, and how many of its steps were late.

    Time in which several of its steps were open at once counts once.
    """

    agency: Key
    steps: int
    open_steps: int
    late_steps: int
    used: Decimal
    allowed: Decimal
    standing: Standing


def shares(
    stays: Iterable[Stay[Key]], *, now: datetime, calendar_of: Callable[[Key], WorkingCalendar]
) -> tuple[Share[Key], ...]:
    """The shares of the agencies, in the order in which they came to the record, each by its own working hours."""
    found: dict[Key, list[Stay[Key]]] = {}
    for stay in sorted(stays, key=lambda stay: stay.opened_at):
        found.setdefault(stay.agency, []).append(stay)
    return tuple(_share(agency, own, now=now, calendar=calendar_of(agency)) for agency, own in found.items())


def _share(agency: Key, stays: list[Stay[Key]], *, now: datetime, calendar: WorkingCalendar) -> Share[Key]:
    judgements = [
        judged(stay.due_at, now=now, calendar=calendar, ended_at=stay.closed_at, paused=stay.paused) for stay in stays
    ]
    return Share(
        agency=agency,
        steps=len(stays),
        open_steps=sum(stay.closed_at is None for stay in stays),
        late_steps=sum(one.is_late for one in judgements),
        used=_used(stays, now=now, calendar=calendar),
        allowed=sum((stay.allowed for stay in stays), Decimal(0)),
        standing=max((one.standing for one in judgements), key=_GRAVITY.index),
    )


def _used(stays: list[Stay[Key]], *, now: datetime, calendar: WorkingCalendar) -> Decimal:
    total, until = Decimal(0), None
    for stay in stays:
        start = stay.opened_at if until is None else max(stay.opened_at, until)
        end = stay.closed_at or now
        if stay.paused or end <= start:
            continue
        total += calendar.working_hours_between(start, end)
        until = end
    return total


_GRAVITY = (
    Standing.EARLY,
    Standing.ON_TIME,
    Standing.RUNNING,
    Standing.PAUSED,
    Standing.NEAR_DUE,
    Standing.DONE_LATE,
    Standing.LATE,
)
"""An agency stands as the gravest of its steps."""
