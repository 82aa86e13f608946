"""Every deadline of one record: its own, each step's, each opinion's, the applicant's; and each agency's share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from portal.calendars.book import CalendarBook
from portal.catalogue.types import Procedure
from portal.records.pauses import for_clock
from portal.records.record_view import RecordView
from portal.records.types import CANCELLED, TaskRow
from portal.workflow.deadlines import Appointment, CalendarEnds, due_at
from portal.workflow.definition import ClockRule, Step, Text, Where
from portal.workflow.standing import Judged, Share, Stay, judged, shares


class ClockKind(StrEnum):
    RECEPTION = "reception"  # the counter answers a submission
    STEP = "step"
    OPINION = "opinion"  # an asked agency answers
    APPLICANT = "applicant"  # the applicant's own


@dataclass(frozen=True)
class RecordClock:
    """One deadline inside a record."""

    kind: ClockKind
    name: Text
    unit_id: UUID | None
    opened_at: datetime
    due_at: datetime
    ended_at: datetime | None
    judged: Judged


def record_standing(view: RecordView, book: CalendarBook, *, now: datetime) -> Judged | None:
    """How the record stands against its term; None before acceptance. What missed its first date stays late."""
    if view.due_at is None:
        return None
    return judged(
        kept_due(view) or view.due_at,
        now=now,
        calendar=book.as_known(now),
        ended_at=view.finished_at or view.closed_at,
        whole_day=True,
        paused=view.is_paused,
    )


def kept_due(view: RecordView) -> datetime | None:
    """The date that counts for being late: the one before an apology moved it."""
    moved = next((change for change in view.due_changes if isinstance(change, Appointment)), None)
    return moved.instead_of if moved and moved.instead_of else view.due_at


def clocks_of(view: RecordView, procedure: Procedure, book: CalendarBook, *, now: datetime) -> tuple[RecordClock, ...]:
    """The deadlines of the record's steps, in the order in which they opened; each by its unit's working hours."""
    return tuple(
        _clock(task, procedure.process.step(task.step), book, is_paused=view.is_paused, now=now)
        for task in view.tasks
        if task.outcome != CANCELLED
    )


def shares_of(view: RecordView, procedure: Procedure, book: CalendarBook, *, now: datetime) -> tuple[Share[UUID], ...]:
    """What each agency has used of the time that its steps are given; after the result nothing is counted."""
    stays = []
    for task in view.tasks:
        step = procedure.process.step(task.step)
        if task.unit_id is None or task.outcome == CANCELLED or step.clock is ClockRule.NONE:
            continue
        stays.append(
            Stay(
                agency=task.unit_id,
                opened_at=task.opened_at,
                closed_at=task.closed_at,
                due_at=task.due_at,
                allowed=_allowed(task, step, book, now=now),
                paused=task.is_open and view.is_paused,
            )
        )
    return shares(stays, now=now, calendar_of=lambda unit_id: book.as_known(now, unit_id=unit_id))


def due_by_todays_calendar(
    view: RecordView, procedure: Procedure, book: CalendarBook, *, now: datetime
) -> datetime | None:
    """What the date would be, were it promised with what is known today; None when it is the same."""
    if view.accepted_at is None or view.finished_at or view.closed_at:
        return None
    try:
        would_be = due_at(
            procedure.term,
            accepted_at=view.accepted_at,
            calendar=book.as_known(now),
            pauses=for_clock(view.pauses),
            rule=procedure.supplement.clock,
            changes=view.due_changes,
        )
    except CalendarEnds:
        return None
    return would_be if would_be != view.due_at else None


def _clock(task: TaskRow, step: Step, book: CalendarBook, *, is_paused: bool, now: datetime) -> RecordClock:
    kind = _kind(step)
    calendar = book.as_known(now, unit_id=task.unit_id)
    return RecordClock(
        kind=kind,
        name=step.stop or step.name if kind is ClockKind.OPINION else step.name,
        unit_id=task.unit_id,
        opened_at=task.opened_at,
        due_at=task.due_at,
        ended_at=task.closed_at,
        judged=judged(
            task.due_at,
            now=now,
            calendar=calendar,
            ended_at=task.closed_at,
            whole_day=kind in (ClockKind.OPINION, ClockKind.APPLICANT),
            paused=is_paused and task.is_open and kind is ClockKind.STEP,
        ),
    )


def _kind(step: Step) -> ClockKind:
    if step.at.where is Where.APPLICANT:
        return ClockKind.APPLICANT
    if step.consultation is not None:
        return ClockKind.OPINION
    return ClockKind.RECEPTION if step.clock is ClockRule.RECEPTION else ClockKind.STEP


def _allowed(task: TaskRow, step: Step, book: CalendarBook, *, now: datetime) -> Decimal:
    """The quota; of a step under a timer, such as an opinion, the working hours until it acts."""
    if step.quota or step.consultation is None:
        return step.quota
    if task.opened_at != task.anchored_at:
        return Decimal(0)  # the consultation's time is counted at its first step
    return book.as_known(now, unit_id=task.unit_id).working_hours_between(task.anchored_at, task.due_at)
