"""What each kind of action does beside moving on. One function a kind, in one table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from portal.core import clock
from portal.core.errors import Conflict, InvalidInput
from portal.core.references import new_id
from portal.documents import statements as documents
from portal.documents import symbols
from portal.records import corrections, decisions, opinions, statements, visits
from portal.records.answers import faults_of_fields
from portal.records.changes import Change, Situation
from portal.records.collecting import who_came
from portal.records.companions import companions, draft_companions
from portal.records.due_changes import promised_due
from portal.records.grounds import deciding_unit
from portal.records.issuing import issue
from portal.records.listing import list_record
from portal.records.making import (
    NOTICE,
    REJECTION,
    RESULT,
    add_document,
    issuing_unit,
    make_document,
    owe_rendering,
)
from portal.records.types import SupplementItem
from portal.workflow.deadlines import Extension, due_at
from portal.workflow.definition import ASKER, ActionKind, Text

Effect = Callable[[Situation, Change], None]


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
    visits.accepted(situation.procedure, change, situation.record.id, now=situation.now)


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
    unit_id = issuing_unit(situation)
    values = {
        "template": template,
        "title": title[0],
        "title_en": title[1],
        "series": symbols.symbol(symbols.NOTICE, situation.directory.unit(unit_id).name) if rejected else result.series,
        "drafted_by": situation.actor.person_id,
        "drafted_at": situation.now,
    }
    known = document_id = situation.position.result_id
    if document_id is not None:
        change.write(
            documents.DRAFT_AGAIN, {"wanted": document_id, **{f"to_{name}": value for name, value in values.items()}}
        )
    else:
        document_id = add_document(situation, change, RESULT, unit_id=unit_id, **values)
    draft_companions(situation, change, document_id, refused=rejected, is_new=known is None)
    owe_rendering(situation, change, document_id)
    if not rejected:
        visits.compared(situation.procedure, change, situation.record.id, now=situation.now)


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


def give(situation: Situation, change: Change) -> None:
    if situation.answers.form:
        change.details["form"] = who_came(situation.action, situation.answers.form, answers=situation.record.answers)


def _mark_result(situation: Situation, change: Change, statement: Any) -> None:
    if situation.position.result_id is None:
        draft_result(situation, change)
        return
    result_id, refused = situation.position.result_id, change.outcome == "rejected"
    for document_id in (result_id, *(one.id for one in companions(situation, result_id, refused=refused))):
        change.write(statement, {"wanted": document_id, "moment": situation.now, "person": situation.actor.person_id})
        owe_rendering(situation, change, document_id)


def is_result_step(situation: Situation) -> bool:
    """Whether the signature of this step is the result's, not that of a letter or list on the way."""
    following = {branch.step for branch in situation.action.branches}
    process = situation.procedure.process
    return any(action.kind is ActionKind.ISSUE for step in following for action in process.step(step).actions)


def signs_refusal(situation: Situation) -> bool:
    """Whether this signature makes the drafted refusal final: it is a notice of the agency that stops the record."""
    has_draft = situation.record.outcome == "rejected" and situation.position.result_id is not None
    return has_draft and situation.action.kind is ActionKind.SIGN and NOTICE in situation.action.documents


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
    ActionKind.GIVE: give,
}
