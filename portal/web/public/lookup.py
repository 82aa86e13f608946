"""Where is my record: for whoever holds the receipt, and nobody else."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, current_app, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from portal.core import clock
from portal.core.actor import PUBLIC
from portal.core.unit_of_work import reading
from portal.extensions import limiter, was_refused
from portal.records import queries
from portal.records.queries import LookupKey
from portal.web import opened_record, sign_in
from portal.web.fields import BaseForm
from portal.web.kept_pages import KeptPages
from portal.web.languages import current_language
from portal.web.pages import page
from portal.web.public.lookup_words import looked_up
from portal.web.public.printed_codes import printed_code, tried
from portal.web.settings import settings
from portal.web.translation import gettext as _
from portal.web.translation import lazy_gettext as __

blueprint = Blueprint("lookup", __name__)

PAGE_OF_A_RECORD = "/tra-cuu/ket-qua"


class LookUpForm(BaseForm):
    """Changes nothing, so it needs no token: it also works on a page that was opened without a cookie."""

    class Meta:
        csrf = False

    code = printed_code(
        __("Mã hồ sơ"),
        thing=__("mã hồ sơ"),
        hint=__("Ví dụ 000.18.01.H13-261109-0007. Chữ thường, dấu cách đều được"),
        width=30,
    )
    secret = printed_code(
        __("Mã tra cứu"),
        thing=__("mã tra cứu"),
        hint=__("12 chữ và số, in dưới mã QR. Ví dụ K7M4 9QXD 2HB8"),
    )


@blueprint.route("/tra-cuu", methods=["GET", "POST"])
@limiter.limit("5 per minute; 30 per hour", methods=["POST"], deduct_when=was_refused)
@limiter.limit("5 per 15 minutes; 10 per hour", methods=["POST"], deduct_when=was_refused, key_func=tried("code"))
def find() -> ResponseReturnValue:
    form = LookUpForm.from_request()
    if form.is_valid_submission():
        with reading(PUBLIC) as session:
            found = queries.find_by_receipt(session, **form.answers)
        if found is not None:
            receipt_key = settings().receipt_key.encode()
            return opened(queries.key_of_answer(found, receipt_key=receipt_key))
        form.form_errors.append(not_opened())
    return page("public/lookup/form.html", form)


@blueprint.get("/tra-cuu/qr/<token>")
def scan(token: str) -> ResponseReturnValue:
    """The address in the receipt's QR code (documents.rendering prints it). The next page says whether it opens."""
    key = queries.key_of_token(token)
    return opened(key) if key else redirect(url_for("lookup.result"), 303)


@blueprint.get(PAGE_OF_A_RECORD)
def result() -> ResponseReturnValue:
    now = clock.now()
    key = opened_record.remembered(now=now)
    record = printed(key, now=now) if key else None
    response = make_response(record or page("public/lookup/form.html", LookUpForm(), status=404, closed=True))
    response.headers["Cache-Control"] = "no-store"
    return response


def printed(key: LookupKey, *, now: datetime) -> str | bytes | None:
    """The page about the record, as it is this moment; None when the key opens nothing any more."""
    pages: KeptPages = current_app.extensions["kept_pages"]
    kept = pages.find(key, now=now)
    found = queries.find_by_key(key, actor=sign_in.actor(), seen=kept.stamp if kept else None)
    if found is None:
        return None
    if kept and found.words is None:
        return kept.body
    with reading(sign_in.actor()) as session:
        shown = looked_up(session, queries.told(found.words or ""), now=now, language=current_language())
    body = render_template("public/lookup/result.html", **shown)
    pages.keep(key, body, stamp=found.stamp, now=now)
    return body


def opened(key: LookupKey) -> Response:
    """On to the record's page, whose address says nothing."""
    response = redirect(url_for("lookup.result"), 303)
    opened_record.remember(response, key, now=clock.now())
    return response


def not_opened() -> str:
    """One sentence for every kind of failure: it never tells whether there is such a record."""
    number = settings().help_number
    return _("Không mở được. Xem lại cả hai mã trên giấy tiếp nhận. Mất giấy? Gọi %(number)s.", number=number)
