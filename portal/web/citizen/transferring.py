"""A transfer from the payer's own bank: the VietQR code, and the same in words to copy."""

from __future__ import annotations

from io import BytesIO

import segno
from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from segno import QRCode

from portal.core.errors import NotFound
from portal.core.unit_of_work import reading
from portal.payments import bank_transfer, gateways, queries
from portal.payments.bank_transfer import BankTransfer
from portal.payments.types import PaymentStatus
from portal.records.models import Record
from portal.records.record_file import get_record_file_by_id
from portal.records.types import NOTHING_OWED
from portal.web.pages import page
from portal.web.sent_files import made_here
from portal.web.sign_in import actor

blueprint = Blueprint("transferring", __name__)


PAGE = bank_transfer.PAGE.format(reference="<reference>")


@blueprint.get(PAGE)
def show(reference: str) -> ResponseReturnValue:
    account, status, record = _asked_for(reference)
    if not _is_awaited(status, record):
        return redirect(url_for("paying.wait", code=record.code), 303)
    return page(
        "citizen/transfer.html",
        code=record.code,
        amount=status.amount,
        account=account,
        reference=status.reference,
        picture_href=url_for(".picture", reference=status.reference),
        picture=_drawn(_code(account, status)),
    )


@blueprint.get(f"{PAGE}/ma.png")
def picture(reference: str) -> ResponseReturnValue:
    """The code to keep: on a telephone the bank's application reads it from the album."""
    account, status, record = _asked_for(reference)
    if not _is_awaited(status, record):
        return redirect(url_for("paying.wait", code=record.code), 303)
    drawn = BytesIO()
    _code(account, status).save(drawn, kind="png", scale=12, border=4)
    return made_here(drawn.getvalue(), media_type="image/png", stem=f"vietqr-{status.reference}", extension="png")


def _asked_for(reference: str) -> tuple[BankTransfer, PaymentStatus, Record]:
    """The account, the transfer that was begun, and its record. Raises NotFound."""
    account = gateways.named(bank_transfer.NAME)
    if not isinstance(account, BankTransfer):
        raise NotFound("Không có cách nộp tiền này. Mở lại hồ sơ để xem khoản phải nộp.")
    with reading(actor()) as session:
        status = queries.payment_status(session, reference)
        record = get_record_file_by_id(session, status.record_id).record
    if status.gateway != account.name:
        raise NotFound("Không có cách nộp tiền này. Mở lại hồ sơ để xem khoản phải nộp.")
    return account, status, record


def _is_awaited(status: PaymentStatus, record: Record) -> bool:
    return status.is_waiting and record.state not in NOTHING_OWED


def _code(account: BankTransfer, status: PaymentStatus) -> QRCode:
    return segno.make_qr(account.code(amount=status.amount, reference=status.reference), error="m")


def _drawn(code: QRCode) -> Markup:
    return Markup(code.svg_inline(border=2, omitsize=True))  # noqa: S704 - drawn here from our own account
