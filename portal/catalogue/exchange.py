"""Definitions between installations: a version as a file that says what it is, and such a file taken in.

The first two lines of the file are comments: which version of which procedure, and the SHA-256 of the definition. The
digest is of what the definition says, not of how its lines are set: whoever only breaks lines anew changes nothing.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.audit import service as audit
from portal.catalogue import administration, drafting, queries
from portal.catalogue.findings import DefinitionError
from portal.catalogue.loader import canonical
from portal.catalogue.models import ProcedureRow, ProcedureVersion
from portal.core.actor import Actor
from portal.core.errors import InvalidInput

_HEAD = "# {code}, version {number}\n# sha256 {digest}\n"
_READ = re.compile(r"\A# (?P<code>\d\.\d{6}), version (?P<number>\d{1,9})\n# sha256 (?P<digest>[0-9a-f]{64})\n")
SHORT = 12
"""Letters of a digest that are enough to tell two versions apart by eye, and in the name of a file."""


@dataclass(frozen=True)
class ExportedVersion:
    """A version as a file. `name` has the beginning of the digest, so that two files are told apart."""

    name: str
    text: str
    digest: str


@dataclass(frozen=True)
class Origin:
    """What an exported file says of itself. `is_whole`: the definition in it is the one that was exported."""

    code: str
    number: int
    digest: str
    is_whole: bool


@dataclass(frozen=True)
class Imported:
    """The draft that a file has become, what the file says of itself, and the version in force here, 0 for none."""

    draft_id: UUID
    mistakes: int
    code: str
    in_force: int
    origin: Origin | None


def export_version(session: Session, code: str, number: int | None = None) -> ExportedVersion:
    """A version as a file, without a number the one in force. Raises NotFound."""
    if number is None:
        number = queries.get_procedure(session, code).number
    _published, source = administration.get_version(session, code, number)
    digest = digest_of(source)
    text = _HEAD.format(code=code, number=number, digest=digest) + source
    return ExportedVersion(f"{code}-{number}-{digest[:SHORT]}", text, digest)


def import_definition(session: Session, text: str, *, actor: Actor, now: datetime) -> Imported:
    """Take a definition in as a new draft of one's own: of a procedure that is not here yet, or the next version of one
    that is. It is published by a second administrator as any other.

    Raises InvalidInput for an empty text, one that is too long, or the definition that is in force already.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    digest = _digest_here(text)
    origin = _origin_of(text, digest)
    _refuse_same(session, digest)
    draft_id = drafting.keep_definition(session, text, actor=actor, now=now)
    draft = administration.get_definition_draft(session, draft_id)
    number = origin.number if origin else 0
    audit.note(
        session,
        "definition_imported",
        actor=actor,
        now=now,
        draft=str(draft_id),
        code=draft.code or "",
        number=number,
    )
    return Imported(draft_id, draft.mistakes, draft.code or "", draft.based_on, origin)


def digest_of(source: str) -> str:
    """The SHA-256 of a stored definition."""
    return hashlib.sha256(source.encode()).hexdigest()


def _origin_of(text: str, digest: str | None) -> Origin | None:
    said = _READ.match(text)
    if said is None:
        return None
    return Origin(said["code"], int(said["number"]), said["digest"], is_whole=digest == said["digest"])


def _digest_here(text: str) -> str | None:
    """The digest that the definition would have as a version; none when it has mistakes."""
    try:
        return digest_of(canonical(text, drafting.FILE))
    except DefinitionError:
        return None


def _refuse_same(session: Session, digest: str | None) -> None:
    same = (
        select(ProcedureRow.code, ProcedureVersion.number)
        .join(ProcedureRow, ProcedureRow.id == ProcedureVersion.procedure_id)
        .where(ProcedureVersion.digest == digest)
        .order_by(ProcedureVersion.number.desc())
    )
    found = session.execute(same).first()
    if found is None:
        return
    newest = administration.newest_version(session, found.code)
    if newest is not None and newest.number == found.number:
        raise InvalidInput(
            "Tệp giống hệt bản %(number)s đang dùng của %(code)s. Không có gì để nhập.",
            field="file",
            number=found.number,
            code=found.code,
        )
