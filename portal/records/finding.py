"""Finding a record among those that the official's units have a part in: by its code, or by the applicant's name."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from portal.core.actor import Actor
from portal.core.errors import InvalidInput
from portal.core.text import folded
from portal.records.models import Record

MOST = 50
SHORTEST = 2
_VOWELS = "aăâeêioôơuưy"
_TONES = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
_LETTERS = [unicodedata.normalize("NFC", vowel + tone) for vowel in _VOWELS for tone in _TONES] + ["đ"]
_LETTERS += [letter.upper() for letter in _LETTERS]
_FLAT = "".join(folded(letter) for letter in _LETTERS)
"""The database has no `unaccent` and its `lower` knows ASCII only: both are one translation, letter by letter."""


@dataclass(frozen=True)
class FoundRecord:
    code: str
    applicant_name: str
    version_id: UUID
    state: str
    submitted_at: datetime
    due_at: datetime | None


def find_records(session: Session, question: str, *, actor: Actor) -> list[FoundRecord]:
    """Records whose code holds what was typed, or whose applicant's name has all its words; the newest first.

    Only what row-level security lets the actor see. Raises InvalidInput when fewer than two characters are left.
    """
    words = folded(question).split()
    if sum(map(len, words)) < SHORTEST:
        raise InvalidInput("Nhập ít nhất 2 chữ", field="q")
    rows = session.execute(
        select(
            Record.code,
            Record.applicant_name,
            Record.version_id,
            Record.state,
            Record.submitted_at,
            Record.due_at,
        )
        .where(Record.unit_ids.overlap(sorted(actor.unit_ids)), _is_meant(question, words))
        .order_by(Record.submitted_at.desc(), Record.id)
        .limit(MOST)
    )
    return [FoundRecord(*row) for row in rows]


def _is_meant(question: str, words: list[str]) -> ColumnElement[bool]:
    typed = "".join(question.split()).upper()
    if any(character.isdigit() for character in typed):
        return Record.code.contains(typed, autoescape=True)
    name = func.concat(" ", func.lower(func.translate(Record.applicant_name, "".join(_LETTERS), _FLAT)))
    conditions = [name.contains(f" {word}", autoescape=True) for word in words]
    together: ColumnElement[bool] = conditions[0]
    for condition in conditions[1:]:
        together = together & condition
    return together
