"""Do the quotas of the steps fit into the term? The longest path of a process, and the fewest hours of a term.

A quota is in working hours and runs inside the term only while the statutory clock does. Ways back (a supplement, work
that is returned) are not part of a path: they pause the clock or repeat what was done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache

from portal.workflow.deadlines import Stretch
from portal.workflow.definition import ASKER, ActionKind, ClockRule, Process, Step
from portal.workflow.engine import asks_back
from portal.workflow.working_time import WorkingCalendar, midnight

_LEFT_OUT = (ActionKind.SUPPLEMENT, ActionKind.SEND_BACK, ActionKind.EXTEND)
"""Ways back, and extensions: what an extension leads to has the time by which the term grows. To ask again where the
opinions have met is a way back, too."""
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class LongestPath:
    """Steps in order, and the working hours that their quotas add up to."""

    hours: Decimal
    steps: tuple[str, ...]


@dataclass(frozen=True)
class FewestHours:
    """What a term holds at its worst: so many working hours, when the record is accepted on that day."""

    hours: Decimal
    accepted_on: date


def longest_path(process: Process, *, counts: Callable[[Step], bool] = lambda step: True) -> LongestPath:
    """The way through the process whose quotas add up to most; only steps that `counts` says are added."""
    order, following = _without_loops(process.start, _forwards(process))
    best: dict[str, LongestPath] = {}
    for step_id in order:
        rest = max((best[after] for after in following[step_id]), key=lambda path: path.hours, default=_NOTHING)
        step = process.step(step_id)
        own = step.quota if step.clock is ClockRule.STATUTORY and counts(step) else Decimal(0)
        best[step_id] = LongestPath(own + rest.hours, (step_id, *rest.steps))
    return best[process.start]


_NOTHING = LongestPath(Decimal(0), ())


def fewest_hours(
    term: Stretch, *, cutoff: str, calendar: WorkingCalendar, first: date, last: date
) -> FewestHours | None:
    """The fewest working hours of the term when a record is accepted between these days; None without a working day.

    Acceptance at the end of a day is the worst: that day is not counted (Civil Code 2015, article 147).
    """
    return _fewest_hours(term.unit, term.value, time.fromisoformat(cutoff), calendar, first, last)


@lru_cache(maxsize=256)  # three years of days; whoever writes a definition has it checked at every page
def _fewest_hours(
    unit: str, value: Decimal, cutoff: time, calendar: WorkingCalendar, first: date, last: date
) -> FewestHours | None:
    worst: FewestHours | None = None
    day = first
    while day <= last:
        if calendar.is_working_day(day):
            hours = _held(unit, value, cutoff, calendar, day)
            if worst is None or hours < worst.hours:
                worst = FewestHours(hours, day)
        day += _DAY
    return worst


def _held(unit: str, value: Decimal, cutoff: time, calendar: WorkingCalendar, day: date) -> Decimal:
    if unit == "working_hours":
        return value
    if unit == "same_day":
        return calendar.working_hours_between(_at(day, cutoff), calendar.end_of(day))
    if unit == "working_days":
        end = calendar.add_working_days(day, days=int(value))
    else:
        end = calendar.add_calendar_days(day, days=int(value))
    return calendar.working_hours_between(calendar.end_of(day), calendar.end_of(end))


def _at(day: date, clock: time) -> datetime:
    return midnight(day).replace(hour=clock.hour, minute=clock.minute)


def _forwards(process: Process) -> Mapping[str, tuple[str, ...]]:
    """From each step to those that may follow it, ways back left out."""
    return {step.id: tuple(dict.fromkeys(_targets(step, process))) for step in process.steps.values()}


def _targets(step: Step, process: Process) -> Iterable[str]:
    own = [*step.actions, *(timer.action for timer in step.timers if timer.action is not None)]
    for action in own:
        if action.kind in _LEFT_OUT or asks_back(process, step, action):
            continue
        names = [branch.step for branch in action.branches] + ([action.joins] if action.joins else [])
        yield from (name for name in names if name != ASKER and name in process.steps)


def _without_loops(
    start: str, following: Mapping[str, tuple[str, ...]]
) -> tuple[list[str], Mapping[str, tuple[str, ...]]]:
    """Each step after all that follow it, and what follows without the edges that lead back to a step on the way."""
    cut = dict(following)
    order: list[str] = []
    under_way, done = {start}, set[str]()
    trail = [(start, iter(following[start]))]
    while trail:
        step_id, targets = trail[-1]
        target = next(targets, None)
        if target is None:
            trail.pop()
            under_way.discard(step_id)
            done.add(step_id)
            order.append(step_id)
        elif target in under_way:
            cut[step_id] = tuple(name for name in cut[step_id] if name != target)
        elif target not in done:
            under_way.add(target)
            trail.append((target, iter(following[target])))
    return order, cut
