"""Answers in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup
from wtforms import Field
from wtforms.validators import StopValidation
from wtforms.widgets import HiddenInput

from portal.core.text import composed
from portal.web.fields.base import PortalField
from portal.web.translation import Words, gettext

WIDTHS = {2, 3, 4, 5, 10, 20, 30}


class TextField(PortalField):
    """One line. Kept composed (NFC), without invisible characters, spaces made one.

    kind: the type of the input (email, tel, search). width: 2, 3, 4, 5, 10, 20 or 30 characters. `suggestions` are
    offered while somebody types; anything else may be typed.
    """

    def __init__(
        self,
        label: Words,
        *arguments: Any,
        max_length: int = 200,
        kind: str = "text",
        width: int | None = None,
        prefix: Words | None = None,
        suffix: Words | None = None,
        inputmode: str | None = None,
        autocomplete: str | None = None,
        spellcheck: bool | None = None,
        **given: Any,
    ) -> None:
        super().__init__(label, *arguments, **given)
        if width is not None and width not in WIDTHS:
            raise ValueError(f"no input is {width} characters wide")
        self.max_length = max_length
        attributes = {
            "inputmode": inputmode,
            "autocomplete": autocomplete,
            "spellcheck": None if spellcheck is None else str(spellcheck).lower(),
        }
        self.autocomplete = autocomplete
        self.suggestions: Sequence[tuple[str, Words]] = ()
        self.look: dict[str, Any] = {
            "type": kind,
            "classes": f"govuk-input--width-{width}" if width else None,
            "prefix": prefix,
            "suffix": suffix,
            "attributes": {name: value for name, value in attributes.items() if value is not None},
        }

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        self.data = self.cleaned(str(valuelist[0])) if valuelist else ""

    def cleaned(self, typed: str) -> str:
        return " ".join(composed(typed).split())

    def pre_validate(self, form: Any) -> None:
        super().pre_validate(form)
        if len(self.data) > self.max_length:
            limit = gettext("ngắn hơn: nhiều nhất %(limit)s ký tự", limit=self.max_length)
            raise StopValidation(self.must(limit, given=gettext("%(count)s ký tự", count=len(self.data))))

    def arguments(self) -> dict[str, Any]:
        offered = [(value, str(text)) for value, text in self.suggestions]
        return {**super().arguments(), "value": self.shown_value(), **self.look, "suggestions": offered or None}


class LongTextField(TextField):
    """Several lines."""

    macro = "textarea"

    def __init__(self, label: Words, *arguments: Any, rows: int = 5, max_length: int = 5000, **given: Any) -> None:
        super().__init__(label, *arguments, max_length=max_length, **given)
        self.rows = rows

    def cleaned(self, typed: str) -> str:
        lines = composed(typed.replace("\r\n", "\n").replace("\r", "\n")).split("\n")
        return "\n".join(line.rstrip() for line in lines).strip()

    def arguments(self) -> dict[str, Any]:
        given = PortalField.arguments(self)
        return {**given, "value": self.shown_value(), "rows": self.rows}


class PasswordField(TextField):
    """Never shown again, never cleaned: a password is what was typed, composed."""

    macro = "password"

    def __init__(self, label: Words, *arguments: Any, autocomplete: str = "current-password", **given: Any) -> None:
        super().__init__(label, *arguments, autocomplete=autocomplete, **given)

    def cleaned(self, typed: str) -> str:
        return composed(typed)

    def arguments(self) -> dict[str, Any]:
        return {**PortalField.arguments(self), "autocomplete": self.autocomplete}


class HiddenField(Field):
    """A value that travels with the form. The server never believes it."""

    widget = HiddenInput()

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        self.data = composed(str(valuelist[0])) if valuelist else ""

    def __call__(self, **overrides: object) -> Markup:
        return Markup('<input type="hidden" name="{}" value="{}">').format(self.name, self.data or "")
