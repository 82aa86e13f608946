"""What each step, answer and paper of a version becomes in the newest one: the proposal, as a form to be changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from portal.catalogue import mapping as mappings
from portal.catalogue import words
from portal.catalogue.mapping import MappingError, VersionMapping
from portal.catalogue.queries import PublishedProcedure
from portal.catalogue.types import Field, Procedure
from portal.catalogue.words import place, word
from portal.core.wording import number
from portal.web.fields import BaseForm, HiddenField, SelectField
from portal.web.languages import current_language, localized
from portal.web.translation import Words, ngettext
from portal.web.translation import gettext as _
from portal.web.translation import lazy_gettext as __
from portal.workflow.definition import Step, Text

STEPS, FIELDS, PAPERS = "steps", "fields", "papers"
TITLES: dict[str, Words] = {STEPS: __("Các bước"), FIELDS: __("Câu trả lời"), PAPERS: __("Giấy tờ")}
NOWHERE: dict[str, Words] = {
    STEPS: __("Không có bước tương ứng"),
    FIELDS: __("Không hỏi nữa"),
    PAPERS: __("Không cần nữa"),
}


class CounterpartField(SelectField):
    """One row: the list holds what fits and its first line is nowhere. Whether a choice can be is for the service."""

    def __init__(self, label: str, *, part: str, old_id: str, **given: Any) -> None:
        super().__init__(label, required=False, **given)
        self.part, self.old_id = part, old_id

    @property
    def shown_label(self) -> str:
        return str(self.label.text)

    @property
    def is_kept(self) -> bool:
        """Nothing to look at: it goes on under its own id."""
        return self.data == self.old_id and not self.errors

    def pre_validate(self, form: Any) -> None:
        return None

    def arguments(self) -> dict[str, Any]:
        items = [{"value": "", "text": str(NOWHERE[self.part])}, *self.items]
        return {**super().arguments(), "items": items, "group_classes": "mapping__row"}


@dataclass(frozen=True)
class MappingPart:
    """One section of the form. What stays as it is stands folded away."""

    title: str
    changed: list[CounterpartField]
    kept: list[CounterpartField]


class MappingForm(BaseForm):
    """Extended for each pair of versions by `mapping_form`."""

    seen_number = HiddenField()

    @property
    def rows(self) -> list[CounterpartField]:
        return [field for field in self if isinstance(field, CounterpartField)]

    @property
    def parts(self) -> list[MappingPart]:
        found = []
        for part, title in TITLES.items():
            rows = [row for row in self.rows if row.part == part]
            kept = [row for row in rows if row.is_kept]
            found.append(MappingPart(str(title), [row for row in rows if row not in kept], kept))
        return [part for part in found if part.changed or part.kept]

    @property
    def mapping(self) -> VersionMapping:
        """As it was sent; a row that leads nowhere is left out."""
        pairs = {
            part: {row.old_id: str(row.data) for row in self.rows if row.part == part and row.data} for part in TITLES
        }
        return VersionMapping(**pairs)

    def tell(self, error: MappingError) -> None:
        """Put each fault at its row."""
        for fault in error.faults:
            row = self._fields.get(name_of(fault.part, fault.old_id))
            if row is None:
                self.form_errors.append(localized(fault.reason))
            else:
                row.errors = [*row.errors, localized(fault.reason)]


def name_of(part: str, old_id: str) -> str:
    return f"{part}-{old_id}"


def mapping_form(
    old: PublishedProcedure, new: PublishedProcedure, *, loads: Mapping[str, int], proposed: VersionMapping | None
) -> MappingForm:
    """The form as it was sent, or as it is proposed. `loads`: how many open records stand at each step."""
    shown = proposed or mappings.propose(old.procedure, new.procedure)
    rows = [*_steps(old.procedure, new.procedure, loads), *_fields(old.procedure, new.procedure)]
    rows += _papers(old.procedure, new.procedure)
    form: type[MappingForm] = type("FormOfMapping", (MappingForm,), dict(rows))
    values = {name_of(part, old_id): other for part, pairs in shown.stored().items() for old_id, other in pairs.items()}
    return form.from_request(seen_number=str(new.number), **values)


def _steps(old: Procedure, new: Procedure, loads: Mapping[str, int]) -> Iterable[tuple[str, CounterpartField]]:
    for step in old.process.steps.values():
        hint = " · ".join(filter(None, (_who(step), _load(loads.get(step.id, 0)))))
        choices = [(other.id, _named(other.name, other.id)) for other in mappings.fitting_steps(step, new)]
        yield _row(STEPS, step.id, step.name, hint, choices)


def _fields(old: Procedure, new: Procedure) -> Iterable[tuple[str, CounterpartField]]:
    for field in mappings.fields_of(old).values():
        choices = [(other.id, _named(other.label, other.id)) for other in mappings.fitting_fields(field, new)]
        yield _row(FIELDS, field.id, field.label, _kind(field), choices)


def _papers(old: Procedure, new: Procedure) -> Iterable[tuple[str, CounterpartField]]:
    choices = [(paper.id, _named(paper.name, paper.id)) for paper in new.papers]
    for paper in old.papers:
        yield _row(PAPERS, paper.id, paper.name, "", choices)


def _row(part: str, old_id: str, name: Text, hint: str, choices: list[tuple[str, str]]) -> tuple[str, CounterpartField]:
    field = CounterpartField(_named(name, old_id), part=part, old_id=old_id, hint=hint or None, choices=choices)
    return name_of(part, old_id), field


def _named(name: Text, id: str) -> str:
    return f"{localized(name)} ({id})"


def _who(step: Step) -> str:
    role = localized(word(words.ROLES, step.role)) if step.role else ""
    return ", ".join(filter(None, (localized(place(step.at)), role)))


def _load(count: int) -> str:
    shown = number(count, language=current_language())
    return ngettext("%(count)s hồ sơ đang ở đây", "%(count)s hồ sơ đang ở đây", count, count=shown) if count else ""


def _kind(field: Field) -> str:
    kind = localized(word(words.FIELD_TYPES, field.type))
    return _("%(kind)s, bắt buộc", kind=kind) if field.required else kind
