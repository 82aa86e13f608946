"""For information: documents that other agencies have sent here, and those that a clerk sends by post."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.catalogue import queries as catalogue
from portal.core import clock
from portal.core.errors import Conflict, NotFound
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.wording import day, moment, short_day
from portal.documents import copies
from portal.documents.copies import Copy
from portal.files.queries import get_file
from portal.records.queues import count_desk
from portal.units import queries as units
from portal.units.resolution import Directory
from portal.web import personal_data
from portal.web.errors import tell
from portal.web.fields import BaseForm, TextField
from portal.web.languages import current_language, localized
from portal.web.official.menu import menu
from portal.web.pages import page
from portal.web.sent_files import whole_file
from portal.web.sign_in import actor
from portal.web.state_words import Tag
from portal.web.translation import gettext as _
from portal.web.translation import lazy_gettext as __
from portal.workflow.definition import Text

ADDRESS = "/can-bo/nhan-de-biet"
blueprint = Blueprint("official_copies", __name__, url_prefix=ADDRESS)


class PostForm(BaseForm):
    how = TextField(
        __("Số bưu gửi"), required=False, max_length=60, hint=__("Để trống nếu đưa tận tay"), spellcheck=False
    )


@blueprint.get("")
def received() -> ResponseReturnValue:
    now, who = clock.now(), actor()
    with reading(who) as session:
        found = copies.list_received(session, actor=who)
        posting = copies.list_to_post(session, actor=who) if who.has_role("clerk") else []
        counts = count_desk(session, actor=who, now=now)
        directory = units.directory(session)
    return page(
        "official/copies.html",
        rows=[_row(copy, directory) for copy in found],
        posting=[_posting(copy) for copy in posting],
        navigation=menu(counts, actor=who, here=ADDRESS),
    )


@blueprint.get("/<uuid:copy_id>")
def show(copy_id: UUID) -> ResponseReturnValue:
    now, who = clock.now(), actor()
    with reading(who) as session:
        copy = copies.get_received(session, copy_id, actor=who)
        facts = _card(session, copy, units.directory(session))
        counts = count_desk(session, actor=who, now=now)
    personal_data.is_read(copy.record_id, owner_id=copy.owner_id)
    return page(
        "official/copy.html",
        title=_named(copy),
        facts=facts,
        file_href=url_for(".file", copy_id=copy.id) if copy.file_digest else "",
        read=_read(copy),
        read_href=url_for(".read", copy_id=copy.id) if copy.read_at is None else "",
        navigation=menu(counts, actor=who),
    )


@blueprint.post("/<uuid:copy_id>/da-doc")
def read(copy_id: UUID) -> ResponseReturnValue:
    with unit_of_work(actor()) as session:
        copies.mark_read(session, copy_id, actor=actor(), now=clock.now())
    flash(_("Đã đánh dấu là đã đọc."), "success")
    return redirect(url_for(".received"), 303)


@blueprint.get("/<uuid:copy_id>/tep")
def file(copy_id: UUID) -> ResponseReturnValue:
    with reading(actor()) as session:
        copy = copies.get_received(session, copy_id, actor=actor())
        if copy.file_digest is None:
            raise NotFound("Tệp này chưa có. Mở lại sau ít phút.")
        facts = get_file(session, copy.file_digest)
    personal_data.is_read(copy.record_id, owner_id=copy.owner_id)
    return whole_file(facts, file_name=f"{copy.title} {copy.reference.replace('/', '-')}".strip() + ".pdf")


@blueprint.route("/gui/<uuid:copy_id>", methods=["GET", "POST"])
def post(copy_id: UUID) -> ResponseReturnValue:
    now, who, status = clock.now(), actor(), None
    with reading(who) as session:
        copy = copies.get_to_post(session, copy_id, actor=who)
        counts = count_desk(session, actor=who, now=now)
    form = PostForm.from_request()
    if form.is_valid_submission():
        try:
            with unit_of_work(who) as session:
                copies.note_posted(session, copy_id, how=form.answers["how"] or "", actor=who, now=now)
        except Conflict as refused:
            status = tell(form, refused)
        else:
            flash(_("Đã ghi là đã gửi."), "success")
            return redirect(url_for(".received"), 303)
    shown = {"title": _named(copy), "body": _body(copy), "code": copy.record_code}
    return page("official/copy_post.html", form, status=status, navigation=menu(counts, actor=who), **shown)


def _row(copy: Copy, directory: Directory) -> dict[str, object]:
    return {
        "href": url_for(".show", copy_id=copy.id),
        "title": _named(copy),
        "purpose": _purpose(copy),
        "name": copy.applicant_name,
        "code": copy.record_code,
        "issuer": localized(directory.unit(copy.issuer_id)),
        "day": _day(copy.sent_at or copy.created_at),
        "tag": Tag(_("Đã đọc"), "grey") if copy.read_at else Tag(_("Mới"), "yellow"),
    }


def _posting(copy: Copy) -> dict[str, object]:
    return {
        "href": url_for(".post", copy_id=copy.id) if copy.sent_at is None else "",
        "title": _named(copy),
        "body": _body(copy),
        "code": copy.record_code,
        "sent": _sent(copy),
    }


def _card(session: Session, copy: Copy, directory: Directory) -> list[tuple[str, str]]:
    """What the receiver may know of the record: this, and the document."""
    procedure = catalogue.version(session, copy.version_id).procedure
    found = [
        (_("Gửi để"), _purpose(copy)),
        (_("Cơ quan ban hành"), localized(directory.unit(copy.issuer_id))),
        (_("Số, ngày"), _("%(number)s, %(day)s", number=copy.reference, day=_day(copy.issued_at))),
        (_("Theo thủ tục"), localized(procedure.name)),
        (_("Người nộp"), copy.applicant_name),
        (_("Về việc"), localized(Text(copy.subject, copy.subject_en))),
        (_("Mã hồ sơ"), copy.record_code),
    ]
    if copy.ended_at is not None:
        found.append((_("Hiệu lực"), _("hết giá trị từ %(day)s", day=_day(copy.ended_at))))
    elif copy.valid_until is not None:
        found.append((_("Hiệu lực"), _("có hiệu lực đến %(day)s", day=day(copy.valid_until, language=_language()))))
    return found


def _named(copy: Copy) -> str:
    title = localized(copy)
    return _("%(title)s, số %(reference)s", title=title, reference=copy.reference) if copy.reference else title


def _purpose(copy: Copy) -> str:
    return _("báo cáo cấp trên") if copy.purpose == "report" else _("để biết")


def _body(copy: Copy) -> str:
    return copy.body_en if _language() == "en" and copy.body_en else copy.body


def _read(copy: Copy) -> str:
    if copy.read_at is None:
        return ""
    when = moment(copy.read_at, language=_language())
    return _("%(name)s đã đọc lúc %(moment)s.", name=copy.read_by_name, moment=when)


def _sent(copy: Copy) -> str:
    if copy.sent_at is None:
        return _("chờ gửi")
    sent = _("%(name)s gửi %(day)s", name=copy.sent_by_name, day=_day(copy.sent_at))
    return _("%(sent)s, số bưu gửi %(how)s", sent=sent, how=copy.sent_how) if copy.sent_how else sent


def _day(value: datetime | None) -> str:
    return short_day(value, language=_language()) if value else ""


def _language() -> str:
    return current_language()
