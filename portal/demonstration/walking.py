"""Carrying a record along its process as the right people would: for the demonstration city and for tests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts import queries as accounts
from portal.accounts.models import Person, PersonPost
from portal.bookings.queries import list_slots
from portal.calendars import queries as calendars
from portal.catalogue import queries as catalogue
from portal.catalogue.types import Procedure
from portal.core import clock
from portal.core.actor import SYSTEM, Actor, ActorKind
from portal.core.unit_of_work import reading, unit_of_work
from portal.demonstration.papers import draw_paper
from portal.demonstration.plausible import REASONS, plausible_answers, reason_for, words_of
from portal.files import service as files
from portal.payments import service as payments
from portal.payments.gateways import Ending, Outcome
from portal.payments.models import FeeLine, Payment
from portal.payments.types import Heard
from portal.payments.vnpay import NAME as VNPAY
from portal.records import service
from portal.records.answers import asking
from portal.records.cash import take_cash
from portal.records.facts import facts_of
from portal.records.grounds import deciding_unit
from portal.records.models import Record
from portal.records.record_file import RecordFile, get_record_file_by_id, list_open_tasks, list_tasks
from portal.records.scans import compare_scan, keep_scan, list_scans, scanned_rows
from portal.records.submission import submit_record
from portal.records.supplements import AS_IT_IS, FILES, answer_item, open_supplement, send_supplement
from portal.records.types import ActionAnswers, SupplementItem, TaskRow
from portal.records.visits import booking_field
from portal.units import queries as units
from portal.workflow.deadlines import duration_after
from portal.workflow.definition import Action, ActionKind, TimerEffect

ENDINGS = {
    "withdraw": service.withdraw_record,
    "stop": service.stop_record,
    "correct": service.ask_correction,
}
"""What is done with a whole record: the applicant takes it back or has its result put right, a leader stops it."""


SCANNED = "2.000815.original"
"""The sample that stands for every original which is scanned at the counter."""


@dataclass(frozen=True)
class StoredPaper:
    """A file that is in the store already, under the name that the applicant gave it."""

    digest: str
    file_name: str


@dataclass
class Walk:
    """One record on its way. `now` moves forward with every step, inside working hours."""

    record_id: UUID
    now: datetime
    pace: Decimal = Decimal("0.5")  # working hours between two steps
    turn: int = 0  # which of several who could do a step does it
    procedure: Procedure | None = None

    def file(self) -> RecordFile:
        with reading(SYSTEM) as session:
            return get_record_file_by_id(session, self.record_id)

    def open_tasks(self) -> tuple[TaskRow, ...]:
        with reading(SYSTEM) as session:
            return list_open_tasks(session, self.record_id)

    def go(self, *steps: str, answers: ActionAnswers | None = None) -> Walk:
        """Take actions one after another, each written step.action, or step.⏰ for its acting timer; withdraw, stop
        and correct are about the whole record."""
        for step in steps:
            step_id, _, action_id = step.partition(".")
            self._wait()
            if step in ENDINGS:
                self._end(step)
            elif action_id.startswith("⏰"):
                self._fire(step_id)
            else:
                self._take(step_id, action_id, answers)
        return self

    def supplement(self, step_id: str, *, items: Iterable[SupplementItem] = ()) -> Walk:
        """Ask for a supplement at the step, and let the request reach the applicant."""
        with reading(SYSTEM) as session:
            asked = tuple(items) or (_first_paper(self._procedure(session)),)
        self.go(f"{step_id}.supplement", answers=ActionAnswers(items=asked))
        while not self._waits_for_applicant():
            self._pass_on()
        return self

    def answer(self, *, files: Mapping[str, StoredPaper] | None = None) -> Walk:
        """The applicant answers everything and sends it; `files` are new papers by slot."""
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
                    _answer_to(item["id"], files or {}),
                    actor=actor,
                    now=self.now,
                )
        with unit_of_work(actor) as session:
            send_supplement(session, self.record_id, actor=actor, now=self.now)
        return self

    def pay(self, *, number: int = 0) -> None:
        """The applicant pays all that is owed, and the gateway calls back; `number` tells gateways' numbers apart."""
        with reading(SYSTEM) as session:
            owner = _citizen(session, self.record_id)
            code = session.scalars(select(Record.code).where(Record.id == self.record_id)).one()
            owed = select(FeeLine.id).where(FeeLine.record_id == self.record_id, FeeLine.paid_at.is_(None))
            if session.scalars(owed.where(FeeLine.amount > 0).limit(1)).first() is None:
                return
        with unit_of_work(owner) as session:
            started = payments.start_payment(
                session, self.record_id, record_code=code, client_address="127.0.0.1", actor=owner, now=self.now
            )
        with unit_of_work(SYSTEM) as session:
            amount = session.scalars(select(Payment.amount).where(Payment.reference == started.reference)).one()
            transaction = f"140{number:05d}{self.now:%H%M}"
            outcome = Outcome(
                gateway=VNPAY,
                reference=started.reference,
                amount=amount,
                transaction=transaction,
                ending=Ending.CAPTURED,
            )  # no day of a daily file: the trial bank knows nothing of what was paid before it was there
            payments.settle(session, outcome, heard=Heard.NOTIFICATION, now=self.now)

    def _take(self, step_id: str, action_id: str, answers: ActionAnswers | None) -> None:
        with reading(SYSTEM) as session:
            task = _open(list_open_tasks(session, self.record_id), step_id)
            actor = official_for(session, task, self.record_id, day=clock.local_day(self.now), turn=self.turn)
            procedure = self._procedure(session)
            action = self._asking(session, procedure.process.step(step_id).action(action_id))
            items = (_first_paper(procedure),) if "items" in action.needs else ()
            given = answers or plausible_answers(
                session,
                task,
                action,
                day=clock.local_day(self.now),
                turn=self.turn,
                items=items,
                reason=reason_for(procedure, action),
                words=words_of(procedure),
            )
        if action.kind is ActionKind.GIVE:
            self._pay_with_the_result(actor)
        if action.kind is ActionKind.DRAFT:
            self._scan(actor)
        with unit_of_work(actor) as session:
            service.act_on_task(session, task.id, action_id, actor=actor, now=self.now, answers=given)

    def _scan(self, official: Actor) -> None:
        """The originals of electronic copies are scanned and compared before the copies are drafted."""
        with reading(official) as session:
            record = session.get_one(Record, self.record_id)
            wanted = scanned_rows(self._procedure(session), record.answers)
            kept = list_scans(session, self.record_id) if wanted else {}
        for row, answers in wanted.items():
            if row in kept:
                continue
            sample = draw_paper(SCANNED, {**answers, "full_name": record.applicant_name})
            with unit_of_work(official) as session:
                stored = files.keep_upload(
                    session,
                    BytesIO(sample.content),
                    file_name=sample.file_name,
                    formats=("pdf",),
                    max_mb=20,
                    now=self.now,
                )
                keep_scan(session, self.record_id, row, stored, actor=official, now=self.now)
                compare_scan(session, self.record_id, row, digest=stored.digest, actor=official, now=self.now)

    def _asking(self, session: Session, action: Action) -> Action:
        """With what is asked of this record."""
        record, directory = session.get_one(Record, self.record_id), units.directory(session)
        tasks = list_tasks(session, self.record_id)
        return asking(action, facts_of(record, tasks, directory=directory, today=clock.local_day(self.now)))

    def _pay_with_the_result(self, official: Actor) -> None:
        """Who comes for a result pays in cash what falls due with it."""
        file = self.file()
        if any(fee.moment == "return" and fee.amount and fee.paid_at is None for fee in file.fees):
            with unit_of_work(official) as session:
                take_cash(session, self.record_id, amount=file.unpaid, actor=official, now=self.now)

    def _end(self, what: str) -> None:
        with reading(SYSTEM) as session:
            record = session.get_one(Record, self.record_id)
            day, directory = clock.local_day(self.now), units.directory(session)
            deciding = deciding_unit(self._procedure(session), directory, place=record.place, day=day)
            leader = select(PersonPost.person_id).where(PersonPost.unit_id == deciding, PersonPost.role == "leader")
            person_id = record.owner_id if what != "stop" else session.scalars(leader.limit(1)).one()
            actor = actor_of_person(session, person_id, day=day)
        with unit_of_work(actor) as session:
            ENDINGS[what](session, self.record_id, reason=REASONS[what], actor=actor, now=self.now)

    def _fire(self, step_id: str) -> None:
        """The timer fires when it is due, in the words of the definition; time moves there."""
        task = _open(self.open_tasks(), step_id)
        with reading(SYSTEM) as session:
            step = self._procedure(session).process.step(step_id)
            calendar = calendars.working_calendar(session, now=self.now)
        index = next(index for index, timer in enumerate(step.timers) if timer.effect is TimerEffect.ACT)
        end = duration_after(task.anchored_at, step.timers[index].after, calendar=calendar)
        self.now = max(self.now, end + timedelta(minutes=1))
        with unit_of_work(SYSTEM) as session:
            service.fire_timer(session, task.id, index, now=self.now)

    def _pass_on(self) -> None:
        """The way of a request to the applicant: the one action that goes on."""
        self._wait()
        task = self.open_tasks()[0]
        with reading(SYSTEM) as session:
            actions = self._procedure(session).process.step(task.step).actions
        self._take(task.step, actions[0].id, None)

    def _waits_for_applicant(self) -> bool:
        return any(task.role == "applicant" for task in self.open_tasks())

    def _procedure(self, session: Session) -> Procedure:
        if self.procedure is None:
            version_id = session.scalars(select(Record.version_id).where(Record.id == self.record_id)).one()
            self.procedure = catalogue.version(session, version_id).procedure
        return self.procedure

    def _wait(self) -> None:
        if not self.pace:
            return
        with reading(SYSTEM) as session:
            calendar = calendars.working_calendar(session, now=self.now)
        self.now = calendar.add_working_hours(self.now, self.pace)


def _open(tasks: Iterable[TaskRow], step_id: str) -> TaskRow:
    steps = {task.step: task for task in tasks}
    if step_id not in steps:
        raise LookupError(f"{step_id} is not open: {sorted(steps)}")
    return steps[step_id]


def _answer_to(item_id: str, files: Mapping[str, StoredPaper]) -> dict[str, Any]:
    if item_id not in files:
        return {AS_IT_IS: "Giấy đã nộp là bản đúng."}
    paper = files[item_id]
    return {FILES: [{"digest": paper.digest, "file_name": paper.file_name}]}


def _first_paper(procedure: Procedure) -> SupplementItem:
    paper = procedure.papers[0]
    return SupplementItem("paper", paper.id, paper.name.vi, "Ảnh mờ, không đọc được chữ.")


def official_for(session: Session, task: TaskRow, record_id: UUID, *, day: date, turn: int = 0) -> Actor:
    """Who does this task: the one who holds it, or anyone whose post fits; the applicant for an applicant's step."""
    if task.role == "applicant":
        return _citizen(session, record_id)
    if task.role == "system":
        return SYSTEM
    posts = session.execute(
        select(PersonPost.person_id, PersonPost.person_name, PersonPost.function)
        .where(PersonPost.unit_id == task.unit_id, PersonPost.role == task.role)
        .order_by(PersonPost.function.is_(None), PersonPost.valid_from, PersonPost.id)
    ).all()
    fitting = [post for post in posts if None in (post.function, task.function) or post.function == task.function]
    held = [post for post in fitting if post.person_id == task.assignee_id]
    if not fitting:
        raise LookupError(f"nobody does {task.step} as {task.role} of {task.function}")
    chosen = held[0] if held else fitting[turn % len(fitting)]
    return _with_posts(session, chosen.person_id, chosen.person_name, day=day)


def actor_of_person(session: Session, person_id: UUID, *, day: date) -> Actor:
    """The person with the posts of that day."""
    name = session.scalars(select(Person.full_name).where(Person.id == person_id)).one()
    return _with_posts(session, person_id, name, day=day)


def _with_posts(session: Session, person_id: UUID, name: str, *, day: date) -> Actor:
    posts = accounts.list_posts(session, person_id, day=day)
    kind = ActorKind.OFFICIAL if posts else ActorKind.CITIZEN
    return Actor(kind=kind, person_id=person_id, name=name, posts=posts)


def _citizen(session: Session, record_id: UUID) -> Actor:
    owner = select(Person.id, Person.full_name).join(Record, Record.owner_id == Person.id).where(Record.id == record_id)
    person_id, name = session.execute(owner).one()
    return Actor(kind=ActorKind.CITIZEN, person_id=person_id, name=name)


def fill_in(
    procedure_code: str,
    *,
    owner: Actor,
    answers: Mapping[str, Any],
    papers: Iterable[tuple[str, StoredPaper]],
    place: str,
    level: str,
    now: datetime,
    pages: int | None = None,
    organisation_id: UUID | None = None,
    comes_after: timedelta = timedelta(0),
) -> UUID:
    """Begin a draft with all answers, or with those of the first `pages`, and put papers into their slots; its key.

    `comes_after`: how long after now the applicant comes to the counter at the earliest, where the form asks for it.
    """
    with unit_of_work(owner) as session:
        published = catalogue.get_procedure(session, procedure_code)
        counters = units.directory(session).counters(place, day=clock.local_day(now))
        counter = next(unit for unit in counters if unit.level == level)
        answers = with_free_slot(session, published.procedure, answers, unit_id=counter.id, now=now, after=comes_after)
        draft_id = service.start_draft(
            session,
            published,
            place=place,
            received_unit_id=counter.id,
            answers=answers if pages is None else {},
            actor=owner,
            now=now,
            organisation_id=organisation_id,
            has_consent=True,
        )
        for page in published.procedure.pages[: pages or 0]:
            given = {field.id: answers[field.id] for field in page.fields if field.id in answers}
            service.save_page(session, draft_id, page.id, given, is_done=True, actor=owner, now=now)
        for slot, paper in papers:
            service.add_paper(
                session, draft_id, slot, digest=paper.digest, file_name=paper.file_name, most=10, actor=owner, now=now
            )
    return draft_id


def with_free_slot(
    session: Session,
    procedure: Procedure,
    answers: Mapping[str, Any],
    *,
    unit_id: UUID,
    now: datetime,
    after: timedelta,
) -> dict[str, Any]:
    """The answers with the first time that the counter has free, where the form asks for a visit."""
    field = booking_field(procedure)
    if field is None:
        return dict(answers)
    slot = next(slot for slot in list_slots(session, unit_id, now=now) if slot.left and slot.starts_at >= now + after)
    return {**answers, field.id: slot.key}


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
    channel: str = "online",
) -> Walk:
    """Fill in and send a record. `papers` are (slot, digest of a stored file); `level` is that of the counter."""
    named = [(slot, StoredPaper(digest, f"{slot}.pdf")) for slot, digest in papers]
    draft_id = fill_in(procedure_code, owner=owner, answers=answers, papers=named, place=place, level=level, now=now)
    return send(draft_id, owner=owner, receipt_key=receipt_key, now=now, channel=channel)


def send(draft_id: UUID, *, owner: Actor, receipt_key: bytes, now: datetime, channel: str = "online") -> Walk:
    """Submit a draft that is filled in."""
    with unit_of_work(owner) as session:
        sent = submit_record(session, draft_id, actor=owner, now=now, receipt_key=receipt_key, channel=channel)
    return Walk(sent.record_id, now)
