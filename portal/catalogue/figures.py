"""What the check says of a definition that has no mistakes, in lines for the command line."""

from __future__ import annotations

from datetime import date

from portal.catalogue.coverage import coverage_of
from portal.catalogue.term_checking import Fit, fits_of
from portal.catalogue.types import Procedure
from portal.workflow.working_time import WorkingCalendar


def figures(procedure: Procedure, *, calendar: WorkingCalendar | None = None, day: date | None = None) -> list[str]:
    """Coverage of actions by the tests, and each term with its longest path of quotas."""
    covered = coverage_of(procedure)
    every = len(covered.taken) + len(covered.never)
    lines = [f"its {len(procedure.tests)} tests take {len(covered.taken)} of {every} actions ({covered.percent} %)"]
    if covered.never:
        lines.append(f"never taken: {', '.join(covered.never)}")
    return lines + [_fit(fit) for fit in fits_of(procedure, calendar=calendar, day=day)]


def _fit(fit: Fit) -> str:
    held = fit.worst or fit.plain
    line = (
        f"longest path {fit.path.hours.normalize():f} h of {held.hours.normalize():f} h"
        f" (accepted on {held.accepted_on:%d/%m/%Y})"
    )
    tight = f"; around holidays: {fit.term.tight.vi}" if fit.term.tight and fit.path.hours > held.hours else ""
    return f"{line}{tight}"
