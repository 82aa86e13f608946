"""A record in memory: what `performing.work_out` makes of it is taken over here instead of being written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from portal.calendars.book import CalendarBook
from portal.catalogue.types import Procedure
from portal.core import clock
from portal.core.actor import Actor
from portal.documents import statements as documents
from portal.documents.numbering import NUMBER_AND_SEAL
from portal.jobs.types import MESSAGES
from portal.payments.fees import fee_lines
from portal.payments.service import fee_rows
from portal.records import statements
from portal.records.changes import Change, Situation
from portal.records.facts import facts_of
from portal.records.grounds import Grounds, ground_of
from portal.records.making import RESULT
from portal.records.openings import Opened, open_tasks
from portal.records.pauses import paused_since
from portal.records.record_view import EventView, RecordView, Verdict, view_from
from portal.records.telling import TELL_APPLICANT
from portal.records.types import CANCELLED, LockedRecord, Position, TaskRow
from portal.trials.fees import Fees, is_owed_before_return, owed, unpaid_amount, written
from portal.trials.happenings import ArmedTimer
from portal.trials.people import APPLICANT_ID
from portal.trials.telling import Request
from portal.trials.types import TrialStart
from portal.units.resolution import Directory
from portal.workflow import engine
from portal.workflow.deadlines import Appointment, reception_due
from portal.workflow.definition import Action, Text

CODE = "000.00.00.H00-000000-0000"
"""No series gives this number."""
_COPY_FOR = Text("bản sao gửi {name}", "a copy for {name}")
_NOBODYS = UUID(int=0)
_TASK_FIELDS = TaskRow.__dataclass_fields__
_ENDED = ("state", "closed_at", "finished_at", "pauses")
_TAKEN_OVER = (
    "state", "outcome", "accepted_at", "due_at", "pauses", "due_changes", "finished_at", "closed_at", "supplements",
    "unit_ids",
)  # fmt: skip


class PretendedRecord:
    """The record, its tasks and timers, and what hangs on it, as far as the next action asks for it."""

    def __init__(
        self, procedure: Procedure, directory: Directory, book: CalendarBook, start: TrialStart, *, counter: UUID
    ) -> None:
        self.procedure, self.directory, self.book = procedure, directory, book
        self.now = start.at
        self.tasks: list[TaskRow] = []
        self.events: list[EventView] = []
        self.verdicts: list[Verdict] = []
        self.rang: set[tuple[UUID, int]] = set()
        self._due: dict[tuple[UUID, int], datetime] = {}
        self.is_signed = False
        self._result_id: UUID | None = None
        self._supplement_id: UUID | None = None
        self._supplement_is_sent = False
        self._sheets = 0
        self.fees: Fees = ()
        self.request = Request()
        self.record = _submitted(procedure, start, counter)

    @property
    def grounds(self) -> Grounds:
        return Grounds(self.procedure, self.directory, self.book.as_known(self.now), self.book)

    @property
    def facts(self) -> dict[str, Any]:
        return facts_of(self.record, self.tasks, directory=self.directory, today=clock.local_day(self.now))

    @property
    def position(self) -> Position:
        return Position(
            tasks=tuple(self.tasks),
            posts=(),
            result_id=self._result_id,
            supplement_id=self._supplement_id,
            supplement_is_sent=self._supplement_is_sent,
            sheets=self._sheets,
        )

    @property
    def open_tasks(self) -> tuple[TaskRow, ...]:
        return self.position.open_tasks

    @property
    def is_paused(self) -> bool:
        return paused_since(self.record.pauses) is not None

    def submit(self) -> tuple[TaskRow, ...]:
        """Owe the fees and open the first task, as a submission does."""
        lines = fee_lines(self.procedure, self.facts, moment="receiving", day=clock.local_day(self.now))
        rows = fee_rows(lines, record_id=self.record.id, owner_id=self.record.owner_id, now=self.now)
        self.put_fees(owed(self.fees, rows))
        ground = ground_of(self.record, self.grounds, self.facts, now=self.now, due=None, is_paused=False)
        opened = open_tasks(ground, engine.start(self.procedure.process, self.facts))
        return self.take_tasks(opened)

    def put_fees(self, fees: Fees) -> None:
        """The fees as they stand from now on."""
        self.fees = fees
        self.record = replace(self.record, unpaid=is_owed_before_return(fees))

    def promise(self, appointment: Appointment, due: datetime) -> None:
        """Another day for the result, by an apology."""
        changes = (*self.record.due_changes, appointment)
        self.record = replace(self.record, due_at=due, due_changes=changes, version=self.record.version + 1)

    def end(self, change: Change, *, actor: Actor) -> None:
        """As withdrawal or stop leaves the record: every open task is cancelled."""
        for task in self.open_tasks:
            self.close(task, outcome=CANCELLED, actor=actor)
        self.record = replace(self.record, **{name: getattr(change, name) for name in _ENDED})
        self._read(change)

    def reopen(self, change: Change, opened: Opened) -> tuple[TaskRow, ...]:
        """An ended record with these tasks, to put its result right."""
        tasks = self.take_tasks(opened)
        self.record = replace(self.record, state=change.state, closed_at=None, unit_ids=change.unit_ids)
        return tasks

    def take_over(self, situation: Situation, change: Change, opened: Opened, *, outcome: str) -> tuple[TaskRow, ...]:
        """The record as the change leaves it; returns the tasks that were opened."""
        self.close(situation.task, outcome=outcome, actor=situation.actor)
        self._read(change)
        self.record = replace(
            self.record, version=self.record.version + 1, **{name: getattr(change, name) for name in _TAKEN_OVER}
        )
        return self.take_tasks(opened)

    def take_tasks(self, opened: Opened) -> tuple[TaskRow, ...]:
        """The rows as tasks whose keys follow one another: what happens at one moment keeps its order."""
        keys: dict[str, UUID] = {}
        made = []
        for row in (*opened.tasks, *opened.skipped):
            key = UUID(int=len(self.tasks) + 1)
            keys[str(row["id"])] = key
            made.append(TaskRow(**{**{name: row[name] for name in _TASK_FIELDS if name in row}, "id": key}))
            self.tasks.append(made[-1])
        for job in opened.jobs:
            if job["kind"] == "task_timer":
                arguments = job["arguments"]
                self._due[keys[arguments["task_id"]], int(arguments["timer"])] = job["due_at"]
        return tuple(task for task in made if task.is_open)

    def close(self, task: TaskRow, *, outcome: str, actor: Actor) -> None:
        closed = replace(
            task, closed_at=self.now, closed_by=actor.person_id, closed_by_name=actor.name, outcome=outcome
        )
        self.tasks[self.tasks.index(task)] = closed
        if task.role == "applicant" and self._supplement_is_sent:
            self._supplement_id, self._supplement_is_sent = None, False

    def say(self, consultation: str, word: str) -> None:
        """The final word to a question that has none yet: what conditions find as its outcome."""

        def asks(task: TaskRow) -> bool:
            return task.consultation == consultation and not task.is_open and task.said is None

        self.tasks = [replace(task, said=word) if asks(task) else task for task in self.tasks]

    def _read_opinion(self, statement: Any, parameters: Mapping[str, Any]) -> None:
        name = parameters["consultation"]
        if statement is statements.ADD_OPINION:
            self.verdicts.append(Verdict(name, parameters["verdict"], parameters["given_at"]))
            if parameters["final_at"] is not None:
                self.say(name, parameters["verdict"])
            return
        drafted = [one.verdict for one in self.verdicts if one.consultation == name]
        if drafted:
            self.say(name, drafted[-1])

    def add(self, change: Change) -> None:
        """What is written beside the steps: a late opinion."""
        self._read(change)
        self.record = replace(self.record, version=self.record.version + 1)

    def armed(self, task: TaskRow) -> list[ArmedTimer]:
        """The timers of an open task that have not rung, the soonest first."""
        timers = self.procedure.process.step(task.step).timers
        found = [
            ArmedTimer(self._due[task.id, index], task, index, timer)
            for index, timer in enumerate(timers)
            if (task.id, index) in self._due and (task.id, index) not in self.rang
        ]
        return sorted(found, key=lambda armed: (armed.due, armed.index))

    def next_to_ring(self, until: datetime) -> ArmedTimer | None:
        waiting = [armed for task in self.open_tasks for armed in self.armed(task) if armed.due <= until]
        return min(waiting, key=lambda armed: (armed.due, armed.task.id, armed.index), default=None)

    def note(self, *, kind: str, actor: Actor, task: TaskRow | None, action: Action | None, **told: Any) -> None:
        """An event as pages show it."""
        unit = self.directory.unit(task.unit_id) if task and task.unit_id else None
        self.events.append(
            EventView(
                number=len(self.events) + 1,
                at=self.now,
                kind=kind,
                unit_id=unit.id if unit else None,
                unit_name=unit.name if unit else "",
                step=task.step if task else None,
                step_name=task.step_name if task else "",
                action=action.id if action else None,
                state_after=self.record.state,
                actor_name=actor.name,
                due_at=self.record.due_at,
                **{"state_before": None, **told},
            )
        )

    def view(self) -> RecordView:
        hours, calendar = self.procedure.reception_hours, self.book.as_known(self.now)
        return view_from(
            self.record,
            subject=Text(self.record.subject),
            reception_due_at=reception_due(self.record.submitted_at, hours=hours, calendar=calendar),
            pauses=self.record.pauses,
            due_changes=self.record.due_changes,
            tasks=tuple(self.tasks),
            events=tuple(self.events),
            verdicts=tuple(self.verdicts),
            unpaid=unpaid_amount(self.fees),
        )

    def _read(self, change: Change) -> None:
        """What the next action must find of what would have been written."""
        fees = self.fees
        for statement, parameters in change.writes:
            fees = written(fees, statement, parameters)
            self.request = self.request.written(statement, parameters)
            self.is_signed = self.is_signed or statement is documents.SIGN
            if statement is documents.ADD_DOCUMENT and parameters["kind"] == RESULT:
                self._result_id = parameters["id"]
            elif statement is NUMBER_AND_SEAL and parameters["document_id"] == self._result_id:
                self._result_id = None
            elif statement is statements.ADD_SUPPLEMENT:
                self._supplement_id, self._supplement_is_sent = parameters["id"], False
                self._sheets += 1
            elif statement is statements.SEND_SUPPLEMENT:
                self._supplement_is_sent = True
            elif statement is statements.CANCEL_SUPPLEMENT:
                self._supplement_id = None
            elif statement in (statements.ADD_OPINION, statements.FINISH_OPINION):
                self._read_opinion(statement, parameters)
            elif statement is statements.CORRECT_ANSWERS:
                self.record = replace(self.record, answers={**self.record.answers, **parameters["corrected"]})
        if fees is not self.fees:
            self.put_fees(fees)


def documents_of(change: Change) -> tuple[Text, ...]:
    """The papers that would be made, by name, and who would receive a copy."""
    rows: Iterable[Mapping[str, Any]] = (
        parameters for statement, parameters in change.writes if statement is documents.ADD_DOCUMENT
    )
    copies = (Text(copy["name"], copy["name_en"]) for copy in change.details.get("copies", ()))
    sent = dict.fromkeys(_COPY_FOR.filled(name=name) for name in copies)
    return (*(Text(row["title"], row["title_en"]) for row in rows), *sent)


def tells(change: Change) -> bool:
    """Whether the applicant would get a message."""
    return any(job["kind"] == TELL_APPLICANT and job["queue"] == MESSAGES for job in change.jobs)


def _submitted(procedure: Procedure, start: TrialStart, counter: UUID) -> LockedRecord:
    answers = dict(start.answers)
    if procedure.place_field:
        answers[procedure.place_field.removeprefix("form.")] = start.place
    name = procedure.everyday_name.vi or procedure.name.vi
    return LockedRecord(
        id=_NOBODYS,
        code=CODE,
        version_id=_NOBODYS,
        procedure_code=procedure.code,
        procedure_name=name,
        subject=name,
        subject_en="",
        applicant_name="",
        owner_id=APPLICANT_ID,
        place=start.place,
        channel=start.channel,
        received_unit_id=counter,
        return_unit_id=counter,
        return_by=str(answers.get("return_by") or "online"),
        unit_ids=(counter,),
        answers=answers,
        state="submitted",
        outcome=None,
        version=1,
        submitted_at=start.at,
        accepted_at=None,
        due_at=None,
        pauses=(),
        due_changes=(),
        finished_at=None,
        closed_at=None,
        supplements=0,
        unpaid=False,
        directory_version=0,
    )
