"""Officials' accounts: finding one, its posts with their dates, locking and unlocking."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.accounts import administration
from portal.accounts.administration import DatedPost, OfficialAccount
from portal.accounts.types import NewPost, Role
from portal.catalogue.words import FUNCTIONS, LEVELS, ROLES, word
from portal.core import clock
from portal.core.errors import InvalidInput
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.wording import moment
from portal.units import queries as units
from portal.units.resolution import Directory
from portal.units.types import Level
from portal.web import personal_data
from portal.web.admin.account_forms import EndPostForm, LockForm, PostForm, SearchForm
from portal.web.admin.layout import admin_page
from portal.web.admin.units import days_of
from portal.web.errors import tell
from portal.web.languages import current_language, localized
from portal.web.sign_in import actor
from portal.web.translation import gettext as _

blueprint = Blueprint("admin_accounts", __name__, url_prefix="/quan-tri/tai-khoan")

HERE = "/quan-tri/tai-khoan"


@blueprint.route("", methods=["GET", "POST"])
def find() -> ResponseReturnValue:
    """Sent by POST: a name does not belong into an address."""
    form = SearchForm.from_request()
    rows = None
    if form.is_valid_submission():
        try:
            with unit_of_work(actor()) as session:
                found = administration.find_accounts(session, form.answers["q"], actor=actor(), now=clock.now())
                rows = _rows(session, found)
        except InvalidInput as refused:
            tell(form, refused)
    return admin_page("accounts.html", form, here=HERE, rows=rows, most=administration.MOST)


@blueprint.get("/<uuid:person_id>")
def show(person_id: UUID) -> ResponseReturnValue:
    personal_data.account_is_read(person_id)
    return _account_page(person_id)


@blueprint.post("/<uuid:person_id>/khoa")
def lock(person_id: UUID) -> ResponseReturnValue:
    form = LockForm.from_request()
    try:
        with unit_of_work(actor()) as session:
            reason = str(form.reason.data or "")
            administration.lock_account(session, person_id, reason=reason, actor=actor(), now=clock.now())
    except InvalidInput as refused:
        tell(form, refused)
        return _account_page(person_id, lock=form)
    flash(_("Đã khóa. Người này không đăng nhập được nữa."), "success")
    return redirect(url_for(".show", person_id=person_id), 303)


@blueprint.post("/<uuid:person_id>/mo-khoa")
def unlock(person_id: UUID) -> ResponseReturnValue:
    with unit_of_work(actor()) as session:
        administration.unlock_account(session, person_id, actor=actor(), now=clock.now())
    flash(_("Đã mở khóa. Người này đăng nhập được như trước."), "success")
    return redirect(url_for(".show", person_id=person_id), 303)


@blueprint.route("/<uuid:person_id>/vi-tri", methods=["GET", "POST"])
def add_post(person_id: UUID) -> ResponseReturnValue:
    with reading(actor()) as session:
        account = administration.get_account(session, person_id)
        directory = units.directory(session)
    form = PostForm.with_choices(unit_groups(directory), _functions())
    if form.is_valid_submission():
        try:
            with unit_of_work(actor()) as session:
                administration.give_post(session, person_id, _post_of(form), actor=actor(), now=clock.now())
        except InvalidInput as refused:
            tell(form, refused)
        else:
            flash(_("Đã thêm vị trí."), "success")
            return redirect(url_for(".show", person_id=person_id), 303)
    return admin_page("add_post.html", form, here=HERE, account=account)


@blueprint.route("/vi-tri/<uuid:post_id>/ket-thuc", methods=["GET", "POST"])
def end_post(post_id: UUID) -> ResponseReturnValue:
    with reading(actor()) as session:
        post, account, unit_name = _post_to_end(session, post_id)
    form = EndPostForm.from_request(last_day=clock.local_day(clock.now()))
    if form.is_valid_submission():
        try:
            with unit_of_work(actor()) as session:
                last_day = form.answers["last_day"]
                administration.end_post(session, post_id, last_day=last_day, actor=actor(), now=clock.now())
        except InvalidInput as refused:
            tell(form, refused)
        else:
            flash(_("Đã đặt ngày hết của vị trí."), "success")
            return redirect(url_for(".show", person_id=account.person_id), 303)
    role = localized(word(ROLES, post.role))
    return admin_page("end_post.html", form, here=HERE, account=account, role=role, unit_name=unit_name)


def _account_page(person_id: UUID, *, lock: LockForm | None = None) -> ResponseReturnValue:
    day = clock.local_day(clock.now())
    with reading(actor()) as session:
        account = administration.get_account(session, person_id)
        posts = administration.list_dated_posts(session, person_id=person_id)
        directory = units.directory(session)
    seen = account.seen_at
    return admin_page(
        "account.html",
        lock if lock is not None else LockForm(),
        here=HERE,
        account=account,
        seen=moment(seen, language=current_language()) if seen else _("chưa lần nào"),
        own=person_id == actor().person_id,
        posts=[_post(post, directory, day) for post in posts],
    )


def _post_to_end(session: Session, post_id: UUID) -> tuple[DatedPost, OfficialAccount, str]:
    post = administration.get_post(session, post_id)
    account = administration.get_account(session, post.person_id)
    return post, account, units.directory(session).unit(post.unit_id).in_language(current_language())


def _rows(session: Session, found: list[OfficialAccount]) -> list[dict[str, Any]]:
    day = clock.local_day(clock.now())
    posts = administration.posts_of(session, [account.person_id for account in found], day=day)
    directory = units.directory(session)
    return [
        {
            "account": account,
            "href": url_for(".show", person_id=account.person_id),
            "posts": [_short_post(post, directory) for post in posts.get(account.person_id, [])],
        }
        for account in found
    ]


def _short_post(post: DatedPost, directory: Directory) -> str:
    return f"{localized(word(ROLES, post.role))}, {directory.unit(post.unit_id).in_language(current_language())}"


def _post(post: DatedPost, directory: Directory, day: date) -> dict[str, Any]:
    unit = directory.unit(post.unit_id)
    return {
        "id": post.id,
        "role": localized(word(ROLES, post.role)),
        "title": post.title,
        "unit": unit.in_language(current_language()),
        "unit_href": url_for("admin_units.show", unit_id=unit.id),
        "function": localized(word(FUNCTIONS, post.function)) if post.function else _("mọi chức năng"),
        "days": days_of(post.valid_from, post.valid_to),
        "in_force": post.is_in_force(day),
        "may_end": post.valid_to is None or post.valid_to > day,
    }


def _post_of(form: PostForm) -> NewPost:
    answers = form.answers
    return NewPost(
        unit_id=UUID(answers["unit"]),
        role=Role(answers["role"]),
        function=answers["function"] or None,
        title=answers["title"],
        valid_from=answers["valid_from"],
        valid_to=answers["valid_to"],
    )


def unit_groups(directory: Directory) -> list[dict[str, Any]]:
    """The units in force by level, as a grouped list."""
    day = clock.local_day(clock.now())
    return [
        {
            "group": localized(word(LEVELS, level)),
            "choices": [
                {"value": str(unit.id), "text": f"{unit.in_language(current_language())} ({unit.account_code})"}
                for unit in sorted(directory.units(day=day, level=level), key=lambda unit: unit.account_code)
            ],
        }
        for level in Level
    ]


def _functions() -> list[tuple[str, str]]:
    return [(function, localized(words)) for function, words in FUNCTIONS.items()]
