"""The page of one record, for officials of the units that have or had a part in it."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from portal.audit import service as audit
from portal.bookings.queries import booking_of
from portal.core import clock
from portal.core.unit_of_work import reading, unit_of_work
from portal.files import queries as files
from portal.records.desk import Desk, get_desk
from portal.records.queues import count_desk
from portal.records.record_view import view_of
from portal.records.scans import list_scans
from portal.records.visits import booking_field
from portal.web import personal_data
from portal.web.due_date import Asked, answer
from portal.web.official.menu import menu
from portal.web.official.next_record import next_and_counts
from portal.web.official.paper_list import worths_of
from portal.web.official.queue_rows import record_href
from portal.web.official.record_address import wanted_of_request
from portal.web.official.record_page import record_page
from portal.web.pages import page
from portal.web.sign_in import actor

blueprint = Blueprint("official_records", __name__, url_prefix="/can-bo/ho-so")

NUMBERS_SEEN = "identity_numbers_seen"


@blueprint.get("/<code>")
def show(code: str) -> ResponseReturnValue:
    now, who, wanted = clock.now(), actor(), wanted_of_request()
    with reading(who, consistent=True) as session:
        desk = get_desk(session, code, actor=who, now=now)
        facts = files.list_files(session, [paper.file_digest for paper in desk.file.papers])
        worths = worths_of(session, desk.file.papers, now=now)
        kept = list_scans(session, desk.file.record.id) if desk.grounds.procedure.result.scan else {}
        booked = booking_of(session, desk.file.record.id) if booking_field(desk.grounds.procedure) else None
        task = desk.file.task(wanted.task_id) if wanted.task_id else None
        following, counts = next_and_counts(session, actor=who, now=now, queue=wanted.queue, task=task, code=code)
    personal_data.is_read(desk.file.record.id, owner_id=desk.file.record.owner_id)
    if wanted.numbers_shown:
        _note_numbers_seen(desk)
    shown = record_page(desk, facts, worths, actor=who, now=now, wanted=wanted, kept_scans=kept, booked=booked)
    return page(
        "official/record.html",
        record=shown,
        next_href=record_href(following, wanted.queue) if following and wanted.queue else None,
        queue_href=wanted.queue.href() if wanted.queue else None,
        navigation=menu(counts, actor=who),
    )


@blueprint.get("/<code>/vi-sao-ngay-nay")
def why(code: str) -> ResponseReturnValue:
    now, who = clock.now(), actor()
    with reading(who, consistent=True) as session:
        desk = get_desk(session, code, actor=who, now=now)
        counts = count_desk(session, actor=who, now=now)
    personal_data.is_read(desk.file.record.id, owner_id=desk.file.record.owner_id)
    grounds = desk.grounds
    asked = Asked(view_of(desk.file), grounds.procedure, grounds.directory, grounds.book, now, every_step=True)
    return answer(asked, "official/record_days.html", navigation=menu(counts, actor=who))


def _note_numbers_seen(desk: Desk) -> None:
    """Whoever looks at an identity number leaves a trace."""
    record = desk.file.record
    with unit_of_work(actor()) as session:
        audit.note(
            session,
            NUMBERS_SEEN,
            actor=actor(),
            now=clock.now(),
            record_id=record.id,
            subject_id=record.owner_id,
        )
