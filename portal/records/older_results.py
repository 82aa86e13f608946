"""The older result that a record amends, replaces or revokes, looked up among the issued ones by its number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from portal.catalogue.types import Procedure
from portal.documents.symbols import kept_reference
from portal.records.record_file import RecordFile

_NAMED = text("""
SELECT id, content, issued_at, valid_until, ended_at, amended, registered_no, title, title_en
FROM app.result_named(:no, :day, :place)
""")

_CHANGED = text("""
SELECT id, content, issued_at, valid_until, ended_at,
  (SELECT count(*) FROM document AS later WHERE later.changes_id = document.id AND later.number IS NOT NULL),
  registered_no, title, title_en
FROM document WHERE id = :wanted
""")


@dataclass(frozen=True)
class OlderResult:
    """`amended` counts the results that have changed it, `ended_at` says since when another one stands for it."""

    id: UUID
    content: Mapping[str, Any]
    issued_at: datetime
    valid_until: date | None
    ended_at: datetime | None
    amended: int
    number: str
    title: str
    title_en: str

    def in_language(self, language: str) -> str:
        return self.title_en if language == "en" and self.title_en else self.title

    @property
    def name(self) -> str:
        """Whose it is, or the name that it gives."""
        return str(self.content.get("name") or self.content.get("owner") or "")


def named(procedure: Procedure, answers: Mapping[str, Any]) -> dict[str, Any] | None:
    """Which older result the answers name; None when the procedure changes none, or nothing is said yet.

    A number that is taken anew each year names a result only together with its day and place.
    """
    result = procedure.result
    number = kept_reference(str(answers.get(result.of or "") or ""))
    if not number:
        return None
    if result.of_day is None:
        return {"no": number, "day": None, "place": None}
    day = answers.get(result.of_day)
    place = answers.get(procedure.place_field.removeprefix("form."))
    return {"no": number, "day": date.fromisoformat(str(day)), "place": place} if day and place else None


def older_result(session: Session, procedure: Procedure, answers: Mapping[str, Any]) -> OlderResult | None:
    """The result that the answers name, the newest that is in force when several have the number."""
    wanted = named(procedure, answers)
    row = session.connection().execute(_NAMED, wanted).one_or_none() if wanted else None
    return OlderResult(*row) if row else None


def changed_result(session: Session, document_id: UUID) -> OlderResult | None:
    """The older result as it stands after an issued one has changed it."""
    row = session.connection().execute(_CHANGED, {"wanted": document_id}).one_or_none()
    return OlderResult(*row) if row else None


def older_of(session: Session, procedure: Procedure, file: RecordFile) -> OlderResult | None:
    """The older result of a record: as noted once its own is issued, until then as the answers name it."""
    changing = file.result
    if changing is None or changing.issued_at is None:
        return older_result(session, procedure, file.record.answers)
    own = {document.id: document for document in file.documents}
    while changing.changes_id in own:  # a corrected result: what it changes is said by the one that it puts right
        changing = own[changing.changes_id]
    return changed_result(session, changing.changes_id) if changing.changes_id else None


def older_facts(session: Session, procedure: Procedure, answers: Mapping[str, Any]) -> dict[str, Any]:
    """What conditions may say of it: `older.found`, `older.ended` … Empty as long as no number is given."""
    if named(procedure, answers) is None:
        return {}
    found = older_result(session, procedure, answers)
    if found is None:
        return {"found": False}
    return {
        "found": True,
        "ended": found.ended_at is not None,
        "amended": found.amended,
        "name": found.name,
        "issued_on": found.issued_at,
        "valid_until": found.valid_until,
    }
