"""Taking a record back: what follows, why, and one button that cannot be undone."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.core import clock, wording
from portal.core.errors import Conflict
from portal.core.unit_of_work import unit_of_work
from portal.records import service
from portal.records.types import RecordState
from portal.web.citizen.own_record import OwnRecord, opened_own
from portal.web.errors import tell
from portal.web.fields import BaseForm, LongTextField
from portal.web.languages import current_language, localized
from portal.web.pages import page
from portal.web.settings import settings
from portal.web.sign_in import actor
from portal.web.translation import gettext as _
from portal.web.translation import lazy_gettext as __

blueprint = Blueprint("withdrawing", __name__)


class WithdrawForm(BaseForm):
    reason = LongTextField(
        __("Vì sao rút hồ sơ?"),
        thing=__("lý do rút hồ sơ"),
        hint=__("Ví dụ: nộp nhầm nơi, không làm nữa"),
        rows=3,
        max_length=500,
    )


@blueprint.route("/ho-so/<code>/rut", methods=["GET", "POST"])
def withdraw(code: str) -> ResponseReturnValue:
    own = opened_own(code, actor=actor())
    form, status = WithdrawForm.from_request(), None
    if form.is_valid_submission():
        try:
            with unit_of_work(actor()) as session:
                service.withdraw_record(
                    session, own.file.record.id, reason=form.answers["reason"], actor=actor(), now=clock.now()
                )
        except Conflict as refused:
            status = tell(form, refused)
        else:
            flash(_("Đã rút hồ sơ. Cơ quan đang giữ hồ sơ đã được báo."), "success")
            return redirect(url_for("record.show", code=code), 303)
    if own.view.state == RecordState.WITHDRAWN:
        return redirect(url_for("record.show", code=code), 303)
    return page("citizen/withdraw.html", form, status=status, **_shown(own))


def _shown(own: OwnRecord) -> dict[str, Any]:
    is_open = own.may_withdraw(actor())
    return {
        "code": own.code,
        "subject": localized(own.view.subject),
        "is_open": is_open,
        "fee": _fee(own) if is_open else "",
        "too_late": "" if is_open else _too_late(own),
    }


def _fee(own: OwnRecord) -> str:
    """What becomes of the money."""
    language = current_language()
    paid = sum(fee.amount for fee in own.file.fees if fee.paid_at is not None)
    if paid:
        return _(
            "Đã nộp %(amount)s. Rút hồ sơ thì khoản này không tự hoàn lại. Hỏi về hoàn tiền: gọi %(number)s.",
            amount=wording.vnd(paid, language=language),
            number=settings().help_number,
        )
    if own.view.unpaid:
        amount = wording.vnd(own.view.unpaid, language=language)
        return _("Khoản %(amount)s chưa nộp thì không phải nộp nữa.", amount=amount)
    return _("Hồ sơ này không có khoản phải nộp.")


def _too_late(own: OwnRecord) -> str:
    """Why it cannot be taken back any more."""
    language, result = current_language(), own.file.result
    if own.view.closed_at:
        ended = wording.moment(own.view.closed_at, language=language)
        return _("Hồ sơ này đã kết thúc lúc %(moment)s.", moment=ended)
    if result and result.signed_at:
        signed = wording.moment(result.signed_at, language=language)
        return _("Kết quả đã ký lúc %(moment)s, nên không rút được nữa.", moment=signed)
    return _("Kết quả đã ký, nên không rút được nữa.")
