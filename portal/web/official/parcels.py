"""The post at a counter: orders, labels, the list for the postman, and what comes back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.errors import Conflict, NotAllowed, NotFound
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.wording import desk_day, vnd
from portal.delivery.types import ParcelState, ParcelView
from portal.records import service
from portal.records.contents import post_sheets
from portal.records.delivering import Wish
from portal.records.parcel_desk import ParcelDesk, ToSend, parcel_desk
from portal.records.queues import count_desk
from portal.records.record_file import get_record_file
from portal.records.types import COUNTER
from portal.units.queries import directory
from portal.web import personal_data
from portal.web.errors import said
from portal.web.languages import current_language
from portal.web.official.menu import menu
from portal.web.pages import page
from portal.web.parcel_words import FEE_OPEN, event_words, parcel_tag
from portal.web.sent_files import made_here
from portal.web.sign_in import actor
from portal.web.state_words import Tag
from portal.web.translation import gettext as _

blueprint = Blueprint("official_parcels", __name__, url_prefix="/can-bo/buu-gui")

ADDRESS = "/can-bo/buu-gui"
SILENT_AFTER = timedelta(days=5)
"""Without news for so long, somebody should call the post."""

Act = Callable[..., str]


@dataclass(frozen=True)
class ParcelRow:
    """One result to send, or one parcel, in words."""

    key: str
    name: str
    code: str
    record_href: str
    goes_to: str
    when: str
    number: str = ""
    fee: str = ""
    news: str = ""
    tag: Tag | None = None
    may_hand: bool = False


@blueprint.get("")
def index() -> ResponseReturnValue:
    now, who = clock.now(), actor()
    with reading(who) as session:
        desk = parcel_desk(session, actor=who, now=now)
        counts = count_desk(session, actor=who, now=now)
    _note_reading((*desk.to_send, *desk.with_order, *desk.on_the_way, *desk.ended), now)
    waiting = [parcel for parcel in desk.on_the_way if parcel not in desk.coming_back]
    return page(
        "official/parcels.html",
        to_send=[_to_send(one, now) for one in desk.to_send],
        with_order=[_row(parcel, now) for parcel in desk.with_order],
        on_the_way=[_row(parcel, now) for parcel in waiting],
        coming_back=[_row(parcel, now) for parcel in desk.coming_back],
        ended=[_row(parcel, now) for parcel in desk.ended],
        has_numbers=any(parcel.number for parcel in desk.with_order),
        navigation=menu(counts, actor=who, here=ADDRESS),
    )


@blueprint.post("/lap-don")
def order() -> ResponseReturnValue:
    return _each(service.order_parcel, lambda count: _("Đã lập đơn cho %(count)s kết quả.", count=count))


@blueprint.post("/da-giao")
def hand() -> ResponseReturnValue:
    return _each(service.hand_parcel, lambda count: _("Đã giao %(count)s bưu gửi cho bưu tá.", count=count))


@blueprint.post("/huy-don")
def cancel() -> ResponseReturnValue:
    return _each(service.cancel_parcel, lambda count: _("Đã hủy đơn. Kết quả vẫn ở quầy."))


@blueprint.post("/nhan-lai")
def take_back() -> ResponseReturnValue:
    return _each(service.take_parcel_back, lambda count: _("Đã nhận lại. Kết quả chờ ở quầy, người nộp có tin ngay."))


@blueprint.post("/<code>/nhan-tai-quay")
def to_counter(code: str) -> ResponseReturnValue:
    """Whoever wanted it by post has come."""
    with unit_of_work(actor()) as session:
        record = get_record_file(session, code).record
        service.change_way(session, record.id, Wish(COUNTER), actor=actor(), now=clock.now())
    flash(_("Đã đổi sang nhận tại quầy. Trả kết quả như thường."), "success")
    return redirect(url_for("official_records.show", code=code), 303)


@blueprint.get("/nhan.pdf")
def labels() -> ResponseReturnValue:
    return _sheet(post_sheets.LABELS_TITLE, lambda parcels, session: post_sheets.labels(parcels, directory(session)))


@blueprint.get("/danh-sach-giao.pdf")
def list_to_sign() -> ResponseReturnValue:
    def made(parcels: list[ParcelView], session: Session) -> bytes:
        units = directory(session)
        return post_sheets.list_to_sign(parcels, units, unit_id=parcels[0].unit_id, now=clock.now())

    return _sheet(post_sheets.LIST_TITLE, made)


def _each(act: Act, done: Callable[[int], str]) -> ResponseReturnValue:
    """One after the other, each for itself: what is refused is named, the others are done."""
    count = 0
    for key in _ticked():
        try:
            with unit_of_work(actor()) as session:
                act(session, key, actor=actor(), now=clock.now())
        except (Conflict, NotAllowed, NotFound) as refused:
            flash(said(refused), "notice")
        else:
            count += 1
    if count:
        flash(done(count), "success")
    elif not request.form.getlist("one"):
        flash(_("Đánh dấu ít nhất một dòng rồi bấm lại."), "notice")
    return redirect(url_for(".index"), 303)


def _ticked() -> list[UUID]:
    found = []
    for key in dict.fromkeys(request.form.getlist("one")):
        try:
            found.append(UUID(key))
        except ValueError:
            continue
    return found


def _sheet(title: str, made: Callable[[list[ParcelView], Session], bytes]) -> ResponseReturnValue:
    """Of the envelopes at the counter that have a number."""
    now = clock.now()
    with reading(actor()) as session:
        desk: ParcelDesk = parcel_desk(session, actor=actor(), now=now)
        parcels = [parcel for parcel in desk.with_order if parcel.number]
        if not parcels:
            raise NotFound("Không có bưu gửi nào chờ bưu tá. Lập đơn trước.")
        content = made(parcels, session)
    _note_reading(parcels, now)
    stem = f"{title} {clock.local(now):%Y-%m-%d}"
    return made_here(content, media_type="application/pdf", stem=stem, extension="pdf")


def _note_reading(lines: Iterable[ToSend | ParcelView], now: datetime) -> None:
    """They name who receives what, and where."""
    today = f"{clock.local_day(now):%d/%m/%Y}"
    for unit_id, count in Counter(line.unit_id for line in lines).items():
        personal_data.register_is_read(unit_id=unit_id, days=today, count=count)


def _to_send(one: ToSend, now: datetime) -> ParcelRow:
    return ParcelRow(
        key=str(one.record_id),
        name=one.applicant_name,
        code=one.code,
        record_href=url_for("official_records.show", code=one.code),
        goes_to=", ".join(part for part in (one.receiver_name, one.goes_to) if part),
        when=_day(one.since, now),
        tag=Tag(_("Chờ nộp phí"), "orange") if one.is_unpaid else None,
    )


def _row(parcel: ParcelView, now: datetime) -> ParcelRow:
    heard = parcel.last_heard
    is_silent = heard is not None and parcel.ended_at is None and now - heard > SILENT_AFTER
    news = event_words(parcel.events[-1]) if parcel.events else parcel.failure
    return ParcelRow(
        key=str(parcel.id),
        name=parcel.applicant_name,
        code=parcel.record_code,
        record_href=url_for("official_records.show", code=parcel.record_code),
        goes_to=f"{parcel.receiver.name}, {parcel.receiver.line}",
        when=_day(parcel.ended_at or parcel.handed_at or parcel.ordered_at or parcel.wanted_at, now),
        number=parcel.number,
        fee=vnd(parcel.fee, language=current_language()) if parcel.fee and parcel.state in FEE_OPEN else "",
        news=_("Không có tin từ %(day)s. Gọi bưu điện.", day=_day(heard, now)) if is_silent and heard else news,
        tag=parcel_tag(parcel.state),
        may_hand=parcel.state is ParcelState.READY,
    )


def _day(moment: datetime, now: datetime) -> str:
    return desk_day(clock.local_day(moment), today=clock.local_day(now), language=current_language())
