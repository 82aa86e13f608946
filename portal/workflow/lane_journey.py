"""The journey of a record: its visits in order of time, then the way that is expected."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from portal.workflow.date_words import (
    clock_time,
    plain_span,
    short_day,
    short_span,
    week_day,
    working_length,
)
from portal.workflow.deadlines import HOURS_A_DAY, local
from portal.workflow.definition import Process
from portal.workflow.lane_merging import Named, merged, name_of
from portal.workflow.lane_route import (
    Leg,
    Parallel,
    Route,
    drafts,
    gives_result,
    is_counter,
    is_reception,
    lane_of,
    route_from,
)
from portal.workflow.lane_stops import APPLICANT, Fork, Stop, StopState, Way
from portal.workflow.lane_words import capital, say

_MINUTE = Decimal(1) / 60
"""Working hours."""


@dataclass(frozen=True)
class Visit:
    """The record at one desk, once. Loops are several visits; `now` and `waiting` are open, the others closed.

    used, allowed: working hours. group: visits that were opened together (one consultation) carry the same name.
    stop: the name that citizens see; `name` is the step's. late_by: working hours past `due_at`.
    counter, reception, drafts: as `lane_route` says of the step; they decide what merges, and under which name.
    """

    step_id: str
    name: str
    unit_name: str
    level: str
    opened_at: datetime
    closed_at: datetime | None = None
    state: StopState = StopState.PAST
    due_at: datetime | None = None
    used: Decimal | None = None
    allowed: Decimal | None = None
    late_by: Decimal | None = None
    group: str = ""
    stop: str = ""
    unit_short: str = ""
    outcome: str = ""
    person: str = ""
    counter: bool = False
    reception: bool = False
    drafts: bool = False

    @property
    def lane(self) -> str:
        return self.level


@dataclass(frozen=True)
class Expected:
    """A step still to come. `branch` tells the branches of one fork apart; 0 is no fork."""

    name: str
    unit_name: str
    level: str
    day: date | None = None
    counter: bool = False
    reception: bool = False
    hours: Decimal = Decimal(0)
    branch: int = 0
    drafts: bool = False

    @property
    def lane(self) -> str:
        return self.level


def expected_of(
    process: Process,
    *,
    open_step: str,
    language: str,
    receiver: str,
    lane: str,
    unit_name: Callable[[str], str],
    day_after: Callable[[Decimal], date] | None = None,
    asker: str | None = None,
    every_step: bool = False,
) -> tuple[Expected, ...]:
    """The usual way on after an open step, whose lane is `lane`.

    unit_name: the unit that will do a step, by its id. day_after: the day on which so many working hours from now are
    over. Of parallel open steps any one will do: what follows is what comes after their join.
    """
    start = process.step(open_step)
    parts = _after_consultation(route_from(process, open_step, asker=asker)[1:], start.consultation)
    found: list[Expected] = []
    hours, before = start.quota, lane
    for part in parts:
        branches = [legs for legs in map(_shown, part.branches if isinstance(part, Parallel) else ((part,),)) if legs]
        longest = Decimal(0)
        for number, legs in enumerate(branches, start=1):
            spent, here = Decimal(0), before
            for leg in legs:
                here = _lane(leg, receiver, here, every_step=every_step)
                spent += leg.step.quota
                found.append(
                    Expected(
                        name=_name(leg, language, every_step=every_step),
                        unit_name=unit_name(leg.step.id),
                        level=here,
                        day=day_after(hours + spent) if day_after else None,
                        counter=is_counter(leg.step),
                        reception=is_reception(leg.step),
                        hours=leg.step.quota,
                        drafts=drafts(leg.step),
                        branch=number if isinstance(part, Parallel) else 0,
                    )
                )
            longest = max(longest, spent)
        hours += longest
        before = found[-1].level if isinstance(part, Leg) and found else before
    return tuple(found)


def _after_consultation(route: Route, consultation: str | None) -> Route:
    """Without the steps of the consultation that is under way: its stop stands for them."""
    return tuple(
        part
        for part in route
        if consultation is None or isinstance(part, Parallel) or part.step.consultation != consultation
    )


def _shown(legs: Sequence[Leg]) -> list[Leg]:
    return [leg for leg in legs if not leg.optional]


def _name(leg: Leg, language: str, *, every_step: bool) -> str:
    step = leg.step
    return (step.name if every_step or step.stop is None else step.stop).in_language(language)


def _lane(leg: Leg, receiver: str, before: str, *, every_step: bool) -> str:
    if gives_result(leg.step) and not every_step:
        return APPLICANT
    return lane_of(leg.step, receiver=receiver, before=before)


@dataclass(frozen=True)
class JourneyMaker:
    """Visits and expectations as stops. `due_at` is when the result is due."""

    language: str
    now: datetime
    due_at: datetime | None = None
    every_step: bool = False

    def way(self, visits: Sequence[Visit], expected: Sequence[Expected]) -> Way:
        parts: list[Stop | Fork] = []
        waiting: list[Visit] = []
        forked: set[str] = set()
        for visit in sorted(visits, key=lambda visit: visit.opened_at):
            if visit.group in forked:
                continue
            if visit.group:
                parts += self._past(waiting)
                waiting = []
                forked.add(visit.group)
                parts.append(self._fork([other for other in visits if other.group == visit.group]))
            else:
                waiting.append(visit)
        last = waiting[-1] if waiting else None
        return (*parts, *self._past(waiting), *self._coming(expected, after=last))

    def _say(self, key: str, **values: object) -> str:
        return say(key, self.language, **values)

    @property
    def _today(self) -> date:
        return local(self.now).date()

    def _past(self, visits: Sequence[Visit]) -> list[Stop]:
        if self.every_step:
            return [self._visited([visit]) for visit in visits]
        runs = merged(visits, applicant=APPLICANT)
        return [self._visited(run) for run in runs if len(runs) == 1 or not _passes_through(run)]

    def _fork(self, visits: Sequence[Visit]) -> Fork:
        ordered = sorted(visits, key=lambda visit: visit.opened_at)
        branches: dict[tuple[str, str], list[Visit]] = {}
        for visit in ordered:
            branches.setdefault((visit.level, visit.unit_name), []).append(visit)
        if self.every_step:
            return Fork(tuple(tuple(self._visited([visit], asked=True) for visit in run) for run in branches.values()))
        return Fork(tuple((self._visited(run, asked=True),) for run in branches.values()))

    def _visited(self, run: Sequence[Visit], *, asked: bool = False) -> Stop:
        current = next((visit for visit in run if visit.state.is_open), None)
        main = current or run[-1]
        name = name_of(Named(self._visit_name(visit), visit.allowed or Decimal(0), visit.drafts) for visit in run)
        named = next(visit for visit in run if self._visit_name(visit) == name)
        whole = replace(
            main,
            name=name,
            unit_name=(current or named).unit_name,
            opened_at=run[0].opened_at,
            used=_sum(visit.used for visit in run),
            allowed=_sum(visit.allowed for visit in run),
        )
        line, late = self._lines(whole)
        return Stop(
            lane=main.level,
            title=(main.unit_short or name) if asked else name,
            name=name,
            state=main.state,
            line=line,
            late=late,
            details=self._details(whole, late),
            progress=_progress(whole) if main.state is StopState.WAITING else None,
        )

    def _visit_name(self, visit: Visit) -> str:
        return visit.name if self.every_step or not visit.stop else visit.stop

    def _lines(self, visit: Visit) -> tuple[str, str]:
        """The short line of a box, and in its place how late an open visit is."""
        first = local(visit.opened_at).date()
        if not visit.state.is_open:
            return self._past_line(visit, first), ""
        late = ""
        if visit.late_by is not None and visit.due_at and visit.due_at < self.now:
            late = self._late(visit.late_by)
        if visit.due_at is None:
            return self._say("since", day=short_day(first, self.language)), late
        due = local(visit.due_at).date()
        if due == self._today and visit.state is StopState.NOW:
            return self._say("due", day=clock_time(visit.due_at)), late
        key = "waits_until" if visit.state is StopState.WAITING and visit.level != APPLICANT else "due"
        return self._say(key, day=short_day(due, self.language)), late

    def _late(self, hours: Decimal) -> str:
        """Overnight and on free days no working minute passes: late all the same."""
        if hours < _MINUTE:
            return self._say("overdue")
        return self._say("late", length=working_length(hours, self.language))

    def _past_line(self, visit: Visit, first: date) -> str:
        last = local(visit.closed_at or visit.opened_at).date()
        if visit.outcome:
            return f"{visit.outcome} {short_day(last, self.language)}"
        if visit.closed_at in (None, visit.opened_at):
            return f"{short_day(first, self.language)}, {clock_time(visit.opened_at)}"
        return short_span(first, last, self.language)

    def _details(self, visit: Visit, late: str) -> tuple[str, ...]:
        first = local(visit.opened_at).date()
        unit = ", ".join(part for part in (visit.unit_name, visit.person) if part)
        if not visit.state.is_open:
            return tuple(part for part in (unit, self._past_detail(visit, first)) if part)
        since = self._say("since", day=short_day(first, self.language))
        parts = [f"{unit}, {since}" if unit else capital(since)]
        if visit.due_at:
            day = week_day(local(visit.due_at).date(), self.language, today=self._today)
            if local(visit.due_at).date() == self._today:
                due = capital(self._say("due_today", time=clock_time(visit.due_at)))
            else:
                due = self._say("due_long", day=day)
            parts.append(", ".join(part for part in (due, late or self._used(visit, "used_of")) if part))
        return tuple(parts)

    def _past_detail(self, visit: Visit, first: date) -> str:
        last = local(visit.closed_at or visit.opened_at).date()
        if visit.closed_at in (None, visit.opened_at):
            return f"{week_day(first, self.language)}, {clock_time(visit.opened_at)}"
        days = plain_span(first, last, self.language)
        outcome = f"{capital(visit.outcome)}, " if visit.outcome else ""
        return ", ".join(part for part in (f"{outcome}{days}", self._used(visit, "took_of")) if part)

    def _used(self, visit: Visit, key: str) -> str:
        if visit.used is None:
            return ""
        used = working_length(visit.used, self.language)
        if not visit.allowed:
            return self._say("took", used=used) if key == "took_of" else ""
        in_hours = visit.used < HOURS_A_DAY and visit.allowed < 3 * HOURS_A_DAY
        allowed = working_length(visit.allowed, self.language, in_hours=in_hours)
        return self._say(key, used=used, allowed=allowed)

    def _coming(self, expected: Sequence[Expected], *, after: Visit | None) -> list[Stop | Fork]:
        runs = self._runs(expected, after)
        parts: list[Stop | Fork] = []
        branches: dict[int, list[Stop]] = {}
        for run in runs:
            stop = self._next(run)
            if run[0].branch:
                branches.setdefault(run[0].branch, []).append(stop)
                continue
            parts += _closed(branches)
            branches = {}
            parts.append(stop)
        parts += _closed(branches)
        return self._with_promise(parts)

    def _runs(self, expected: Sequence[Expected], after: Visit | None) -> list[list[Expected]]:
        if self.every_step:
            return [[item] for item in expected]
        runs: list[list[Expected]] = []
        for branch, items in _by_branch(expected):
            found = merged(items, applicant=APPLICANT)
            if not runs and not branch and after and found and _continues(after, found[0][0]):
                found = found[1:]
            runs += [run for run in found if not _is_hand_over(run)]
        return runs

    def _next(self, run: Sequence[Expected]) -> Stop:
        name = name_of(Named(item.name, item.hours, item.drafts) for item in run)
        unit = next(item.unit_name for item in run if item.name == name)
        day = run[-1].day
        about = self._say("about", day=short_day(day, self.language)) if day else ""
        detail = ", ".join(part for part in (unit, about) if part)
        return Stop(run[0].level, name, name, StopState.NEXT, about, details=(capital(detail),) if detail else ())

    def _with_promise(self, parts: list[Stop | Fork]) -> list[Stop | Fork]:
        """The last stop carries the day that was promised, not an estimate."""
        if self.due_at is None or not parts or not isinstance(parts[-1], Stop) or parts[-1].lane != APPLICANT:
            return parts
        due = local(self.due_at).date()
        parts[-1] = replace(
            parts[-1],
            line=self._say("promised", day=short_day(due, self.language)),
            details=(capital(self._say("promised", day=week_day(due, self.language))),),
        )
        return parts


def _closed(branches: dict[int, list[Stop]]) -> list[Stop | Fork]:
    """A fork; of the one branch that is expected for sure no fork is made."""
    if len(branches) == 1:
        return [*next(iter(branches.values()))]
    return [Fork(tuple(tuple(branch) for branch in branches.values()))] if branches else []


def _by_branch(expected: Sequence[Expected]) -> list[tuple[int, list[Expected]]]:
    groups: list[tuple[int, list[Expected]]] = []
    for item in expected:
        if groups and groups[-1][0] == item.branch:
            groups[-1][1].append(item)
        else:
            groups.append((item.branch, [item]))
    return groups


def _continues(visit: Visit, item: Expected) -> bool:
    """Whether the next step belongs to the stop where the record is now."""
    joined = merged([_Side(visit.lane, visit.counter, visit.reception), _Side(item.lane, item.counter, item.reception)],
                    applicant=APPLICANT)  # fmt: skip
    return visit.state is StopState.NOW and len(joined) == 1


@dataclass(frozen=True)
class _Side:
    lane: str
    counter: bool
    reception: bool


def _passes_through(run: Sequence[Visit]) -> bool:
    """A past hand-over through a counter: part of the way, but no stop that citizens need to see."""
    return _is_hand_over(run) and not any(visit.state.is_open for visit in run)


def _is_hand_over(run: Sequence[Visit] | Sequence[Expected]) -> bool:
    return all(item.counter and not item.reception and item.lane != APPLICANT for item in run)


def _sum(values: Iterable[Decimal | None]) -> Decimal | None:
    known = [value for value in values if value is not None]
    return sum(known, Decimal(0)) if known else None


def _progress(visit: Visit) -> float | None:
    if not visit.allowed or visit.used is None:
        return None
    return min(1.0, float(visit.used / visit.allowed))
