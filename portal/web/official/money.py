"""The book of money for who keeps the city's accounts: a period, to the đồng, and the same as a spreadsheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from wtforms import ValidationError

from portal.core import clock, wording
from portal.core.actor import Actor
from portal.core.unit_of_work import reading
from portal.documents import sheets
from portal.payments import ledger, queries
from portal.payments.ledger import Difference, Entry, Period, Sums
from portal.payments.types import Finding
from portal.records.administration import codes_of
from portal.records.books import WRONG_WAY
from portal.records.queues import count_desk
from portal.web.asked_days import LAST
from portal.web.fields import BaseForm, DateField
from portal.web.languages import current_language
from portal.web.official.menu import menu
from portal.web.official.refunds import CAUSES, WAYS
from portal.web.pages import page
from portal.web.sent_files import SPREADSHEET, made_here
from portal.web.sign_in import actor
from portal.web.state_words import Tag
from portal.web.translation import Words
from portal.web.translation import gettext as _
from portal.web.translation import lazy_gettext as __

blueprint = Blueprint("official_money", __name__, url_prefix="/can-bo/so-tien")

ADDRESS = "/can-bo/so-tien"
SHOWN, EXPORTED = 200, 100_000

FINDINGS: dict[str, Words] = {
    Finding.ADDED: __("Ngân hàng có, sổ chưa có: đã ghi thêm vào sổ"),
    Finding.OTHER_AMOUNT: __("Sổ ghi số tiền khác"),
    Finding.UNKNOWN: __("Khoản hoàn chưa ai duyệt"),
    Finding.MISSING: __("Sổ có, ngân hàng không có"),
}


class PeriodForm(BaseForm):
    """Changes nothing, so it needs no token and its answers stand in the address."""

    class Meta:
        csrf = False

    first_day = DateField(__("Từ ngày"))
    last_day = DateField(__("Đến hết ngày"), latest=LAST)

    def days(self) -> dict[str, Any]:
        """As the address of the file carries them."""
        return {**self.first_day.sent(), **self.last_day.sent()}

    def validate_last_day(self, field: DateField) -> None:
        if self.first_day.data and field.data and field.data < self.first_day.data:
            raise ValidationError(_(WRONG_WAY))


@dataclass(frozen=True)
class Row:
    """A capture in words."""

    moment: str
    amount: str
    source: str
    code: str
    note: str
    tag: Tag


@blueprint.get("")
def show() -> ResponseReturnValue:
    now, who = clock.now(), actor()
    form = _asked(now)
    if not form.validate():
        return _faulty(form, who, now)
    period = Period(form.first_day.data, form.last_day.data)
    with reading(who, consistent=True) as session:
        queries.require_accounts(session)
        words = _words(session, period)
        counts = count_desk(session, actor=who, now=now)
    navigation = menu(counts, actor=who, here=ADDRESS)
    return page(
        "official/money.html", form, export_href=url_for(".export", **form.days()), navigation=navigation, **words
    )


def _words(session: Session, period: Period) -> dict[str, Any]:
    """What the page says of the period."""
    sums, entries = ledger.sums_by_way(session, period), ledger.list_entries(session, period, most=SHOWN)
    codes = codes_of(session, {entry.record_id for entry in entries if entry.record_id})
    total = ledger.total(sums)
    return {
        "total": _in_words(total),
        "ways": [_way(one) for one in sums],
        "paid_back": _money(ledger.paid_back(session, period)),
        "rows": [_row(entry, codes) for entry in entries],
        "left_out": total.number - len(entries),
        "differences": [_difference(one) for one in ledger.list_differences(session, period, most=SHOWN)],
        "is_balanced": queries.books(session).is_balanced,
    }


@blueprint.get("/bang-tinh")
def export() -> ResponseReturnValue:
    now, who = clock.now(), actor()
    form = _asked(now)
    if not form.validate():
        return _faulty(form, who, now)
    period = Period(form.first_day.data, form.last_day.data)
    with reading(who, consistent=True) as session:
        queries.require_accounts(session)
        entries = ledger.list_entries(session, period, most=EXPORTED)
        codes = codes_of(session, {entry.record_id for entry in entries if entry.record_id})
    title = _("Sổ tiền từ %(first)s đến %(last)s", first=_day(period.first), last=_day(period.last))
    content = sheets.spreadsheet(
        title,
        _headings(),
        [_cells(entry, codes) for entry in reversed(entries)],
        made_at=now,
        sheet_name=_("Sổ tiền"),
        widths=(18, 16, 26, 30, 26, 22, 14, 14, 14, 14),
    )
    stem = f"so-tien-{period.first:%Y%m%d}-{period.last:%Y%m%d}"
    return made_here(content, media_type=SPREADSHEET, stem=stem, extension="xlsx")


def _asked(now: datetime) -> PeriodForm:
    """The days of the address; without any, this month so far."""
    today = clock.local_day(now)
    return PeriodForm(formdata=request.args or None, first_day=today.replace(day=1), last_day=today)


def _faulty(form: PeriodForm, who: Actor, now: datetime) -> ResponseReturnValue:
    """The form with its faults, and no sums: nobody shall take them for those of the days that were typed."""
    with reading(who) as session:
        queries.require_accounts(session)
        counts = count_desk(session, actor=who, now=now)
    return page("official/money.html", form, status=422, total=None, navigation=menu(counts, actor=who, here=ADDRESS))


def _headings() -> list[str]:
    """Of the columns of `_cells`."""
    return [
        _("Lúc"),
        _("Cách nộp"),
        _("Số giao dịch"),
        _("Nội dung"),
        _("Mã hồ sơ"),
        _("Người thu"),
        _("Đã thu"),
        _("Khớp với phí"),
        _("Chưa khớp"),
        _("Đã hoàn"),
    ]


def _cells(entry: Entry, codes: dict[UUID, str]) -> Sequence[str | int]:
    left = entry.amount - entry.refunded
    return [
        f"{clock.local(entry.captured_at):%Y-%m-%d %H:%M}",
        str(WAYS.get(entry.gateway, entry.gateway)),
        entry.number,
        entry.reference,
        codes.get(entry.record_id, "") if entry.record_id else "",
        entry.taken_by_name,
        entry.amount,
        left if entry.state == "matched" else 0,
        left if entry.state == "suspense" else 0,
        entry.refunded,
    ]


def _row(entry: Entry, codes: dict[UUID, str]) -> Row:
    notes = [str(CAUSES[entry.cause])] if entry.cause else []
    if entry.taken_by_name:
        notes.append(_("%(name)s thu", name=entry.taken_by_name))
    if 0 < entry.refunded < entry.amount:
        notes.append(_("đã hoàn %(amount)s", amount=_money(entry.refunded)))
    way = WAYS.get(entry.gateway, entry.gateway)
    is_cash = entry.gateway == "cash"
    return Row(
        moment=wording.short_moment(entry.captured_at, language=current_language()),
        amount=_money(entry.amount),
        source=str(way) if is_cash else _("%(gateway)s, số %(number)s", gateway=way, number=entry.number),
        code=codes.get(entry.record_id, "") if entry.record_id else "",
        note=". ".join(notes),
        tag=_tag(entry),
    )


def _tag(entry: Entry) -> Tag:
    if entry.refunded == entry.amount:
        return Tag(_("Đã hoàn"), "grey")
    return Tag(_("Đã khớp"), "green") if entry.state == "matched" else Tag(_("Chưa khớp"), "yellow")


def _difference(one: Difference) -> Row:
    way = WAYS.get(one.gateway, one.gateway)
    return Row(
        moment=_day(one.day),
        amount=_money(one.amount),
        source=_("%(gateway)s, số %(number)s", gateway=way, number=one.number),
        code="",
        note=str(FINDINGS[one.finding]),
        tag=Tag(_("Thu") if one.kind == "capture" else _("Hoàn"), "red"),
    )


def _in_words(sums: Sums) -> dict[str, str]:
    return {name: _money(getattr(sums, name)) for name in ("captured", "matched", "suspense", "refunded")}


def _way(sums: Sums) -> list[str | dict[str, Any]]:
    said = [wording.number(sums.number, language=current_language()), *_in_words(sums).values()]
    return [str(WAYS.get(sums.gateway, sums.gateway)), *({"text": text, "num": True} for text in said)]


def _day(day: date) -> str:
    return wording.day(day, language=current_language())


def _money(amount: int) -> str:
    return wording.vnd(amount, language=current_language())
