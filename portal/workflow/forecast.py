"""When a record will be done, if every step from here takes the time that it is given."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from portal.workflow.definition import ActionKind, Process, Step
from portal.workflow.lane_route import Leg, Parallel, gives_result, route_from
from portal.workflow.working_time import WorkingCalendar


def hours_after(process: Process, step_id: str, *, asker: str | None = None) -> Decimal:
    """Working hours of the steps that follow on the usual way until the result is issued. Branches run side by side."""
    total = Decimal(0)
    for place, part in enumerate(route_from(process, step_id, asker=asker)):
        branches: tuple[tuple[Leg, ...], ...] = part.branches if isinstance(part, Parallel) else ((part,),)
        steps = [leg.step for branch in branches for leg in branch]
        if any(gives_result(step) for step in steps):
            break
        if place > 0:
            total += max(sum((leg.step.quota for leg in branch), Decimal(0)) for branch in branches)
        if any(issues(step) for step in steps):
            break
    return total


def issues(step: Step) -> bool:
    """Whether the result is numbered and sealed at the step, which ends the clock."""
    return any(action.kind is ActionKind.ISSUE for action in step.actions)


def expected_end(
    process: Process,
    open_tasks: Iterable[tuple[str, datetime, str | None]],
    *,
    now: datetime,
    calendar: WorkingCalendar,
) -> datetime:
    """When the result can be expected: each open task (step, due date, who asked) takes until it is due, or ends now
    when it is overdue; what follows takes its quota."""
    ends = [
        calendar.add_working_hours(max(now, due), hours_after(process, step, asker=asker))
        for step, due, asker in open_tasks
    ]
    return max(ends, default=now)
