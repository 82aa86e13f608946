"""A book that is being drawn: how far it has come, and the PDF."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue

from portal.core import clock
from portal.core.errors import NotFound
from portal.core.unit_of_work import reading
from portal.files.queries import get_file
from portal.jobs import queries as jobs
from portal.records.book_prints import GONE, BookName, get_print, waits_for
from portal.records.queues import count_desk
from portal.units.queries import directory
from portal.web.languages import current_language
from portal.web.official.menu import menu
from portal.web.pages import page
from portal.web.sent_files import whole_file
from portal.web.sign_in import actor

blueprint = Blueprint("official_book_prints", __name__, url_prefix="/can-bo/ban-in-so")

BOOKS = {BookName.RECORDS: "official_register.show", BookName.CERTIFICATIONS: "official_certifications.show"}


@blueprint.get("/<uuid:print_id>")
def show(print_id: UUID) -> ResponseReturnValue:
    with reading(actor()) as session:
        wanted = get_print(session, print_id)
        counts = count_desk(session, actor=actor(), now=clock.now())
        stuck = jobs.count_given_up(session, [waits_for(print_id)])
        unit = directory(session).unit(wanted.unit_id).in_language(current_language())
    return page(
        "official/book_print.html",
        wanted=wanted,
        unit=unit,
        stuck=stuck,
        file_href=url_for(".file", print_id=print_id) if wanted.file_digest else "",
        book_href=url_for(BOOKS[wanted.book]),
        navigation=menu(counts, actor=actor()),
    )


@blueprint.get("/<uuid:print_id>/so.pdf")
def file(print_id: UUID) -> ResponseReturnValue:
    with reading(actor()) as session:
        wanted = get_print(session, print_id)
        if wanted.file_digest is None:
            raise NotFound(GONE)
        facts = get_file(session, wanted.file_digest)
    return whole_file(facts, file_name=f"{wanted.title} {wanted.first_day} {wanted.last_day}.pdf")
