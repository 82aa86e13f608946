"""Inputs of the editor: what is left empty is kept empty, and the check of the definition says what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from portal.web.citizen.places import PlaceField
from portal.web.fields import (
    ChecksField,
    DateField,
    DecimalField,
    IntegerField,
    LongTextField,
    SelectField,
    TextField,
)
from portal.web.fields.base import PortalField
from portal.web.translation import Words


class _MayWait(PortalField):
    """A draft is kept with what it lacks, so no input insists."""

    def missing(self) -> str:
        return ""

    @property
    def wanted(self) -> str:
        """What to say where the check finds that it is missing."""
        return super().missing()


class TextInput(_MayWait, TextField):
    def __init__(
        self, label: Words, *arguments: Any, suggestions: Sequence[tuple[str, Words]] = (), **given: Any
    ) -> None:
        super().__init__(label, *arguments, **given)
        self.suggestions = suggestions


class LongTextInput(_MayWait, LongTextField):
    pass


class WholeInput(_MayWait, IntegerField):
    pass


class NumberInput(_MayWait, DecimalField):
    pass


class PickInput(_MayWait, SelectField):
    pass


class ManyInput(_MayWait, ChecksField):
    pass


class PlaceInput(_MayWait, PlaceField):
    pass


class DayInput(_MayWait, DateField):
    """`data` is a date; a definition has it as YYYY-MM-DD."""

    @staticmethod
    def day_of(written: Any) -> date | None:
        try:
            return date.fromisoformat(written) if isinstance(written, str) else None
        except ValueError:
            return None


class CodeInput(LongTextInput):
    """A condition or YAML: spaces count, and it is shown in letters of one width."""

    def cleaned(self, typed: str) -> str:
        return typed.replace("\r\n", "\n").replace("\r", "\n").rstrip()

    def arguments(self) -> dict[str, Any]:
        attributes = {"spellcheck": "false", "autocomplete": "off", "autocapitalize": "off"}
        return {**super().arguments(), "classes": "source source--short", "attributes": attributes}
