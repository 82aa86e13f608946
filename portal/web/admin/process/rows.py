"""Forms that hold rows of other forms, such as a step with its timers: an error of a row is an error of the page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar, Self

from flask import request
from wtforms.form import BaseForm as WTForm

from portal.web.fields import BaseForm, SelectField
from portal.web.fields.choices import Choices
from portal.web.fields.forms import FormError

SPARE = 2
"""Empty rows below those that are filled in: without a script, more come with each save."""


class RowForm(BaseForm):
    """One row. It travels in the form of the page, whose token is enough.

    made_by: the fields of which any makes it a row; with none of them filled in it is blank.
    """

    made_by: ClassVar[tuple[str, ...]] = ()

    class Meta(BaseForm.Meta):
        csrf = False

    @classmethod
    def rows(cls, name: str, values: Sequence[dict[str, Any]], *, spare: int = SPARE, **given: Any) -> list[Self]:
        """The rows as they were sent, or as `values` fill them; always some empty ones below."""
        sent = request.form if request.method == "POST" else None
        count = len(values) + spare
        if sent is not None:
            numbers = [key.removeprefix(f"{name}-").split("-")[0] for key in sent if key.startswith(f"{name}-")]
            count = min(max((int(number) for number in numbers if number.isdigit()), default=-1) + 1, 60)
        filled = [*values, *({} for _ in range(count))][:count]
        return [cls(formdata=sent, prefix=f"{name}-{at}-", data=value, **given) for at, value in enumerate(filled)]

    @property
    def is_blank(self) -> bool:
        asked = [self[name] for name in self.made_by]
        return all(field.data in (None, "") and not field.process_errors for field in asked)


class RowsForm(BaseForm):
    """A form whose `parts` are rows."""

    parts: Sequence[RowForm] = ()

    def validate(self, extra_validators: Any = None) -> bool:
        own = super().validate(extra_validators)
        return all([own, *(part.validate() for part in self.parts if not part.is_blank)])

    @property
    def errors(self) -> dict[Any, Any]:
        found = dict(WTForm.errors.fget(self))  # type: ignore[attr-defined]  # the property of the form above
        for part in self.parts:
            found |= {field.name: field.errors for field in part if field.errors}
        return found

    @property
    def error_list(self) -> list[FormError]:
        return [*super().error_list, *(error for part in self.parts for error in part.error_list)]


class OptionalSelect(SelectField):
    """One of many or none; what `nothing` says stands first."""

    def __init__(self, *arguments: Any, nothing: Any = "", **given: Any) -> None:
        super().__init__(*arguments, required=False, **given)
        self.nothing = nothing

    def offers(self, listed: Choices) -> None:
        """What there is to choose from."""
        self.items = [{"value": value, "text": text} for value, text in listed]

    @property
    def shown_label(self) -> str:
        return str(self.label.text)

    def arguments(self) -> dict[str, Any]:
        given = super().arguments()
        return {**given, "items": [{"value": "", "text": str(self.nothing)}, *self.items]}


class GroupedSelect(OptionalSelect):
    """The same with its choices in named groups."""

    def offer(self, groups: dict[str, Choices]) -> None:
        self.items = [
            {"group": name, "choices": [{"value": value, "text": text} for value, text in choices]}
            for name, choices in groups.items()
            if choices
        ]

    def pre_validate(self, form: Any) -> None:
        known = [choice["value"] for choice in _choices(self.items)]
        items, self.items = self.items, [{"value": value} for value in known]
        try:
            super().pre_validate(form)
        finally:
            self.items = items


def _choices(items: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for item in items:
        yield from item["choices"]
