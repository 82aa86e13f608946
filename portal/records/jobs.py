"""What records owe: timers of tasks, documents to be written, captured payments to be noted."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text

from portal.catalogue import queries as catalogue
from portal.core import clock
from portal.core.actor import SYSTEM
from portal.core.errors import NotFound
from portal.core.unit_of_work import reading, unit_of_work
from portal.documents.jobs import share_document, write_document
from portal.documents.letters import LETTERS
from portal.records import (
    batches,
    book_prints,
    draft_moving,
    issued_decisions,
    lateness,
    moving_jobs,
    parcels,
    positions,
    receipt_watch,
    transfers,
    visits,
    watchdog,
)
from portal.records.actions import act_on_task
from portal.records.batch_queries import first_of_list
from portal.records.contents.builders import BUILDERS
from portal.records.contents.gathering import writing_of
from portal.records.events import append_note
from portal.records.fee_receipts import KIND as RECEIPT
from portal.records.fee_receipts import add_receipt, fee_returned
from portal.records.further_results import FURTHER
from portal.records.making import RESULT
from portal.records.receipt_files import make_files
from portal.records.record_file import DocumentView
from portal.records.refunds import owe_back
from portal.records.telling import tell_applicant
from portal.records.timers import fire_timer
from portal.workflow.definition import ActionKind

log = logging.getLogger(__name__)

_RECORD_OF_DOCUMENT = text("SELECT record_id FROM document WHERE id = :wanted")
_NEWEST_REQUEST = text("""
SELECT id FROM document WHERE record_id = :record AND kind = 'form02' ORDER BY created_at DESC, id DESC LIMIT 1
""")
_ALREADY_NOTED = text(
    "SELECT 1 FROM record_event WHERE record_id = :wanted AND kind = 'fee_paid' AND details ->> 'payment_id' = :payment"
)


def task_timer(arguments: Mapping[str, str], *, now: datetime) -> None:
    """A timer of a task has come: remind, escalate, or act because somebody stayed silent."""
    with unit_of_work(SYSTEM) as session:
        fire_timer(session, UUID(arguments["task_id"]), int(arguments["timer"]), now=now)


def make_document(arguments: Mapping[str, str], *, now: datetime) -> None:
    """Write down what a document says, and draw it. Running it again draws the same."""
    document_id = UUID(arguments["document_id"])
    with reading(SYSTEM, consistent=True) as session:
        record_id = session.execute(_RECORD_OF_DOCUMENT, {"wanted": document_id}).scalar_one_or_none()
        if record_id is None:
            raise NotFound(document_id=document_id)
        writing = writing_of(session, record_id, document_id, now=now)
        content = BUILDERS[writing.document.template](writing)
    if writing.document.kind == RECEIPT:
        make_files(writing, content, now=now)
        return
    write_document(document_id, content=content, now=now, for_signature=_is_to_be_signed(writing.document))


def _is_to_be_signed(document: DocumentView) -> bool:
    """Results before they have their number, letters after."""
    if document.kind in LETTERS:
        return document.number is not None
    return document.kind in (RESULT, FURTHER) and document.number is None


def make_request(arguments: Mapping[str, str], *, now: datetime) -> None:
    """Draw the newest request for a supplement again: it has been sent, so that its day is known."""
    with reading(SYSTEM) as session:
        document_id = session.execute(_NEWEST_REQUEST, {"record": UUID(arguments["record_id"])}).scalar_one_or_none()
    if document_id is not None:
        make_document({"document_id": str(document_id)}, now=now)


def print_list(arguments: Mapping[str, str], *, now: datetime) -> None:
    """Print the list of a batch once, and hang it on each of its records."""
    batch_id = UUID(arguments["batch_id"])
    with reading(SYSTEM) as session:
        first = first_of_list(session, batch_id)
    if first is not None:
        make_document({"document_id": str(first)}, now=now)
        share_document(first, batch_id=batch_id)


def payment_captured(arguments: Mapping[str, str], *, now: datetime) -> None:
    """The gateway has captured a payment: it stands in the history of the record, once, and lets the work go on."""
    with unit_of_work(SYSTEM) as session:
        record, position = positions.lock_record(session, UUID(arguments["record_id"]), now=now)
        payment_id = arguments["payment_id"]
        noted = {"wanted": record.id, "payment": payment_id}
        if session.execute(_ALREADY_NOTED, noted).first() is None:
            owe_back(session, record, position.tasks, payment_id, now=now)
            made = add_receipt(session, record, UUID(payment_id), now=now)
            details = {"payment_id": payment_id, **made}
            event_id = append_note(
                session, record, kind="fee_paid", actor=SYSTEM, now=now, details=details, for_applicant=True
            )
            tell_applicant(session, record.id, event_id, now=now)
    _go_on_when_paid(record.id, now=now)


def _go_on_when_paid(record_id: UUID, *, now: datetime) -> None:
    """A step that waits for the fee is closed once nothing is owed any more."""
    with unit_of_work(SYSTEM) as session:
        record, position = positions.lock_record(session, record_id, now=now)
        process = catalogue.version(session, record.version_id).procedure.process
        for task in () if record.unpaid else position.open_tasks:
            for action in process.step(task.step).actions:
                if action.kind is ActionKind.PAY:
                    act_on_task(session, task.id, action.id, actor=SYSTEM, now=now)
                    return


def watch_due_dates(arguments: Mapping[str, str], *, now: datetime) -> None:
    """Look for dates that will be missed: each record in a unit of work of its own."""
    with unit_of_work(SYSTEM) as session:
        lateness.drop_apologies(session, now=now)
    with reading(SYSTEM) as session:
        wanted = lateness.near_due(session, now=now)
    for record_id in wanted:
        with unit_of_work(SYSTEM) as session:
            lateness.foresee(session, record_id, now=now)


def watch_records(arguments: Mapping[str, str], *, now: datetime) -> None:
    """Look for records that nobody can carry on. Whoever runs the portal reads it in the log, by code alone."""
    with reading(SYSTEM) as session:
        stuck = watchdog.stuck_records(session, now=now)
    for one in stuck:
        log.error("nobody has to act on a record and no timer runs", extra={"record": one.code, "state": one.state})


def paper_due(arguments: Mapping[str, str], *, now: datetime) -> None:
    """The paper of a record should have arrived; nothing when it has."""
    with unit_of_work(SYSTEM) as session:
        transfers.tell_late(session, UUID(arguments["transfer_id"]), now=now)


def watch_expiry(arguments: Mapping[str, str], *, now: datetime) -> None:
    """Remind the holders of results that expire soon, each once for its last day."""
    with reading(SYSTEM) as session:
        expiring = issued_decisions.expiring(session, today=clock.local_day(now))
    for one in expiring:
        with unit_of_work(SYSTEM) as session:
            issued_decisions.remind(session, one, now=now)


def booking_over(arguments: Mapping[str, str], *, now: datetime) -> None:
    """The counter closes on the day of a visit: who has not come is told so."""
    with unit_of_work(SYSTEM) as session:
        visits.over(session, UUID(arguments["booking_id"]), now=now)


def booking_near(arguments: Mapping[str, str], *, now: datetime) -> None:
    """Remind of a visit on the next day."""
    with unit_of_work(SYSTEM) as session:
        visits.near(session, UUID(arguments["booking_id"]), now=now)


KINDS = {
    "booking_over": booking_over,
    "booking_near": booking_near,
    "watch_expiry": watch_expiry,
    "paper_due": paper_due,
    "task_timer": task_timer,
    "make_document": make_document,
    "make_request": make_request,
    "print_list": print_list,
    "payment_captured": payment_captured,
    "fee_returned": fee_returned,
    "watch_due_dates": watch_due_dates,
    "watch_records": watch_records,
    **batches.KINDS,
    **book_prints.KINDS,
    **moving_jobs.KINDS,
    **parcels.KINDS,
    **receipt_watch.KINDS,
    **draft_moving.KINDS,
}

PERIODIC = {
    "watch_due_dates": timedelta(minutes=10),
    "watch_records": timedelta(hours=1),
    "watch_expiry": timedelta(hours=6),
    **moving_jobs.PERIODIC,
    **receipt_watch.PERIODIC,
}
"""What the sweeper owes again and again."""
