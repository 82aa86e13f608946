"""Taking cash at the counter for what a record owes."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.core import clock
from portal.core.errors import Conflict, NotFound
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.wording import vnd
from portal.documents.words import amount_in_words
from portal.records import cash
from portal.records.desk import get_desk
from portal.records.queues import count_desk
from portal.records.record_file import RecordFile
from portal.web.errors import tell
from portal.web.fields import BaseForm
from portal.web.languages import current_language
from portal.web.official.menu import menu
from portal.web.pages import page
from portal.web.sign_in import actor
from portal.web.translation import gettext as _

blueprint = Blueprint("official_cash", __name__, url_prefix="/can-bo/ho-so/<code>")


@blueprint.route("/thu-tien-mat", methods=["GET", "POST"])
def take(code: str) -> ResponseReturnValue:
    now, who, status = clock.now(), actor(), None
    form = BaseForm.from_request()
    with reading(who, consistent=True) as session:
        file = get_desk(session, code, actor=who, now=now).file
        counts = count_desk(session, actor=who, now=now)
    if form.is_valid_submission():
        counted = request.form.get("amount", 0, type=int)
        try:
            with unit_of_work(who) as session:
                cash.take_cash(session, file.record.id, amount=counted, actor=who, now=now)
        except Conflict as refused:
            status = tell(form, refused)
        else:
            flash(_("Đã thu %(amount)s. Biên lai đang được lập.", amount=_money(counted)), "success")
            return redirect(url_for("official_records.show", code=code), 303)
    elif not cash.may_take(file, actor=who):
        raise NotFound("Không có khoản nào thu được ở đây. Mở lại hồ sơ để xem.")
    return page("official/cash.html", form, status=status, navigation=menu(counts, actor=who), **_owed(file))


def _owed(file: RecordFile) -> dict[str, Any]:
    return {
        "record": file.record,
        "fees": file.fees_to_pay,
        "owed": file.unpaid,
        "in_words": amount_in_words(file.unpaid),
    }


def _money(amount: int) -> str:
    return vnd(amount, language=current_language())
