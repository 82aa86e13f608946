"""The composer of a request for supplement: papers and answers to tick, each with its reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from markupsafe import Markup

from portal.catalogue.types import Field, FieldType
from portal.records.answers import asked_papers, visible_fields
from portal.records.desk import Desk
from portal.records.types import ActionAnswers, SupplementItem
from portal.web.fields import ChecksField, ChoiceField, LongTextField, TextField
from portal.web.fields.base import PlainLabel
from portal.web.languages import localized
from portal.web.official.action_forms import ActionForm, form_of
from portal.web.official.answer_tables import PERSONAL_NUMBERS, shown_value
from portal.web.translation import gettext as _
from portal.workflow.definition import Action, Step

PAPERS = "items"
"""The field of the papers; the service names it when nothing at all was ticked."""


@dataclass(frozen=True)
class Item:
    """Something that may be asked for. `value` names it in the form, `answer` is what was declared."""

    kind: str  # paper, field
    id: str
    label: str
    answer: str = ""

    @property
    def value(self) -> str:
        return f"{self.kind}-{self.id}"


class Ticks(PlainLabel, ChecksField):
    """A group of items, in small boxes: there are many."""

    def arguments(self) -> dict[str, Any]:
        return {**super().arguments(), "classes": "govuk-checkboxes--small"}


class Reason(PlainLabel, LongTextField):
    """Why the item is asked for."""


class Wish(PlainLabel, ChoiceField):
    """What the applicant shall do about it."""

    def arguments(self) -> dict[str, Any]:
        return {**super().arguments(), "classes": "govuk-radios--inline govuk-radios--small"}


class SupplementForm(ActionForm):
    """Groups of check boxes; under each the reason, and for papers what is wished and on which ground."""

    groups: tuple[tuple[str, tuple[Item, ...]], ...] = ()

    def ticked(self) -> Iterator[Item]:
        for name, items in self.groups:
            yield from (item for item in items if item.value in (self[name].data or ()))

    def validate(self, extra_validators: Any = None) -> bool:
        is_valid = super().validate(extra_validators)
        chosen = list(self.ticked())
        if not chosen:
            first = self[self.groups[0][0]]
            first.errors = [_("Chọn ít nhất một giấy tờ hoặc một mục cần bổ sung.")]
        for item in chosen:
            reason = self[f"reason-{item.value}"]
            if not reason.data and not reason.errors:
                reason.errors = [_("Ghi lý do cho mục %(label)s", label=item.label)]
                is_valid = False
        return is_valid and bool(chosen)

    def action_answers(self) -> ActionAnswers:
        given = super().action_answers()
        return ActionAnswers(reason=given.reason, items=self.asked_items(), form=given.form)

    def asked_items(self) -> tuple[SupplementItem, ...]:
        """What is ticked now, reasons given or not."""
        return tuple(self._asked(item) for item in self.ticked())

    def _asked(self, item: Item) -> SupplementItem:
        is_paper = item.kind == "paper"
        return SupplementItem(
            kind=item.kind,
            id=item.id,
            label=item.label,
            reason=self[f"reason-{item.value}"].data or "",
            wish=self[f"wish-{item.value}"].data or "replace" if is_paper else "correct",
            basis=(self[f"basis-{item.value}"].data or "") if is_paper else "",
        )

    def fields(self) -> list[Any]:
        """The groups, with what opens under each tick, and then what else the action asks."""
        inside = {f"{part}-{item.value}" for _name, items in self.groups for item in items for part in PARTS}
        found = [field for field in super().fields() if field.short_name not in inside]
        for name, items in self.groups:
            boxes = cast(ChecksField, self[name])
            boxes.items = [self._tick(item) for item in items]
        return found

    def _tick(self, item: Item) -> dict[str, Any]:
        parts = [self[f"{part}-{item.value}"]() for part in PARTS if f"{part}-{item.value}" in self]
        return {
            "value": item.value,
            "text": item.label,
            "hint": item.answer,
            "conditional": Markup("").join(parts),
        }


PARTS = ("reason", "wish", "basis")


def supplement_form_of(desk: Desk, step: Step, action: Action) -> type[SupplementForm]:
    """The composer for one record: the papers it was asked for, then its answers page by page."""
    groups, fields = [], {}
    for name, legend, items in _groups(desk):
        groups.append((name, items))
        choices = [(item.value, item.label) for item in items]
        fields[name] = Ticks(legend, choices=choices, required=False)
        for item in items:
            fields |= _parts(item)
    plain = form_of(step, action)
    return type("FormOfSupplement", (SupplementForm, plain), {"groups": tuple(groups), **fields})


def _groups(desk: Desk) -> Iterator[tuple[str, str, tuple[Item, ...]]]:
    procedure, facts = desk.grounds.procedure, desk.facts
    papers = tuple(Item("paper", paper.id, localized(paper.name)) for paper in asked_papers(procedure, facts))
    if papers:
        yield PAPERS, _("Giấy tờ cần bổ sung"), papers
    for number, page in enumerate(procedure.pages):
        fields = (field for field in visible_fields(page, facts) if field.type is not FieldType.BOOKING)
        items = tuple(_item_of(desk, field) for field in fields)
        name = PAPERS if not papers and number == 0 else f"items-{page.id}"
        if items:
            yield name, _("Mục cần sửa: %(page)s", page=localized(page.title)), items


def _item_of(desk: Desk, field: Field) -> Item:
    answer = desk.file.record.answers.get(field.id)
    is_empty = answer in (None, "", []) or field.kind in PERSONAL_NUMBERS
    shown = "" if is_empty else shown_value(field, answer, desk.grounds.directory)
    return Item("field", field.id, localized(field.label), shown)


def _parts(item: Item) -> dict[str, Any]:
    parts: dict[str, Any] = {
        f"reason-{item.value}": Reason(
            _("Lý do"), hint=_("Người nộp đọc đúng câu này"), required=False, rows=2, max_length=1000
        )
    }
    if item.kind == "paper":
        wishes = [("replace", _("Nộp bản khác thay bản cũ")), ("add", _("Nộp thêm, giữ bản cũ"))]
        parts[f"wish-{item.value}"] = Wish(_("Mong muốn"), choices=wishes, required=False, default="replace")
        parts[f"basis-{item.value}"] = TextField(_("Căn cứ"), required=False, max_length=300)
    return parts
