"""The visit to the counter: when it is, another time, or none."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.bookings.queries import MISSED, BookingView, booking_of, list_slots
from portal.bookings.service import is_changeable
from portal.bookings.slots import Slot
from portal.core import clock, wording
from portal.core.errors import Conflict, InvalidInput
from portal.core.unit_of_work import reading, unit_of_work
from portal.records import service
from portal.records.visits import TOO_LATE, is_awaited
from portal.web.citizen.own_record import OwnRecord, own_record
from portal.web.citizen.slots import SlotField
from portal.web.errors import tell
from portal.web.fields import BaseForm
from portal.web.languages import current_language, localized
from portal.web.pages import page
from portal.web.sign_in import actor
from portal.web.translation import gettext as _

blueprint = Blueprint("booking", __name__)


@dataclass(frozen=True)
class BookingOfApplicant:
    """What the record's page says of the visit, and where it is changed."""

    heading: str
    sentence: str
    action: dict[str, str] | None


@blueprint.route("/ho-so/<code>/lich-hen", methods=["GET", "POST"])
def change(code: str) -> ResponseReturnValue:
    own, booked, slots = _opened(code)
    if not is_awaited(own.procedure, own.file.record, booked):
        return redirect(url_for("record.show", code=code), 303)
    form, status = _form(slots), None
    if form.is_valid_submission():
        try:
            with unit_of_work(actor()) as session:
                service.move_booking(session, own.file.record.id, form.answers["slot"], actor=actor(), now=clock.now())
        except (Conflict, InvalidInput) as refused:
            status = tell(form, refused)
        else:
            flash(_("Đã đặt hẹn. Giờ hẹn cũ, nếu có, không còn."), "success")
            return redirect(url_for("record.show", code=code), 303)
    return page("citizen/booking.html", form, status=status, **_shown(own, booked, slots))


@blueprint.post("/ho-so/<code>/bo-hen")
def cancel(code: str) -> ResponseReturnValue:
    own, _booked, _slots = _opened(code)
    with unit_of_work(actor()) as session:
        service.cancel_booking(session, own.file.record.id, actor=actor(), now=clock.now())
    flash(_("Đã bỏ hẹn. Vẫn cần làm thì đặt hẹn khác ở trang này."), "success")
    return redirect(url_for("record.show", code=code), 303)


def booking_of_applicant(own: OwnRecord, booked: BookingView | None) -> BookingOfApplicant | None:
    """None while nobody is awaited."""
    if not is_awaited(own.procedure, own.file.record, booked):
        return None
    href = url_for("booking.change", code=own.code)
    unit = localized_unit(own)
    if booked is None or not booked.is_open:
        missed = booked is not None and booked.state == MISSED
        said = _("Bạn đã lỡ hẹn.") if missed else _("Hồ sơ chưa có giờ hẹn.")
        sentence = _("%(said)s %(unit)s chờ bạn mang bản chính đến.", said=said, unit=unit)
        return BookingOfApplicant(_("Đặt hẹn đến quầy"), sentence, {"text": _("Chọn giờ hẹn"), "href": href})
    when = wording.moment(booked.starts_at, language=current_language())
    can_change = is_changeable(booked.starts_at, now=own.now)
    return BookingOfApplicant(
        heading=_("Đến quầy lúc %(moment)s", moment=when),
        sentence=_("Mang bản chính đến %(unit)s. Bản chính được trả lại ngay sau khi đối chiếu.", unit=unit),
        action={"text": _("Đổi giờ hoặc bỏ hẹn"), "href": href} if can_change else None,
    )


def localized_unit(own: OwnRecord) -> str:
    return own.directory.unit(own.file.record.received_unit_id).in_language(current_language())


def _opened(code: str) -> tuple[OwnRecord, BookingView | None, list[Slot]]:
    with reading(actor(), consistent=True) as session:
        own = own_record(session, code, actor=actor())
        booked = booking_of(session, own.file.record.id)
        slots = list_slots(session, own.file.record.received_unit_id, now=own.now)
    return own, booked, slots


def _form(slots: list[Slot]) -> BaseForm:
    field = SlotField(_("Giờ hẹn"), slots=slots, language=current_language())
    made: BaseForm = type("SlotForm", (BaseForm,), {"slot": field}).from_request()  # type: ignore[attr-defined]
    return made


def _shown(own: OwnRecord, booked: BookingView | None, slots: list[Slot]) -> dict[str, object]:
    is_open = booked is not None and booked.is_open
    when = wording.moment(booked.starts_at, language=current_language()) if booked and is_open else ""
    late = bool(booked and is_open and not is_changeable(booked.starts_at, now=own.now))
    return {
        "code": own.code,
        "subject": localized(own.view.subject),
        "unit": localized_unit(own),
        "when": when,
        "too_late": _(TOO_LATE) if late else "",
        "has_slots": any(slot.left for slot in slots),
    }
