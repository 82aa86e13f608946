"""Documents that an action makes: the row, its number where it has one at once, and the rendering that is owed."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from portal.catalogue.document_names import DOCUMENT_NAMES, STOPPING_NAME
from portal.core import clock
from portal.core.actor import Actor
from portal.core.references import new_id
from portal.documents import statements as documents
from portal.documents import symbols
from portal.documents.numbering import NUMBER_AND_SEAL, sealing
from portal.jobs.types import DOCUMENTS
from portal.records import statements
from portal.records.changes import Change, Situation
from portal.records.copies import REPORT, send_copies
from portal.records.types import LockedRecord
from portal.records.whereabouts import Whereabouts
from portal.units.resolution import Directory
from portal.units.types import COUNTER_NAME
from portal.workflow.deciding import signing_steps

RESULT = "result"
REJECTION = "rejection"
NOTICE = "notice"
EXTENSION = "extension"
STOPPING = "stopping"

_KINDS = {
    "form03": symbols.NOTICE,
    "decision": symbols.DECISION,
    NOTICE: symbols.NOTICE,
    EXTENSION: symbols.NOTICE,
    STOPPING: symbols.NOTICE,
}
_LETTERS = frozenset({"letter", "opinion"})
_AT_THE_COUNTER = frozenset({"form03", STOPPING})
"""Whose head names the counter, not the office that runs it. A notice has a seal: where a committee receives by itself,
it is the committee's own."""

_TEMPLATES = {
    "slip": "control_slip",
    "list": "letter",
    "opinion": "letter",
    "file": "letter",
    "decision": "team_decision",
    "report": "remedy_report",
    NOTICE: "rejection",
}
"""Kinds of documents that share a template with another."""

_FOR_APPLICANT = frozenset({"form01", "form03", "pledge", "report", NOTICE, EXTENSION, STOPPING})


def template_of(kind: str) -> str:
    """The template that prints a document of this kind."""
    return _TEMPLATES.get(kind, kind)


def make_document(situation: Situation, change: Change, kind: str) -> None:
    """A form of the process; what it says is filled in by the worker from the events of the record."""
    title, title_en = DOCUMENT_NAMES.get(kind, (kind, kind))
    unit_id = situation.task.unit_id or situation.record.received_unit_id
    series = series_of(kind, unit_id, record=situation.record, directory=situation.directory)
    document_id = add_document(
        situation,
        change,
        kind,
        unit_id=unit_id,
        template=template_of(kind),
        title=title,
        title_en=title_en,
        series=series,
        drafted_by=situation.actor.person_id,
        drafted_at=situation.now,
    )
    if series is not None:
        change.write(
            NUMBER_AND_SEAL,
            sealing(document_id, sealed_by=situation.actor.person_id, now=situation.now),
        )
    if situation.action.report_to is not None:
        send_copies(situation, change, document_id, (situation.action.report_to,), purpose=REPORT)
    owe_rendering(situation, change, document_id)


def add_document(situation: Situation, change: Change, kind: str, *, unit_id: UUID, **values: Any) -> UUID:
    document_id = new_id()
    change.write(
        documents.ADD_DOCUMENT,
        {
            "id": document_id,
            "record_id": situation.record.id,
            "owner_id": situation.record.owner_id,
            "unit_id": unit_id,
            "kind": kind,
            "content": {},
            "for_applicant": kind in _FOR_APPLICANT,
            "created_at": situation.now,
            **values,
        },
    )
    note_document(change, document_id, kind)
    return document_id


def note_document(change: Change, document_id: UUID, kind: str) -> None:
    """The event says which documents it made: what they quote of it is found so."""
    change.details.setdefault("documents", []).append({"id": str(document_id), "kind": kind})


def series_of(kind: str, unit_id: UUID, *, record: LockedRecord, directory: Directory) -> str | None:
    """The series of what a unit makes, for kinds that are numbered when they are made (Decree 30/2020/NĐ-CP); results
    are numbered when they are sealed."""
    unit = directory.unit(unit_id)
    if kind == "form02":
        return symbols.REQUEST
    if kind in _LETTERS:
        return symbols.letter_symbol(unit.name)
    if kind not in _KINDS:
        return None
    is_own = unit.is_centre or (kind == STOPPING and unit.is_body)
    is_counter = kind in _AT_THE_COUNTER and unit_id == record.received_unit_id and not is_own
    return symbols.symbol(_KINDS[kind], COUNTER_NAME if is_counter else unit.name)


def make_stopping_notice(
    record: LockedRecord, change: Change, *, unit_id: UUID, directory: Directory, actor: Actor, now: datetime
) -> None:
    """The notice that work on the record has stopped; numbered at once, filled in by the worker."""
    document_id, (title, title_en) = new_id(), STOPPING_NAME
    row = {
        "id": document_id,
        "record_id": record.id,
        "owner_id": record.owner_id,
        "unit_id": unit_id,
        "kind": STOPPING,
        "template": STOPPING,
        "title": title,
        "title_en": title_en,
        "series": series_of(STOPPING, unit_id, record=record, directory=directory),
        "content": {},
        "for_applicant": True,
        "drafted_by": actor.person_id,
        "drafted_at": now,
        "created_at": now,
    }
    change.write(documents.ADD_DOCUMENT, row)
    change.write(NUMBER_AND_SEAL, sealing(document_id, sealed_by=actor.person_id, now=now))
    note_document(change, document_id, STOPPING)
    change.owe(
        "make_document",
        arguments={"document_id": str(document_id)},
        queue=DOCUMENTS,
        due_at=now,
        natural_key=f"{document_id}:{change.event_id}",
    )


def show_request(situation: Situation, change: Change) -> None:
    """The signed request for a supplement goes to the applicant; it is drawn again, with the day to answer by."""
    record_id = situation.record.id
    change.write(statements.SHOW_REQUEST, {"record": record_id, "moment": situation.now})
    change.owe(
        "make_request",
        arguments={"record_id": str(record_id)},
        queue=DOCUMENTS,
        due_at=situation.now,
        natural_key=f"{record_id}:{change.event_id}",
    )


def owe_rendering(situation: Situation, change: Change, document_id: UUID) -> None:
    natural_key = f"{document_id}:{change.event_id}"
    if any(job["natural_key"] == natural_key for job in change.jobs):
        return
    change.owe(
        "make_document",
        arguments={"document_id": str(document_id)},
        queue=DOCUMENTS,
        due_at=situation.now,
        natural_key=natural_key,
    )


def issuing_unit(situation: Situation) -> UUID:
    """Whose document the result is: the unit of the step at which it is signed."""
    steps = situation.procedure.process.steps
    following = [steps[branch.step] for branch in situation.action.branches if branch.step in steps]
    notices = [step for step in following if any(NOTICE in action.documents for action in step.actions)]
    where = Whereabouts(
        directory=situation.directory,
        place=situation.record.place,
        received_unit_id=situation.record.received_unit_id,
        return_unit_id=situation.record.return_unit_id,
        facts=situation.facts,
        day=clock.local_day(situation.now),
    )
    for step in (*notices, *signing_steps(situation.procedure.process)):
        unit = where.desk_of(step, split=situation.task.split).unit
        if unit is not None:
            return unit.id
    return situation.task.unit_id or situation.record.received_unit_id
