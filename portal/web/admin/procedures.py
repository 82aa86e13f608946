"""All procedures, the card of one with its versions, and taking it out of use."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.catalogue import administration, queries, retirement
from portal.catalogue.administration import DefinitionDraftView, ProcedureEntry, VersionEntry
from portal.catalogue.words import LEVELS, term, word
from portal.core import clock
from portal.core.errors import InvalidInput
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.wording import short_day, short_moment
from portal.records.moving_queries import list_movings, list_sent, step_loads
from portal.web.admin.draft_words import draft_tag
from portal.web.admin.layout import Cell, admin_page
from portal.web.admin.moving_words import moving_row, said_number, sent_row, standing_of
from portal.web.errors import tell
from portal.web.fields import BaseForm, LongTextField, SelectField
from portal.web.languages import current_language, localized
from portal.web.sign_in import actor
from portal.web.translation import gettext as _
from portal.web.translation import lazy_gettext as __

blueprint = Blueprint("admin_procedures", __name__, url_prefix="/quan-tri/thu-tuc")

HERE = "/quan-tri/thu-tuc"


class WithdrawForm(BaseForm):
    reason = LongTextField(
        __("Lý do ngừng"),
        hint=__("Số và ngày văn bản, ví dụ bãi bỏ theo Quyết định 12/QĐ-UBND"),
        rows=3,
        max_length=500,
    )
    replaced_by = SelectField(
        __("Thủ tục thay thế"), required=False, hint=__("Người mở trang cũ được đưa sang trang này")
    )


@blueprint.get("")
def index() -> ResponseReturnValue:
    with reading(actor()) as session:
        entries = administration.list_procedures(session)
        drafts = administration.list_definition_drafts(session)
        sent = list_sent(session)
    return admin_page(
        "procedures.html",
        here=HERE,
        rows=[_row(entry) for entry in entries],
        drafts=[draft_row(draft) for draft in drafts],
        sent=[sent_row(moving) for moving in sent],
        used=sum(entry.withdrawn_at is None for entry in entries),
    )


@blueprint.get("/<code>")
def show(code: str) -> ResponseReturnValue:
    with reading(actor()) as session:
        entry = administration.get_entry(session, code)
        versions = administration.list_versions(session, code)
        standing = _standing(session, code, versions)
        movings = list_movings(session, code)
        drafts = [draft for draft in administration.list_definition_drafts(session) if draft.code == code]
    return admin_page(
        "procedure.html",
        here=HERE,
        entry=entry,
        heading=localized(entry.published.procedure.name),
        facts=_facts(entry),
        versions=[_version_row(code, version) for version in versions],
        drafts=[draft_row(draft) for draft in drafts],
        standing=standing,
        movings=[moving_row(moving) for moving in movings],
    )


@blueprint.route("/<code>/ngung", methods=["GET", "POST"])
def withdraw(code: str) -> ResponseReturnValue:
    with reading(actor()) as session:
        entry = administration.get_entry(session, code)
        others = [other for other in administration.list_procedures(session) if _may_replace(other, code)]
    form = _withdraw_form(others)
    if form.is_valid_submission():
        try:
            with unit_of_work(actor()) as session:
                retirement.withdraw_procedure(session, code, actor=actor(), now=clock.now(), **form.answers)
        except InvalidInput as refused:
            tell(form, refused)
        else:
            flash(_("Đã ngừng nhận hồ sơ mới. Hồ sơ đang giải quyết vẫn tiếp tục."), "success")
            return redirect(url_for(".show", code=code), 303)
    return admin_page(
        "withdraw.html", form, here=HERE, entry=entry, procedure_name=localized(entry.published.procedure.name)
    )


@blueprint.post("/<code>/mo-lai")
def restore(code: str) -> ResponseReturnValue:
    with unit_of_work(actor()) as session:
        retirement.restore_procedure(session, code, actor=actor(), now=clock.now())
    flash(_("Đã mở lại. Thủ tục nhận hồ sơ mới từ bây giờ."), "success")
    return redirect(url_for(".show", code=code), 303)


def draft_row(draft: DefinitionDraftView) -> list[Cell]:
    """One definition being written."""
    return [
        {
            "text": localized(draft) or draft.code or _("Bản soạn chưa có tên"),
            "href": url_for("admin_definitions.show", draft_id=draft.id),
            "note": draft.code or "",
        },
        {"tag": draft_tag(draft)},
        draft.written_by_name,
        {"text": short_moment(draft.written_at, language=current_language()), "num": True},
    ]


def _row(entry: ProcedureEntry) -> list[Cell]:
    procedure = entry.published.procedure
    day = short_day(entry.published.published_at, language=current_language())
    first: dict[str, Any] = {
        "text": localized(procedure.name),
        "href": url_for(".show", code=entry.code),
        "note": entry.code,
    }
    if entry.withdrawn_at is not None:
        first["tag"] = {"text": _("Đã ngừng"), "colour": "grey"}
    return [
        first,
        localized(procedure.field_name),
        localized(word(LEVELS, procedure.competent_level)),
        {"text": str(entry.published.number), "num": True},
        {"text": day, "note": entry.published_by or _("Tệp có sẵn")},
        {"text": said_number(entry.records), "num": True},
    ]


def _facts(entry: ProcedureEntry) -> list[dict[str, str]]:
    published = entry.published
    return [
        {"term": _("Bản đang dùng"), "text": _("Bản %(number)s", number=published.number), "note": _published(entry)},
        {
            "term": _("Thời hạn"),
            "text": localized(term(published.procedure.term)),
            "note": localized(published.procedure.decided_by),
        },
        {"term": _("Hồ sơ đang giải quyết"), "text": said_number(entry.records), "note": ""},
        {"term": _("Bản nháp của người dân"), "text": said_number(entry.drafts), "note": ""},
    ]


def _published(entry: ProcedureEntry) -> str:
    day = short_day(entry.published.published_at, language=current_language())
    who = entry.published_by or _("tệp có sẵn")
    return _("công bố %(day)s, %(who)s", day=day, who=who)


def _version_row(code: str, version: VersionEntry) -> list[Cell]:
    return [
        {
            "text": _("Bản %(number)s", number=version.number),
            "href": url_for("admin_versions.show", code=code, number=version.number),
        },
        {"text": short_day(version.published_at, language=current_language()), "num": True},
        version.published_by or _("Tệp có sẵn"),
        {"text": said_number(version.records), "num": True},
        {"text": said_number(version.drafts), "num": True},
    ]


def _standing(session: Session, code: str, versions: list[VersionEntry]) -> list[dict[str, Any]]:
    """Where the open records stand, by version."""
    records = {version.version_id: version.records for version in versions if version.records}
    found = [queries.version(session, version_id) for version_id in records]
    return standing_of(found, records, step_loads(session, code), newest=versions[0].number)


def _may_replace(other: ProcedureEntry, code: str) -> bool:
    return other.code != code and other.withdrawn_at is None


def _withdraw_form(others: list[ProcedureEntry]) -> WithdrawForm:
    form = WithdrawForm.from_request()
    choices = [{"value": one.code, "text": f"{one.code} {localized(one.published.procedure.name)}"} for one in others]
    form.replaced_by.items = choices
    return form
