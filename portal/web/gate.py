"""What every request passes before its view: who may come here, from which site, with which token."""

from __future__ import annotations

from flask import Flask, flash, redirect, request, session, url_for
from werkzeug.wrappers import Response

from portal.core.actor import ActorKind
from portal.core.errors import NotAllowed
from portal.extensions import limiter
from portal.web import sign_in
from portal.web.errors import Unsent
from portal.web.fields import BaseForm
from portal.web.routes import CHECK_THEIR_OWN_TOKEN, HOLD_THEIR_ANSWERS, ROUTES, WITHOUT_TOKEN, Access, may_enter
from portal.web.translation import gettext as _

READING = frozenset({"GET", "HEAD", "OPTIONS"})
LARGEST_ANSWERS = 1_000_000
"""Bytes of a form without its files."""

OUR_OWN_PAGES = frozenset({"same-origin", "none"})


def install(app: Flask) -> None:
    app.before_request(limit_answers)
    limiter.init_app(app)
    app.before_request(check_access)
    app.before_request(check_origin)


def limit_answers() -> None:
    """Only papers may be large: answers alone are read into memory whole."""
    if request.mimetype != "multipart/form-data":
        request.max_content_length = LARGEST_ANSWERS


def check_access() -> Response | None:
    """Let in whom the table lets in; who is nobody yet may sign in and come back."""
    if request.endpoint is None:  # no such page: the error handler answers
        return None
    access = ROUTES[request.endpoint]
    if access in (Access.PUBLIC, Access.SIGNED_CALLBACK) or may_enter(access, sign_in.actor()):
        return None
    if sign_in.actor().kind is not ActorKind.PUBLIC:
        raise NotAllowed("Đăng nhập bằng tài khoản khác, hoặc gọi số hỗ trợ ở cuối trang.")
    if request.method not in READING:
        if request.endpoint in HOLD_THEIR_ANSWERS and request.form.get("held"):
            flash(_("Phiên đăng nhập đã hết. Đăng nhập lại, phần vừa điền vẫn còn trên máy này."), "notice")
            return redirect(url_for("sign_in.start", next=sign_in.this_address()), 303)
        raise Unsent("Phiên đăng nhập đã hết. Đăng nhập ở một thẻ khác, rồi quay lại đây và gửi lần nữa.")
    if sign_in.SINCE in session:
        flash(_("Phiên đăng nhập trước đã hết. Đăng nhập lại để làm tiếp."), "notice")
    return redirect(url_for("sign_in.start", next=sign_in.this_address()), 303)


def check_origin() -> None:
    """Refuse what another site sends in a visitor's name. Machines that sign their calls have no pages."""
    if request.method in READING or request.endpoint is None or ROUTES[request.endpoint] is Access.SIGNED_CALLBACK:
        return
    comes_from = request.headers.get("Sec-Fetch-Site")
    if comes_from is not None and comes_from not in OUR_OWN_PAGES:
        raise Unsent("Việc này được gửi từ một trang khác nên chưa được làm. Mở Cổng rồi làm lại.")
    if request.endpoint in WITHOUT_TOKEN | CHECK_THEIR_OWN_TOKEN or BaseForm(request.form).validate():
        return
    raise Unsent("Trang này mở từ lần đăng nhập trước. Quay lại, tải lại trang rồi gửi lần nữa.")
