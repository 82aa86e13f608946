"""Answers of a known kind: identity numbers, telephone numbers, tax codes, addresses of e-mail, names."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from wtforms import ValidationError

from portal.accounts.identity import checked_id_number, checked_phone, checked_tax_code, shown_phone
from portal.core.errors import InvalidInput
from portal.web.errors import said
from portal.web.fields import IntegerField
from portal.web.translation import gettext as _

Validator = Callable[[Any, Any], None]

_EMAIL = re.compile(r"[^\s@<>()\[\],;:\"]+@[^\s@.]+(\.[^\s@.]+)+")

LOOKS: dict[str, dict[str, Any]] = {
    "id_number": {"width": 20, "inputmode": "numeric", "spellcheck": False},
    "phone": {"width": 20, "kind": "tel", "spellcheck": False},
    "email": {"kind": "email", "spellcheck": False},
    "tax_code": {"width": 20, "spellcheck": False},
    "number": {"width": 10, "inputmode": "numeric", "spellcheck": False},
    "person_name": {"spellcheck": False},
}
"""How the input of a kind looks."""


class YearField(IntegerField):
    """A year: four figures without a mark between the thousands."""

    def __init__(self, label: Any, *arguments: Any, **given: Any) -> None:
        super().__init__(label, *arguments, **{**given, "width": 4})

    def said(self, value: object = None) -> str:
        return str(self.data if value is None else value)

    def example(self) -> str:
        return "1985"


def validators_of(kind: str | None, *, today: date) -> list[Validator]:
    """What an answer of this kind must pass; a number is kept in its tidy form."""
    checks: dict[str, Callable[[str], str]] = {
        "id_number": lambda typed: checked_id_number(typed, today=today),
        "phone": lambda typed: shown_phone(checked_phone(typed)),
        "tax_code": lambda typed: checked_tax_code(typed, today=today),
    }
    if kind in checks:
        return [_tidied(checks[kind])]
    return [_OF_KIND[kind]] if kind in _OF_KIND else []


def _tidied(check: Callable[[str], str]) -> Validator:
    def validate(form: Any, field: Any) -> None:
        try:
            field.data = check(field.data)
        except InvalidInput as refused:
            raise ValidationError(said(refused)) from refused

    return validate


def _email(form: Any, field: Any) -> None:
    if not _EMAIL.fullmatch(field.data):
        raise ValidationError(field.must(_("có dạng ten@noi.vn"), given=field.data))


def _person_name(form: Any, field: Any) -> None:
    if any(character.isdigit() for character in field.data):
        raise ValidationError(field.must(_("viết bằng chữ, không có chữ số"), given=field.data))


def _number(form: Any, field: Any) -> None:
    if not re.fullmatch(r"[0-9]+", field.data):
        raise ValidationError(field.must(_("viết bằng chữ số"), given=field.data))


_OF_KIND: dict[str | None, Validator] = {"email": _email, "person_name": _person_name, "number": _number}
