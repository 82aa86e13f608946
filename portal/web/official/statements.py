"""A statement of the city's account: brought by who keeps the accounts, booked line by line, each with its verdict."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.audit import service as audit
from portal.core import clock
from portal.core.actor import SYSTEM
from portal.core.errors import InvalidInput, NotFound
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.wording import day, vnd
from portal.payments import bank_transfer, queries, statements
from portal.payments.types import Cause, Finding, SettledRow
from portal.records.administration import codes_of
from portal.records.queues import count_desk
from portal.web.errors import tell
from portal.web.fields import BaseForm, CheckField, FileField
from portal.web.languages import current_language
from portal.web.official.menu import menu
from portal.web.official.refunds import CAUSES
from portal.web.pages import page
from portal.web.sign_in import actor
from portal.web.state_words import Tag
from portal.web.translation import gettext as _
from portal.web.translation import lazy_gettext as __

blueprint = Blueprint("official_statements", __name__, url_prefix="/can-bo/so-tien/sao-ke")

MONEY = "/can-bo/so-tien"


class StatementForm(BaseForm):
    statement = FileField(
        __("Tệp sao kê"),
        accept=(".csv", ".xlsx", ".xls"),
        hint=__("CSV hoặc XLSX tải từ ngân hàng, có ngày, số giao dịch, số tiền ghi có và nội dung"),
    )
    has_whole_days = CheckField(
        __("Tệp có đủ mọi khoản tiền vào của ngày đầu và ngày cuối"),
        hint=__("Chỉ khi đó khoản có trong sổ mà tệp không có mới bị coi là thiếu ở hai ngày ấy"),
        required=False,
    )


@dataclass(frozen=True)
class Line:
    """A line of the statement in words."""

    day: str
    number: str
    amount: str
    wrote: str
    code: str
    verdict: str
    tag: Tag


@blueprint.route("", methods=["GET", "POST"])
def bring() -> ResponseReturnValue:
    form, who = StatementForm.from_request(), actor()
    with reading(who) as session:
        queries.require_accounts(session)
        counts = count_desk(session, actor=who, now=clock.now())
    if form.is_valid_submission():
        sent = form.statement.data
        data = sent.stream.read(statements.LARGEST_STATEMENT + 1)
        try:
            with unit_of_work(SYSTEM) as session:
                whole = bool(form.has_whole_days.data)
                digest = statements.book(session, data, file_name=sent.filename, now=clock.now(), has_whole_days=whole)
                audit.note(session, "statement_brought", actor=who, now=clock.now(), details={"digest": digest})
        except InvalidInput as refused:
            tell(form, refused)
        else:
            return redirect(url_for("official_statements.show", digest=digest), 303)
    return page("official/statement_upload.html", form, navigation=menu(counts, actor=who, here=MONEY))


@blueprint.get("/<digest>")
def show(digest: str) -> ResponseReturnValue:
    who = actor()
    with reading(who, consistent=True) as session:
        queries.require_accounts(session)
        rows = queries.list_settled(session, gateway=bank_transfer.NAME, digest=digest)
        codes = codes_of(session, {row.record_id for row in rows if row.record_id})
        counts = count_desk(session, actor=who, now=clock.now())
    if not rows:
        raise NotFound("Không thấy sao kê này. Tải tệp lên lần nữa.")
    named = [row for row in rows if row.finding != Finding.MISSING]
    sums = {state: sum(row.amount for row in named if row.state == state) for state in ("matched", "suspense")}
    return page(
        "official/statement.html",
        lines=[_line(row, codes) for row in rows],
        stretch=_stretch(named),
        sums={name: vnd(amount, language=current_language()) for name, amount in sums.items()},
        navigation=menu(counts, actor=who, here=MONEY),
    )


def _stretch(rows: list[SettledRow]) -> str:
    """From which to which day the file names money; the rows are in the order of their days."""
    first, last = (day(row.day, language=current_language()) for row in (rows[0], rows[-1]))
    return first if first == last else _("%(first)s đến %(last)s", first=first, last=last)


def _line(row: SettledRow, codes: dict[UUID, str]) -> Line:
    verdict, tag = _verdict(row)
    return Line(
        day=day(row.day, language=current_language()),
        number=row.number,
        amount=vnd(row.amount, language=current_language()),
        wrote=row.reference,
        code=codes.get(row.record_id, "") if row.record_id else "",
        verdict=verdict,
        tag=tag,
    )


def _verdict(row: SettledRow) -> tuple[str, Tag]:
    """What became of the line, and why."""
    if row.finding == Finding.OTHER_AMOUNT:
        return _("Sổ đã ghi số giao dịch này với số tiền khác. Hỏi ngân hàng."), Tag(_("Lệch"), "red")
    if row.finding == Finding.MISSING:
        return _("Sổ có khoản này trong ngày, sao kê không có. Hỏi ngân hàng."), Tag(_("Lệch"), "red")
    again = _("Đã ghi từ trước.") if row.finding == Finding.AGREES else ""
    if row.state == "suspense":
        return f"{CAUSES[row.cause or Cause.UNKNOWN]}. {again}".strip(), Tag(_("Chưa khớp"), "yellow")
    return again, Tag(_("Đã khớp"), "green")
