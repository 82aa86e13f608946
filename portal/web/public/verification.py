"""Is this paper genuine: by its QR code, by its number and secret, or by its file. Nothing that is sent is kept."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from flask import Blueprint, Response, current_app, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.actor import PUBLIC
from portal.core.errors import NotFound
from portal.core.references import check_token, document_of_token, outline_token
from portal.core.text import marked
from portal.core.unit_of_work import reading
from portal.documents.symbols import kept_reference
from portal.extensions import limiter, was_refused
from portal.files.store import MEGABYTE
from portal.paths import PROGRAMS
from portal.records.issued import Issued, get_issued, issued_as_file, issued_by_number
from portal.records.lookalikes import lookalike
from portal.records.verdicts import Verdict, of_file, of_paper
from portal.signing import service as signing
from portal.signing.types import SignatureReport
from portal.web.fields import BaseForm, FileField
from portal.web.pages import page
from portal.web.public.printed_codes import printed_code, tried
from portal.web.public.verification_words import Links, said
from portal.web.settings import settings
from portal.web.translation import gettext as _
from portal.web.translation import lazy_gettext as __

blueprint = Blueprint("verification", __name__, url_prefix="/xac-thuc")

LARGEST = 20
"""Millions of bytes of a file that is checked."""

OPEN_FOR = timedelta(minutes=10)
COOKIE = "checked"
CODE = re.compile(r"/xac-thuc/qr/([0-9a-f]{56})")
"""In the address of a QR code, wherever it leads: on a paper from a test, or behind another name of the portal."""
NO_NEWER = marked("Địa chỉ này không mở văn bản nào. Quét lại mã QR trên giấy.")
NO_KEYS = marked("Cổng chưa ký bản tóm tắt trong mã QR, nên chưa có khóa công khai.")


class NumberForm(BaseForm):
    """Changes nothing, so it needs no token: it also works on a page that was opened without a cookie."""

    class Meta:
        csrf = False

    number = printed_code(
        __("Số văn bản"),
        thing=__("số văn bản"),
        hint=__("Số và ký hiệu, ví dụ 45/GPXD"),
    )
    secret = printed_code(
        __("Mã kiểm tra"),
        thing=__("mã kiểm tra"),
        hint=__("12 chữ và số, in cạnh mã QR. Ví dụ K7M4 9QXD 2HB8"),
    )


class FileForm(BaseForm):
    class Meta:
        csrf = False

    file = FileField(
        __("Tệp PDF"),
        thing=__("tệp PDF"),
        accept=["application/pdf"],
        hint=__("Tối đa 20 MB. Tệp tải lên không được lưu."),
    )


@blueprint.route("", methods=["GET", "POST"])
@limiter.limit("5 per minute; 30 per hour", methods=["POST"], deduct_when=was_refused)
@limiter.limit(
    "5 per 15 minutes; 10 per hour",
    methods=["POST"],
    deduct_when=was_refused,
    key_func=tried("number", tidy=kept_reference),
)
def find() -> ResponseReturnValue:
    form = NumberForm.from_request()
    if form.is_valid_submission():
        with reading(PUBLIC) as session:
            found = issued_by_number(session, **form.answers, key=_key())
        if found is not None:
            return opened(found)
        help_number = settings().help_number
        form.form_errors.append(
            _("Không mở được. Xem lại số và mã in cạnh mã QR. Cần giúp? Gọi %(number)s.", number=help_number)
        )
    return page("public/verification/form.html", form, file_form=FileForm())


@blueprint.get("/qr/<token>")
def scan(token: str) -> ResponseReturnValue:
    """The address in the QR code of a result (documents.rendering prints it)."""
    found = document_of_token(token, key=_key())
    if found:
        return opened(found)
    response = redirect(url_for("verification.result"), 303)
    response.delete_cookie(COOKIE)  # else a made-up code would show what was opened before
    return response


@blueprint.get("/ket-qua")
def result() -> ResponseReturnValue:
    found = document_of_token(request.cookies.get(COOKIE, ""), key=_key())
    with reading(PUBLIC) as session:
        issued = get_issued(session, found) if found else None
    if found is None or issued is None:
        return _unkept(page("public/verification/form.html", NumberForm(), file_form=FileForm(), status=404, gone=True))
    verdict = of_paper(issued, today=clock.local_day(clock.now()))
    return _shown(verdict, scanned=check_token(found, key=_key()))


@blueprint.get("/moi/<token>")
def newer(token: str) -> ResponseReturnValue:
    """How a document stands that has replaced another: its words are for who holds it."""
    found = document_of_token(token, key=_key(), made=outline_token)
    with reading(PUBLIC) as session:
        issued = get_issued(session, found) if found else None
    if issued is None:
        raise NotFound(NO_NEWER)
    return _shown(of_paper(issued, today=clock.local_day(clock.now())), is_outline=True)


@blueprint.post("/tep")
@limiter.limit("6 per minute; 60 per hour")
def upload() -> ResponseReturnValue:
    form = FileForm()
    form.process(request.files)
    scanned = request.form.get("scanned", "")
    if form.validate():
        content: bytes = form.file.data.stream.read(LARGEST * MEGABYTE + 1)
        if len(content) <= LARGEST * MEGABYTE:
            verdict = checked(content, scanned_id=document_of_token(scanned, key=_key()))
            return _shown(verdict, scanned=scanned, is_file=True)
        form.file.errors = [_("Tệp lớn hơn 20 MB. Văn bản do Cổng cấp không lớn như vậy.")]
    number_form = NumberForm()
    return _unkept(
        page("public/verification/form.html", form, scanned=scanned, number_form=number_form, file_form=form)
    )


@blueprint.get("/khoa")
def keys() -> ResponseReturnValue:
    """The public keys by which QR codes are checked without the network."""
    file = Path(settings().signing_summary_keys)
    if not file.is_file():
        raise NotFound(NO_KEYS)
    return Response(file.read_text(encoding="ascii"), mimetype="application/x-pem-file")


@blueprint.get("/check_summary.py")
def program() -> ResponseReturnValue:
    """The program that checks them, for whoever has nothing but the code."""
    return Response((PROGRAMS / "check_summary.py").read_text(encoding="utf-8"), mimetype="text/x-python")


def checked(content: bytes, *, scanned_id: UUID | None) -> Verdict:
    """The file against its signatures, its QR code and what the portal has issued. Raises Unavailable."""
    digest = hashlib.sha256(content).hexdigest()
    report = signing.examine(content)
    with reading(PUBLIC) as session:
        original = _original(session, report)
        return of_file(
            report,
            digest,
            registered=_issued_as(session, digest),
            original=original,
            scanned_id=scanned_id,
            coded=_coded(session, report, original),
            lookalike=lookalike(report.codes, own_host=_own_host()),
            today=clock.local_day(clock.now()),
        )


def opened(document_id: UUID) -> ResponseReturnValue:
    """On to the answer, whose address says nothing: its own mark takes the place of the summary, which a browser would
    carry on and keep in its history."""
    response = redirect(url_for("verification.result", _anchor="main-content"), 303)
    response.set_cookie(
        COOKIE,
        check_token(document_id, key=_key()),
        max_age=OPEN_FOR,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )
    return response


def _own_host() -> str:
    return urlsplit(settings().public_url).hostname or ""


def _issued_as(session: Session, digest: str) -> Issued | None:
    found = issued_as_file(session, digest)
    return get_issued(session, found) if found else None


def _original(session: Session, report: SignatureReport) -> Issued | None:
    """The document of which the file was once a part: as far as its newest signature covers it."""
    for found in reversed(report.signatures):
        issued = _issued_as(session, found.revision)
        if issued is not None:
            return issued
    return None


def _coded(session: Session, report: SignatureReport, original: Issued | None) -> Issued | None:
    """The document to which a QR code in the file leads: another one than the file was made from, if there is one."""
    tokens = [match[1] for match in map(CODE.search, report.codes) if match]
    found = {document_of_token(token, key=_key()) for token in tokens} - {None}
    known = [issued for issued in (get_issued(session, one) for one in sorted(filter(None, found))) if issued]
    others = [issued for issued in known if original is None or issued.id != original.id]
    return next(iter([*others, *known]), None)


def _shown(
    verdict: Verdict, *, scanned: str = "", is_file: bool = False, is_outline: bool = False
) -> ResponseReturnValue:
    links = Links(
        lambda one: _address("newer", outline_token(one, key=_key())),
        lambda one: _address("scan", check_token(one, key=_key())),
    )
    portal = settings()
    words: dict[str, Any] = said(
        verdict, links=links, help_number=portal.help_number, own_address=portal.public_url, is_outline=is_outline
    )
    may_upload = not is_file and not is_outline
    return _unkept(
        page("public/verification/result.html", scanned=scanned, may_upload=may_upload, is_file=is_file, **words)
    )


def _address(endpoint: str, token: str) -> str:
    return url_for(f"verification.{endpoint}", token=token)


def _unkept(answer: ResponseReturnValue) -> ResponseReturnValue:
    response = make_response(answer)
    response.headers["Cache-Control"] = "no-store"
    return response


def _key() -> bytes:
    return settings().receipt_key.encode()
