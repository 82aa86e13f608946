"""What administrators read of procedures: all of them, their versions, the definitions being written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from portal.catalogue import located, queries
from portal.catalogue.loader import canonical
from portal.catalogue.models import DefinitionDraft, ProcedureRow, ProcedureVersion
from portal.catalogue.queries import PublishedProcedure
from portal.catalogue.sequences import SequenceFailed, played
from portal.catalogue.service import PROCEDURES
from portal.catalogue.types import Procedure, SequenceTest
from portal.core.errors import NotFound
from portal.core.text import sort_key
from portal.units import queries as units
from portal.workflow.definition import Where


@dataclass(frozen=True)
class ProcedureEntry:
    """A procedure in the administrators' list, in use or not, with what is under way in all of its versions."""

    code: str
    published: PublishedProcedure
    published_by: str
    versions: int
    withdrawn_at: datetime | None
    withdrawal: str
    replaced_by: str | None
    records: int
    drafts: int


@dataclass(frozen=True)
class VersionEntry:
    """One version, and what is under way in it. Drafts and records keep the version that they began with."""

    version_id: UUID
    number: int
    published_at: datetime
    published_by: str
    records: int
    drafts: int


@dataclass(frozen=True)
class DefinitionDraftView:
    id: UUID
    code: str | None
    name: str
    source: str
    mistakes: int
    based_on: int
    revision: int
    state: str
    written_by: UUID
    written_by_name: str
    written_at: datetime
    sent_at: datetime | None
    decided_by_name: str
    decided_at: datetime | None
    reason: str

    def in_language(self, language: str) -> str:
        """The name of the procedure. The English one is read from the text, as far as that can be read."""
        if language != "en":
            return self.name
        name = located.read(self.source, self.name)[0].get("name")
        said = name.get("en") if isinstance(name, dict) else None
        return said if isinstance(said, str) and said else self.name


@dataclass(frozen=True)
class TestResult:
    """One of the definition's own tests, played now: `failed_at` names the action that was not possible, `way` all that
    were taken, in their order."""

    test: SequenceTest
    end: str = ""
    outcome: str | None = None
    failed_at: str = ""
    open_steps: tuple[str, ...] = ()
    way: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        wanted = self.test.outcome
        return not self.failed_at and self.end == self.test.ends and wanted in (None, self.outcome)


@dataclass(frozen=True)
class MissingFunction:
    """A step of a procedure that nobody could do at some places today."""

    procedure: PublishedProcedure
    step: str
    function: str
    places: tuple[str, ...]


_LOADS = text("SELECT version_id, records, drafts FROM app.version_loads()")
_DRAFT = tuple(getattr(DefinitionDraft, name) for name in DefinitionDraftView.__dataclass_fields__)


def list_procedures(session: Session) -> list[ProcedureEntry]:
    """Every procedure by its name in law, those withdrawn too."""
    procedures = session.scalars(select(ProcedureRow).order_by(ProcedureRow.sort_key, ProcedureRow.code)).all()
    versions = _versions(session, [row.id for row in procedures])
    loads = _loads(session)
    names = queries.names_of_publishers(session, [row.published_by for rows in versions.values() for row in rows])
    entries = [_entry(session, row, versions[row.id], loads, names) for row in procedures if versions.get(row.id)]
    return sorted(entries, key=lambda entry: sort_key(entry.published.procedure.name.vi))


def get_entry(session: Session, code: str) -> ProcedureEntry:
    """One of the list. Raises NotFound."""
    for entry in list_procedures(session):
        if entry.code == code:
            return entry
    raise NotFound("Không có thủ tục này. Tìm lại bằng tên hoặc việc cần làm.")


def list_versions(session: Session, code: str) -> list[VersionEntry]:
    """The versions of a procedure, newest first; empty for an unknown code."""
    procedure_id = session.scalar(select(ProcedureRow.id).where(ProcedureRow.code == code))
    rows = _versions(session, [procedure_id] if procedure_id else []).get(procedure_id, [])
    loads = _loads(session)
    names = queries.names_of_publishers(session, [row.published_by for row in rows])
    return [
        VersionEntry(row.id, row.number, row.published_at, names.get(row.published_by, ""), *loads.get(row.id, (0, 0)))
        for row in rows
    ]


def get_version(session: Session, code: str, number: int) -> tuple[PublishedProcedure, str]:
    """A version and its text, the shared process written out. Raises NotFound."""
    found = session.execute(
        select(ProcedureVersion.id, ProcedureVersion.source)
        .join(ProcedureRow, ProcedureRow.id == ProcedureVersion.procedure_id)
        .where(ProcedureRow.code == code, ProcedureVersion.number == number)
    ).first()
    if found is None:
        raise NotFound("Không có bản thủ tục này.")
    return queries.version(session, found.id), found.source


def newest_version(session: Session, code: str | None) -> PublishedProcedure | None:
    """The version with the highest number, of a procedure in use or withdrawn; None for an unknown code."""
    version_id = session.scalar(
        select(ProcedureVersion.id)
        .join(ProcedureRow, ProcedureRow.id == ProcedureVersion.procedure_id)
        .where(ProcedureRow.code == code)
        .order_by(ProcedureVersion.number.desc())
        .limit(1)
    )
    return queries.version(session, version_id) if version_id else None


def written_source(session: Session, published: PublishedProcedure) -> str:
    """The text as it was written, in the browser or in the file that came with the portal, comments included.

    What was published from another file is only known with the shared process written out.
    """
    written = session.scalar(select(DefinitionDraft.source).where(DefinitionDraft.version_id == published.version_id))
    if written is not None:
        return written
    stored = session.scalars(select(ProcedureVersion.source).where(ProcedureVersion.id == published.version_id)).one()
    file = PROCEDURES / f"{published.procedure.code}.yaml"
    if file.is_file():
        text = file.read_text(encoding="utf-8")
        if canonical(text, file.name) == stored:
            return text
    return stored


def list_definition_drafts(session: Session) -> list[DefinitionDraftView]:
    """The definitions being written, newest change first; those published or put away are left out."""
    rows = session.execute(
        select(*_DRAFT)
        .where(DefinitionDraft.state.in_(("written", "sent", "returned")))
        .order_by(DefinitionDraft.written_at.desc(), DefinitionDraft.id)
    )
    return [DefinitionDraftView(*row) for row in rows]


def get_definition_draft(session: Session, draft_id: UUID) -> DefinitionDraftView:
    """Raises NotFound."""
    wanted = select(*_DRAFT).where(DefinitionDraft.id == draft_id, DefinitionDraft.state != "discarded")
    row = session.execute(wanted).first()
    if row is None:
        raise NotFound("Không có bản soạn này.")
    return DefinitionDraftView(*row)


def test_results(procedure: Procedure) -> tuple[TestResult, ...]:
    """The definition's own tests, played."""
    return tuple(_played(procedure, test) for test in procedure.tests)


def missing_functions(session: Session, *, day: date) -> list[MissingFunction]:
    """Steps of procedures in use that no unit could do at some place that day."""
    directory = units.directory(session)
    found = []
    for published in queries.list_current(session):
        for level, function, within, step in _needed(published.procedure):
            places = directory.missing(level, function, day=day, within=within)
            if places:
                found.append(MissingFunction(published, step, function, tuple(place.name for place in places)))
    return found


def _played(procedure: Procedure, test: SequenceTest) -> TestResult:
    try:
        game = played(procedure.process, test)
    except SequenceFailed as failure:
        return TestResult(test, failed_at=failure.action, open_steps=failure.open_steps, way=failure.way)
    return TestResult(test, end=game.end.id if game.end else "open", outcome=game.outcome, way=game.way)


def _needed(procedure: Procedure) -> Iterator[tuple[str, str, str | None, str]]:
    """Level, function, office within and the first step that needs them, each once."""
    seen = set()
    for step in procedure.process.steps.values():
        at = step.at
        if at.where is not Where.PLACE or at.level is None or at.function is None:
            continue
        if (at.level, at.function, at.within) not in seen:
            seen.add((at.level, at.function, at.within))
            yield at.level, at.function, at.within, step.name.vi


def _versions(session: Session, procedure_ids: Iterable[UUID]) -> dict[UUID | None, list[Any]]:
    rows = session.execute(
        select(
            ProcedureVersion.procedure_id,
            ProcedureVersion.id,
            ProcedureVersion.number,
            ProcedureVersion.published_at,
            ProcedureVersion.published_by,
        )
        .where(ProcedureVersion.procedure_id.in_(list(procedure_ids)))
        .order_by(ProcedureVersion.number.desc())
    )
    found: dict[UUID | None, list[Any]] = {}
    for row in rows:
        found.setdefault(row.procedure_id, []).append(row)
    return found


def _loads(session: Session) -> dict[UUID, tuple[int, int]]:
    return {row.version_id: (row.records, row.drafts) for row in session.execute(_LOADS)}


def _entry(
    session: Session,
    row: ProcedureRow,
    versions: list[Any],
    loads: dict[UUID, tuple[int, int]],
    names: dict[UUID, str],
) -> ProcedureEntry:
    each = [loads.get(version.id, (0, 0)) for version in versions]
    return ProcedureEntry(
        code=row.code,
        published=queries.version(session, versions[0].id),
        published_by=names.get(versions[0].published_by, ""),
        versions=len(versions),
        withdrawn_at=row.withdrawn_at,
        withdrawal=row.withdrawal or "",
        replaced_by=row.replaced_by,
        records=sum(records for records, _ in each),
        drafts=sum(drafts for _, drafts in each),
    )
