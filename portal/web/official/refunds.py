"""Money that goes back: who keeps the city's accounts proposes it, another one approves it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.core import clock
from portal.core.actor import Actor
from portal.core.errors import Conflict, InvalidInput, NotFound, PortalError
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.wording import vnd
from portal.payments import gateways, matching, queries, refunds, unanswered
from portal.payments.types import Cause, RefundRow, RefundState
from portal.payments.unanswered import OpenPayment
from portal.records.administration import codes_of, id_of
from portal.records.queues import count_desk
from portal.web.errors import said, status_of
from portal.web.fields import BaseForm
from portal.web.languages import current_language
from portal.web.official.deadlines import shown_day
from portal.web.official.menu import menu
from portal.web.pages import page
from portal.web.sign_in import actor
from portal.web.state_words import Tag
from portal.web.translation import Words
from portal.web.translation import gettext as _
from portal.web.translation import lazy_gettext as __

blueprint = Blueprint("official_refunds", __name__, url_prefix="/can-bo/hoan-tien")

ADDRESS = "/can-bo/hoan-tien"

CAUSES: dict[str, Words] = {
    Cause.TWICE: __("Khoản phí đã nộp rồi, ngân hàng thu lần nữa"),
    Cause.DOUBTFUL: __("Ngân hàng thu tiền nhưng nghi giao dịch gian lận"),
    Cause.OTHER_AMOUNT: __("Ngân hàng thu khác số tiền phải nộp"),
    Cause.UNKNOWN: __("Tiền vào không khớp lần nộp nào"),
    Cause.FEE_GIVEN_BACK: __("Hồ sơ kết thúc thuộc trường hợp được trả lại phí"),
}
WAYS: dict[str, Words] = {
    "vnpay": "VNPAY",
    "mobile": __("Tiền di động"),
    "transfer": __("Chuyển khoản"),
    "cash": __("Tiền mặt"),
}
TAGS: dict[str, tuple[Words, str]] = {
    RefundState.DUE: (__("Chưa xem"), "yellow"),
    RefundState.REFUSED: (__("Ngân hàng không hoàn"), "red"),
    RefundState.PROPOSED: (__("Chờ duyệt"), "yellow"),
    RefundState.APPROVED: (__("Đang hoàn"), "blue"),
    RefundState.DONE: (__("Đã hoàn"), "green"),
    RefundState.MATCHED: (__("Đã khớp"), "green"),
}
DECISIONS: dict[str, Callable[..., None]] = {
    "propose": lambda session, wanted, *, who, now: refunds.propose(session, wanted, actor=who, now=now),
    "approve": lambda session, wanted, *, who, now: refunds.approve(session, wanted, actor=who, now=now),
    "return": lambda session, wanted, *, who, now: refunds.return_for_another_look(session, wanted, actor=who),
    "ask_again": lambda session, wanted, *, who, now: unanswered.ask_about_refunds(session, wanted, now=now),
    "paid_back": lambda session, wanted, *, who, now: refunds.note_paid_back(
        session, wanted, number=request.form.get("number", ""), actor=who, now=now
    ),
}
SAID: dict[str, Words] = {
    "propose": __("Đã đề nghị hoàn. Một người khác duyệt thì tiền được chuyển."),
    "approve": __("Đã duyệt."),
    "return": __("Đã trả lại để xem xét thêm."),
    "ask_again": __("Đang hỏi lại ngân hàng. Mở lại trang này sau ít phút."),
    "paid_back": __("Đã ghi khoản này là đã trả."),
}


@dataclass(frozen=True)
class Row:
    """A refund in words; `decisions` are buttons: value and text."""

    amount: str
    cause: str
    code: str
    source: str
    people: tuple[str, ...]
    since: str
    tag: Tag
    href: str
    decisions: tuple[tuple[str, str], ...]
    wrote: str = ""
    """What the payer wrote with a transfer that names no payment."""
    match_href: str = ""
    """To say that the money is the fee of a record."""
    is_unanswered: bool = False
    """The bank never said whether the money went back."""
    is_by_hand: bool = False
    """Waits for somebody to pay it back and write down the number."""
    typed: str = ""
    error: str = ""
    """What was typed in the row's input, and why it was not taken."""
    input_id: str = ""


@dataclass(frozen=True)
class Refused:
    """Why what was typed for an amount was not taken."""

    refund_id: UUID
    typed: str
    why: PortalError


@blueprint.get("")
def waiting() -> ResponseReturnValue:
    return _page()


def _page(refused: Refused | None = None) -> ResponseReturnValue:
    now, who, form = clock.now(), actor(), BaseForm()
    with reading(who, consistent=True) as session:
        queries.require_accounts(session)
        found = {state: queries.list_refunds(session, state=state) for state in RefundState}
        listed_rows = [row for rows in found.values() for row in rows]
        record_ids = {key for row in listed_rows for key in (row.record_id, row.match_record_id) if key}
        open_payments = unanswered.list_payments(session)
        codes = codes_of(session, record_ids | {payment.record_id for payment in open_payments})
        books, counts = queries.books(session), count_desk(session, actor=who, now=now)
    rows = {state: [_row(row, codes, who, now, refused) for row in listed] for state, listed in found.items()}
    return page(
        "official/refunds.html",
        form,
        status=status_of(refused.why) if refused else None,
        errors=[{"text": said(refused.why), "href": f"#{_input_of(refused.refund_id)}"}] if refused else [],
        undecided=rows[RefundState.REFUSED] + rows[RefundState.DUE],
        proposed=rows[RefundState.PROPOSED],
        unanswered=[row for row in rows[RefundState.APPROVED] if row.is_unanswered],
        sent=[row for row in rows[RefundState.APPROVED] if not row.is_unanswered],
        open_payments=[_open(payment, codes, now) for payment in open_payments],
        done=rows[RefundState.DONE],
        matched=rows[RefundState.MATCHED],
        sums={name: _money(getattr(books, name)) for name in ("captured", "matched", "suspense", "refunded")},
        navigation=menu(counts, actor=who, here=ADDRESS),
    )


def _input_of(refund_id: UUID) -> str:
    """Of the row in the page."""
    return f"typed-{refund_id}"


@blueprint.post("/<uuid:refund_id>")
def decide(refund_id: UUID) -> ResponseReturnValue:
    decision = request.form.get("decision", "")
    if decision not in DECISIONS:
        raise NotFound("Không có cách xử lý này. Mở lại danh sách để xem.")
    try:
        with unit_of_work(actor()) as session:
            DECISIONS[decision](session, [refund_id], who=actor(), now=clock.now())
    except InvalidInput as why:
        return _page(Refused(refund_id, request.form.get("number", ""), why))
    flash(str(SAID[decision]), "success")
    return redirect(url_for("official_refunds.waiting"), 303)


@blueprint.post("/<uuid:refund_id>/khop")
def match(refund_id: UUID) -> ResponseReturnValue:
    code = request.form.get("code", "")
    try:
        with unit_of_work(actor()) as session:
            record_id = id_of(session, code)
            if record_id is None:
                raise InvalidInput("Không thấy hồ sơ này. Xem lại mã hồ sơ.")
            matching.propose_match(session, refund_id, record_id=record_id, actor=actor(), now=clock.now())
    except (Conflict, InvalidInput) as why:
        return _page(Refused(refund_id, code, why))
    flash(_("Đã đề nghị nộp phí cho hồ sơ. Một người khác duyệt thì phí được ghi là đã nộp."), "success")
    return redirect(url_for("official_refunds.waiting"), 303)


@blueprint.post("/lan-nop/<uuid:payment_id>")
def ask_about_payment(payment_id: UUID) -> ResponseReturnValue:
    with unit_of_work(actor()) as session:
        unanswered.ask_about_payment(session, payment_id, now=clock.now())
    flash(str(SAID["ask_again"]), "success")
    return redirect(url_for("official_refunds.waiting"), 303)


def _row(row: RefundRow, codes: dict[UUID, str], who: Actor, now: datetime, refused: Refused | None) -> Row:
    mine = refused if refused and refused.refund_id == row.id else None
    word, colour = (__("Chưa trả lời"), "red") if row.is_unanswered else TAGS[row.state]
    text = f"{word} ({row.failure})" if row.failure else str(word)
    return Row(
        amount=_money(row.amount),
        cause=str(CAUSES[row.cause]),
        code=codes.get(row.record_id, "") if row.record_id else "",
        source=_("%(gateway)s, số %(number)s", gateway=WAYS.get(row.gateway, row.gateway), number=row.number),
        people=(*_matching(row, codes), *_people(row, now)),
        since=shown_day(row.done_at or row.due_at, now=now),
        tag=Tag(text, colour),
        href=url_for("official_refunds.decide", refund_id=row.id),
        decisions=_decisions(row, who),
        wrote=row.reference if row.cause == Cause.UNKNOWN else "",
        match_href=url_for("official_refunds.match", refund_id=row.id) if _may_match(row) else "",
        is_unanswered=row.is_unanswered,
        is_by_hand=row.is_unanswered or _is_paid_by_hand(row),
        typed=mine.typed if mine else "",
        error=said(mine.why) if mine else "",
        input_id=_input_of(row.id),
    )


def _is_paid_by_hand(row: RefundRow) -> bool:
    return row.state == RefundState.APPROVED and not row.match_record_id and gateways.is_by_hand(row.gateway)


def _open(payment: OpenPayment, codes: dict[UUID, str], now: datetime) -> Row:
    """A payment of which the bank never said how it ended."""
    way = WAYS.get(payment.gateway, payment.gateway)
    return Row(
        amount=_money(payment.amount),
        cause=_("Người nộp đã sang trang ngân hàng"),
        code=codes.get(payment.record_id, ""),
        source=_("%(gateway)s, số %(number)s", gateway=way, number=payment.reference),
        people=(),
        since=shown_day(payment.created_at, now=now),
        tag=Tag(_("Chưa trả lời"), "red"),
        href=url_for("official_refunds.ask_about_payment", payment_id=payment.id),
        decisions=(("ask_again", _("Hỏi lại ngân hàng")),),
    )


def _may_match(row: RefundRow) -> bool:
    return row.state in (RefundState.DUE, RefundState.REFUSED) and row.cause != Cause.FEE_GIVEN_BACK


def _matching(row: RefundRow, codes: dict[UUID, str]) -> list[str]:
    if row.match_record_id is None:
        return []
    return [_("Nộp phí cho hồ sơ %(code)s", code=codes.get(row.match_record_id, ""))]


def _people(row: RefundRow, now: datetime) -> list[str]:
    said = []
    if row.proposed_at:
        day = shown_day(row.proposed_at, now=now)
        said.append(_("%(name)s đề nghị %(day)s", name=row.proposed_by_name, day=day))
    if row.approved_at:
        day = shown_day(row.approved_at, now=now)
        said.append(_("%(name)s duyệt %(day)s", name=row.approved_by_name, day=day))
    return said


def _decisions(row: RefundRow, who: Actor) -> tuple[tuple[str, str], ...]:
    if row.state in (RefundState.DUE, RefundState.REFUSED):
        return (("propose", _("Đề nghị hoàn")),)
    if row.is_unanswered:
        return (("ask_again", _("Hỏi lại ngân hàng")),)
    if row.state == RefundState.PROPOSED and row.proposed_by == who.person_id:
        return (("return", _("Rút đề nghị")),)
    if row.state == RefundState.PROPOSED:
        yes = _("Duyệt nộp phí") if row.match_record_id else _("Duyệt hoàn")
        return (("approve", yes), ("return", _("Trả lại")))
    return ()


def _money(amount: int) -> str:
    return vnd(amount, language=current_language())
