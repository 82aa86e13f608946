"""Answers in figures, as people here write them: 1.250,5 and 1,250.5 on the English pages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from wtforms.validators import StopValidation

from portal.core.text import composed
from portal.core.wording import number
from portal.web.fields.texts import TextField
from portal.web.languages import current_language
from portal.web.translation import Words, gettext
from portal.web.translation import lazy_gettext as __

MOST_DIGITS = 15


def parsed(typed: str, *, language: str = "vi") -> Decimal | None:
    """The number that `typed` says, or None. Spaces are ignored.

    Vietnamese: a comma before decimals, dots between thousands; a single dot that cannot part thousands is read as a
    decimal mark ("96.5"). English: the other way round.
    """
    mark, group = (",", ".") if language == "vi" else (".", ",")
    text = re.sub(r"\s", "", composed(typed)).replace("−", "-")
    grouped = rf"-?\d{{1,3}}(?:{re.escape(group)}\d{{3}})+(?:{re.escape(mark)}\d+)?"
    if re.fullmatch(grouped, text, re.ASCII):
        text = text.replace(group, "").replace(mark, ".")
    elif re.fullmatch(r"-?\d+(?:[.,]\d+)?", text, re.ASCII):
        text = text.replace(",", ".")
    else:
        return None
    return Decimal(text) if sum(map(str.isdigit, text)) <= MOST_DIGITS else None


class DecimalField(TextField):
    """A number with decimals; `data` is a Decimal. minimum and maximum are included."""

    def __init__(
        self,
        label: Words,
        *arguments: Any,
        minimum: Decimal | int | None = None,
        maximum: Decimal | int | None = None,
        width: int = 10,
        inputmode: str = "decimal",
        **given: Any,
    ) -> None:
        super().__init__(label, *arguments, width=width, inputmode=inputmode, spellcheck=False, **given)
        self.minimum = minimum
        self.maximum = maximum

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        typed = self.cleaned(str(valuelist[0])) if valuelist else ""
        self.data = None
        if typed:
            self.data = self.read(typed)

    def read(self, typed: str) -> Decimal | int:
        """The value, or ValueError with the sentence for the applicant."""
        value = parsed(typed, language=current_language())
        if value is None:
            raise ValueError(self.must(gettext("là một số, ví dụ %(example)s", example=self.example()), given=typed))
        return value

    def example(self) -> str:
        return number(Decimal("96.5"), language=current_language())

    def pre_validate(self, form: Any) -> None:
        if self.process_errors:
            raise StopValidation
        if self.is_empty():
            raise StopValidation(self.missing() if self.required else "")
        if self.minimum is not None and self.data < self.minimum:
            raise StopValidation(
                self.must(gettext("từ %(limit)s trở lên", limit=self.said(self.minimum)), given=self.said())
            )
        if self.maximum is not None and self.data > self.maximum:
            raise StopValidation(
                self.must(gettext("từ %(limit)s trở xuống", limit=self.said(self.maximum)), given=self.said())
            )

    def said(self, value: Decimal | int | None = None) -> str:
        return number(self.data if value is None else value, language=current_language())

    def shown_value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else self.said()


class IntegerField(DecimalField):
    """A whole number; `data` is an int."""

    def __init__(self, label: Words, *arguments: Any, width: int = 5, **given: Any) -> None:
        super().__init__(label, *arguments, width=width, inputmode="numeric", **given)

    def read(self, typed: str) -> int:
        value = super().read(typed)
        if value != int(value):
            raise ValueError(self.must(gettext("là số tròn, không có phần lẻ"), given=typed))
        return int(value)

    def example(self) -> str:
        return "3"


class MoneyField(IntegerField):
    """A sum in VND; `data` is an int."""

    def __init__(self, label: Words, *arguments: Any, minimum: int = 0, **given: Any) -> None:
        given.setdefault("suffix", __("đồng"))
        super().__init__(label, *arguments, minimum=minimum, width=given.pop("width", 20), **given)

    def example(self) -> str:
        return number(75000, language=current_language())
