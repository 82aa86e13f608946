"""People, answers and records of the demonstration city, handed in and carried through the services."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from portal.accounts.models import Person
from portal.catalogue import queries as catalogue
from portal.catalogue.consulting import ASKED
from portal.catalogue.sequences import asked_in
from portal.catalogue.types import Procedure
from portal.core import clock
from portal.core.actor import SYSTEM, Actor
from portal.core.unit_of_work import reading, unit_of_work
from portal.demonstration.accounts import CITIZENS
from portal.demonstration.plausible import plausible_answers
from portal.demonstration.walking import Walk, actor_of_person, official_for, submit
from portal.payments import gateways
from portal.payments.vnpay import Vnpay
from portal.records import positions, service
from portal.records.facts import facts_of
from portal.records.grounds import grounds_of
from portal.records.jobs import payment_captured
from portal.records.recalling import asking_task
from portal.records.types import ActionAnswers, SubmittedRecord, SupplementItem, TaskRow
from portal.units import queries as units
from portal.workflow import engine
from portal.workflow.definition import Action, ActionKind
from portal.workflow.engine import RECALL
from tests.integration.records import further_forms
from tests.integration.records.later_forms import LATER

NOW = datetime(2026, 11, 9, 1, 12, tzinfo=UTC)
"""Monday, 9 November 2026, 8:12 in Cần Thơ."""

RECEIPT_KEY = b"k" * 32
PDF = "a" * 64
"""The digest of a file that is in the store."""

PERMIT, HOUSEHOLD, COPIES, SIGNATURE, ALLOWANCE = "1.009994", "1.001612", "2.000815", "2.000884", "1.010803"
CAI_KHE, NINH_KIEU = "31117", "916"

APPLICANT: Mapping[str, Any] = {
    "filer": "self",
    "full_name": "Nguyễn Mẫu An",
    "id_no": "092085001234",
    "birth_date": "1985-03-12",
    "address": "Số 12 đường Mẫu",
    "commune": CAI_KHE,
    "phone": "0900000001",
    "return_by": "online",
}


@dataclass(frozen=True)
class Form:
    """What an applicant fills in: answers, papers, and the level of the counter chosen."""

    answers: Mapping[str, Any]
    papers: tuple[str, ...]
    level: str = "commune"


FORMS: Mapping[str, Form] = {
    PERMIT: Form(
        {
            "plot_no": "245", "plot_m2": "96.5", "plot_commune": CAI_KHE, "tenure": "owned", "adjacent": False,
            "planning_zone": True, "grade": "IV", "use": "housing", "footprint_m2": "72",
            "floors": [{"kind": "ground", "area_m2": "72"}, {"kind": "upper", "area_m2": "72"}],
            "total_floor_m2": "144", "height_m": "8", "floors_above": "2", "designer": "self", "months": "6",
        },
        ("land", "drawings"),
    ),
    HOUSEHOLD: Form(
        {
            "gender": "m", "ethnicity": "Kinh", "name": "Hộ kinh doanh Mẫu An", "place": "Số 12 đường Mẫu",
            "place_commune": CAI_KHE, "lines": [{"title": "Bán cà phê", "vsic": "5630", "main": True}],
            "capital": "50000000", "start_date": "2026-12-01", "workers": "2", "founder": "person",
        },
        (),
        level="district",
    ),
    COPIES: Form(
        {
            "office": CAI_KHE, "visit_at": "2026-11-09T09:30",
            "docs": [{"title": "Bằng tốt nghiệp", "issuer": "vn", "pages": "2", "copies": "3", "ecopy": False}],
        },
        (),
    ),
    SIGNATURE: Form(
        {
            "office": CAI_KHE, "kind": "cv", "texts": "1",
            "signers": [{"name": "Nguyễn Mẫu An", "id_no": "092085001234", "fingerprint": False}],
        },
        ("text",),
    ),
    ALLOWANCE: Form(
        {
            "relation": "con", "name": "Nguyễn Mẫu Hùng", "died_on": "1972-04-30", "merit_no": "AB 123",
            "decision_no": "45/QĐ", "file_at": "cantho", "no_monthly": True,
            "kin": [{"name": "Nguyễn Mẫu An", "birth_year": "1985", "relation": "con", "signed": True}],
        },
        ("merit",),
    ),
    **{code: Form(*form) for code, form in LATER.items()},
    **{code: Form(*form) for code, form in further_forms.FORMS.items()},
}  # fmt: skip


def citizen(number: int = 0) -> Actor:
    return official(CITIZENS[number].id_number)


def official(login: str) -> Actor:
    """The person of that account, with the posts of the day."""
    with reading(SYSTEM) as session:
        person_id = session.scalars(select(Person.id).where(Person.login == login)).one()
    return person(person_id)


def person(person_id: UUID) -> Actor:
    """With the posts held today."""
    with reading(SYSTEM) as session:
        return actor_of_person(session, person_id, day=clock.local_day(NOW))


def in_one_office(session: Session) -> None:
    """The district's office that appraises permits looks after the land, too."""
    session.execute(text("""
        UPDATE unit_function AS land SET unit_id = asks.id
        FROM unit AS asked, unit AS asks JOIN unit_function AS own ON own.unit_id = asks.id
        WHERE asked.id = land.unit_id AND land.function = 'land' AND own.function = 'urban_management'
          AND asked.level = 'district' AND (asked.parent_id, asked.level) = (asks.parent_id, asks.level)
        """))  # fmt: skip
    session.execute(text("UPDATE directory_version SET version = version + 1000"))


def procedure(code: str) -> Procedure:
    with reading(SYSTEM) as session:
        return catalogue.get_procedure(session, code).procedure


def draft(code: str = PERMIT, *, owner: Actor, papers: tuple[str, ...] | None = None, **changed: Any) -> UUID:
    """A draft with every answer, not yet sent. `changed` answers override; None takes one away."""
    form = FORMS[code]
    answers = {key: value for key, value in {**APPLICANT, **form.answers, **changed}.items() if value is not None}
    with unit_of_work(owner) as session:
        published = catalogue.get_procedure(session, code)
        counters = units.directory(session).counters(CAI_KHE, day=clock.local_day(NOW))
        counter = next(unit for unit in counters if unit.level == form.level)
        draft_id = service.start_draft(
            session,
            published,
            place=CAI_KHE,
            received_unit_id=counter.id,
            answers=answers,
            actor=owner,
            now=NOW,
            has_consent=True,
        )
    with unit_of_work(owner) as session:
        for slot in form.papers if papers is None else papers:
            service.add_paper(
                session, draft_id, slot, digest=PDF, file_name=f"{slot}.pdf", most=10, actor=owner, now=NOW
            )
    return draft_id


def send(draft_id: UUID, *, owner: Actor, now: datetime = NOW) -> SubmittedRecord:
    with unit_of_work(owner) as session:
        return service.submit_record(session, draft_id, actor=owner, now=now, receipt_key=RECEIPT_KEY)


def handed_in(code: str = PERMIT, /, *, owner: Actor | None = None, channel: str = "online", **changed: Any) -> Walk:
    """A record just submitted. `changed` answers override; None takes one away."""
    form = FORMS[code]
    return submit(
        code,
        owner=owner or citizen(),
        answers={key: value for key, value in {**APPLICANT, **form.answers, **changed}.items() if value is not None},
        papers=[(slot, PDF) for slot in form.papers],
        place=CAI_KHE,
        level=form.level,
        receipt_key=RECEIPT_KEY,
        now=NOW,
        channel=channel,
    )


def at_desk(code: str = PERMIT, *, step: str = "appraise", **changed: Any) -> Walk:
    """A record accepted, handed over and assigned, as far as a step."""
    walk = handed_in(code, **changed)
    for action in ("accept", "hand_over", "assign"):
        open_task = walk.file().open_tasks[0]
        if open_task.step == step:
            break
        walk.go(f"{open_task.step}.{action}")
    return walk


def pay(walk: Walk) -> None:
    """All that is owed is captured, and the portal notes it."""
    before = gateways.offered()
    gateways.use(Vnpay(url="http://gateway.example", merchant="M", secret="s", public_url="http://portal.example"))
    walk.pay()
    gateways.use(*before)
    with reading(SYSTEM) as session:
        owed = session.scalars(text("SELECT arguments FROM job WHERE kind = 'payment_captured'")).all()
    for arguments in owed:
        payment_captured(arguments, now=walk.now)


def task_of(walk: Walk, step: str) -> TaskRow:
    """The open task of the step."""
    return next(task for task in walk.file().open_tasks if task.step == step)


def who_holds(walk: Walk, step: str) -> Actor:
    """The person who would do the step next."""
    with reading(SYSTEM) as session:
        return official_for(session, task_of(walk, step), walk.record_id, day=clock.local_day(NOW))


def offered(walk: Walk, task: TaskRow) -> tuple[Action, ...]:
    """The actions that the task offers now: what the buttons of its page are."""
    with unit_of_work(SYSTEM) as session:
        record, position = positions.lock_record(session, walk.record_id, now=walk.now)
        grounds = grounds_of(session, record, now=walk.now)
        facts = facts_of(record, position.tasks, directory=grounds.directory, today=clock.local_day(walk.now))
        return engine.actions_from(grounds.procedure.process, task.step, facts)


def filled_in(walk: Walk, task: TaskRow, action: Action) -> ActionAnswers:
    """What an official fills in with the action: everything it needs."""
    with reading(SYSTEM) as session:
        answers = plausible_answers(session, task, action, day=clock.local_day(walk.now))
    if "items" in action.needs:
        paper = procedure(walk.file().record.procedure_code).papers[0]
        answers = replace(answers, items=(SupplementItem("paper", paper.id, paper.name.vi, "Ảnh mờ."),))
    return answers


def act(walk: Walk, step: str, item: str) -> None:
    """Whoever does the step takes the action; the applicant answers a supplement with what was asked. The item is
    written as in a test of a definition: `ask_more(fire+land)`, `recall`."""
    task = task_of(walk, step)
    action_id, asked = asked_in(item)
    if action_id == RECALL:
        recall(walk, task)
        return
    action = next(action for action in offered(walk, task) if action.id == action_id)
    if action.kind is ActionKind.PAY:
        pay(walk)
    elif task.role == "applicant" and walk.file().open_supplement is not None:
        walk.answer()
    else:
        answers = filled_in(walk, task, action)
        answers = replace(answers, form={**answers.form, ASKED: asked}) if asked else answers
        walk.go(f"{step}.{action_id}", answers=answers)


def recall(walk: Walk, task: TaskRow) -> None:
    """Whoever asked takes the question back."""
    file = walk.file()
    asking = asking_task(task, file.tasks)
    assert asking is not None
    assert asking.closed_by is not None
    actor = person(asking.closed_by)
    with unit_of_work(actor) as session:
        reason = "Không cần hỏi nữa."
        service.recall_question(session, file.record.id, task.id, reason=reason, actor=actor, now=walk.now)
