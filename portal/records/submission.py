"""Submitting a draft, once: the draft is the natural key, so a double click or a lost answer makes no second record."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from portal.bookings.service import Visit
from portal.calendars import queries as calendars
from portal.catalogue import queries as catalogue
from portal.catalogue.types import Procedure
from portal.core import clock
from portal.core.actor import Actor
from portal.core.errors import InvalidInput, NotFound
from portal.core.references import lookup_token, new_id, receipt_secret, tidy_secret
from portal.core.unit_of_work import asked, asked_in_one_trip, one_message
from portal.delivery.service import ADD_PARCEL
from portal.documents import statements as documents
from portal.jobs.service import job_row, ring_after_commit
from portal.jobs.types import DOCUMENTS, MESSAGES
from portal.payments.fees import fee_lines
from portal.payments.service import OWE_FEE, fee_rows
from portal.records import statements, visits
from portal.records.answers import faults_of, shown_answers
from portal.records.delivering import wanted_parcel
from portal.records.events import event_row, opened_steps
from portal.records.facts import facts_of_answers
from portal.records.older_results import older_facts
from portal.records.openings import Ground, open_tasks
from portal.records.performing import ADD_JOBS
from portal.records.telling import telling_row
from portal.records.types import POST, SubmittedRecord
from portal.units import queries as units
from portal.units.resolution import Directory
from portal.workflow import engine
from portal.workflow.definition import Text

_LOCK_DRAFT = """
SELECT draft.id, owner_id, organisation_id, version_id, place, received_unit_id, answers, consented_at, submitted_at,
  (SELECT version FROM directory_version) AS directory_version,
  (SELECT withdrawn_at FROM procedure WHERE procedure.code = draft.procedure_code) AS withdrawn_at
FROM draft WHERE draft.id = %(wanted)s FOR UPDATE OF draft
"""
_PAPERS = """
SELECT slot, position, file_digest, file_name, signatures, document_id, from_vault FROM draft_paper
WHERE draft_id = %(wanted)s ORDER BY slot, position
"""
_CODE_OF_DRAFT = "SELECT id, code FROM record WHERE draft_id = %(wanted)s"
_SUBJECT_LENGTH = 160


@dataclass(frozen=True)
class _Locked:
    id: UUID
    owner_id: UUID
    organisation_id: UUID | None
    version_id: UUID
    place: str
    received_unit_id: UUID
    answers: dict[str, Any]
    consented_at: datetime | None
    submitted_at: datetime | None
    directory_version: int
    withdrawn_at: datetime | None
    papers: list[Any]


def submit_record(
    session: Session, draft_id: UUID, *, actor: Actor, now: datetime, receipt_key: bytes, channel: str = "online"
) -> SubmittedRecord:
    """Turn the draft into a record with its number, first task, receipt and fees; a repeat answers like the first time.

    Raises NotFound, and InvalidInput when something is still missing (details: the faults).
    """
    draft = _locked(session, draft_id)
    if draft.submitted_at is not None:
        return _submitted(asked(session, (_CODE_OF_DRAFT, {"wanted": draft_id})), is_new=False)
    if draft.withdrawn_at is not None:
        raise InvalidInput("Thủ tục này đã ngừng nhận hồ sơ. Bản nháp vẫn đọc được, tìm thủ tục thay thế để nộp.")
    procedure = catalogue.version(session, draft.version_id).procedure
    faults = faults_of(
        procedure,
        draft.answers,
        slots=[paper.slot for paper in draft.papers],
        today=clock.local_day(now),
        has_consent=draft.consented_at is not None,
        older=older_facts(session, procedure, draft.answers),
    )
    if any(not fault.warns for fault in faults):
        raise InvalidInput("Hồ sơ còn chỗ cần sửa. Mở từng phần được đánh dấu.", faults=faults)
    record_id, event_id = new_id(), new_id()
    counter = draft.received_unit_id
    slot = visits.take_place(session, procedure, shown_answers(procedure, draft.answers), unit_id=counter, now=now)
    record = _record(session, draft, procedure, record_id, channel=channel, receipt_key=receipt_key, now=now)
    hours = procedure.reception_hours
    record["new_reception_due_at"] = visits.answer_by(session, slot, unit_id=counter, hours=hours, now=now)
    ground = _ground(session, draft, procedure, record, now=now)
    opened = open_tasks(ground, engine.start(procedure.process, ground.facts))
    visits.begin_then(slot, opened.tasks, due_at=record["new_reception_due_at"])
    record["new_unit_ids"] = _units(draft, opened.tasks)
    receipt_id = new_id()
    jobs = [*opened.jobs, *_jobs(record_id, event_id, receipt_id, now=now)]
    with one_message(session) as send:
        send(statements.INSERT_RECORD, record)
        for row in opened.tasks:
            send(statements.OPEN_FIRST_TASK, {f"new_{name}": value for name, value in row.items()})
        if draft.papers:
            send(statements.ADD_PAPER, _papers(draft, record_id, now))
        event = _event(draft, record, opened.tasks, event_id, ground, receipt_id=receipt_id, actor=actor, now=now)
        event["details"] |= visits.told(slot)
        send(statements.APPEND_EVENT, event)
        for fee in _fee_rows(procedure, ground, record_id, draft.owner_id, now=now):
            send(OWE_FEE, fee)
        if record["new_return_by"] == POST:
            send(ADD_PARCEL, _parcel(record, ground))
        send(documents.ADD_DOCUMENT, _receipt(draft, record_id, receipt_id, now=now))
        send(ADD_JOBS, jobs)
        send(statements.MARK_DRAFT_SUBMITTED, {"moment": now, "draft": draft_id})
        numbered = send.ask((_CODE_OF_DRAFT, {"wanted": draft_id}))
    visits.book(session, slot, Visit(record_id, draft.owner_id, counter), now=now)
    for queue in (MESSAGES, DOCUMENTS):
        ring_after_commit(session, queue)
    return _submitted(numbered.fetchall(), is_new=True)


def _locked(session: Session, draft_id: UUID) -> _Locked:
    """The draft under its lock, then its papers: a paper that was being added is seen."""
    wanted = {"wanted": draft_id}
    drafts, papers = asked_in_one_trip(session, (_LOCK_DRAFT, wanted), (_PAPERS, wanted))
    if not drafts:
        raise NotFound("Không thấy bản nháp này.")
    return _Locked(**drafts[0]._asdict(), papers=papers)


def _submitted(found: list[Any], *, is_new: bool) -> SubmittedRecord:
    ((record_id, code),) = found
    return SubmittedRecord(record_id=record_id, code=code, is_new=is_new)


def _record(
    session: Session,
    draft: _Locked,
    procedure: Procedure,
    record_id: UUID,
    *,
    channel: str,
    receipt_key: bytes,
    now: datetime,
) -> dict[str, Any]:
    answers = shown_answers(procedure, draft.answers)
    directory = units.directory(session, version=draft.directory_version)
    counter = directory.unit(draft.received_unit_id)
    local_day = clock.local_day(now)
    secret = receipt_secret(record_id, key=receipt_key, version=1)
    token = lookup_token(record_id, key=receipt_key, version=1)
    place, subject = _place(procedure, answers, default=draft.place), subject_of(procedure, answers)
    values = {
        "id": record_id,
        "draft_id": draft.id,
        "version_id": draft.version_id,
        "procedure_code": procedure.code,
        "procedure_name": procedure.everyday_name.vi or procedure.name.vi,
        "subject": subject.vi,
        "subject_en": subject.en,
        "applicant_name": str(answers.get("org_name") or answers.get("full_name") or ""),
        "owner_id": draft.owner_id,
        "organisation_id": draft.organisation_id,
        "place": place,
        "channel": channel,
        "received_unit_id": draft.received_unit_id,
        "return_unit_id": _return_unit(answers, directory, day=local_day, default=draft.received_unit_id),
        "return_by": str(answers.get("return_by") or "online"),
        "unit_ids": [draft.received_unit_id],
        "answers": answers,
        "consented_at": draft.consented_at,
        "state": "submitted",
        "outcome": None,
        "version": 1,
        "secret_version": 1,
        "receipt_digest": digest_of(tidy_secret(secret)),
        "token_digest": digest_of(token),
        "submitted_at": now,
        "reception_due_at": None,
        "accepted_at": None,
        "due_at": None,
        "paused_at": None,
        "pauses": [],
        "due_changes": [],
        "finished_at": None,
        "closed_at": None,
        "supplements": 0,
    }
    parameters: dict[str, Any] = {f"new_{name}": value for name, value in values.items()}
    parameters.update(
        series_unit=draft.received_unit_id, series_day=local_day, code_start=_code_start(counter.code, local_day)
    )
    return parameters


def digest_of(secret: str) -> str:
    """What is stored of a look-up secret or token."""
    return hashlib.sha256(secret.encode()).hexdigest()


def subject_of(procedure: Procedure, answers: Mapping[str, Any]) -> Text:
    """The record's title in everyday words, from the pattern of the definition: `… tại {form.address}`."""
    return Text(*(_title(procedure, answers, language=language) for language in ("vi", "en")))


def _title(procedure: Procedure, answers: Mapping[str, Any], *, language: str) -> str:
    everyday = procedure.everyday_name.in_language(language)
    title = (procedure.subject.in_language(language) if procedure.subject else "") or everyday
    for name, value in answers.items():
        title = title.replace("{form." + name + "}", str(value))
    return title[:_SUBJECT_LENGTH] if "{form." not in title else everyday


def _code_start(agency: str, day: date) -> str:
    return f"{agency}-{day:%y%m%d}-"


def _place(procedure: Procedure, answers: dict[str, Any], *, default: str) -> str:
    named = answers.get(procedure.place_field.removeprefix("form.")) if procedure.place_field else None
    return str(named or default)


def _return_unit(answers: dict[str, Any], directory: Directory, *, day: date, default: UUID) -> UUID:
    place = answers.get("return_unit")
    if answers.get("return_by") != "counter" or not place:
        return default
    counters = directory.counters(str(place), day=day)
    return counters[0].id if counters else default


def _ground(session: Session, draft: _Locked, procedure: Procedure, record: dict[str, Any], *, now: datetime) -> Ground:
    directory = units.directory(session, version=draft.directory_version)
    return Ground(
        record_id=record["new_id"],
        owner_id=draft.owner_id,
        applicant_name=record["new_applicant_name"],
        procedure=procedure,
        procedure_name=record["new_procedure_name"],
        place=record["new_place"],
        received_unit_id=draft.received_unit_id,
        return_unit_id=record["new_return_unit_id"],
        due_at=None,
        facts=facts_of_answers(
            record["new_answers"],
            channel=record["new_channel"],
            receiving_level=directory.unit(draft.received_unit_id).level,
        ),
        directory=directory,
        book=calendars.calendar_book(session, now=now),
        now=now,
    )


def _units(draft: _Locked, tasks: tuple[dict[str, Any], ...]) -> list[UUID]:
    return list(dict.fromkeys([draft.received_unit_id, *(row["unit_id"] for row in tasks if row["unit_id"])]))


def _papers(draft: _Locked, record_id: UUID, now: datetime) -> list[dict[str, Any]]:
    return [
        {
            "id": new_id(),
            "record_id": record_id,
            "owner_id": draft.owner_id,
            "slot": paper.slot,
            "position": paper.position,
            "file_digest": paper.file_digest,
            "file_name": paper.file_name,
            "supplied_at": now,
            "supplement_id": None,
            "replaced_at": None,
            "signatures": paper.signatures,
            "document_id": paper.document_id,
            "from_vault": paper.from_vault,
        }
        for paper in draft.papers
    ]


def _event(
    draft: _Locked,
    record: dict[str, Any],
    tasks: tuple[dict[str, Any], ...],
    event_id: UUID,
    ground: Ground,
    *,
    receipt_id: UUID,
    actor: Actor,
    now: datetime,
) -> dict[str, Any]:
    return event_row(
        event_id=event_id,
        record_id=record["new_id"],
        owner_id=draft.owner_id,
        number=1,
        kind="record_submitted",
        actor=actor,
        now=now,
        state_before=None,
        state_after="submitted",
        opened=opened_steps(tasks, ground.directory),
        details={
            "papers": len(draft.papers),
            "channel": record["new_channel"],
            "documents": [{"id": str(receipt_id), "kind": "receipt"}],
        },
    )


def _fee_rows(
    procedure: Procedure, ground: Ground, record_id: UUID, owner_id: UUID, *, now: datetime
) -> list[dict[str, object]]:
    lines = fee_lines(procedure, ground.facts, moment="receiving", day=clock.local_day(now))
    return fee_rows(lines, record_id=record_id, owner_id=owner_id, now=now)


def _parcel(record: dict[str, Any], ground: Ground) -> dict[str, Any]:
    return wanted_parcel(
        record["new_answers"],
        ground.directory,
        record_id=record["new_id"],
        owner_id=ground.owner_id,
        unit_id=ground.return_unit_id,
        now=ground.now,
    )


def _receipt(draft: _Locked, record_id: UUID, document_id: UUID, *, now: datetime) -> dict[str, Any]:
    return {
        "id": document_id,
        "record_id": record_id,
        "owner_id": draft.owner_id,
        "unit_id": draft.received_unit_id,
        "kind": "receipt",
        "template": "receipt",
        "title": "Biên nhận hồ sơ",
        "title_en": "Receipt",
        "content": {},
        "for_applicant": True,
        "series": None,
        "drafted_by": None,
        "drafted_at": None,
        "created_at": now,
    }


def _jobs(record_id: UUID, event_id: UUID, receipt_id: UUID, *, now: datetime) -> list[dict[str, Any]]:
    return [
        job_row(
            "make_document",
            arguments={"document_id": str(receipt_id)},
            queue=DOCUMENTS,
            due_at=now,
            natural_key=f"{receipt_id}:{event_id}",
        ),
        telling_row(record_id, event_id, now=now),
    ]
