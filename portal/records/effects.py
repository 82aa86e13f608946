"""What each kind of action does beside moving on. One function a kind, in one table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from portal.catalogue.document_names import DOCUMENT_NAMES
from portal.core import clock
from portal.core.errors import Conflict, InvalidInput
from portal.core.references import new_id
from portal.documents import statements as documents
from portal.documents.numbering import NUMBER_AND_SEAL, sealing
from portal.jobs.types import DOCUMENTS
from portal.records import corrections, decisions, opinions, statements
from portal.records.answers import faults_of_fields
from portal.records.changes import Change, Situation
from portal.records.deciding import signing_steps
from portal.records.due_changes import promised_due
from portal.records.further_results import FURTHER, further_results
from portal.records.grounds import deciding_unit
from portal.records.listing import list_record
from portal.records.registering import change_older, sealing_of
from portal.records.types import SupplementItem
from portal.records.whereabouts import Whereabouts
from portal.workflow.deadlines import Extension, due_at
from portal.workflow.definition import ASKER, ActionKind, Text

Effect = Callable[[Situation, Change], None]

RESULT = "result"
REJECTION = "rejection"
NOTICE = "notice"

_DOCUMENT_SERIES = {"form02": "HDHS", "form03": "TB", "letter": "CV", "opinion": "CV", "decision": "QĐ", NOTICE: "TB"}
"""Forms that are numbered when they are made (Decree 30/2020/NĐ-CP). Results are numbered when they are sealed."""

_TEMPLATES = {
    "slip": "control_slip",
    "list": "letter",
    "opinion": "letter",
    "file": "letter",
    "decision": "team_decision",
    NOTICE: "rejection",
}
"""Kinds of documents that share a template with another."""

_FOR_APPLICANT = frozenset({"form01", "form02", "form03", "pledge", NOTICE, FURTHER})


def apply(situation: Situation, change: Change) -> None:
    """Everything the action does beside opening and closing tasks.

    Raises InvalidInput when something that the action needs was not filled in.
    """
    require(situation)
    if situation.answers.form:
        change.details["form"] = dict(situation.answers.form)
    if situation.action.corrects:
        corrections.correct(situation, change)
    if situation.action.decide_each:
        decisions.decide(situation, change)
    effect = EFFECTS.get(situation.action.kind)
    if effect is not None:
        effect(situation, change)
    if situation.action.batch:
        list_record(situation, change)
    for kind in situation.action.documents:
        if kind == NOTICE and signs_refusal(situation):
            continue  # the drafted refusal is that notice
        if kind != RESULT:
            make_document(situation, change, kind)
        elif situation.action.kind not in _HAVE_THE_RESULT:
            draft_result(situation, change)


def accept(situation: Situation, change: Change) -> None:
    """The statutory clock starts (Decree 61/2018/NĐ-CP). Whoever leads the deciding body answers for it from now on."""
    today = clock.local_day(situation.now)
    change.take_part(deciding_unit(situation.procedure, situation.directory, place=situation.record.place, day=today))
    change.accepted_at = situation.now
    change.due_at = due_at(situation.procedure.term, accepted_at=situation.now, calendar=situation.calendar)


def extend(situation: Situation, change: Change) -> None:
    """The term grows by what the law allows, once it has a reason and before it has run out (Action.extends)."""
    length, accepted_at, due = situation.action.extends, change.accepted_at, change.due_at
    if length is None or accepted_at is None or due is None:
        raise InvalidInput("Hồ sơ chưa có ngày hẹn trả nên chưa gia hạn được.")
    if situation.now > due:
        raise InvalidInput("Đã quá hạn nên không gia hạn được. Ký thư xin lỗi và hẹn lại ngày trả.")
    change.due_changes = (*change.due_changes, Extension(situation.now, length.value, length.unit))
    change.due_at = promised_due(
        situation.procedure, situation.book, accepted_at, pauses=change.pauses, changes=change.due_changes
    )
    change.details["was_due_at"] = due.isoformat()


def request_supplement(situation: Situation, change: Change) -> None:
    """One request that names everything, item by item, each with its reason (Decree 61/2018/NĐ-CP, article 17)."""
    supplement_id = new_id()
    change.write(
        statements.ADD_SUPPLEMENT,
        {
            "id": supplement_id,
            "record_id": situation.record.id,
            "owner_id": situation.record.owner_id,
            "unit_id": situation.task.unit_id,
            "sheet": situation.position.sheets + 1,
            "step": situation.task.step,
            "items": [
                {"kind": item.kind, "id": item.id, **_labels(situation, item), "reason": item.reason,
                 "wish": item.wish, "basis": item.basis, "before": _before(situation, item), "answer": None}
                for item in situation.answers.items
            ],
            "contact": situation.actor.name,
            "requested_by": situation.actor.person_id,
            "requested_at": situation.now,
        },
    )  # fmt: skip
    change.details["supplement_id"] = str(supplement_id)
    change.details["items"] = len(situation.answers.items)


def _labels(situation: Situation, item: SupplementItem) -> dict[str, str]:
    """What the item is called, in both languages, whichever of them the official works in."""
    if item.kind == "paper":
        names = {paper.id: paper.name for paper in situation.procedure.papers}
    else:
        names = {field.id: field.label for page in situation.procedure.pages for field in page.fields}
    name = names.get(item.id, Text(item.label))
    return {"label": name.vi, "label_en": name.en}


def _before(situation: Situation, item: SupplementItem) -> Any:
    """The answer that a field held when it was asked again, so that the desk sees what has changed."""
    return situation.record.answers.get(item.id) if item.kind == "field" else None


def send_back(situation: Situation, change: Change) -> None:
    """The work returns; a supplement that was not approved is taken back with it."""
    change.news = "returned"
    goes_to_asker = any(branch.step == ASKER for branch in situation.action.branches)
    if goes_to_asker and situation.position.supplement_id and not situation.position.supplement_is_sent:
        change.write(
            statements.CANCEL_SUPPLEMENT,
            {"wanted": situation.position.supplement_id, "moment": situation.now},
        )


def draft_result(situation: Situation, change: Change) -> None:
    """The result is drafted, or a draft that was returned is drafted again; its number comes at the seal."""
    rejected = situation.action.kind is ActionKind.REJECT or (situation.action.outcome or change.outcome) == "rejected"
    result = situation.procedure.result
    template = REJECTION if rejected else result.template
    title = (
        ("Thông báo không cấp", "Notice that the result is not granted")
        if rejected
        else (result.name.vi, result.name.en)
    )
    values = {
        "template": template,
        "title": title[0],
        "title_en": title[1],
        "series": "TB" if rejected else result.series,
        "drafted_by": situation.actor.person_id,
        "drafted_at": situation.now,
    }
    document_id = situation.position.result_id
    if document_id is not None:
        change.write(
            documents.DRAFT_AGAIN, {"wanted": document_id, **{f"to_{name}": value for name, value in values.items()}}
        )
    else:
        document_id = _add_document(situation, change, RESULT, unit_id=issuing_unit(situation), **values)
    owe_rendering(situation, change, document_id)


def initial(situation: Situation, change: Change) -> None:
    _mark_result(situation, change, documents.INITIAL)


def sign(situation: Situation, change: Change) -> None:
    """The person in authority signs; inside a consultation, the agency's opinion becomes final."""
    if situation.step.consultation is not None:
        opinions.finish(situation, change)
        return
    if is_result_step(situation):
        _mark_result(situation, change, documents.SIGN)
    elif signs_refusal(situation):
        _mark_result(situation, change, documents.SIGN)
        issue(situation, change)


def issue(situation: Situation, change: Change) -> None:
    """Number and seal: the number is taken in this transaction, and the statutory clock ends."""
    document_id = situation.position.result_id
    if document_id is None:
        raise InvalidInput("Chưa có văn bản để đóng dấu. Trả lại bước soạn.")
    change.write(
        NUMBER_AND_SEAL,
        sealing_of(situation, document_id),
    )
    change_older(situation, change, document_id)
    change.finished_at = situation.now
    owe_rendering(situation, change, document_id)
    _issue_further(situation, change)


def _issue_further(situation: Situation, change: Change) -> None:
    """What comes with the result is made with it, under numbers of its own books."""
    for result in further_results(situation):
        document_id = _add_document(
            situation,
            change,
            FURTHER,
            unit_id=issuing_unit(situation),
            template=result.template,
            title=result.name.vi,
            title_en=result.name.en,
            series=result.series,
            drafted_by=situation.actor.person_id,
            drafted_at=situation.now,
        )
        change.write(NUMBER_AND_SEAL, sealing(document_id, sealed_by=situation.actor.person_id, now=situation.now))
        owe_rendering(situation, change, document_id)


def _mark_result(situation: Situation, change: Change, statement: Any) -> None:
    if situation.position.result_id is None:
        draft_result(situation, change)
        return
    change.write(
        statement,
        {"wanted": situation.position.result_id, "moment": situation.now, "person": situation.actor.person_id},
    )
    owe_rendering(situation, change, situation.position.result_id)


def make_document(situation: Situation, change: Change, kind: str) -> None:
    """A form of the process; what it says is filled in by the worker from the events of the record."""
    title, title_en = DOCUMENT_NAMES.get(kind, (kind, kind))
    series = _DOCUMENT_SERIES.get(kind)
    document_id = _add_document(
        situation,
        change,
        kind,
        unit_id=situation.task.unit_id or situation.record.received_unit_id,
        template=_TEMPLATES.get(kind, kind),
        title=title,
        title_en=title_en,
        series=series,
        drafted_by=situation.actor.person_id,
        drafted_at=situation.now,
    )
    if series is not None:
        change.write(
            NUMBER_AND_SEAL,
            sealing(document_id, sealed_by=situation.actor.person_id, now=situation.now),
        )
    owe_rendering(situation, change, document_id)


def _add_document(situation: Situation, change: Change, kind: str, *, unit_id: UUID, **values: Any) -> UUID:
    document_id = new_id()
    change.write(
        documents.ADD_DOCUMENT,
        {
            "id": document_id,
            "record_id": situation.record.id,
            "owner_id": situation.record.owner_id,
            "unit_id": unit_id,
            "kind": kind,
            "content": {},
            "for_applicant": kind in _FOR_APPLICANT,
            "created_at": situation.now,
            **values,
        },
    )
    change.details.setdefault("documents", []).append({"id": str(document_id), "kind": kind})
    return document_id


def owe_rendering(situation: Situation, change: Change, document_id: UUID) -> None:
    natural_key = f"{document_id}:{change.event_id}"
    if any(job["natural_key"] == natural_key for job in change.jobs):
        return
    change.owe(
        "make_document",
        arguments={"document_id": str(document_id)},
        queue=DOCUMENTS,
        due_at=situation.now,
        natural_key=natural_key,
    )


def is_result_step(situation: Situation) -> bool:
    """Whether the signature of this step is the result's, not that of a letter or list on the way."""
    following = {branch.step for branch in situation.action.branches}
    process = situation.procedure.process
    return any(action.kind is ActionKind.ISSUE for step in following for action in process.step(step).actions)


def signs_refusal(situation: Situation) -> bool:
    """Whether this signature makes the drafted refusal final: it is a notice of the agency that stops the record."""
    has_draft = situation.record.outcome == "rejected" and situation.position.result_id is not None
    return has_draft and situation.action.kind is ActionKind.SIGN and NOTICE in situation.action.documents


def issuing_unit(situation: Situation) -> UUID:
    """Whose document the result is: the unit of the step at which it is signed."""
    steps = situation.procedure.process.steps
    following = [steps[branch.step] for branch in situation.action.branches if branch.step in steps]
    notices = [step for step in following if any(NOTICE in action.documents for action in step.actions)]
    where = Whereabouts(
        directory=situation.directory,
        place=situation.record.place,
        received_unit_id=situation.record.received_unit_id,
        return_unit_id=situation.record.return_unit_id,
        facts=situation.facts,
        day=clock.local_day(situation.now),
    )
    for step in (*notices, *signing_steps(situation.procedure.process)):
        unit = where.desk_of(step, split=situation.task.split).unit
        if unit is not None:
            return unit.id
    return situation.task.unit_id or situation.record.received_unit_id


def require(situation: Situation) -> None:
    """Raises InvalidInput when something that the action needs was not filled in."""
    answers, needs = situation.answers, situation.action.needs
    if "reason" in needs and not answers.reason.strip():
        raise InvalidInput("Ghi lý do.", field="reason")
    if "items" in needs and not answers.items:
        raise InvalidInput("Chọn ít nhất một giấy tờ hoặc một mục cần bổ sung.", field="items")
    for item in answers.items:
        if not item.reason.strip():
            raise InvalidInput("Ghi lý do cho mục %(label)s.", field=f"reason-{item.kind}-{item.id}", label=item.label)
    if situation.action.kind is ActionKind.PAY and situation.record.unpaid:
        raise Conflict("Phí của hồ sơ này chưa nộp đủ.")
    if "person" in needs and answers.assignee_id is None:
        raise InvalidInput("Chọn người làm.", field="assignee_id")
    for name, sentence in faults_of_fields(situation.action.form, answers.form):
        raise InvalidInput(sentence.vi, field=name)


_HAVE_THE_RESULT = frozenset(
    {ActionKind.DRAFT, ActionKind.REJECT, ActionKind.INITIAL, ActionKind.SIGN, ActionKind.ISSUE}
)
"""Kinds whose effect has seen to the result already."""

EFFECTS: dict[ActionKind, Effect] = {
    ActionKind.ACCEPT: accept,
    ActionKind.EXTEND: extend,
    ActionKind.SUPPLEMENT: request_supplement,
    ActionKind.SEND_BACK: send_back,
    ActionKind.ANSWER: opinions.answer_consultation,
    ActionKind.DRAFT: draft_result,
    ActionKind.REJECT: draft_result,
    ActionKind.INITIAL: initial,
    ActionKind.SIGN: sign,
    ActionKind.ISSUE: issue,
}
