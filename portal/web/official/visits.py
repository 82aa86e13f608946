"""Another time at the counter, or none, for an applicant who has called."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.bookings.queries import BookingView, booking_of, list_slots
from portal.bookings.slots import Slot
from portal.core import clock
from portal.core.actor import Actor
from portal.core.errors import Conflict, InvalidInput, NotFound
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.wording import moment
from portal.records import service
from portal.records.desk import Desk, get_desk
from portal.records.queues import DeskCounts, count_desk
from portal.records.visits import NOT_WAITING, may_arrange
from portal.web import personal_data
from portal.web.citizen.slots import SlotField
from portal.web.errors import tell
from portal.web.fields import BaseForm, LongTextField
from portal.web.languages import current_language
from portal.web.official.action_forms import LONGEST_REASON
from portal.web.official.bookings import TAGS
from portal.web.official.menu import menu
from portal.web.pages import page
from portal.web.sign_in import actor
from portal.web.state_words import Tag
from portal.web.translation import gettext as _

blueprint = Blueprint("official_visits", __name__, url_prefix="/can-bo/ho-so/<code>/lich-hen")

NO_VISIT = "none"


@dataclass(frozen=True)
class VisitNote:
    """What the record's page says of the visit while the applicant is awaited."""

    when: str  # "" without one
    tag: Tag
    href: str


@dataclass(frozen=True)
class _Opened:
    desk: Desk
    counts: DeskCounts
    booked: BookingView | None  # none: no visit is open
    slots: list[Slot]


@blueprint.route("", methods=["GET", "POST"])
def change(code: str) -> ResponseReturnValue:
    opened = _open(code)
    form, status = _form(opened), None
    if form.is_valid_submission():
        try:
            said = _arrange(opened, **form.answers)
        except (Conflict, InvalidInput) as refused:
            status = tell(form, refused)
        else:
            flash(said, "success")
            return redirect(url_for("official_records.show", code=code), 303)
    return page("official/visit.html", form, status=status, **_shown(opened))


def visit_note(desk: Desk, booked: BookingView | None, *, who: Actor) -> VisitNote | None:
    """None for another counter's officials, and once nobody is awaited."""
    record = desk.file.record
    if not may_arrange(desk.grounds.procedure, record, booked, actor=who):
        return None
    words, colour = TAGS[booked.state] if booked else (_("Chưa hẹn"), "grey")
    when = moment(booked.starts_at, language=current_language()) if booked else ""
    return VisitNote(when, Tag(str(words), colour), url_for("official_visits.change", code=record.code))


def _arrange(opened: _Opened, *, slot: str, reason: str) -> str:
    """What was done, in words."""
    record_id, now = opened.desk.file.record.id, clock.now()
    with unit_of_work(actor()) as session:
        if slot == NO_VISIT:
            service.cancel_booking(session, record_id, actor=actor(), now=now, reason=reason)
            return _("Đã bỏ hẹn và báo người nộp.")
        taken = service.move_booking(session, record_id, slot, actor=actor(), now=now, reason=reason)
    return _("Đã hẹn %(moment)s và báo người nộp.", moment=moment(taken.starts_at, language=current_language()))


def _open(code: str) -> _Opened:
    """Raises NotFound for another counter's officials, and once nobody is awaited."""
    now = clock.now()
    with reading(actor(), consistent=True) as session:
        desk = get_desk(session, code, actor=actor(), now=now)
        record = desk.file.record
        counts = count_desk(session, actor=actor(), now=now)
        booked = booking_of(session, record.id)
        slots = list_slots(session, record.received_unit_id, now=now)
    personal_data.is_read(record.id, owner_id=record.owner_id)
    if not may_arrange(desk.grounds.procedure, record, booked, actor=actor()):
        raise NotFound(NOT_WAITING)
    return _Opened(desk, counts, booked if booked and booked.is_open else None, slots)


def _form(opened: _Opened) -> BaseForm:
    none = [(NO_VISIT, _("Bỏ hẹn, chưa có giờ mới"))] if opened.booked else []
    fields = {
        "slot": SlotField(_("Giờ hẹn mới"), slots=opened.slots, language=current_language(), besides=none),
        "reason": LongTextField(
            _("Lý do"),
            max_length=LONGEST_REASON,
            hint=_("Ví dụ: người nộp gọi điện xin đổi. Người nộp đọc nguyên văn lý do này"),
        ),
    }
    made: BaseForm = type("VisitForm", (BaseForm,), fields).from_request()  # type: ignore[attr-defined]
    return made


def _shown(opened: _Opened) -> dict[str, Any]:
    record, language = opened.desk.file.record, current_language()
    return {
        "code": record.code,
        "name": record.applicant_name,
        "unit": opened.desk.grounds.directory.unit(record.received_unit_id).in_language(language),
        "when": moment(opened.booked.starts_at, language=language) if opened.booked else "",
        "arrived_href": url_for("official_bookings.arrived", booking_id=opened.booked.id) if opened.booked else "",
        "has_slots": any(slot.left for slot in opened.slots),
        "navigation": menu(opened.counts, actor=actor()),
    }
