"""The result of a procedure that has no template of its own: the answers of its form, in their order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from portal.catalogue.types import Field, FieldType
from portal.documents import result_types as types
from portal.documents.parts import Fact
from portal.records.answer_words import said_answer
from portal.records.answers import visible_fields
from portal.records.contents.writing import (
    Writing,
    basis_of,
    copied_to,
    filled_in_forms,
    head,
    holder_number,
    home,
    salutation,
    signature,
)
from portal.records.decisions import decisions_of
from portal.records.facts import facts_of_answers

_APPLICANT_PAGE = "applicant"
_EMPTY: tuple[Any, ...] = (None, "", [], False)


def general_result(writing: Writing) -> types.GeneralResult:
    procedure = writing.procedure
    return types.GeneralResult(
        **head(writing),
        title=writing.document.title,
        holder=writing.file.record.applicant_name,
        salutation=salutation(writing),
        holder_number=holder_number(writing),
        holder_address=home(writing),
        facts=list(_facts(writing)),
        conditions=[condition.vi for condition in procedure.requirements],
        until=writing.document.valid_until,
        bases=[basis_of(basis) for basis in procedure.legal_basis],
        recipients=["Như mục 1", *copied_to(writing), "Lưu: VT, hồ sơ"],
        signature=signature(writing, writing.document.signed_by),
    )


def _facts(writing: Writing) -> Iterator[Fact]:
    """The answers that were asked for, page by page; of the applicant's page stand name, number and address above."""
    facts = facts_of_answers(writing.answers)
    for page in writing.procedure.pages:
        for field in visible_fields(page, facts) if page.id != _APPLICANT_PAGE else ():
            value = writing.answers.get(field.id)
            if value not in _EMPTY:
                yield Fact(label=field.label.vi, value=_said(writing, field, value))


def _said(writing: Writing, field: Field, value: Any) -> str:
    if field.type is not FieldType.GROUP:
        return said_answer(field, value, writing.directory, language="vi")
    return "; ".join(_row(writing, field, row) for row in _granted_rows(writing, field.id))


def _row(writing: Writing, group: Field, row: Mapping[str, Any]) -> str:
    """`Nguyễn Văn An, 12 m²`."""
    answers = ((field, row.get(field.id)) for field in group.fields)
    return ", ".join(
        field.label.vi if value is True else said_answer(field, value, writing.directory, language="vi")
        for field, value in answers
        if value not in _EMPTY
    )


def _granted_rows(writing: Writing, group: str) -> list[Mapping[str, Any]]:
    """The rows that the document is about. Where each row was decided, those that were granted."""
    steps = writing.procedure.process.steps.values()
    if not any(action.decide_each == group for step in steps for action in step.actions):
        each = writing.procedure.result.each
        return writing.rows_of_document(group) if group == each else writing.rows(group)
    decisions = decisions_of(list(filled_in_forms(writing)))
    rows = writing.rows(group)
    return [row for number, row in enumerate(rows) if number >= len(decisions) or decisions[number].get("granted")]
