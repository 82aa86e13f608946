"""Answers re-examined on the server: what is hidden is dropped, what is required must be there, every check must hold.

The pages check shape while the applicant types; this is asked again at submission, because pages can be left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any

from portal.accounts.identity import checked_id_number, checked_phone, checked_tax_code
from portal.catalogue.types import Field, FieldType, Page, Paper, Procedure
from portal.core.errors import InvalidInput
from portal.core.text import lowered
from portal.delivery import operator
from portal.records.facts import facts_of_answers
from portal.records.types import POST
from portal.workflow.definition import Action, Condition, Text


@dataclass(frozen=True)
class Fault:
    """Something to mend before sending: on which page, at which field, and what to do."""

    page: str
    field: str
    sentence: Text
    warns: bool = False


COME_FOR_IT = Text(
    "Kết quả này phải nhận tại quầy vì phải nộp lại giấy cũ. Chọn nhận tại bộ phận một cửa.",
    "This result is handed out at a counter, because an old paper is taken in. Choose a one-stop counter.",
)
PAPERS_PAGE = "papers"


def holds(condition: Condition | None, facts: Mapping[str, Any]) -> bool:
    return condition is None or bool(condition.test(facts))


def visible_fields(page: Page, facts: Mapping[str, Any]) -> tuple[Field, ...]:
    """The fields of a page that are asked, given the answers so far."""
    return tuple(_offered(field) for field in page.fields if holds(field.when, facts))


def _offered(field: Field) -> Field:
    """The way by which the result reaches the applicant: by post only where there is one."""
    if field.id != WAY or operator.is_offered():
        return field
    return replace(field, choices=tuple(choice for choice in field.choices if choice.value != POST), hint=None)


WAY = "return_by"
"""The question how the result reaches the applicant, and one of its answers."""

REGISTERS = ("population_register", "land_register")
"""Those that the portal asks for a paper's content, once the applicant allows it."""


def asked_papers(procedure: Procedure, facts: Mapping[str, Any], *, has_consent: bool = False) -> tuple[Paper, ...]:
    """The papers that this applicant must or may supply. Without consent a paper that a register holds is required."""
    asked = (paper for paper in procedure.papers if paper.mode == "submit" and holds(paper.when, facts))
    return tuple(replace(paper, required=not has_consent) if is_in_register(paper) else paper for paper in asked)


def is_in_register(paper: Paper) -> bool:
    """Whether consent spares the applicant this paper."""
    return paper.replaced_by in REGISTERS


def brought_papers(procedure: Procedure, facts: Mapping[str, Any]) -> tuple[Paper, ...]:
    """The papers that are shown at the counter, or taken in with the result, and not uploaded."""
    return tuple(paper for paper in procedure.papers if paper.mode != "submit" and holds(paper.when, facts))


def shown_answers(procedure: Procedure, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Only the answers whose fields are asked. A hidden answer counts no more, so what it asked for is hidden too."""
    fields = [field for page in procedure.pages for field in page.fields]
    shown = {field.id: answers[field.id] for field in fields if field.id in answers}
    for field in fields:
        if field.when is not None and not field.when.test(facts_of_answers(shown)):
            shown.pop(field.id, None)
    return shown


def faults_of(
    procedure: Procedure,
    answers: Mapping[str, Any],
    *,
    slots: Iterable[str],
    today: date,
    has_consent: bool = False,
    older: Mapping[str, Any] | None = None,
) -> tuple[Fault, ...]:
    """Everything that is missing or does not fit, in the order of the pages.

    `slots` are the papers supplied, `older` what is known of the result that this one changes.
    """
    shown = shown_answers(procedure, answers)
    facts = facts_of_answers(shown, today=today, older=older)
    faults = [fault for page in procedure.pages for fault in faults_of_page(page, shown, facts)]
    supplied, papers = set(slots), asked_papers(procedure, facts, has_consent=has_consent)
    faults += [
        Fault(PAPERS_PAGE, paper.id, Text(f"Tải lên {paper.name.vi}.", f"Upload {paper.name.in_language('en')}."))
        for paper in papers
        if paper.required and paper.id not in supplied
    ]
    faults += _taken_in_by_post(procedure, shown, facts)
    faults += [_one_is_enough(members) for members in missing_sets(papers, supplied)]
    return tuple(faults)


def _taken_in_by_post(procedure: Procedure, answers: Mapping[str, Any], facts: Mapping[str, Any]) -> list[Fault]:
    """Whoever must hand in an old paper with the result comes for it."""
    if answers.get(WAY) != POST or all(paper.mode != "surrender" for paper in brought_papers(procedure, facts)):
        return []
    pages = (page.id for page in procedure.pages if any(field.id == WAY for field in page.fields))
    return [Fault(next(pages, ""), WAY, COME_FOR_IT)]


def missing_sets(papers: Iterable[Paper], supplied: Collection[str]) -> list[tuple[Paper, ...]]:
    """The sets of papers of which one is enough and none is there."""
    sets: dict[str, list[Paper]] = {}
    for paper in papers:
        if paper.one_of is not None:
            sets.setdefault(paper.one_of, []).append(paper)
    return [tuple(members) for members in sets.values() if not any(paper.id in supplied for paper in members)]


def _one_is_enough(papers: Sequence[Paper]) -> Fault:
    vi, en = ("; ".join(paper.name.in_language(language) for paper in papers) for language in ("vi", "en"))
    return Fault(PAPERS_PAGE, papers[0].id, Text(f"Tải lên một trong các giấy: {vi}.", f"Upload one of: {en}."))


def faults_of_page(page: Page, answers: Mapping[str, Any], facts: Mapping[str, Any]) -> tuple[Fault, ...]:
    """What is missing or does not fit on one page; checks across fields only when the fields themselves are there.

    `facts` say what day is today: checks that compare with it hold otherwise.
    """
    fields = visible_fields(page, facts)
    faults = [
        Fault(page.id, name, sentence)
        for field in fields
        for name, sentence in _faults_of_field(field, answers.get(field.id), name=field.id)
    ]
    if faults:
        return tuple(faults)
    return tuple(
        Fault(page.id, check.fields[0] if check.fields else "", check.message, warns=check.warns)
        for check in page.checks
        if not check.condition.test(facts)
    )


def asking(action: Action, facts: Mapping[str, Any]) -> Action:
    """The action with the fields of its form that are asked of this record."""
    form = tuple(field for field in action.form if holds(field.when, facts))
    return action if len(form) == len(action.form) else replace(action, form=form)


def faults_of_fields(fields: Iterable[Field], answers: Mapping[str, Any]) -> list[tuple[str, Text]]:
    """What is missing or does not fit in the form of an action: field and sentence."""
    return [fault for field in fields for fault in _faults_of_field(field, answers.get(field.id), name=field.id)]


def fits(field: Field, value: Any) -> bool:
    """Whether an answer given before may stand under this field. Rows stand although a part of one is missing."""
    return _is_empty(value) or (isinstance(value, list) if field.type is FieldType.GROUP else _fits(field, value))


def _faults_of_field(field: Field, value: Any, *, name: str) -> list[tuple[str, Text]]:
    if _is_empty(value):
        return [(name, _missing(field))] if field.required else []
    if field.type is FieldType.GROUP:
        return _faults_of_rows(field, value, name=name)
    if not _fits(field, value):
        return [(name, Text(f"{field.label.vi} phải nhập lại.", f"Enter {field.label.in_language('en')} again."))]
    return []


def _faults_of_rows(field: Field, rows: Any, *, name: str) -> list[tuple[str, Text]]:
    if not isinstance(rows, list):
        return [(name, _missing(field))]
    return [
        fault
        for index, row in enumerate(rows)
        for part in field.fields
        if holds(part.when, {**facts_of_answers(row), "row": row})
        for fault in _faults_of_field(part, row.get(part.id), name=f"{name}-{index}-{part.id}")
    ]


def _is_empty(value: Any) -> bool:
    return value is None or value == "" or value == []


def _missing(field: Field) -> Text:
    chosen = field.type in (FieldType.CHOICE, FieldType.UNIT, FieldType.YES_NO, FieldType.BOOKING)
    vi, en = ("Chọn", "Choose") if chosen else ("Nhập", "Enter")
    label, label_en = field.label.vi, field.label.in_language("en")
    return Text(f"{vi} {lowered(label)}.", f"{en} {lowered(label_en)}.")


def _fits(field: Field, value: Any) -> bool:
    if field.type is FieldType.CHOICE:
        allowed = {choice.value for choice in field.choices}
        return set(value) <= allowed if field.several and isinstance(value, list) else value in allowed
    if field.type is FieldType.YES_NO:
        return isinstance(value, bool)
    if field.type is FieldType.DATE:
        return _is_day(value)
    if field.type is FieldType.BOOKING:
        return isinstance(value, str) and _VISIT.fullmatch(value) is not None
    if field.type in (FieldType.INTEGER, FieldType.DECIMAL, FieldType.MONEY):
        return _is_within(field, value)
    if not isinstance(value, str) or (field.max_length is not None and len(value) > field.max_length):
        return False
    return _is_of_kind(field.kind, value)


def _is_of_kind(kind: str | None, value: str) -> bool:
    check = _KINDS.get(kind or "")
    try:
        if check is not None:
            check(value)
    except InvalidInput:
        return False
    return True


_VISIT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}")
"""Local day and hour. Whether the counter still has that slot is known when it is booked."""

_LAST_DAY = date.max
"""Nobody is born after it: whether a birth lies in the past is for the page that knows the day."""

_KINDS: Mapping[str, Callable[[str], object]] = {
    "id_number": partial(checked_id_number, today=_LAST_DAY),
    "phone": checked_phone,
    "tax_code": partial(checked_tax_code, today=_LAST_DAY),
}


def _is_day(value: Any) -> bool:
    try:
        date.fromisoformat(value)
    except (TypeError, ValueError):
        return False
    return True


def _is_within(field: Field, value: Any) -> bool:
    if isinstance(value, bool):
        return False
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return False
    if not number.is_finite() or (field.type is not FieldType.DECIMAL and number != int(number)):
        return False
    return (field.minimum is None or number >= field.minimum) and (field.maximum is None or number <= field.maximum)
