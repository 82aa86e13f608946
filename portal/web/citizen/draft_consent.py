"""Letting registers be asked for papers, while a draft is not sent yet: the same box as before its first page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.catalogue.types import Paper
from portal.core import clock
from portal.core.unit_of_work import unit_of_work
from portal.records import service
from portal.records.answers import PAPERS_PAGE, is_in_register
from portal.web.citizen.draft_file import DraftFile, opened_draft
from portal.web.citizen.draft_parts import caption
from portal.web.fields import BaseForm, CheckField
from portal.web.languages import localized
from portal.web.pages import page
from portal.web.sign_in import actor
from portal.web.translation import gettext as _

blueprint = Blueprint("draft_consent", __name__)


@blueprint.route("/to-khai/<uuid:draft_id>/cho-lay-du-lieu", methods=["GET", "POST"])
def change(draft_id: UUID) -> ResponseReturnValue:
    file = opened_draft(draft_id, actor=actor(), now=clock.now())
    papers_href = url_for("draft_papers.index", draft_id=draft_id)
    spared = spared_papers(file)
    if not spared:
        return redirect(papers_href, 303)
    form = consent_form(spared, file=file)
    if form.is_valid_submission():
        has_consent = form.answers["consent"]
        with unit_of_work(actor()) as session:
            service.set_consent(session, draft_id, has_consent=has_consent, actor=actor(), now=file.now)
        flash(done_sentence(spared, has_consent=has_consent), "success")
        return redirect(papers_href, 303)
    return page(
        "citizen/filing/consent.html", form, file=file, papers_href=papers_href, caption=caption(file, PAPERS_PAGE)
    )


def spared_papers(file: DraftFile) -> tuple[Paper, ...]:
    """The papers of this draft that a register holds: the consent is about these."""
    return tuple(paper for paper in file.papers if is_in_register(paper))


def consent_field(papers: Iterable[Paper]) -> Any:
    """The box, never ticked for anybody; what it spares stands under it."""
    return CheckField(
        _("Cho Cổng lấy dữ liệu dân cư và đất đai để khỏi nộp giấy"),
        required=False,
        hint=_("Khỏi nộp: %(papers)s. Không chọn thì tải các giấy này lên.", papers=names_of(papers)),
    )


def consent_form(papers: Iterable[Paper], *, file: DraftFile) -> BaseForm:
    """The box as the draft has it."""
    made: BaseForm = type("ConsentForm", (BaseForm,), {"consent": consent_field(papers)}).from_request(  # type: ignore[attr-defined]
        consent=file.has_consent
    )
    return made


def done_sentence(papers: Iterable[Paper], *, has_consent: bool) -> str:
    """What has been kept, and what follows for the papers."""
    if has_consent:
        return _("Đã cho lấy dữ liệu. Khỏi nộp: %(papers)s.", papers=names_of(papers))
    return _("Không lấy dữ liệu. Tải lên: %(papers)s.", papers=names_of(papers))


def names_of(papers: Iterable[Paper]) -> str:
    return "; ".join(localized(paper.name) for paper in papers)
