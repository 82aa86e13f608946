"""Carrying a record along its process as the right people would: for the demonstration city and for tests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts import queries as accounts
from portal.accounts.models import Person, PersonPost
from portal.calendars import queries as calendars
from portal.catalogue import queries as catalogue
from portal.catalogue.types import Field, FieldType, Procedure
from portal.core import clock
from portal.core.actor import SYSTEM, Actor, ActorKind
from portal.core.unit_of_work import reading, unit_of_work
from portal.records import service
from portal.records.models import Record
from portal.records.record_file import RecordFile, get_record_file_by_id
from portal.records.submission import submit_record
from portal.records.supplements import AS_IT_IS, answer_item, open_supplement, send_supplement
from portal.records.types import ActionAnswers, SupplementItem, TaskRow
from portal.units import queries as units
from portal.workflow.definition import Action, TimerEffect

REASON = "Nội dung chưa khớp với giấy tờ đã nộp."


@dataclass
class Walk:
    """One record on its way. `now` moves forward with every step, inside working hours."""

    record_id: UUID
    now: datetime
    pace: Decimal = Decimal("0.5")  # working hours between two steps

    def file(self) -> RecordFile:
        with reading(SYSTEM) as session:
            return get_record_file_by_id(session, self.record_id)

    def go(self, *steps: str, answers: ActionAnswers | None = None) -> Walk:
        """Take actions one after another, each written step.action, or step.⏰ for its acting timer."""
        for step in steps:
            step_id, _, action_id = step.partition(".")
            self._wait()
            if action_id.startswith("⏰"):
                self._fire(step_id)
            else:
                self._take(step_id, action_id, answers)
        return self

    def supplement(self, step_id: str, *, items: Iterable[SupplementItem] = ()) -> Walk:
        """Ask for a supplement at the step, and let the request reach the applicant."""
        asked = tuple(items) or (self._first_paper(),)
        self.go(f"{step_id}.supplement", answers=ActionAnswers(items=asked))
        while not self._waits_for_applicant():
            self._pass_on()
        return self

    def answer(self) -> Walk:
        """The applicant answers everything and sends it."""
        self._wait()
        with reading(SYSTEM) as session:
            actor = _citizen(session, self.record_id)
        with unit_of_work(actor) as session:
            asked = open_supplement(session, self.record_id)
            for item in asked.items if asked else ():
                answer_item(
                    session,
                    self.record_id,
                    item["kind"],
                    item["id"],
                    {AS_IT_IS: "Giấy đã nộp là bản đúng."},
                    actor=actor,
                    now=self.now,
                )
        with unit_of_work(actor) as session:
            send_supplement(session, self.record_id, actor=actor, now=self.now)
        return self

    def _take(self, step_id: str, action_id: str, answers: ActionAnswers | None) -> None:
        task = self._open_task(step_id)
        with reading(SYSTEM) as session:
            actor = official_for(session, task, self.record_id, day=clock.local_day(self.now))
            action = self._procedure(session).process.step(step_id).action(action_id)
            given = answers or plausible_answers(session, task, action, day=clock.local_day(self.now))
        with unit_of_work(actor) as session:
            service.act_on_task(session, task.id, action_id, actor=actor, now=self.now, answers=given)

    def _fire(self, step_id: str) -> None:
        """The timer fires when it is due, in the words of the definition; time moves there."""
        task = self._open_task(step_id)
        with reading(SYSTEM) as session:
            step = self._procedure(session).process.step(step_id)
        index = next(index for index, timer in enumerate(step.timers) if timer.effect is TimerEffect.ACT)
        self.now = max(self.now, task.due_at + timedelta(minutes=1))
        with unit_of_work(SYSTEM) as session:
            service.fire_timer(session, task.id, index, now=self.now)

    def _pass_on(self) -> None:
        """The way of a request to the applicant: the one action that goes on."""
        self._wait()
        task = self.file().open_tasks[0]
        with reading(SYSTEM) as session:
            actions = self._procedure(session).process.step(task.step).actions
        self._take(task.step, actions[0].id, None)

    def _waits_for_applicant(self) -> bool:
        return any(task.role == "applicant" for task in self.file().open_tasks)

    def _open_task(self, step_id: str) -> TaskRow:
        for task in self.file().open_tasks:
            if task.step == step_id:
                return task
        raise LookupError(f"{step_id} is not open: {[task.step for task in self.file().open_tasks]}")

    def _procedure(self, session: Session) -> Procedure:
        version_id = session.scalars(select(Record.version_id).where(Record.id == self.record_id)).one()
        return catalogue.version(session, version_id).procedure

    def _first_paper(self) -> SupplementItem:
        with reading(SYSTEM) as session:
            paper = self._procedure(session).papers[0]
        return SupplementItem("paper", paper.id, paper.name.vi, "Ảnh mờ, không đọc được chữ.")

    def _wait(self) -> None:
        with reading(SYSTEM) as session:
            calendar = calendars.working_calendar(session, now=self.now)
        self.now = calendar.add_working_hours(self.now, self.pace)


def official_for(session: Session, task: TaskRow, record_id: UUID, *, day: date) -> Actor:
    """Who does this task: the one who holds it, or anyone whose post fits; the applicant for an applicant's step."""
    if task.role == "applicant":
        return _citizen(session, record_id)
    if task.role == "system":
        return SYSTEM
    posts = session.scalars(
        select(PersonPost)
        .where(PersonPost.unit_id == task.unit_id, PersonPost.role == task.role)
        .order_by(PersonPost.function.is_(None), PersonPost.valid_from, PersonPost.id)
    ).all()
    fitting = [post for post in posts if None in (post.function, task.function) or post.function == task.function]
    held = [post for post in fitting if post.person_id == task.assignee_id]
    if not fitting:
        raise LookupError(f"nobody does {task.step} as {task.role} of {task.function}")
    return actor_of_person(session, (held or fitting)[0].person_id, day=day)


def actor_of_person(session: Session, person_id: UUID, *, day: date) -> Actor:
    """The person with the posts of that day."""
    person = session.get_one(Person, person_id)
    posts = accounts.list_posts(session, person_id, day=day)
    return Actor(
        kind=ActorKind.OFFICIAL if posts else ActorKind.CITIZEN,
        person_id=person.id,
        name=person.full_name,
        posts=posts,
    )


def _citizen(session: Session, record_id: UUID) -> Actor:
    owner_id = session.scalars(select(Record.owner_id).where(Record.id == record_id)).one()
    person = session.get_one(Person, owner_id)
    return Actor(kind=ActorKind.CITIZEN, person_id=person.id, name=person.full_name)


def plausible_answers(session: Session, task: TaskRow, action: Action, *, day: date) -> ActionAnswers:
    """What an official would fill in with this action."""
    assignee_id = None
    if "person" in action.needs and task.unit_id is not None:
        officials = accounts.list_officials(session, task.unit_id, day=day, role="specialist", function=task.function)
        assignee_id = officials[0].person_id
    return ActionAnswers(
        reason=REASON if "reason" in action.needs else "",
        assignee_id=assignee_id,
        form={field.id: _plausible(field) for field in action.form if field.required},
    )


def _plausible(field: Field) -> Any:
    if field.type is FieldType.CHOICE:
        value = field.choices[0].value
        return [value] if field.several else value
    if field.type is FieldType.YES_NO:
        return True
    if field.type is FieldType.DATE:
        return "2026-11-20"
    if field.type in (FieldType.INTEGER, FieldType.DECIMAL, FieldType.MONEY):
        return str(field.minimum or 1)
    if field.type is FieldType.GROUP:
        return [{part.id: _plausible(part) for part in field.fields if part.required}]
    return "1801234567" if field.id == "code" else "Đã kiểm tra, phù hợp."


def submit(
    procedure_code: str,
    *,
    owner: Actor,
    answers: Mapping[str, Any],
    papers: Iterable[tuple[str, str]],
    place: str,
    level: str,
    receipt_key: bytes,
    now: datetime,
) -> Walk:
    """Fill in and send a record. `papers` are (slot, digest of a stored file); `level` is that of the counter."""
    with unit_of_work(owner) as session:
        published = catalogue.get_procedure(session, procedure_code)
        counters = units.directory(session).counters(place, day=clock.local_day(now))
        counter = next(unit for unit in counters if unit.level == level)
        draft_id = service.start_draft(
            session, published, place=place, received_unit_id=counter.id, answers={}, actor=owner, now=now
        )
    with unit_of_work(owner) as session:
        for page in published.procedure.pages:
            given = {field.id: answers[field.id] for field in page.fields if field.id in answers}
            service.save_page(session, draft_id, page.id, given, is_done=True, actor=owner, now=now)
        for slot, digest in papers:
            service.add_paper(
                session, draft_id, slot, digest=digest, file_name=f"{slot}.pdf", most=10, actor=owner, now=now
            )
    with unit_of_work(owner) as session:
        sent = submit_record(session, draft_id, actor=owner, now=now, receipt_key=receipt_key)
    return Walk(sent.record_id, now)
