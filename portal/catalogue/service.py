"""Checking and publishing procedures."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select, update
from sqlalchemy.dialects.postgresql import insert as insert_or_ignore
from sqlalchemy.orm import Session

from portal.audit import service as audit
from portal.calendars import queries as calendars
from portal.catalogue import checking, queries
from portal.catalogue.checking import Resolves
from portal.catalogue.figures import figures
from portal.catalogue.findings import DefinitionError, Finding
from portal.catalogue.loader import canonical, load, load_published
from portal.catalogue.models import ProcedureRow, ProcedureVersion, ProcedureWord
from portal.catalogue.queries import PublishedProcedure
from portal.catalogue.search import weighted_words
from portal.catalogue.types import Procedure
from portal.core.actor import Actor
from portal.core.clock import local, local_day
from portal.core.errors import Conflict
from portal.core.references import new_id
from portal.core.text import sort_key
from portal.jobs import service as jobs
from portal.units import queries as units

PROCEDURES = Path(__file__).parent / "procedures"
"""The definitions that come with the portal, one file each."""


def check_definition(session: Session, file: Path, *, now: datetime) -> list[Finding]:
    """Every mistake of a definition, in the order of its lines; empty when it may be published."""
    return checking.check_file(file, ground=_ground(session, now=now))


def figures_of(session: Session, file: Path, *, now: datetime) -> list[str]:
    """Of a definition without mistakes: how much of it its tests play, and how its quotas fit into the term."""
    procedure = load(file.read_text(encoding="utf-8"), file.name)
    ground = _ground(session, now=now)
    return figures(procedure, calendar=ground.calendar, day=ground.day)


def check_definition_text(session: Session, text: str, *, now: datetime, file: str) -> list[Finding]:
    """As `check_definition`, for a text that is not in a file; `file` names it in the mistakes."""
    return checking.check_text(text, file, ground=_ground(session, now=now))


def publish(
    session: Session,
    text: str,
    *,
    actor: Actor,
    now: datetime,
    file: str = "procedure.yaml",
    after: int | None = None,
) -> PublishedProcedure:
    """Publish a definition as the next version of its procedure; new records take it from now on.

    Drafts of the version before follow (the job move_drafts). The text that is in force already is not published twice:
    its version is returned. Raises DefinitionError with every mistake, and then nothing is changed. `file` names the
    text in those mistakes. With `after`, the number of the version that was compared with (0 when there was none),
    raises Conflict when another is in force by now.
    """
    findings = check_definition_text(session, text, now=now, file=file)
    if findings:
        raise DefinitionError(tuple(findings))
    source = canonical(text, file)
    digest = hashlib.sha256(source.encode()).hexdigest()
    procedure = load_published(source)
    procedure_id = _locked(session, procedure)
    latest = session.execute(
        select(
            ProcedureVersion.id,
            ProcedureVersion.number,
            ProcedureVersion.digest,
            ProcedureVersion.published_at,
            ProcedureVersion.published_by,
        )
        .where(ProcedureVersion.procedure_id == procedure_id)
        .order_by(ProcedureVersion.number.desc())
        .limit(1)
    ).first()
    if after is not None and after != (latest.number if latest else 0):
        raise _published_meanwhile(session, latest)
    if latest and latest.digest == digest:
        return queries.version(session, latest.id)
    published = PublishedProcedure(
        version_id=new_id(),
        procedure_id=procedure_id,
        number=latest.number + 1 if latest else 1,
        published_at=now,
        procedure=procedure,
    )
    session.execute(
        insert(ProcedureVersion).values(
            id=published.version_id,
            procedure_id=procedure_id,
            number=published.number,
            source=source,
            digest=digest,
            published_at=now,
            published_by=actor.person_id,
        )
    )
    _describe(session, published)
    if published.number > 1:
        key = str(published.version_id)
        jobs.owe(session, "move_drafts", arguments={"version_id": key}, now=now, natural_key=key)
    audit.note(session, "procedure_published", actor=actor, now=now, code=procedure.code, number=published.number)
    return published


def publish_file(session: Session, file: Path, *, actor: Actor, now: datetime) -> PublishedProcedure:
    """As `publish`, from a file. Raises DefinitionError, also when the file cannot be read."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DefinitionError((Finding(file.name, 1, "not_yaml", {"reason": str(error)}),)) from error
    return publish(session, text, actor=actor, now=now, file=file.name)


def _published_meanwhile(session: Session, latest: Any) -> Conflict:
    name = queries.names_of_publishers(session, [latest.published_by] if latest else []).get(latest.published_by, "")
    return Conflict(
        "%(name)s vừa công bố bản %(number)s lúc %(time)s. Mở lại trang so sánh để xem khác gì với bản đó.",
        name=name or "Người khác",
        number=latest.number if latest else 0,
        time=f"{local(latest.published_at):%H:%M}" if latest else "",
    )


def _ground(session: Session, *, now: datetime) -> checking.Ground:
    """The units and the calendar of this installation, from today on."""
    day = local_day(now)
    calendar = calendars.working_calendar(session, now=now)
    return checking.Ground(resolves=_resolves(session, day=day), calendar=calendar, day=day)


def _resolves(session: Session, *, day: date) -> Resolves:
    directory = units.directory(session)

    def resolves(level: str, function: str, within: str | None) -> list[str]:
        return [place.name for place in directory.missing(level, function, day=day, within=within)]

    return resolves


def _locked(session: Session, procedure: Procedure) -> UUID:
    """The key of the procedure's row, made when it is new; nobody else publishes it until this transaction ends."""
    session.execute(
        insert_or_ignore(ProcedureRow)
        .values(id=new_id(), code=procedure.code, **_columns(procedure))
        .on_conflict_do_nothing(index_elements=["code"])
    )
    return session.scalars(select(ProcedureRow.id).where(ProcedureRow.code == procedure.code).with_for_update()).one()


def _describe(session: Session, published: PublishedProcedure) -> None:
    """Bring name, field and words of the procedure in line with its newest version."""
    procedure_id = published.procedure_id
    session.execute(update(ProcedureRow).where(ProcedureRow.id == procedure_id).values(**_columns(published.procedure)))
    session.execute(delete(ProcedureWord).where(ProcedureWord.procedure_id == procedure_id))
    session.execute(
        insert(ProcedureWord),
        [
            {"id": new_id(), "procedure_id": procedure_id, "word": word, "weight": weight}
            for word, weight in weighted_words(published.procedure).items()
        ],
    )


def _columns(procedure: Procedure) -> dict[str, str]:
    return {
        "name": procedure.name.vi,
        "field": procedure.field,
        "competent_level": procedure.competent_level,
        "sort_key": sort_key(procedure.everyday_name.vi),
    }
