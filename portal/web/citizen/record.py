"""One record of mine: what I must do now, where it is, how it came there, what it says and costs."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from portal.bookings.queries import BookingView, booking_of
from portal.core import wording
from portal.core.unit_of_work import reading
from portal.notifications.queries import list_messages
from portal.notifications.types import MessageView
from portal.records.journey import days, journey
from portal.records.visits import booking_field
from portal.web.citizen.booking import BookingOfApplicant, booking_of_applicant
from portal.web.citizen.consenting import consent_of
from portal.web.citizen.own_record import OwnRecord, opened_own, own_record
from portal.web.citizen.receiving import receiving_of
from portal.web.citizen.record_parts import (
    Line,
    documents_of,
    duties_of_applicant,
    fees_of,
    is_meant,
    is_ready,
    papers_of,
)
from portal.web.citizen.records import Matter, matter_of
from portal.web.due_date import Asked, answer
from portal.web.languages import current_language, localized
from portal.web.pages import page
from portal.web.parcel_words import parcel_words
from portal.web.record_states import ACT
from portal.web.record_timeline import NEWEST, timeline_of
from portal.web.record_words import Fact, Status
from portal.web.sign_in import actor
from portal.web.translation import gettext as _

blueprint = Blueprint("record", __name__)


@blueprint.get("/ho-so/<code>")
def show(code: str) -> ResponseReturnValue:
    with reading(actor(), consistent=True) as session:
        own = own_record(session, code, actor=actor())
        messages = list_messages(session, actor=actor(), record_id=own.file.record.id)
        booked = booking_of(session, own.file.record.id) if booking_field(own.procedure) else None
    language = current_language()
    return page(
        "citizen/record.html",
        record=_shown(own, messages, booked),
        picture=journey(own.view, own.procedure, own.directory, own.calendar, now=own.now, language=language),
    )


@blueprint.get("/ho-so/<code>/vi-sao-ngay-nay")
def why(code: str) -> ResponseReturnValue:
    own = opened_own(code, actor=actor())
    asked = Asked(own.view, own.procedure, own.directory, own.book, own.now)
    return answer(asked, "citizen/record_days.html")


def _sentence(own: OwnRecord, status: Status, booking: BookingOfApplicant | None) -> str:
    """What the card says: also where somebody is still to come, once it is decided on, how the record stands."""
    if booking is None:
        return status.sentence
    return f"{booking.sentence} {status.sentence}" if own.file.record.accepted_at else booking.sentence


def _shown(own: OwnRecord, messages: list[MessageView], booked: BookingView | None) -> dict[str, Any]:
    status, language = own.status(), current_language()
    has_more_to_do = status.kind == ACT and own.file.record.accepted_at is not None
    booking = None if has_more_to_do else booking_of_applicant(own, booked)
    matter = matter_of(own.view, status)
    events = timeline_of(own.view, own.procedure, own.directory, language=language)
    return {
        "title": localized(own.view.subject),
        "code": own.code,
        "state": status.state,
        "colour": status.colour,
        "kind": status.kind,
        "heading": booking.heading if booking else status.heading,
        "sentence": _sentence(own, status, booking),
        "facts": _facts(own, status),
        "action": _result(own) or (booking.action if booking else None) or _button(matter),
        "days": days(own.view, own.procedure, own.book, now=own.now, language=language),
        "events": events[:NEWEST],
        "earlier_events": events[NEWEST:],
        "receiving": receiving_of(own),
        "parcel": parcel_words(own.view.parcel),
        "documents": documents_of(own),
        "papers": papers_of(own),
        "consent": consent_of(own),
        "fees": fees_of(own),
        "duties": duties_of_applicant(own),
        "booking": booking,
        "messages": [_message(message) for message in messages],
        "correct_href": url_for("correcting.ask", code=own.code) if own.may_correct(actor()) else "",
        "withdraw_href": url_for("withdrawing.withdraw", code=own.code) if own.may_withdraw(actor()) else "",
    }


def _button(matter: Matter | None) -> dict[str, str] | None:
    return {"text": matter.button, "href": matter.href} if matter else None


def _facts(own: OwnRecord, status: Status) -> list[Fact]:
    """The due date leads to its explanation."""
    facts = list(status.facts)
    if own.view.due_at is None or not facts:
        return facts
    link = Markup('<a class="govuk-link" href="{}">{}</a>').format(
        url_for("record.why", code=own.code), _("vì sao ngày này?")
    )
    first = facts[0]
    return [Fact(first.term, first.text, Markup(" · ").join(part for part in (first.note, link) if part)), *facts[1:]]


def _result(own: OwnRecord) -> dict[str, str] | None:
    """The button to the newest result, once its file is there and its fee paid; to the list of them where each row has
    one."""
    results = own.file.results_in_force
    if any(own.file.waits_for_fee(result) for result in results):
        return None
    if len(results) > 1:
        return {"text": _("Xem %(count)s kết quả", count=len(results)), "href": "#van-ban"}
    result = results[0] if results else own.file.result
    if result is None or not is_meant(result) or not is_ready(result):
        return None
    return {"text": _("Tải kết quả"), "href": url_for("record_files.document", code=own.code, document_id=result.id)}


def _message(message: MessageView) -> Line:
    language = current_language()
    return Line(
        text=message.text.subject.in_language(language),
        note=wording.moment(message.sent_at, language=language),
        more=message.text.body.in_language(language),
    )
