"""The statements that move records to another version and back: each is of all the records of one transaction."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import TextClause, text

from portal.catalogue.types import Procedure
from portal.core.actor import SYSTEM
from portal.jobs.service import job_row
from portal.jobs.types import MESSAGES
from portal.records.events import event_row
from portal.records.moving_plan import Plan, Standing
from portal.records.moving_queries import Moving
from portal.records.types import TaskRow
from portal.workflow.deadlines import WorkingCalendar, duration_after, rings_at
from portal.workflow.definition import Text, Timer, TimerEffect

WENT_ON = Text("Hồ sơ đã có việc mới sau khi chuyển.", "The record has gone on since it was moved.")

MOST_TIMERS = 10
"""Timers that a step may have, at most, for the old ones to be found by their keys."""
BACK = "back"

_TASKS = text(
    "UPDATE task SET step = new.step, step_name = new.step_name, split = new.split, origin = new.origin, "
    "consultation = new.consultation, due_at = new.due_at "
    "FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS new "
    "(id uuid, step text, step_name text, split text, origin text, consultation text, due_at timestamptz) "
    "WHERE task.id = new.id"
)
_SLOTS = text(
    "UPDATE record_paper SET slot = new.to_slot "
    "FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS new (record uuid, from_slot text, to_slot text) "
    "WHERE record_id = new.record AND slot = new.from_slot"
)
_RECORDS = text(
    "UPDATE record SET version_id = new.version_id, procedure_name = new.name, answers = new.answers, "
    "state = new.state, version = version + 1 "
    "FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS new "
    "(id uuid, version_id uuid, name text, answers jsonb, state text) WHERE record.id = new.id"
)
_NAMED = text(
    "UPDATE task SET procedure_name = new.name "
    "FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS new (record uuid, name text) "
    "WHERE record_id = new.record AND closed_at IS NULL"
)
_EVENTS = text(
    "INSERT INTO record_event SELECT * FROM jsonb_populate_recordset(CAST(NULL AS record_event), CAST(:rows AS jsonb))"
)
_END_TIMERS = text(
    "UPDATE job SET finished_at = :now "
    "WHERE kind = 'task_timer' AND natural_key = ANY (CAST(:keys AS text[])) AND finished_at IS NULL"
)
_TIMERS = text(
    "INSERT INTO job (id, queue, kind, arguments, natural_key, due_at, fence, attempts) "
    "SELECT id, queue, kind, arguments, natural_key, due_at, 0, 0 "
    "FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS new "
    "(id uuid, queue text, kind text, arguments jsonb, natural_key text, due_at timestamptz)"
)
_NOTES = text(
    "UPDATE moved_record SET outcome = new.outcome, reasons = new.reasons, before = coalesce(new.before, "
    "moved_record.before), record_version = coalesce(new.number, record_version), at = :now "
    "FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS new "
    "(record uuid, outcome text, reasons jsonb, before jsonb, number integer) "
    "WHERE moving_id = :moving AND record_id = new.record"
)


class Writes:
    """What is written of the records of one transaction, gathered by statement."""

    def __init__(self, moving: Moving, *, calendar: WorkingCalendar, now: datetime) -> None:
        self.records: set[UUID] = set()
        self._moving, self._calendar, self._now = moving, calendar, now
        self._ended: list[str] = []
        self._rows: dict[TextClause, list[dict[str, Any]]] = {
            statement: [] for statement in (_TASKS, _SLOTS, _RECORDS, _NAMED, _EVENTS, _TIMERS, _NOTES)
        }

    def statements(self) -> Iterator[tuple[TextClause, dict[str, Any]]]:
        """Each with its values, in the order in which they must be sent: old timers end before new ones are set."""
        if self._ended:
            yield _END_TIMERS, {"keys": self._ended, "now": self._now}
        for statement, rows in self._rows.items():
            if rows:
                about = {"moving": self._moving.id, "now": self._now} if statement is _NOTES else {}
                yield statement, {"rows": json.dumps(rows, default=str), **about}

    def note(
        self,
        record_id: UUID,
        outcome: str,
        *,
        reasons: Iterable[Text] = (),
        before: Mapping[str, Any] | None = None,
        number: int | None = None,
    ) -> None:
        """What has become of the record in this move."""
        said = [{"vi": reason.vi, "en": reason.en} for reason in reasons]
        row = {"record": record_id, "outcome": outcome, "reasons": said, "before": before, "number": number}
        self._rows[_NOTES].append(row)
        self.records.add(record_id)

    def move(self, standing: Standing, plan: Plan) -> None:
        """Everything that moving one record writes."""
        record, moving = standing.record, self._moving
        before = {task.id: task for task in standing.tasks}
        tasks = list(self._retimed(standing.tasks, plan.tasks))
        self._tasks(standing, tasks, before, moving.new.procedure, "")
        self._slots(record.id, plan.slots)
        procedure = moving.new.procedure
        name = procedure.everyday_name.vi or procedure.name.vi
        self._record(standing, moving.new.version_id, name, plan.answers, plan.state)
        self._event(standing, "version_changed", moving.new.number, plan.state)
        kept = {
            "procedure_name": record.procedure_name,
            "state": record.state,
            "answers": {key: value for key, value in record.answers.items() if plan.answers.get(key, ...) != value},
            "added": [key for key in plan.answers if key not in record.answers],
            "tasks": {str(task.id): _kept(before[task.id]) for task in tasks},
            "slots": {new: old for old, new in plan.slots.items()},
        }
        self.note(record.id, "moved", before=kept, number=record.version + 1)

    def restore(self, standing: Standing, before: Mapping[str, Any]) -> None:
        """Everything that leading it back writes."""
        record, moving = standing.record, self._moving
        was = {task.id: task for task in standing.tasks}
        tasks = [_as_it_was(was[UUID(key)], kept) for key, kept in before["tasks"].items()]
        self._tasks(standing, tasks, was, moving.old.procedure, BACK)
        self._slots(record.id, before["slots"])
        added = set(before["added"])
        answers = {key: value for key, value in record.answers.items() if key not in added} | before["answers"]
        self._record(standing, moving.old.version_id, before["procedure_name"], answers, before["state"])
        self._event(standing, "version_restored", moving.old.number, before["state"])
        self.note(record.id, "reverted")

    def _retimed(self, tasks: Iterable[TaskRow], changed: Iterable[TaskRow]) -> Iterator[TaskRow]:
        """The tasks that change, those whose timers alone are others too: these are due when the new timer acts."""
        by_id = {task.id: task for task in changed}
        old, new = self._moving.old.procedure, self._moving.new.procedure
        for before in tasks:
            task = by_id.get(before.id, before)
            if not before.is_open or not _other_timers(old, before, new, task):
                if task is not before:
                    yield task
                continue
            acting = [
                duration_after(task.anchored_at, timer.after, calendar=self._calendar)
                for timer in new.process.step(task.step).timers
                if timer.effect is TimerEffect.ACT and not timer.before_due and timer.day is None
            ]
            yield replace(task, due_at=min(acting, default=task.due_at))

    def _tasks(
        self,
        standing: Standing,
        tasks: Iterable[TaskRow],
        before: Mapping[UUID, TaskRow],
        procedure: Procedure,
        turn: str,
    ) -> None:
        old, new = self._moving.old.procedure, self._moving.new.procedure
        other = old if procedure is new else new
        for task in tasks:
            self._rows[_TASKS].append({"id": task.id, **_kept(task)})
            if not task.is_open or not _other_timers(procedure, task, other, before[task.id]):
                continue
            self._ended += _timer_keys(task.id, standing.movings)
            self._rows[_TIMERS] += [
                job_row(
                    "task_timer",
                    arguments={"task_id": str(task.id), "timer": str(index)},
                    queue=MESSAGES,
                    due_at=moment,
                    natural_key=f"{task.id}:{index}:{self._moving.id}{turn}",
                )
                for index, timer in enumerate(procedure.process.step(task.step).timers)
                if (moment := self._rings_at(timer, task, standing))
            ]

    def _rings_at(self, timer: Timer, task: TaskRow, standing: Standing) -> datetime | None:
        return rings_at(
            timer,
            anchored_at=task.anchored_at,
            due_at=task.due_at,
            facts={"form": standing.record.answers},
            calendar=self._calendar,
        )

    def _slots(self, record_id: UUID, slots: Mapping[str, str]) -> None:
        self._rows[_SLOTS] += [
            {"record": record_id, "from_slot": one, "to_slot": other} for one, other in slots.items()
        ]

    def _record(self, standing: Standing, version_id: UUID, name: str, answers: Mapping[str, Any], state: str) -> None:
        record = standing.record
        self._rows[_RECORDS].append(
            {"id": record.id, "version_id": version_id, "name": name, "answers": dict(answers), "state": state}
        )
        if name != record.procedure_name:
            self._rows[_NAMED].append({"record": record.id, "name": name})

    def _event(self, standing: Standing, kind: str, number: int, state: str) -> None:
        record = standing.record
        self._rows[_EVENTS].append(
            event_row(
                record_id=record.id,
                owner_id=record.owner_id,
                number=record.version + 1,
                kind=kind,
                actor=SYSTEM,
                now=self._now,
                state_before=record.state,
                state_after=state,
                details={"moving_id": str(self._moving.id), "number": number},
                for_applicant=False,
            )
        )


def _other_timers(one: Procedure, task: TaskRow, other: Procedure, as_other: TaskRow) -> bool:
    mine, theirs = one.process.step(task.step).timers, other.process.step(as_other.step).timers
    return [(timer.label, timer.effect) for timer in mine] != [(timer.label, timer.effect) for timer in theirs]


def _timer_keys(task_id: UUID, movings: Iterable[UUID]) -> list[str]:
    """The keys that jobs for timers of this task may have: as it was opened, and after each move there and back."""
    suffixes = ["", *(f":{moving_id}{turn}" for moving_id in movings for turn in ("", BACK))]
    return [f"{task_id}:{index}{suffix}" for index in range(MOST_TIMERS) for suffix in suffixes]


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
