"""A transfer from the payer's own bank: the VietQR code, and the same in words to copy."""

from __future__ import annotations

import segno
from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from portal.core.errors import NotFound
from portal.core.unit_of_work import reading
from portal.payments import bank_transfer, gateways, queries
from portal.payments.bank_transfer import BankTransfer
from portal.records.record_file import get_record_file_by_id
from portal.web.pages import page
from portal.web.sign_in import actor

blueprint = Blueprint("transferring", __name__)


@blueprint.get(bank_transfer.PAGE.format(reference="<reference>"))
def show(reference: str) -> ResponseReturnValue:
    account = gateways.named(bank_transfer.NAME)
    if not isinstance(account, BankTransfer):
        raise NotFound("Không có cách nộp tiền này. Mở lại hồ sơ để xem khoản phải nộp.")
    with reading(actor()) as session:
        status = queries.payment_status(session, reference)
        code = get_record_file_by_id(session, status.record_id).record.code
    if status.gateway != account.name or not status.is_waiting:
        return redirect(url_for("paying.wait", code=code), 303)
    return page(
        "citizen/transfer.html",
        code=code,
        amount=status.amount,
        account=account,
        reference=status.reference,
        picture=_picture(account.code(amount=status.amount, reference=status.reference)),
    )


def _picture(said: str) -> Markup:
    code = segno.make(said, error="m")
    return Markup(code.svg_inline(border=2, omitsize=True))  # noqa: S704 - drawn here from our own account
