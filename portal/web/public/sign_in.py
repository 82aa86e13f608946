"""Signing in and out."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from portal.accounts import service
from portal.core import clock
from portal.core.actor import SYSTEM, Actor
from portal.core.errors import InvalidInput
from portal.core.text import folded
from portal.core.unit_of_work import unit_of_work
from portal.extensions import limiter, was_refused
from portal.web import sign_in
from portal.web.errors import tell
from portal.web.fields import BaseForm, PasswordField, TextField
from portal.web.languages import current_language
from portal.web.pages import page
from portal.web.routes import FIRST_PAGE_OF_ADMINISTRATORS, FIRST_PAGES
from portal.web.settings import settings
from portal.web.translation import gettext as _
from portal.web.translation import lazy_gettext as __

blueprint = Blueprint("sign_in", __name__)


class SignInForm(BaseForm):
    login = TextField(
        __("Số định danh hoặc tên tài khoản"),
        thing=__("số định danh hoặc tên tài khoản"),
        hint=__("Số định danh có 12 chữ số, in trên thẻ căn cước. Cán bộ dùng tên tài khoản được cấp"),
        autocomplete="username",
        spellcheck=False,
        width=20,
    )
    password = PasswordField(__("Mật khẩu"))


def account_tried() -> str:
    """The account that somebody tries to open, so that no password is guessed from many networks either.

    Never raises: the throttle would take that for a failure of its storage, and start to count anew in memory.
    """
    try:
        return folded(request.form.get("login", ""))[:60] or "nobody"
    except HTTPException:
        return "unreadable"


@blueprint.route("/dang-nhap", methods=["GET", "POST"])
@limiter.limit("60 per 15 minutes", methods=["POST"], deduct_when=was_refused)
@limiter.limit("10 per 15 minutes", methods=["POST"], deduct_when=was_refused, key_func=account_tried)
def start() -> ResponseReturnValue:
    form = SignInForm.from_request()
    if form.is_valid_submission():
        now = clock.now()
        try:
            with unit_of_work(SYSTEM) as session:
                person = service.sign_in(session, form.answers["login"], form.answers["password"], now=now)
        except InvalidInput as refused:
            tell(form, refused)
        else:
            sign_in.begin(person, now=now)
            return redirect(sign_in.own_address(request.args.get("next"), otherwise=first_page_of(person)), 303)
    return page("public/sign_in.html", form, **demonstration_accounts())


@blueprint.post("/dang-xuat")
def end() -> ResponseReturnValue:
    with unit_of_work(sign_in.actor()) as session:
        service.sign_out(session, actor=sign_in.actor(), now=clock.now())
    sign_in.forget()
    flash(_("Đã đăng xuất."), "notice")
    return redirect(url_for("home.show"), 303)


def demonstration_accounts() -> dict[str, Any]:
    """Who may try the demonstration, and with which password; nothing where the portal is real."""
    if not settings().demonstration:
        return {}
    from portal.demonstration import PASSWORD  # inside the function: a real portal has no use for it
    from portal.demonstration.accounts import list_accounts

    split = [(login, *words.partition(": ")[::2]) for login, words in list_accounts(current_language())]
    accounts = [{"number": login, "name": name, "role": role} for login, name, role in split]
    return {"demonstration_accounts": accounts, "demonstration_password": PASSWORD}


def first_page_of(person: Actor) -> str:
    if person.posts and all(post.role == "administrator" for post in person.posts):
        return url_for(FIRST_PAGE_OF_ADMINISTRATORS)
    return url_for(FIRST_PAGES.get(person.kind, "home.show"))
