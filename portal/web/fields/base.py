"""What all fields share: label, hint, the thing to name in an error, and printing through a component."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask import current_app
from markupsafe import Markup
from wtforms import Field
from wtforms.validators import StopValidation

from portal.core.text import lowered, raised
from portal.web.translation import Words, gettext


def component(name: str) -> Callable[..., Markup]:
    """The macro of that name from templates/components/."""
    macro: Callable[..., Markup] = getattr(current_app.jinja_env.get_template(f"components/{name}.html").module, name)
    return macro


class PortalField(Field):
    """A field that names its thing in errors ("Nhập họ và tên") and prints itself by a component.

    thing: what to call it within a sentence; the label, lowered, unless the label is a question.
    required: an optional field says "(nếu có)" in its label.
    """

    macro = "input"

    def __init__(
        self,
        label: Words,
        validators: Sequence[Callable[[Any, Any], object]] = (),
        *,
        thing: Words | None = None,
        required: bool = True,
        hint: Words | Markup | None = None,
        is_page_heading: bool = False,
        **given: Any,
    ) -> None:
        super().__init__(label, list(validators), **given)
        self._thing = thing
        self.required = required
        self.hint = hint
        self.is_page_heading = is_page_heading

    @property
    def thing(self) -> str:
        return str(self._thing) if self._thing else lowered(str(self.label.text))

    @property
    def shown_label(self) -> str:
        text = str(self.label.text)
        return text if self.required or self.is_page_heading else gettext("%(label)s (nếu có)", label=text)

    @property
    def told_errors(self) -> list[str]:
        """The errors that are shown: the first one, and the next when that is mended."""
        return [str(sentence) for sentence in self.errors[:1]]

    @property
    def error(self) -> str | None:
        return Markup("<br>").join(self.told_errors) if self.errors else None

    @property
    def error_id(self) -> str:
        """The element that the error summary leads to."""
        return str(self.id)

    def missing(self) -> str:
        return gettext("Nhập %(thing)s", thing=self.thing)

    def must(self, condition: str, *, given: object = None) -> str:
        """`{Thing} phải {condition}.` and what was given."""
        sentence = gettext("%(thing)s phải %(condition)s.", thing=raised(self.thing), condition=condition)
        return sentence if given is None else sentence + " " + gettext("Vừa nhập %(given)s.", given=given)

    def is_empty(self) -> bool:
        return self.data is None or self.data == ""

    def pre_validate(self, form: Any) -> None:
        if self.process_errors:
            raise StopValidation
        if self.is_empty():
            raise StopValidation(self.missing() if self.required else "")

    def shown_value(self) -> str:
        """What stands in the box: exactly what was typed, else the value."""
        if self.raw_data and isinstance(self.raw_data[0], str):
            return str(self.raw_data[0])
        return "" if self.data is None else str(self.data)

    def arguments(self) -> dict[str, Any]:
        """The arguments of the component."""
        heading = "govuk-label--l" if self.is_page_heading else "govuk-label--s"
        return {
            "name": self.name,
            "id": self.id,
            "label": self.shown_label,
            "label_classes": heading,
            "is_page_heading": self.is_page_heading,
            "hint": self.hint,
            "error": self.error,
        }

    def __call__(self, **overrides: Any) -> Markup:
        return component(self.macro)(**{**self.arguments(), **overrides})


class PlainLabel(PortalField):
    """A field that need not be filled in, but does not say "nếu có": its label would read oddly."""

    @property
    def shown_label(self) -> str:
        return str(self.label.text)


class Legended(PortalField):
    """A field of several inputs: its label is the legend of a group."""

    def arguments(self) -> dict[str, Any]:
        given = super().arguments()
        given["legend"] = given.pop("label")
        heading = "govuk-fieldset__legend--l" if self.is_page_heading else "govuk-fieldset__legend--s"
        return given | {"legend_classes": heading, "label_classes": None}
