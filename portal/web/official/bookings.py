"""Who comes to the counter on a day, and how the counter takes visitors. Addresses name unit and day only."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.bookings import queries, service
from portal.bookings.queries import BOOKED, CAME, CANCELLED, MISSED, Visitor
from portal.bookings.slots import Plan, Slot, slots_on
from portal.calendars import queries as calendars
from portal.core import clock, wording
from portal.core.actor import Actor
from portal.core.errors import InvalidInput, NotAllowed
from portal.core.text import marked, raised
from portal.core.unit_of_work import reading, unit_of_work
from portal.records import service as records
from portal.records.policy import AT_THE_COUNTER
from portal.records.queues import count_desk
from portal.records.visits import is_still_to_come
from portal.web import personal_data
from portal.web.asked_days import asked_day
from portal.web.errors import tell
from portal.web.fields import BaseForm, IntegerField
from portal.web.languages import current_language
from portal.web.official.menu import menu
from portal.web.official.register_words import units_of
from portal.web.pages import page
from portal.web.sign_in import actor
from portal.web.state_words import Tag
from portal.web.translation import Words, ngettext
from portal.web.translation import gettext as _
from portal.web.translation import lazy_gettext as __

blueprint = Blueprint("official_bookings", __name__, url_prefix="/can-bo/lich-hen")

ADDRESS = "/can-bo/lich-hen"
LEADS_COUNTER = "counter_leader"
NOT_YOURS = marked("Trưởng bộ phận một cửa đặt cách nhận hẹn của quầy mình.")

TAGS: dict[str, tuple[Words, str]] = {
    BOOKED: (__("Chờ đến"), "blue"),
    CAME: (__("Đã đến"), "green"),
    MISSED: (__("Lỡ hẹn"), "red"),
    CANCELLED: (__("Đã bỏ hẹn"), "grey"),
}


class PlanForm(BaseForm):
    minutes = IntegerField(__("Mỗi khung giờ dài"), minimum=10, maximum=120, suffix=__("phút"))
    places = IntegerField(__("Số lượt trong một khung giờ"), minimum=1, maximum=50)
    days_ahead = IntegerField(__("Nhận hẹn trước nhiều nhất"), minimum=1, maximum=60, suffix=__("ngày"))


@dataclass(frozen=True)
class VisitorRow:
    name: str
    href: str
    code: str
    about: str
    tag: Tag
    arrived_href: str  # "" unless the visitor is still awaited
    change_href: str  # to another hour, for a visitor who has called; "" once there
    is_gone: bool


@dataclass(frozen=True)
class Hour:
    """A slot of the day with its visitors, or a stretch without any."""

    starts_at: datetime
    ends_at: datetime
    room: str  # how many places are left, of what is still offered
    visitors: tuple[VisitorRow, ...]
    left: int = 0

    @property
    def time(self) -> str:
        return f"{wording.time_of_day(self.starts_at)}–{wording.time_of_day(self.ends_at)}"


@dataclass(frozen=True)
class Opened:
    """What a counter has on a day."""

    unit_id: UUID | None
    day: date
    slots: list[Slot]
    visitors: list[Visitor]


@blueprint.get("")
def show() -> ResponseReturnValue:
    now, who = clock.now(), actor()
    units = units_of(who, language=current_language())
    with reading(who) as session:
        opened = _opened(session, _unit(who, units), now=now)
        counts = count_desk(session, actor=who, now=now)
    unit_id = opened.unit_id
    if unit_id:
        personal_data.register_is_read(unit_id=unit_id, days=f"{opened.day:%d/%m/%Y}", count=len(opened.visitors))
    return page(
        "official/bookings.html",
        units=[{"value": value, "text": text, "current": value == str(unit_id)} for value, text in units],
        unit=str(unit_id or ""),
        plan_href=url_for(".plan", unit_id=unit_id) if unit_id and _leads(who, unit_id) else "",
        navigation=menu(counts, actor=who, here=ADDRESS),
        **_shown(opened, now=now),
    )


@blueprint.post("/<uuid:booking_id>/da-den")
def arrived(booking_id: UUID) -> ResponseReturnValue:
    with unit_of_work(actor()) as session:
        code = records.note_arrival(session, booking_id, actor=actor(), now=clock.now())
    flash(_("Đã ghi người nộp hồ sơ %(code)s đến.", code=code), "success")
    return redirect(url_for("official_records.show", code=code), 303)


@blueprint.route("/<uuid:unit_id>/cach-nhan", methods=["GET", "POST"])
def plan(unit_id: UUID) -> ResponseReturnValue:
    now, who = clock.now(), actor()
    if not _leads(who, unit_id):
        raise NotAllowed(NOT_YOURS)
    with reading(who) as session:
        before = queries.plan_of(session, unit_id)
        counts = count_desk(session, actor=who, now=now)
    form, status = PlanForm.from_request(before), None
    if form.is_valid_submission():
        try:
            with unit_of_work(who) as session:
                service.set_plan(session, unit_id, Plan(**form.answers), actor=who, now=now)
        except InvalidInput as refused:
            status = tell(form, refused)
        else:
            flash(_("Đã lưu. Lịch đã hẹn giữ nguyên; khung giờ mới có ngay khi người dân đặt hẹn."), "success")
            return redirect(_href(unit_id, clock.local_day(now)), 303)
    return page(
        "official/booking_plan.html",
        form,
        status=status,
        unit_name=dict(units_of(who, language=current_language()))[str(unit_id)],
        back_href=_href(unit_id, clock.local_day(now)),
        navigation=menu(counts, actor=who, here=ADDRESS),
    )


def _opened(session: Session, unit_id: UUID | None, *, now: datetime) -> Opened:
    """The day that the address names; of days that the calendar does not know, the nearest that it does."""
    doors = calendars.counter_calendar(session, now=now, unit_id=unit_id)
    day = max(doors.first_day, min(asked_day("ngay") or clock.local_day(now), doors.last_day))
    plan = queries.plan_of(session, unit_id) if unit_id else Plan()
    visitors = queries.list_visitors(session, unit_id, day=day) if unit_id else []
    return Opened(unit_id, day, list(slots_on(day, plan=plan, doors=doors)), visitors)


def _shown(opened: Opened, *, now: datetime) -> dict[str, Any]:
    unit_id, day, visitors = opened.unit_id, opened.day, opened.visitors
    today = clock.local_day(now)
    return {
        "heading": _("Lịch hẹn %(day)s", day=wording.day(day, language=current_language())),
        "hours": _hours(opened.slots, visitors, now=now),
        "summary": ngettext("%(num)s người hẹn đến", "%(num)s người hẹn đến", len(visitors) - _gone(visitors)),
        "awaited": sum(one.state == BOOKED for one in visitors),
        "is_open": bool(opened.slots),
        "day": day.isoformat(),
        "earlier": _href(unit_id, day - timedelta(days=1)),
        "later": _href(unit_id, day + timedelta(days=1)),
        "today_href": "" if day == today else _href(unit_id, today),
    }


def _hours(slots: list[Slot], visitors: list[Visitor], *, now: datetime) -> list[Hour]:
    """The hours of visitors, and what is free between them; visitors may hold hours of an older plan."""
    found: list[Hour] = []
    for starts_at, mine in groupby(visitors, key=lambda one: one.starts_at):
        found += _free(slots, found, until=starts_at, now=now)
        here, slot = list(mine), next((slot for slot in slots if slot.starts_at == starts_at), None)
        left = max(0, slot.left - len(here) + _gone(here)) if slot else 0
        ends_at = slot.ends_at if slot else here[0].ends_at
        room = _room(left) if slot and starts_at > now else ""
        found.append(Hour(starts_at, ends_at, room, tuple(_row(visitor, now=now) for visitor in here)))
    return [*found, *_free(slots, found, until=None, now=now)]


def _free(slots: list[Slot], before: list[Hour], *, until: datetime | None, now: datetime) -> list[Hour]:
    """The slots after the last hour that nobody has booked, each stretch of them as one."""
    since = before[-1].ends_at if before else None
    wanted = [one for one in slots if (not since or one.starts_at >= since) and (not until or one.ends_at <= until)]
    found: list[Hour] = []
    for slot in wanted:
        left = slot.left if slot.starts_at > now else 0
        if found and found[-1].ends_at == slot.starts_at:
            last = found.pop()
            found.append(replace(last, ends_at=slot.ends_at, left=last.left + left))
        else:
            found.append(Hour(slot.starts_at, slot.ends_at, "", (), left))
    return [replace(one, room=_room(one.left) if one.left else "") for one in found]


def _room(left: int) -> str:
    return _("còn %(left)s chỗ", left=left) if left else _("kín chỗ")


def _gone(visitors: list[Visitor]) -> int:
    return sum(visitor.state == CANCELLED for visitor in visitors)


def _row(visitor: Visitor, *, now: datetime) -> VisitorRow:
    words, colour = TAGS[visitor.state]
    is_today = clock.local_day(visitor.starts_at) == clock.local_day(now)
    awaits = is_today and visitor.state == BOOKED
    may_change = visitor.state in (BOOKED, MISSED) and is_still_to_come(visitor, visitor)
    return VisitorRow(
        name=visitor.applicant_name,
        href=url_for("official_records.show", code=visitor.code),
        code=visitor.code,
        about=raised(visitor.about(current_language())),
        tag=Tag(str(words), colour),
        arrived_href=url_for(".arrived", booking_id=visitor.id) if awaits else "",
        change_href=url_for("official_visits.change", code=visitor.code) if may_change else "",
        is_gone=visitor.state == CANCELLED,
    )


def _unit(who: Actor, units: list[tuple[str, str]]) -> UUID | None:
    """The one that the address names, if it is the official's; else the counter where he sits."""
    asked = request.args.get("don-vi", type=UUID)
    if asked in who.unit_ids:
        return asked
    desks = [post.unit_id for post in who.posts if post.role in AT_THE_COUNTER]
    return desks[0] if desks else UUID(units[0][0]) if units else None


def _href(unit_id: UUID | None, day: date) -> str:
    values: dict[str, Any] = {"ngay": day.isoformat()}
    return url_for(".show", **({"don-vi": str(unit_id), **values} if unit_id else values))


def _leads(who: Actor, unit_id: UUID) -> bool:
    return any(post.unit_id == unit_id and post.role == LEADS_COUNTER for post in who.posts)
