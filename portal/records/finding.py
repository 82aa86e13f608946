"""Finding a record among those that the official's units have a part in: by its code, or by the applicant's name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from portal.core.errors import InvalidInput
from portal.core.text import folded

MOST = 50
SHORTEST = 2
_FIND = text("""
SELECT code, applicant_name, version_id, state, submitted_at, due_at
FROM app.find_records(CAST(:words AS tsquery), :most)
""")


@dataclass(frozen=True)
class FoundRecord:
    code: str
    applicant_name: str
    version_id: UUID
    state: str
    submitted_at: datetime
    due_at: datetime | None


def find_records(session: Session, question: str) -> list[FoundRecord]:
    """Records whose applicant's name and code have a word that begins with each word typed; the newest first.

    Only records in which a unit of the actor has a part: the function of the database asks for them itself, because
    row-level security would keep its index from being used. Raises InvalidInput for fewer than two characters.
    """
    words = folded(question).split()
    if sum(map(len, words)) < SHORTEST:
        raise InvalidInput("Nhập ít nhất 2 chữ", field="q")
    wanted = " & ".join(f"'{word}':*" for word in words)  # a folded word is letters and digits only
    return [FoundRecord(*row) for row in session.execute(_FIND, {"words": wanted, "most": MOST})]
