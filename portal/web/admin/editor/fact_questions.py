"""What a test of the definition says of the record: a question for each answer that the process looks at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from portal.catalogue.asked_facts import AskedFacts, drafted_facts, drafted_form
from portal.catalogue.sketching import sketched
from portal.catalogue.source import FILE, Source
from portal.catalogue.types import Field, FieldType
from portal.core.unit_of_work import reading
from portal.units import queries as units
from portal.web.admin.editor import tables
from portal.web.admin.editor.inputs import PlaceInput
from portal.web.admin.editor.questions import Day, Group, Many, Number, Pick, Question, Single, Text, Whole
from portal.web.admin.editor.rows import Rows
from portal.web.admin.process import choices
from portal.web.citizen.places import PlaceGroup, place_groups
from portal.web.languages import current_language, localized
from portal.web.sign_in import actor
from portal.web.translation import gettext as _
from portal.web.translation import lazy_gettext as __

ONLY_WRITTEN = frozenset({"-"})
"""For `only` of a question: it is asked where something is written there, and nowhere else."""


@dataclass(frozen=True)
class YesNo(Pick):
    """True or false, or nothing said."""

    def data_of(self, value: Any) -> Any:
        return super().data_of({True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value)

    def written(self, data: Any) -> Any:
        return super().written({"yes": True, "no": False}.get(data, data))


@dataclass(frozen=True)
class Place(Single):
    """A territory of the city, by its code."""

    groups: tuple[PlaceGroup, ...] = ()

    def inputs(self, name: str, value: Any, typed: Any) -> dict[str, Any]:
        own = self.data_of(value)
        known = {code for group in self.groups for code, _name in group.choices}
        groups = self.groups if not own or own in known else (*self.groups, PlaceGroup(own, ((own, own),)))
        given = {"hint": self.hint or None, "required": not self.optional}
        return {name: PlaceInput(self.label, default=own, groups=groups, **given)}


def fact_groups(source: Source) -> tuple[Group, ...]:
    """The questions about the record: those that decide its way, and those that a test answers all the same."""
    asked = drafted_facts(source.text, FILE)
    decisive = {field.id for field in asked.fields}
    others = [field for field in drafted_form(source.text, FILE) if field.id not in decisive]
    questions = [
        *_of_form(asked.fields),
        *(replace(question, only=ONLY_WRITTEN) for question in _of_form(others)),
        *_of_record(asked),
        *_of_offices(source),
    ]
    return (Group(__("Hồ sơ: những câu trả lời mà quy trình nhìn vào"), tuple(questions)),)


def _of_form(fields: Any) -> Iterator[Question]:
    for field in fields:
        yield _question(field, f"facts.form.{field.id}", hint=f"form.{field.id}")


def _of_record(asked: AskedFacts) -> Iterator[Question]:
    yes_no = (("yes", __("Có")), ("no", __("Không")))
    every: list[tuple[frozenset[str], str, Question]] = [
        (asked.applicant, "kind", Pick("facts.applicant.kind", __("Người nộp là"), choices=tables.APPLICANTS)),
        (
            asked.applicant,
            "poor_household",
            YesNo("facts.applicant.poor_household", __("Thuộc hộ nghèo"), choices=yes_no),
        ),
        (asked.record, "channel", Pick("facts.record.channel", __("Cách nộp"), choices=tables.CHANNELS)),
        (asked.record, "unpaid", YesNo("facts.record.unpaid", __("Còn phí chưa nộp"), choices=yes_no)),
        (
            asked.record,
            "receiving_level",
            Pick("facts.record.receiving_level", __("Nộp ở quầy cấp nào"), choices=tables.LEVELS),
        ),
        (asked.record, "supplements", Whole("facts.record.supplements", __("Đã bổ sung mấy lần"))),
    ]
    for names, name, question in every:
        yield question if name in names else replace(question, only=ONLY_WRITTEN)


def _of_offices(source: Source) -> Iterator[Question]:
    """Which opinions the office that asks would ask of itself, where such ones are skipped."""
    process = sketched(source.text, FILE).process
    skipped = [choice for choice in choices.steps(process) if process.steps[choice[0]].same_office is not None]
    if skipped:
        yield Many("facts.same_office", __("Nơi hỏi cũng là nơi góp ý ở"), choices=skipped)


def _question(field: Field, at: str, *, hint: str = "") -> Question:
    label = localized(field.label) or field.id
    if field.type is FieldType.GROUP:
        columns = tuple(_question(part, part.id) for part in field.fields)
        return Rows(at, label, hint, row_name=localized(field.row_name) or _("Dòng"), questions=columns)
    if field.type is FieldType.YES_NO:
        return YesNo(at, label, hint, choices=(("yes", __("Có")), ("no", __("Không"))))
    if field.type is FieldType.CHOICE:
        offered = [(choice.value, localized(choice.label)) for choice in field.choices]
        return Many(at, label, hint, choices=offered) if field.several else Pick(at, label, hint, choices=offered)
    if field.type is FieldType.UNIT:
        return Place(at, label, hint, groups=_places(field))
    if field.type is FieldType.DATE:
        return Day(at, label, hint)
    if field.type in (FieldType.INTEGER, FieldType.DECIMAL, FieldType.MONEY):
        return Number(at, label, hint)
    return Text(at, label, hint)


def _places(field: Field) -> tuple[PlaceGroup, ...]:
    with reading(actor()) as session:
        directory = units.directory(session)
    return place_groups(directory, level=field.level, language=current_language())
