"""Paying the fees of a record: the button, the bank, and the wait for the bank's own word."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

from flask import Blueprint, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.core import clock, wording
from portal.core.actor import SYSTEM
from portal.core.errors import NotFound
from portal.core.unit_of_work import reading, unit_of_work
from portal.documents.words import amount_in_words
from portal.payments import bank_transfer, gateways, queries, service
from portal.payments.gateways import Gateway, Word
from portal.payments.types import NOT_KNOWN, Answer, Cause, PaymentState, PaymentStatus
from portal.records.record_file import get_record_file_by_id
from portal.records.types import NOTHING_OWED
from portal.web.citizen.own_record import own_record
from portal.web.fields import BaseForm, ChoiceField
from portal.web.languages import current_language, localized
from portal.web.pages import page
from portal.web.sign_in import actor
from portal.web.translation import gettext as _

blueprint = Blueprint("paying", __name__)
log = logging.getLogger("portal.web.paying")

ASK_AGAIN_AFTER = 5
"""Seconds until the waiting page looks again."""


@blueprint.route("/ho-so/<code>/nop-phi", methods=["GET", "POST"])
def pay(code: str) -> ResponseReturnValue:
    form = pay_form()
    with reading(actor()) as session:
        file = own_record(session, code, actor=actor()).file
        latest = queries.latest_payment(session, file.record.id)
    if file.record.state in NOTHING_OWED:
        return redirect(url_for("record.show", code=code), 303)
    if form.is_valid_submission():
        with unit_of_work(actor()) as session:
            started = service.start_payment(
                session,
                file.record.id,
                record_code=code,
                client_address=request.remote_addr or "",
                actor=actor(),
                now=clock.now(),
                language=current_language(),
                way=form["way"].data if "way" in form else None,
            )
        return redirect(started.redirect_url, 303)
    if not file.unpaid:
        return redirect(url_for("record.show", code=code), 303)
    begun = _is_recent(latest, clock.now())
    return page("citizen/pay.html", form, code=code, fees=file.fees_to_pay, begun=begun, **_sum(file.unpaid))


def pay_form() -> BaseForm:
    """Asks for the way to pay when there are several; the usual one is chosen already."""
    ways = gateways.offered()
    fields: dict[str, Any] = {}
    if len(ways) > 1:
        choices = [(gateway.name, localized(gateway.label)) for gateway in ways]
        question = _("Nộp bằng cách nào?")
        fields["way"] = ChoiceField(question, thing=_("cách nộp"), choices=choices, default=ways[0].name)
    made: BaseForm = type("PayForm", (BaseForm,), fields).from_request()  # type: ignore[attr-defined]
    return made


@blueprint.get("/ho-so/<code>/nop-phi/cho")
def wait(code: str) -> ResponseReturnValue:
    with reading(actor()) as session:
        file = own_record(session, code, actor=actor()).file
        latest = queries.latest_payment(session, file.record.id)
    if latest is None:
        raise NotFound("Hồ sơ này chưa có lần nộp tiền nào. Mở lại hồ sơ để xem khoản phải nộp.")
    is_over = file.record.state in NOTHING_OWED
    asks_again = not is_over and _is_recent(latest, clock.now()) and not gateways.is_by_hand(latest.gateway)
    shown = page(
        "citizen/pay_wait.html",
        code=code,
        asks_again=asks_again,
        transfer_href="" if is_over else _transfer_href(latest),
        **_standing(latest, asks_again=asks_again, is_over=is_over),
    )
    response = make_response(shown)
    if asks_again:
        response.headers["Refresh"] = str(ASK_AGAIN_AFTER)
    return response


@blueprint.get("/thanh-toan/<name>/tro-ve")
def come_back(name: str) -> ResponseReturnValue:
    """The browser's way back says nothing about money: the page that waits for the bank's own word is next."""
    reference = _gateway(name).reference_in(request.args)
    with reading(actor()) as session:
        status = queries.payment_status(session, reference)
        code = get_record_file_by_id(session, status.record_id).record.code
    return redirect(url_for("paying.wait", code=code), 303)


@blueprint.route("/thanh-toan/<name>/thong-bao", methods=["GET", "POST"])
def notification(name: str) -> ResponseReturnValue:
    """The gateway's word, server to server: the only one that marks a fee as paid."""
    gateway = _gateway(name)
    parameters = [*request.args.items(multi=True), *request.form.items(multi=True)]
    headers = {key.lower(): value for key, value in request.headers.items()}
    return gateway.in_its_words(_heard(gateway, Word(parameters=parameters, body=_body(), headers=headers)))


def _transfer_href(payment: PaymentStatus) -> str:
    """The code of a transfer that has not come yet: whoever closed its page finds it again."""
    is_open = payment.is_waiting and payment.gateway == bank_transfer.NAME and gateways.named(payment.gateway)
    return url_for("transferring.show", reference=payment.reference) if is_open else ""


def _gateway(name: str) -> Gateway:
    found = gateways.named(name)
    if found is None:
        raise NotFound("Không có cách nộp tiền này. Mở lại hồ sơ để xem khoản phải nộp.")
    return found


def _body() -> bytes:
    """What was sent as it is, unless it is a form."""
    return b"" if request.form else request.get_data()


def _heard(gateway: Gateway, word: Word) -> Answer:
    try:
        with unit_of_work(SYSTEM) as session:
            return service.receive_notification(session, gateway, word, now=clock.now())
    except Exception:  # whatever went wrong here, the gateway must send it again
        log.exception("a payment notification could not be stored")
        return NOT_KNOWN


def _sum(amount: int) -> dict[str, Any]:
    """The sum in figures and, as receipts write it, in Vietnamese words."""
    return {
        "amount": wording.vnd(amount, language=current_language()),
        "in_words": amount_in_words(amount) if current_language() == "vi" else "",
    }


def _is_recent(payment: PaymentStatus | None, now: datetime) -> bool:
    """Whether the payer may still be with the bank."""
    return (
        payment is not None and payment.is_waiting and now - payment.created_at < gateways.time_to_pay(payment.gateway)
    )


def _standing(payment: PaymentStatus, *, asks_again: bool, is_over: bool) -> dict[str, Any]:
    """How the last attempt stands, in words: heading, sentences, and whether paying again makes sense."""
    amount = wording.vnd(payment.amount, language=current_language())
    if payment.state is PaymentState.CAPTURED:
        heading = _("Đã thu %(amount)s", amount=amount)
        return {
            "heading": heading,
            "sentences": [_("Không phải nộp lần nữa."), *_too_much(payment)],
            "pay_again": False,
        }
    if payment.state is PaymentState.SUSPENSE:
        return _in_suspense(payment, is_over=is_over)
    if is_over:
        sentences = [_("Hồ sơ này đã kết thúc. Tiền đến sau thì được hoàn, không phải làm gì.")]
        return {"heading": _("Không phải nộp nữa"), "sentences": sentences, "pay_again": False}
    if payment.state is PaymentState.FAILED:
        sentences = [_("Có thể nộp lại bất cứ lúc nào. Hồ sơ vẫn còn nguyên.")]
        return {"heading": _("Chưa thu đồng nào"), "sentences": sentences, "pay_again": True}
    if gateways.is_by_hand(payment.gateway):
        sentences = [_("Sao kê tài khoản được đối chiếu mỗi ngày làm việc. Nhận được tiền thì hồ sơ đi tiếp.")]
        heading = _("Chưa thấy khoản chuyển %(amount)s", amount=amount)
        sentences.append(_("Đã chuyển rồi thì đừng nộp lần nữa."))
        return {"heading": heading, "sentences": sentences, "pay_again": False}
    sentences = [_("Ngân hàng chưa báo. Thường mất dưới 2 phút."), _("Đừng nộp lần nữa.")]
    if not asks_again:
        sentences[0] = _(
            "Ngân hàng vẫn chưa báo. Cổng tự hỏi lại trong 24 giờ đầu, sau đó người giữ sổ tiền hỏi ngân hàng."
        )
    return {"heading": _("Đang chờ ngân hàng báo"), "sentences": sentences, "pay_again": False}


def _in_suspense(payment: PaymentStatus, *, is_over: bool) -> dict[str, Any]:
    """Money was taken and pays nothing: it goes back. The fee is still owed unless another payment has paid it."""
    taken = wording.vnd(payment.taken or payment.amount, language=current_language())
    again = not is_over and payment.cause is not Cause.TWICE
    heading = _("Đã thu thừa %(amount)s", amount=taken)
    if payment.cause is Cause.OTHER_AMOUNT:
        heading = _("Ngân hàng thu %(amount)s, không đúng số phải nộp", amount=taken)
    elif payment.cause is Cause.DOUBTFUL:
        heading = _("Ngân hàng chưa chấp nhận khoản %(amount)s", amount=taken)
    next_step = _("Phí của hồ sơ chưa nộp. Nộp lại để hồ sơ đi tiếp.") if again else _("Đừng nộp lần nữa.")
    return {"heading": heading, "sentences": [_going_back(payment), next_step], "pay_again": again}


def _too_much(payment: PaymentStatus) -> list[str]:
    """The bank took more than once for the same fee."""
    if payment.taken is None:
        return []
    taken = wording.vnd(payment.taken, language=current_language())
    return [_("Ngân hàng thu thừa %(amount)s.", amount=taken), _going_back(payment)]


def _going_back(payment: PaymentStatus) -> str:
    if payment.refunded_at is None:
        return _("Khoản này sẽ được hoàn. Không phải làm gì.")
    day = wording.day(clock.local_day(payment.refunded_at), language=current_language())
    return _("Đã hoàn khoản này %(day)s.", day=day)
