"""Everything that can be said against a definition before it is published: the body of `portal procedures check`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from portal.catalogue import located
from portal.catalogue.expansion import SHARED, edition, expand
from portal.catalogue.findings import DefinitionError, Finding
from portal.catalogue.loader import load
from portal.catalogue.located import LocatedDict, place_at
from portal.catalogue.needed_units import needed_units
from portal.catalogue.sequences import SequenceFailed, play
from portal.catalogue.term_checking import over_term
from portal.catalogue.types import Procedure
from portal.workflow import soundness
from portal.workflow.deciding import signing_steps
from portal.workflow.engine import branches_at_most
from portal.workflow.soundness import Fault, Unsoundness, ways
from portal.workflow.working_time import WorkingCalendar

Resolves = Callable[[str, str, str | None], list[str]]
"""(level, function, within) -> names of the places of that level where no unit has the function."""

_KINDS = {Fault.TOO_LARGE: "too_many_markings"}


@dataclass(frozen=True)
class Ground:
    """Where and when the definition will be used: its units, its calendar, and from which day on.

    What is None is not asked.
    """

    resolves: Resolves | None = None
    calendar: WorkingCalendar | None = None
    day: date | None = None


NO_GROUND = Ground()
LEADERSHIP = "leadership"
"""The function of who signs with the seal of the unit; any other is an office of it."""


def check_file(path: Path, *, ground: Ground = NO_GROUND, shared: Path = SHARED) -> list[Finding]:
    """Every mistake in the file, in its order; an empty list means that it may be published.

    A file that cannot be read is a finding too.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        return [Finding(path.name, 1, "not_yaml", {"reason": str(error)})]
    return check_text(text, path.name, ground=ground, shared=shared)


def check_text(text: str, file: str, *, ground: Ground = NO_GROUND, shared: Path = SHARED) -> list[Finding]:
    """As `check_file`, for a text that is not in a file yet."""
    try:
        procedure = load(text, file, shared=shared)
    except DefinitionError as error:
        return list(error.findings)
    data, lasting = _explored(text, file, shared, edition(shared))
    findings = [*lasting, *over_term(procedure, data, calendar=ground.calendar, day=ground.day)]
    if ground.resolves is not None:
        findings.extend(_units_that_lack(procedure, data, ground.resolves))
    return sorted(findings, key=lambda finding: (finding.file, finding.line))


@lru_cache(maxsize=16)  # the slow half of each page of a definition that is being written
def _explored(text: str, file: str, shared: Path, _edition: object) -> tuple[LocatedDict, tuple[Finding, ...]]:
    """The definition written out, and what stands against it wherever and whenever it will be used."""
    procedure = load(text, file, shared=shared)
    data = expand(located.read(text, file)[0], [], folder=shared)
    findings = [*_unsound(procedure, data), *_failed_tests(procedure, data)]
    findings += [*_other_seal(procedure, data), *_too_few_branches(procedure, data)]
    return data, tuple(findings)


def _unsound(procedure: Procedure, data: LocatedDict) -> Iterator[Finding]:
    for fault in soundness.explore(procedure.process):
        path = _path_of(fault)
        place = place_at(data, path)
        yield Finding(
            place.file,
            place.line,
            _KINDS.get(fault.fault, fault.fault.value),
            {
                "step": fault.step,
                "action": f".{fault.action}" if fault.action else "",
                "path": _shown(fault.path),
            },
            path,
        )


def _shown(path: tuple[str, ...]) -> str:
    return f" ({' › '.join(path)})" if path else ""


def _path_of(fault: Unsoundness) -> tuple[str, ...]:
    step = ("process", "steps", fault.step)
    return (*step, "actions", fault.action) if fault.action else step


def _failed_tests(procedure: Procedure, data: LocatedDict) -> Iterator[Finding]:
    for at, test in enumerate(procedure.tests):
        place = place_at(data, ("tests", at))
        try:
            end, outcome = play(procedure.process, test)
        except SequenceFailed as failure:
            values = {"name": test.name, "action": failure.action, "open": ", ".join(failure.open_steps)}
            yield Finding(place.file, place.line, "test_action", values, ("tests", at))
            continue
        if end != test.ends or (test.outcome is not None and outcome != test.outcome):
            found = {"found": f"{end}/{outcome}", "wanted": f"{test.ends}/{test.outcome}"}
            yield Finding(place.file, place.line, "test_end", {"name": test.name, **found}, ("tests", at))


def _other_seal(procedure: Procedure, data: LocatedDict) -> Iterator[Finding]:
    """The card says whose seal the result bears; who signs says the process. They may not contradict each other."""
    signing = [step.at for step in signing_steps(procedure.process)]
    functions = {name for at in signing for name in (at.function, *(post.function for _, post in at.by_level))}
    path = ("result", "signs_as")
    if signing and (functions != {LEADERSHIP}) != (procedure.result.signs_as == "office"):
        place = place_at(data, path)
        yield Finding(place.file, place.line, f"signs_not_as_{procedure.result.signs_as}", {}, path)


def _too_few_branches(procedure: Procedure, data: LocatedDict) -> Iterator[Finding]:
    """A step that waits for more branches than there are waits for all: it does not do what it says."""
    for step in procedure.process.steps.values():
        if step.opens_after is None:
            continue
        most = branches_at_most(procedure.process, step.id)
        if most is not None and step.opens_after > most:
            path = ("process", "steps", step.id, "opens_after")
            place = place_at(data, path)
            values = {"step": step.id, "wanted": step.opens_after, "most": most}
            yield Finding(place.file, place.line, "too_few_branches", values, path)


def _units_that_lack(procedure: Procedure, data: LocatedDict, resolves: Resolves) -> Iterator[Finding]:
    for needed in needed_units(procedure):
        places = resolves(needed.level, needed.function, needed.within)
        if places:
            path = ("process", "steps", needed.step_id, "at")
            place = place_at(data, path)
            shown = ", ".join(places[:5]) + (f" (+{len(places) - 5})" if len(places) > 5 else "")
            reached = _shown(ways(procedure.process).get(needed.step_id, ()))
            values = {"step": needed.step_id, "function": needed.function, "places": shown, "path": reached}
            yield Finding(place.file, place.line, "no_unit", values, path)
