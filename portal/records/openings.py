"""Turning what the engine opens into tasks: which unit, whose hands, due when, with which timers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from portal.calendars.book import CalendarBook
from portal.catalogue.types import Procedure
from portal.core import clock
from portal.core.references import new_id
from portal.jobs.service import job_row
from portal.jobs.types import MESSAGES
from portal.records.types import TaskRow
from portal.records.whereabouts import Desk, Whereabouts
from portal.units.resolution import Directory
from portal.workflow.deadlines import WorkingCalendar, duration_after, quota_due, rings_at
from portal.workflow.definition import Facts, Step, TimerEffect
from portal.workflow.engine import SKIPPED, Opening

_ENDS = (TimerEffect.ACT, TimerEffect.ESCALATE)

THE_PORTAL = "system"
"""Role of the steps that nobody does by hand."""

KEEPS_HANDS = frozenset({"receptionist", "specialist"})
"""Roles whose next step on a record comes back to the person who did the last one."""


@dataclass(frozen=True)
class Ground:
    """What tasks are opened on: the record's own words and places, and what counts time."""

    record_id: UUID
    owner_id: UUID
    applicant_name: str
    procedure: Procedure
    procedure_name: str
    place: str
    received_unit_id: UUID
    return_unit_id: UUID
    due_at: datetime | None
    facts: Facts
    directory: Directory
    book: CalendarBook
    now: datetime
    is_paused: bool = False

    def calendar_of(self, unit_id: UUID | None) -> WorkingCalendar:
        """Steps are counted in the hours of the unit that does them."""
        return self.book.as_known(self.now, unit_id=unit_id)


@dataclass(frozen=True)
class Opened:
    """Rows to insert: tasks, and the jobs that their timers and automatic calls are; and tasks that nobody does."""

    tasks: tuple[dict[str, Any], ...]
    jobs: tuple[dict[str, Any], ...]
    skipped: tuple[dict[str, Any], ...] = ()


def open_tasks(
    ground: Ground,
    openings: Iterable[Opening],
    *,
    closed: TaskRow | None = None,
    tasks: Iterable[TaskRow] = (),
    assignee: tuple[UUID, str] | None = None,
    news: str = "",
) -> Opened:
    """The tasks of these openings. `assignee` is the person named by an assignment; a step that the portal does by
    itself keeps who was named, for the person's step after it."""
    earlier = tuple(tasks)
    if assignee is None and closed is not None and closed.role == THE_PORTAL and closed.assignee_id is not None:
        assignee = (closed.assignee_id, closed.assignee_name)
    rows, jobs = [], []
    where = whereabouts(ground)
    for opening in openings:
        step = ground.procedure.process.step(opening.step)
        desk = where.desk_of(step, split=opening.group)
        is_back = closed is not None and closed.origin == opening.step
        row = _task_row(ground, opening, step, desk, closed=closed, news=news or ("supplemented" if is_back else ""))
        hands = assignee if assignee and desk.role in ("specialist", THE_PORTAL) else _usual_hands(row, earlier)
        if hands is not None:
            row["assignee_id"], row["assignee_name"] = hands
        rows.append(row)
        jobs += _jobs_of(row, step, ground)
    return Opened(tasks=tuple(rows), jobs=tuple(jobs))


def skipped_tasks(ground: Ground, openings: Iterable[Opening]) -> tuple[dict[str, Any], ...]:
    """What an office would ask itself: closed as it opens, so that conditions and the list of opinions know of it."""
    nobody = {"assignee_id": None, "assignee_name": "", "news": ""}
    closed = {"closed_at": ground.now, "closed_by": None, "closed_by_name": "", "outcome": SKIPPED}
    return tuple({**row, **nobody, **closed} for row in open_tasks(ground, openings).tasks)


def whereabouts(ground: Ground) -> Whereabouts:
    """What says where the steps of the record are done today."""
    return Whereabouts(
        directory=ground.directory,
        place=ground.place,
        received_unit_id=ground.received_unit_id,
        return_unit_id=ground.return_unit_id,
        facts=ground.facts,
        day=clock.local_day(ground.now),
    )


def _task_row(
    ground: Ground,
    opening: Opening,
    step: Step,
    desk: Desk,
    *,
    closed: TaskRow | None,
    news: str,
) -> dict[str, Any]:
    anchored_at = closed.anchored_at if closed is not None and opening.keeps_timer else ground.now
    return {
        "id": new_id(),
        "record_id": ground.record_id,
        "owner_id": ground.owner_id,
        "unit_id": desk.unit.id if desk.unit else None,
        "step": step.id,
        "function": desk.function,
        "role": desk.role,
        "split": opening.group,
        "origin": opening.origin,
        "consultation": opening.consultation,
        "version": 1,
        "opened_at": ground.now,
        "anchored_at": anchored_at,
        "due_at": step_due_at(
            step,
            opened_at=ground.now,
            anchored_at=anchored_at,
            otherwise=(ground.due_at, ground.procedure.reception_hours),
            calendar=ground.calendar_of(desk.unit.id if desk.unit else None),
        ),
        "assignee_id": None,
        "assignee_name": "",
        "closed_at": None,
        "closed_by": None,
        "closed_by_name": "",
        "outcome": None,
        "step_name": step.name.vi,
        "applicant_name": ground.applicant_name,
        "procedure_name": ground.procedure_name,
        "place_name": ground.directory.place(ground.place).short_name,
        "record_due_at": ground.due_at,
        "news": news,
        "paused": ground.is_paused,
    }


def step_due_at(
    step: Step,
    *,
    opened_at: datetime,
    anchored_at: datetime,
    otherwise: tuple[datetime | None, Decimal],
    calendar: WorkingCalendar,
) -> datetime:
    """When a step is due that opened at that moment, by the calendar of its unit.

    Timers count from `anchored_at`. A step with neither timer nor quota is due with its record, before acceptance after
    the hours of reception: both are `otherwise`.
    """
    ends = [
        duration_after(anchored_at, timer.after, calendar=calendar)
        for timer in step.timers
        # Who is told of a delay must be told when there is one.
        if timer.effect in _ENDS and not timer.before_due and timer.day is None
    ]
    if ends:
        return min(ends)
    if step.quota:
        return quota_due(opened_at, hours=step.quota, calendar=calendar)
    record_due_at, reception_hours = otherwise
    return record_due_at or quota_due(opened_at, hours=reception_hours, calendar=calendar)


def _usual_hands(row: Mapping[str, Any], earlier: Iterable[TaskRow]) -> tuple[UUID, str] | None:
    if row["role"] not in KEEPS_HANDS:
        return None
    hands = [
        task
        for task in earlier
        if task.closed_by is not None
        and (task.unit_id, task.role, task.function) == (row["unit_id"], row["role"], row["function"])
    ]
    if not hands:
        return None
    last = max(hands, key=lambda task: (task.closed_at or task.opened_at, task.id))
    return (last.closed_by, last.closed_by_name) if last.closed_by is not None else None


def _jobs_of(row: Mapping[str, Any], step: Step, ground: Ground) -> list[dict[str, Any]]:
    task_id = str(row["id"])
    jobs = [
        job_row(
            "task_timer",
            arguments={"task_id": task_id, "timer": str(index)},
            queue=MESSAGES,
            due_at=moment,
            natural_key=f"{task_id}:{index}",
        )
        for index, timer in enumerate(step.timers)
        if (
            moment := rings_at(
                timer,
                anchored_at=row["anchored_at"],
                due_at=row["due_at"],
                facts=ground.facts,
                calendar=ground.calendar_of(row["unit_id"]),
            )
        )
    ]
    if step.automatic is not None:
        jobs.append(
            job_row(
                "call_register",
                arguments={"task_id": task_id},
                queue=MESSAGES,
                due_at=ground.now,
                natural_key=f"{task_id}:call",
            )
        )
    return jobs
