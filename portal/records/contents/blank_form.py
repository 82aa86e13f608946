"""The application form of a procedure on paper, for people without a computer: every question, nothing filled in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import count

from portal.catalogue.types import Field, FieldType, Paper, Procedure
from portal.documents.words import copies
from portal.records.answers import is_in_register
from portal.workflow.definition import Condition, Text

CELLS = {"id_number": 12, "phone": 10, "tax_code": 13}
"""Boxes of one digit each, where the length is known."""

MOST_COLUMNS = 5
"""A group with more is printed block by block, else its columns would be too narrow to write in."""
ROWS, BLOCKS = 4, 2
LONGEST_BESIDE = {"line": 34, "date": 44, "amount": 48, "cells": 30}
"""Letters of a label, with the condition behind it, that leaves room for an answer of this kind beside it."""
_CONDITION = "(chỉ khai )"

_DECLARES = "NGƯỜI KHAI"
_SIGNS_AS = {
    "Đơn": "NGƯỜI LÀM ĐƠN",
    "Giấy đề nghị": "NGƯỜI ĐỀ NGHỊ",
    "Thông báo": "NGƯỜI THÔNG BÁO",
    "Phiếu yêu cầu": "NGƯỜI YÊU CẦU",
}

_YES_NO = (Text("Có", "Yes"), Text("Không", "No"))
_CHOSEN = Text("khi chọn “{answer}” ở câu {place}", "when “{answer}” is chosen in question {place}")
_NOT_CHOSEN = Text("khi không chọn “{answer}” ở câu {place}", "when “{answer}” is not chosen in question {place}")
_FROM = Text("khi câu {place} từ {answer} trở lên", "when question {place} is {answer} or more")
_OTHERWISE = Text("nếu có", "where it applies")
_PATTERNS = (
    (re.compile(r"(?:form|row)\.(\w+) == '(\w+)'"), _CHOSEN),
    (re.compile(r"form\.(\w+) != '(\w+)' && form\.\1 != ''"), _NOT_CHOSEN),
    (re.compile(r"form\.(\w+) >= (\d+)"), _FROM),
    (re.compile(r"(?:form|row)\.(\w+)()"), _CHOSEN),
)
_AMONG = re.compile(r"'(\w+)' in form\.(\w+)")

_KINDS = {
    FieldType.LONG_TEXT: "lines",
    FieldType.DATE: "date",
    FieldType.BOOKING: "date",
    FieldType.YES_NO: "boxes",
    FieldType.CHOICE: "boxes",
    FieldType.INTEGER: "amount",
    FieldType.DECIMAL: "amount",
    FieldType.MONEY: "amount",
}


@dataclass(frozen=True)
class Question:
    """One question. `place` is its number, or the letter of a column; `kind` says what is drawn to answer on: line,
    lines, amount, cells, date, boxes, table, blocks."""

    place: str
    label: Text
    kind: str
    hint: Text | None = None
    only_if: Text | None = None
    choices: tuple[Text, ...] = ()
    several: bool = False
    suffix: Text | None = None
    cells: int = 0
    is_short: bool = True
    ticks: bool = False  # yes or no: one box is enough in a table
    columns: tuple[Question, ...] = ()
    row_name: Text | None = None


@dataclass(frozen=True)
class AskedPaper:
    name: Text
    kind: str
    quantity: int
    only_if: Text | None
    is_spared: bool  # a register holds it
    is_choice: bool  # one of several is enough
    comes_later: bool  # is taken in when the result is given


@dataclass(frozen=True)
class BlankForm:
    """`signs_as`: in which capacity the applicant signs it."""

    title: Text
    name: Text
    code: str
    decided_by: Text
    signs_as: str
    sections: tuple[tuple[Text, tuple[Question, ...]], ...]
    papers: tuple[AskedPaper, ...]

    @property
    def asks_consent(self) -> bool:
        """Whether registers may be asked instead of papers, with the applicant's leave."""
        return any(paper.is_spared for paper in self.papers)


def blank_form(procedure: Procedure) -> BlankForm:
    """What the paper asks: the questions of the definition in their order, then the papers."""
    numbers = count(1)
    numbered = {field.id: (str(next(numbers)), field) for page in procedure.pages for field in page.fields}
    sections = tuple(
        (page.title, tuple(_question(numbered[field.id][0], field, numbered) for field in page.fields))
        for page in procedure.pages
        if page.fields
    )
    papers = tuple(_paper(paper, numbered) for paper in procedure.papers)
    return BlankForm(
        title=procedure.form_name,
        name=procedure.name,
        code=procedure.code,
        decided_by=procedure.decided_by,
        signs_as=next((role for kind, role in _SIGNS_AS.items() if procedure.form_name.vi.startswith(kind)), _DECLARES),
        sections=sections,
        papers=papers,
    )


_Numbered = Mapping[str, tuple[str, Field]]


def _question(place: str, field: Field, numbered: _Numbered) -> Question:
    columns = tuple(_columns(field, numbered))
    kind = _KINDS.get(field.type, "line")
    if field.type is FieldType.GROUP:
        kind = "table" if len(columns) <= MOST_COLUMNS else "blocks"
    cells, only_if = CELLS.get(field.kind or "", 0), _only_if(field.when, numbered)
    kind = "cells" if cells else kind
    letters = len(field.label.vi) + (len(only_if.vi) + len(_CONDITION) if only_if else 0)
    return Question(
        place=place,
        label=field.label,
        kind=kind,
        hint=field.hint,
        only_if=only_if,
        choices=_YES_NO if field.type is FieldType.YES_NO else tuple(choice.label for choice in field.choices),
        several=field.several,
        suffix=Text("đồng", "VND") if field.type is FieldType.MONEY else field.suffix,
        cells=cells,
        is_short=letters <= LONGEST_BESIDE.get(kind, 0),
        ticks=field.type is FieldType.YES_NO,
        columns=columns,
        row_name=field.row_name,
    )


def _columns(group: Field, numbered: _Numbered) -> Iterator[Question]:
    letters = {field.id: (chr(ord("a") + number), field) for number, field in enumerate(group.fields)}
    for letter, field in letters.values():
        yield _question(letter, field, {**numbered, **letters})


def _paper(paper: Paper, numbered: _Numbered) -> AskedPaper:
    kind, quantity = copies(paper.copies)
    return AskedPaper(
        name=paper.name,
        kind=kind,
        quantity=quantity,
        only_if=_only_if(paper.when, numbered) or (None if paper.required or paper.one_of else _OTHERWISE),
        is_spared=is_in_register(paper),
        is_choice=paper.one_of is not None,
        comes_later=paper.mode == "surrender",
    )


def _only_if(condition: Condition | None, numbered: _Numbered) -> Text | None:
    """When the question is to be answered, where the condition asks one other question; else that it may not be."""
    if condition is None:
        return None
    source = condition.source.strip()
    among = _AMONG.fullmatch(source)
    if among:
        return _filled(_CHOSEN, among[2], among[1], numbered)
    for pattern, words in _PATTERNS:
        found = pattern.fullmatch(source)
        if found:
            return _filled(words, found[1], found[2], numbered)
    return _OTHERWISE


def _filled(words: Text, field_id: str, answer: str, numbered: _Numbered) -> Text:
    place, field = numbered.get(field_id, ("", None))
    if field is None:
        return _OTHERWISE
    said = next((choice.label for choice in field.choices if choice.value == answer), Text(answer, answer))
    if field.type is FieldType.YES_NO:
        said = _YES_NO[0]
    languages = ("vi", "en")
    return Text(*(words.in_language(one).format(place=place, answer=said.in_language(one)) for one in languages))
