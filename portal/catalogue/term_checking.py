"""Whether the quotas fit into the statutory term, in plain weeks and around the holidays of the years ahead."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from portal.catalogue.findings import Finding
from portal.catalogue.located import LocatedDict, place_at
from portal.catalogue.types import Procedure, Stage, Term
from portal.workflow.definition import Step, Text, Where
from portal.workflow.quotas import FewestHours, LongestPath, fewest_hours, longest_path
from portal.workflow.working_time import WorkingCalendar

YEARS_AHEAD = 3
_PLAIN = WorkingCalendar()
"""Weeks without any holiday."""
_A_MONDAY = date(2025, 1, 6)
_WEEK = timedelta(days=6)


@dataclass(frozen=True)
class Fit:
    """A term, or one of its stages, beside the quotas inside it. `worst` is None when no calendar was asked."""

    at: tuple[str | int, ...]
    term: Term | Stage
    path: LongestPath
    plain: FewestHours
    worst: FewestHours | None


def fits_of(procedure: Procedure, *, calendar: WorkingCalendar | None = None, day: date | None = None) -> list[Fit]:
    """The term, or each stage, with the longest path inside it and the fewest hours that it holds from `day` on."""
    term = procedure.term
    stages: list[tuple[tuple[str | int, ...], Term | Stage]] = [
        (("term", "stages", at), stage) for at, stage in enumerate(term.stages)
    ]
    return [_fit(procedure, at, stage, calendar, day) for at, stage in stages or [(("term",), term)]]


def _fit(
    procedure: Procedure,
    at: tuple[str | int, ...],
    stage: Term | Stage,
    calendar: WorkingCalendar | None,
    day: date | None,
) -> Fit:
    of_level = partial(_is_at, procedure=procedure, level=stage.level) if isinstance(stage, Stage) else None
    path = longest_path(procedure.process, counts=of_level) if of_level else longest_path(procedure.process)
    cutoff = procedure.term.cutoff
    plain = fewest_hours(stage, cutoff=cutoff, calendar=_PLAIN, first=_A_MONDAY, last=_A_MONDAY + _WEEK)
    worst = None
    if calendar is not None and day is not None:
        last = min(date(day.year + YEARS_AHEAD, 12, 1), calendar.last_day - timedelta(days=int(stage.value) * 2 + 30))
        worst = fewest_hours(stage, cutoff=cutoff, calendar=calendar, first=day, last=last)
    if plain is None:
        raise AssertionError("A plain week has working days.")
    return Fit(at, stage, path, plain, worst)


def over_term(
    procedure: Procedure, data: LocatedDict, *, calendar: WorkingCalendar | None, day: date | None
) -> Iterator[Finding]:
    """Quotas that the term cannot hold: in plain weeks never, around holidays only with a reason (`tight`)."""
    for fit in fits_of(procedure, calendar=calendar, day=day):
        place = place_at(data, fit.at)
        values = {"hours": f"{fit.path.hours.normalize():f}", "path": " › ".join(fit.path.steps)}
        if fit.path.hours > fit.plain.hours:
            held = {"held": f"{fit.plain.hours.normalize():f}", "worst": _worst(fit)}
            yield Finding(place.file, place.line, "over_term", values | held, fit.at)
        elif fit.worst is not None and fit.path.hours > fit.worst.hours and fit.term.tight is None:
            held = {"held": f"{fit.worst.hours.normalize():f}", "day": f"{fit.worst.accepted_on:%d/%m/%Y}"}
            yield Finding(place.file, place.line, "over_term_around_holidays", values | held, fit.at)


def _worst(fit: Fit) -> Text:
    """What the term holds around holidays, when that is less still."""
    if fit.worst is None or fit.worst.hours >= fit.plain.hours:
        return Text("")
    hours, day = f"{fit.worst.hours.normalize():f}", f"{fit.worst.accepted_on:%d/%m/%Y}"
    return Text(f", tiếp nhận ngày {day} thì chỉ {hours} giờ", f", and {hours} when accepted on {day}")


def _is_at(step: Step, *, procedure: Procedure, level: str) -> bool:
    if step.at.where is Where.RECEIVED:
        return procedure.receivers[0] == level
    return step.at.level == level
