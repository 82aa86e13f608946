"""What is owed around a record: fees and what is given back of them, duties after the result, remedies for a delay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from flask import url_for

from portal.core import clock
from portal.core.actor import Actor
from portal.core.wording import day, vnd
from portal.documents.copies import Copy
from portal.records import policy
from portal.records.desk import Desk
from portal.records.duties import duties_of
from portal.records.lateness import FORESEEN
from portal.records.record_file import FeeView
from portal.web.fee_words import reasons_of
from portal.web.languages import current_language, localized
from portal.web.official.deadlines import shown_day
from portal.web.translation import gettext as _
from portal.workflow.definition import Text


@dataclass(frozen=True)
class Pair:
    """A line of the side boxes: name, who or what about it, and a value at the right."""

    name: str
    who: str
    value: str


@dataclass(frozen=True)
class Remedy:
    """What was done about a date that is missed: who was told, and where the apology is."""

    told: str
    letter: str
    href: str  # to sign the letter; "" for everybody else


def fee_pairs(desk: Desk, *, now: datetime) -> list[Pair]:
    """Each fee with its amount and whether it is paid, or owed back."""
    return [
        Pair(
            name=fee.name_en if current_language() == "en" and fee.name_en else fee.name,
            who=". ".join(said for said in (_fee_state(desk, fee, now), reasons_of(fee)) if said),
            value=vnd(fee.amount, language=current_language()),
        )
        for fee in desk.file.fees
    ]


def _fee_state(desk: Desk, fee: FeeView, now: datetime) -> str:
    if fee.refunded_at:
        return _("đã trả lại %(day)s", day=shown_day(fee.refunded_at, now=now))
    if fee.refund_due_at:
        return _("phải trả lại người nộp từ %(day)s", day=shown_day(fee.refund_due_at, now=now))
    if fee.paid_at:
        return _("đã thu %(day)s", day=shown_day(fee.paid_at, now=now))
    return _("chưa nộp") if fee in desk.file.fees_to_pay else _("không phải nộp")


def duty_pairs(desk: Desk, *, now: datetime) -> list[Pair]:
    """What the applicant must still do after a granted result, and until when; those whose day has passed say so."""
    record = desk.file.record
    if record.finished_at is None or record.outcome != "granted":
        return []
    procedure, calendar = desk.grounds.procedure, desk.grounds.calendar
    return [
        Pair(
            name=localized(duty.name),
            who=record.applicant_name,
            value=_("đã qua %(day)s", day=_long(duty.due_on))
            if duty.due_on < clock.local_day(now)
            else _("trước %(day)s", day=_long(duty.due_on)),
        )
        for duty in duties_of(procedure, record.answers, finished_at=record.finished_at, calendar=calendar)
    ]


def copy_pairs(desk: Desk, *, now: datetime) -> list[Pair]:
    """Who receives a copy of what, and whether it was read or sent."""
    return [Pair(name=_receiver(desk, copy), who=localized(copy), value=_copy_state(copy, now)) for copy in desk.copies]


def _receiver(desk: Desk, copy: Copy) -> str:
    if copy.unit_id is not None:
        return desk.grounds.directory.unit(copy.unit_id).short_in_language(current_language())
    return localized(Text(copy.body, copy.body_en))


def _copy_state(copy: Copy, now: datetime) -> str:
    if copy.unit_id is None:
        return _("đã gửi %(day)s", day=shown_day(copy.sent_at, now=now)) if copy.sent_at else _("chờ gửi")
    return _("đã đọc %(day)s", day=shown_day(copy.read_at, now=now)) if copy.read_at else _("chưa đọc")


def remedy_of(desk: Desk, *, actor: Actor, now: datetime) -> Remedy | None:
    """Nothing while no date is in danger."""
    told = [event for event in desk.file.events if event.kind == FORESEEN]
    if not told:
        return None
    return Remedy(
        told=_("Đã báo trưởng đơn vị và lãnh đạo %(day)s.", day=shown_day(told[-1].at, now=now)),
        letter=_letter(desk, now),
        href=_sign_href(desk, actor),
    )


def _letter(desk: Desk, now: datetime) -> str:
    letter = desk.apology
    if letter is None:
        return _("Không cần thư xin lỗi nữa.") if desk.file.record.finished_at else ""
    if letter.signed_at and letter.new_day:
        signed = shown_day(letter.signed_at, now=now)
        return _("Đã xin lỗi %(day)s, hẹn lại %(new)s.", day=signed, new=_long(letter.new_day))
    unit = desk.grounds.directory.unit(letter.unit_id).in_language(current_language())
    proposed = _long(letter.proposed_day)
    return _("Thư xin lỗi chờ lãnh đạo %(unit)s ký, dự kiến hẹn lại %(day)s.", unit=unit, day=proposed)


def _sign_href(desk: Desk, actor: Actor) -> str:
    letter = desk.apology
    if letter is None or letter.signed_at is not None or desk.file.record.finished_at is not None:
        return ""
    mine = ((post.unit_id, post.role) for post in policy.held_posts(actor))
    return url_for("official_apologies.sign", apology_id=letter.id) if (letter.unit_id, letter.role) in mine else ""


def _long(value: date) -> str:
    return day(value, language=current_language())
