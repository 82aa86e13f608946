"""The statements that move one record to another version and back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import JSONB

from portal.catalogue.types import Procedure
from portal.core.actor import SYSTEM
from portal.jobs.service import job_row
from portal.jobs.types import MESSAGES
from portal.records.events import event_row
from portal.records.moving_plan import Plan, Standing
from portal.records.moving_queries import Moving
from portal.records.performing import ADD_JOBS
from portal.records.statements import APPEND_EVENT
from portal.records.types import TaskRow
from portal.workflow.deadlines import WorkingCalendar, duration_after, rings_at
from portal.workflow.definition import Text, TimerEffect

WENT_ON = Text("Hồ sơ đã có việc mới sau khi chuyển.", "The record has gone on since it was moved.")

Write = tuple[Any, Any]

NOTE = text(
    "UPDATE moved_record SET outcome = :outcome, reasons = :reasons, at = :now "
    "WHERE moving_id = :moving AND record_id = :record"
).bindparams(bindparam("reasons", type_=JSONB()))
_NOTE_MOVED = text(
    "UPDATE moved_record SET outcome = 'moved', before = :before, record_version = :number, at = :now "
    "WHERE moving_id = :moving AND record_id = :record"
).bindparams(bindparam("before", type_=JSONB()))
_RECORD = text(
    "UPDATE record SET version_id = :to_version, procedure_name = :name, answers = :given, state = :to_state, "
    "version = version + 1 WHERE id = :wanted"
).bindparams(bindparam("given", type_=JSONB()))
_TASK = text(
    "UPDATE task SET step = :to_step, step_name = :to_name, split = :to_split, origin = :to_origin, "
    "consultation = :to_consultation, due_at = :to_due WHERE id = :wanted"
)
_NAMED = text("UPDATE task SET procedure_name = :name WHERE record_id = :wanted AND closed_at IS NULL")
_SLOT = text("UPDATE record_paper SET slot = :to_slot WHERE record_id = :wanted AND slot = :from_slot")
_END_TIMERS = text(
    "UPDATE job SET finished_at = :now "
    "WHERE kind = 'task_timer' AND natural_key = ANY (CAST(:keys AS text[])) AND finished_at IS NULL"
)
MOST_TIMERS = 10
"""Timers that a step may have, at most, for the old ones to be found by their keys."""
BACK = "back"


def noted(
    moving_id: UUID, record_id: UUID, outcome: str, *, reasons: Iterable[Text] = (), now: datetime
) -> dict[str, Any]:
    """The values of NOTE."""
    said = [{"vi": reason.vi, "en": reason.en} for reason in reasons]
    return {"moving": moving_id, "record": record_id, "outcome": outcome, "reasons": said, "now": now}


def moved(
    moving: Moving, standing: Standing, plan: Plan, *, calendar: WorkingCalendar, now: datetime
) -> Iterator[Write]:
    """Everything that moving one record writes."""
    record = standing.record
    name = moving.new.everyday_name.vi or moving.new.name.vi
    before = {task.id: task for task in standing.tasks}
    tasks = list(_retimed(standing.tasks, plan.tasks, moving, calendar=calendar))
    yield from _tasks(standing, tasks, before, moving, moving.new, "", calendar=calendar, now=now)
    yield from ((_SLOT, {"wanted": record.id, "from_slot": old, "to_slot": new}) for old, new in plan.slots.items())
    yield _RECORD, _values(record.id, moving.to_version_id, name, plan.answers, plan.state)
    if name != record.procedure_name:
        yield _NAMED, {"wanted": record.id, "name": name}
    yield APPEND_EVENT, _event(moving, standing, "version_changed", moving.to_number, plan.state, now=now)
    kept = {
        "procedure_name": record.procedure_name,
        "state": record.state,
        "answers": {key: value for key, value in record.answers.items() if plan.answers.get(key, ...) != value},
        "added": [key for key in plan.answers if key not in record.answers],
        "tasks": {str(task.id): _kept(before[task.id]) for task in tasks},
        "slots": {new: old for old, new in plan.slots.items()},
    }
    noted_as = {"moving": moving.id, "record": record.id, "before": kept, "number": record.version + 1, "now": now}
    yield _NOTE_MOVED, noted_as


def restored(
    moving: Moving, standing: Standing, before: Mapping[str, Any], *, calendar: WorkingCalendar, now: datetime
) -> Iterator[Write]:
    """Everything that leading it back writes."""
    record = standing.record
    was = {task.id: task for task in standing.tasks}
    tasks = [_as_it_was(was[UUID(key)], kept) for key, kept in before["tasks"].items()]
    yield from _tasks(standing, tasks, was, moving, moving.old, BACK, calendar=calendar, now=now)
    for new, old in before["slots"].items():
        yield _SLOT, {"wanted": record.id, "from_slot": new, "to_slot": old}
    answers = {key: value for key, value in record.answers.items() if key not in before["added"]} | before["answers"]
    yield _RECORD, _values(record.id, moving.from_version_id, before["procedure_name"], answers, before["state"])
    if before["procedure_name"] != record.procedure_name:
        yield _NAMED, {"wanted": record.id, "name": before["procedure_name"]}
    yield APPEND_EVENT, _event(moving, standing, "version_restored", moving.from_number, before["state"], now=now)
    yield NOTE, noted(moving.id, record.id, "reverted", now=now)


def _retimed(
    tasks: Iterable[TaskRow], changed: Iterable[TaskRow], moving: Moving, *, calendar: WorkingCalendar
) -> Iterator[TaskRow]:
    """The tasks that change, those whose timers alone are others too; such a task is due when its new timer acts."""
    by_id = {task.id: task for task in changed}
    for before in tasks:
        task = by_id.get(before.id, before)
        if not before.is_open or not _other_timers(before, task, moving):
            if task is not before:
                yield task
            continue
        acting = [
            duration_after(task.anchored_at, timer.after, calendar=calendar)
            for timer in moving.new.process.step(task.step).timers
            if timer.effect is TimerEffect.ACT and not timer.before_due and timer.day is None
        ]
        yield replace(task, due_at=min(acting, default=task.due_at))


def _other_timers(before: TaskRow, task: TaskRow, moving: Moving) -> bool:
    old, new = moving.old.process.step(before.step), moving.new.process.step(task.step)
    return [(timer.label, timer.effect) for timer in old.timers] != [
        (timer.label, timer.effect) for timer in new.timers
    ]


def _tasks(
    standing: Standing,
    tasks: Iterable[TaskRow],
    before: Mapping[UUID, TaskRow],
    moving: Moving,
    procedure: Procedure,
    turn: str,
    *,
    calendar: WorkingCalendar,
    now: datetime,
) -> Iterator[Write]:
    other = moving.old if procedure is moving.new else moving.new
    for task in tasks:
        yield (
            _TASK,
            {
                "wanted": task.id,
                "to_step": task.step,
                "to_name": task.step_name,
                "to_split": task.split,
                "to_origin": task.origin,
                "to_consultation": task.consultation,
                "to_due": task.due_at,
            },
        )
        if not task.is_open:
            continue
        timers = procedure.process.step(task.step).timers
        others = other.process.step(before[task.id].step).timers
        if [(timer.label, timer.effect) for timer in timers] == [(timer.label, timer.effect) for timer in others]:
            continue
        yield _END_TIMERS, {"keys": _timer_keys(task.id, standing.movings), "now": now}
        rows = [
            job_row(
                "task_timer",
                arguments={"task_id": str(task.id), "timer": str(index)},
                queue=MESSAGES,
                due_at=moment,
                natural_key=f"{task.id}:{index}:{moving.id}{turn}",
            )
            for index, timer in enumerate(timers)
            if (
                moment := rings_at(
                    timer,
                    anchored_at=task.anchored_at,
                    due_at=task.due_at,
                    facts={"form": standing.record.answers},
                    calendar=calendar,
                )
            )
        ]
        if rows:
            yield ADD_JOBS, rows


def _timer_keys(task_id: UUID, movings: Iterable[UUID]) -> list[str]:
    """The keys that jobs for timers of this task may have: as it was opened, and after each move there and back."""
    suffixes = ["", *(f":{moving_id}{turn}" for moving_id in movings for turn in ("", BACK))]
    return [f"{task_id}:{index}{suffix}" for index in range(MOST_TIMERS) for suffix in suffixes]


def _values(record_id: UUID, version_id: UUID, name: str, answers: Mapping[str, Any], state: str) -> dict[str, Any]:
    return {"wanted": record_id, "to_version": version_id, "name": name, "given": dict(answers), "to_state": state}


def _event(moving: Moving, standing: Standing, kind: str, number: int, state: str, *, now: datetime) -> dict[str, Any]:
    return event_row(
        record_id=standing.record.id,
        owner_id=standing.record.owner_id,
        number=standing.record.version + 1,
        kind=kind,
        actor=SYSTEM,
        now=now,
        state_before=standing.record.state,
        state_after=state,
        details={"moving_id": str(moving.id), "number": number},
        for_applicant=False,
    )


def _kept(task: TaskRow) -> dict[str, Any]:
    return {
        "step": task.step,
        "step_name": task.step_name,
        "split": task.split,
        "origin": task.origin,
        "consultation": task.consultation,
        "due_at": task.due_at.isoformat(),
    }


def _as_it_was(task: TaskRow, kept: Mapping[str, Any]) -> TaskRow:
    return replace(task, **{**kept, "due_at": datetime.fromisoformat(kept["due_at"])})
