"""Parts of a draft: one page to change each, one to add to a list, the buttons that move and remove."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.catalogue import drafting
from portal.catalogue.source import Path, Source
from portal.core import clock
from portal.core.errors import Conflict, InvalidInput
from portal.core.unit_of_work import unit_of_work
from portal.web.admin.draft_view import open_draft
from portal.web.admin.editor.entries import edit_address
from portal.web.admin.editor.new_entry import NewEntry, new_entry
from portal.web.admin.editor.opened_part import OpenedPart, open_part, upward_of
from portal.web.admin.editor.parts import count_within, path_in
from portal.web.admin.editor.registry import part_at
from portal.web.admin.editor.written_part import WrittenPart, written_part
from portal.web.admin.opened_definition import TEXT, section_of
from portal.web.errors import said
from portal.web.sign_in import actor
from portal.web.translation import gettext as _
from portal.web.translation import ngettext

blueprint = Blueprint("admin_editor", __name__, url_prefix="/quan-tri/ban-soan/<uuid:draft_id>")


@blueprint.route("/sua/<path:where>", methods=["GET", "POST"])
def edit(draft_id: UUID, where: str) -> ResponseReturnValue:
    return _kept(draft_id, open_part(draft_id, where))


@blueprint.route("/them/<path:where>", methods=["GET", "POST"])
def add(draft_id: UUID, where: str) -> ResponseReturnValue:
    return _kept(draft_id, new_entry(draft_id, where))


@blueprint.route("/viet/<path:where>", methods=["GET", "POST"])
def write(draft_id: UUID, where: str) -> ResponseReturnValue:
    return _kept(draft_id, written_part(draft_id, where))


@blueprint.post("/chuyen/<path:where>")
def move(draft_id: UUID, where: str) -> ResponseReturnValue:
    """One place up or down, as the pressed button says."""
    by = -1 if request.form.get("doing") == "up" else 1
    return _restructured(draft_id, where, lambda source, path: source.move(path, by=by), done=_("Đã chuyển chỗ."))


@blueprint.post("/trang-chung")
def share_page(draft_id: UUID) -> ResponseReturnValue:
    """The page about the applicant that every procedure shares, before the others."""

    def change(source: Source, path: Path) -> Source:
        source = source if source.has(path) else source.put(path, "shared")
        for _place in source.names(path[:-1])[1:]:
            source = source.move(path, by=-1)
        return source

    return _restructured(draft_id, "pages/applicant", change, done=_("Đã thêm trang dùng chung."))


@blueprint.route("/xoa/<path:where>", methods=["GET", "POST"])
def remove(draft_id: UUID, where: str) -> ResponseReturnValue:
    if request.method == "POST":
        return _restructured(draft_id, where, lambda source, path: source.remove(path), done=_("Đã xóa."))
    page = open_part(draft_id, where)
    action = url_for(".remove", draft_id=draft_id, where=where)
    heading = _("Xóa %(name)s", name=page.part.heading(page.path, page.entry))
    return page.opened.page(
        "editor/removal.html", page.part.section, heading=heading, form=page.form, upward=page.upward, action=action
    )


def _kept(draft_id: UUID, page: OpenedPart | NewEntry | WrittenPart) -> ResponseReturnValue:
    """Keep what was sent, or show the page again with everything on it."""
    opened = page.opened
    if request.method == "GET" and (not opened.may_change or opened.source is None):
        return redirect(opened.definition.address(page.section if opened.source else TEXT), 303)
    if not page.is_right():
        return page.page()
    try:
        with unit_of_work(actor()) as session:
            seen = page.form.seen_revision
            drafting.change_definition(
                session, draft_id, page.change, seen_revision=seen, actor=actor(), now=clock.now()
            )
    except (InvalidInput, Conflict) as refused:
        return page.refused(refused)
    return _after(draft_id, page)


def _after(draft_id: UUID, page: OpenedPart | NewEntry | WrittenPart) -> ResponseReturnValue:
    """To the part as long as something is wrong in it, else to what it belongs to."""
    opened, path = open_draft(draft_id), page.path_after
    own = [finding for finding in opened.definition.findings if path or section_of(finding) == page.section]
    count = count_within(own, path)
    if count:
        flash(ngettext("Đã lưu. Còn %(num)s lỗi ở đây.", "Đã lưu. Còn %(num)s lỗi ở đây.", count), "notice")
    else:
        flash(_("Đã lưu."), "success")
    stays = count or isinstance(page, NewEntry)
    return redirect(edit_address(opened, path) if stays else upward_of(opened, path, page.section)["href"], 303)


def _restructured(
    draft_id: UUID, where: str, change: Callable[[Source, Path], Source], *, done: str
) -> ResponseReturnValue:
    """What the buttons of a list do; when the draft has changed meanwhile, nothing."""
    opened = open_draft(draft_id)
    path = path_in(opened.source, where)
    section = part_at(path).section
    typed = request.form.get("revision", "")
    seen = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else 0
    try:
        with unit_of_work(actor()) as session:
            drafting.change_definition(
                session,
                draft_id,
                lambda source: change(source, path),
                seen_revision=seen,
                actor=actor(),
                now=clock.now(),
            )
    except Conflict as refused:
        flash(said(refused), "notice")
    else:
        flash(done, "success")
    return redirect(upward_of(opened, path, section)["href"], 303)
