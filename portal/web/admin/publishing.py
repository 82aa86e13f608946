"""Sending a draft to a second administrator, and what that one decides."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.catalogue import administration, drafting
from portal.core import clock
from portal.core.errors import Conflict, InvalidInput
from portal.core.unit_of_work import reading, unit_of_work
from portal.web.admin.definition_forms import DefinitionForm, ReturnForm
from portal.web.admin.definitions import draft_page
from portal.web.admin.opened_definition import COMPARE, TEXT
from portal.web.sign_in import actor
from portal.web.translation import gettext as _

blueprint = Blueprint("admin_publishing", __name__, url_prefix="/quan-tri/ban-soan/<uuid:draft_id>")


def _seen(name: str) -> int:
    typed = request.form.get(name, "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else 0


@blueprint.post("/gui")
def send(draft_id: UUID) -> ResponseReturnValue:
    try:
        with unit_of_work(actor()) as session:
            drafting.send_definition(session, draft_id, actor=actor(), now=clock.now(), seen_revision=_seen("revision"))
    except (InvalidInput, Conflict) as refused:
        return _text_again(draft_id, refused)
    flash(_("Đã gửi. Một người quản trị khác xem và công bố."), "success")
    return redirect(url_for("admin_definitions.show", draft_id=draft_id, section=COMPARE), 303)


@blueprint.post("/lay-lai")
def recall(draft_id: UUID) -> ResponseReturnValue:
    with unit_of_work(actor()) as session:
        drafting.recall_definition(session, draft_id, actor=actor(), now=clock.now(), seen_revision=_seen("revision"))
    flash(_("Đã lấy lại. Sửa xong thì gửi lần nữa."), "success")
    return redirect(url_for("admin_definitions.show", draft_id=draft_id), 303)


@blueprint.post("/bo")
def discard(draft_id: UUID) -> ResponseReturnValue:
    with unit_of_work(actor()) as session:
        drafting.discard_definition(session, draft_id, actor=actor(), now=clock.now(), seen_revision=_seen("revision"))
    flash(_("Đã bỏ bản soạn."), "success")
    return redirect(url_for("admin_procedures.index"), 303)


@blueprint.post("/cong-bo")
def publish(draft_id: UUID) -> ResponseReturnValue:
    try:
        with unit_of_work(actor()) as session:
            published = drafting.publish_definition(
                session,
                draft_id,
                actor=actor(),
                now=clock.now(),
                seen_revision=_seen("revision"),
                seen_number=_seen("number"),
            )
    except (InvalidInput, Conflict) as refused:
        return draft_page(draft_id, COMPARE, form=ReturnForm(), refused=refused, status=_status(refused))
    flash(_("Đã công bố bản %(number)s. Hồ sơ nộp từ bây giờ theo bản này.", number=published.number), "success")
    return redirect(url_for("admin_procedures.show", code=published.procedure.code), 303)


@blueprint.post("/tra-lai")
def give_back(draft_id: UUID) -> ResponseReturnValue:
    form = ReturnForm.from_request()
    reason = str(form.reason.data or "")
    try:
        with unit_of_work(actor()) as session:
            drafting.return_definition(
                session, draft_id, reason=reason, actor=actor(), now=clock.now(), seen_revision=_seen("revision")
            )
    except (InvalidInput, Conflict) as refused:
        return draft_page(draft_id, COMPARE, form=form, refused=refused, status=_status(refused))
    flash(_("Đã trả lại kèm lý do."), "success")
    return redirect(url_for("admin_procedures.index"), 303)


def _text_again(draft_id: UUID, refused: InvalidInput | Conflict) -> ResponseReturnValue:
    with reading(actor()) as session:
        draft = administration.get_definition_draft(session, draft_id)
    form = DefinitionForm(source=draft.source, revision=str(draft.revision))
    return draft_page(draft_id, TEXT, form=form, refused=refused, status=_status(refused))


def _status(refused: InvalidInput | Conflict) -> int:
    return 409 if isinstance(refused, Conflict) else 422
