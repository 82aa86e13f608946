"""Issued results (sổ văn bản): what an agency has issued, how it stands, and what is decided about it later."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.actor import Actor
from portal.core.errors import Conflict, InvalidInput, NotAllowed, NotFound
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.wording import short_day, short_moment
from portal.records import issued_decisions, issued_list
from portal.records.issued_decisions import Decision, Proposal
from portal.records.issued_list import IssuedPage, IssuedRow, Wanted, Which
from portal.records.policy import IssuedPermission
from portal.records.queues import DeskCounts, count_desk
from portal.web import personal_data
from portal.web.errors import tell
from portal.web.fields import BaseForm, ChoiceField, DateField, LongTextField, TextField
from portal.web.languages import current_language
from portal.web.official.menu import TO_DECIDE, menu
from portal.web.pages import page
from portal.web.sign_in import actor
from portal.web.state_words import Tag
from portal.web.translation import Words
from portal.web.translation import gettext as _
from portal.web.translation import lazy_gettext as __

blueprint = Blueprint("official_issued", __name__, url_prefix="/can-bo/so-van-ban")

ADDRESS = "/can-bo/so-van-ban"

ACTS: dict[str, Words] = {
    "revoke": __("Thu hồi"),
    "extend": __("Gia hạn"),
    "replace": __("Thay bằng văn bản khác đã cấp"),
}
DECISIONS = {"agree": True, "return": False}
SAID: dict[str, Words] = {
    "agree": __("Đã quyết định. Người được cấp được báo, trang kiểm tra giấy tờ đổi ngay."),
    "return": __("Đã trả lại đề nghị. Văn bản giữ nguyên."),
}


NAMES: dict[Which, Words] = {
    Which.ALL: __("Tất cả"),
    Which.WAITING: __("Chờ lãnh đạo quyết định"),
    Which.EXPIRING: __("Hết hạn trong 30 ngày tới"),
    Which.EXPIRED: __("Đã hết hạn"),
    Which.ENDED: __("Đã thu hồi, thay thế, đính chính"),
}


class ProposalForm(BaseForm):
    kind = ChoiceField(__("Đề nghị làm gì với văn bản này?"), thing=__("việc cần làm"), choices=list(ACTS.items()))
    reason = LongTextField(
        __("Lý do"),
        max_length=issued_decisions.LONGEST_REASON,
        hint=__("Người được cấp và người kiểm tra giấy đọc nguyên văn"),
    )
    reference = TextField(
        __("Số quyết định"),
        hint=__("Ví dụ 12/QĐ-UBND"),
        max_length=issued_decisions.LONGEST_REFERENCE,
        width=20,
        autocomplete="off",
    )
    valid_until = DateField(
        __("Gia hạn đến hết ngày"), required=False, hint=__("Chỉ điền khi gia hạn. Sau ngày hết hiệu lực hiện nay.")
    )
    newer = TextField(
        __("Số văn bản thay thế"), required=False, hint=__("Chỉ điền khi thay. Ví dụ 46/GPXD"), width=20, max_length=60
    )


@blueprint.get("")
def index() -> ResponseReturnValue:
    now, who = clock.now(), actor()
    today, wanted = clock.local_day(now), _wanted()
    with reading(who) as session:
        shown = issued_list.list_issued(session, wanted, today=today, actor=who)
        counts = count_desk(session, actor=who, now=now)
    return page(
        "official/issued_list.html",
        rows=[_row(row, today=today) for row in shown.rows],
        number=wanted.number,
        which=wanted.which.value,
        choices=[{"value": which.value, "text": str(text)} for which, text in NAMES.items()],
        waiting=shown.waiting,
        waiting_href=url_for("official_issued.index", xem=Which.WAITING.value),
        following=_following(wanted, shown),
        navigation=menu(counts, actor=who, here=TO_DECIDE if _is_to_decide(wanted, counts) else ADDRESS),
    )


@blueprint.route("/<uuid:document_id>", methods=["GET", "POST"])
def show(document_id: UUID) -> ResponseReturnValue:
    now, who, status = clock.now(), actor(), None
    form = ProposalForm.from_request()
    if form.is_valid_submission():
        try:
            with unit_of_work(who) as session:
                issued_decisions.propose(session, document_id, Proposal(**form.answers), actor=who, now=now)
        except (Conflict, NotAllowed, InvalidInput) as refused:
            status = tell(form, refused)
        else:
            flash(_("Đã gửi đề nghị. Lãnh đạo cơ quan cấp văn bản quyết định."), "success")
            return redirect(url_for("official_issued.show", document_id=document_id), 303)
    with reading(who, consistent=True) as session:
        shown = _shown(session, document_id, who)
        counts = count_desk(session, actor=who, now=now)
    return page("official/issued.html", form, status=status, navigation=menu(counts, actor=who), **shown)


@blueprint.post("/de-nghi/<uuid:decision_id>")
def decide(decision_id: UUID) -> ResponseReturnValue:
    decision = request.form.get("decision", "")
    if decision not in DECISIONS:
        raise NotFound("Không có cách xử lý này. Mở lại danh sách để xem.")
    with unit_of_work(actor()) as session:
        issued_decisions.decide(session, decision_id, agreed=DECISIONS[decision], actor=actor(), now=clock.now())
    flash(str(SAID[decision]), "success")
    return redirect(url_for("official_issued.index"), 303)


def _shown(session: Session, document_id: UUID, who: Actor) -> dict[str, Any]:
    document = issued_list.get_issued_row(session, document_id, actor=who)
    personal_data.is_read(document.record_id, owner_id=document.owner_id)
    decisions = issued_decisions.list_decisions(session, document_id)
    waiting = next((one for one in decisions if one.agreed is None), None)
    unit_id = document.unit_id
    may_decide = waiting is not None and issued_decisions.may(
        session, IssuedPermission.DECIDE, unit_id, actor=who, proposed_by=waiting.proposed_by
    )
    may_propose = issued_decisions.may(session, IssuedPermission.PROPOSE, unit_id, actor=who)
    return {
        "document": document,
        "title": document.in_language(current_language()),
        "tag": _tag(document, today=clock.local_day(clock.now())),
        "facts": _facts(document),
        "past": [_said(one) for one in decisions if one.agreed is not None],
        "waiting": _said(waiting) if waiting else None,
        "decide_href": url_for("official_issued.decide", decision_id=waiting.id) if waiting and may_decide else "",
        "may_propose": may_propose and waiting is None and document.ended_at is None,
    }


def _is_to_decide(wanted: Wanted, counts: DeskCounts) -> bool:
    return wanted.which is Which.WAITING and counts.to_decide > 0


def _wanted() -> Wanted:
    """What the address asks for; what cannot be is left out."""
    asked = request.args
    which = Which(asked["xem"]) if asked.get("xem") in set(Which) else Which.ALL
    moment, _sign, last = asked.get("sau", "").partition("_")
    try:
        after = (datetime.fromisoformat(moment), UUID(last))
        after[0].astimezone()  # refuses what is too far away
    except (ValueError, OverflowError):
        return Wanted(which, asked.get("so", "")[:60])
    return Wanted(which, asked.get("so", "")[:60], after if after[0].tzinfo else None)


def _following(wanted: Wanted, shown: IssuedPage) -> str:
    if shown.following is None:
        return ""
    moment, last = shown.following
    asked: dict[str, Any] = {"xem": wanted.which.value, "so": wanted.number, "sau": f"{moment.isoformat()}_{last}"}
    return url_for("official_issued.index", **{name: value for name, value in asked.items() if value})


def _row(row: IssuedRow, *, today: date) -> dict[str, Any]:
    language = current_language()
    return {
        "href": url_for("official_issued.show", document_id=row.id),
        "reference": row.reference,
        "title": row.in_language(language),
        "holder": row.applicant_name,
        "issued": short_day(row.issued_at, language=language),
        "until": short_day(row.valid_until, language=language) if row.valid_until else "",
        "tag": _tag(row, today=today),
    }


def _tag(row: IssuedRow, *, today: date) -> Tag:
    if row.waits:
        return Tag(_("Chờ quyết định"), "yellow")
    if row.ended_at is not None:
        return Tag(_("Hết giá trị"), "red")
    if row.valid_until is not None and row.valid_until < today:
        return Tag(_("Hết hạn"), "orange")
    return Tag(_("Còn hiệu lực"), "green")


def _facts(document: IssuedRow) -> list[dict[str, str]]:
    language = current_language()
    facts = [{"term": _("Cấp cho"), "text": document.applicant_name}]
    facts.append({"term": _("Ngày cấp"), "text": short_day(document.issued_at, language=language)})
    if document.valid_until:
        facts.append({"term": _("Có hiệu lực đến hết"), "text": short_day(document.valid_until, language=language)})
    if document.ended_at:
        facts.append({"term": _("Hết giá trị từ"), "text": short_day(document.ended_at, language=language)})
    return facts


def _said(one: Decision) -> dict[str, Any]:
    language = current_language()
    until = short_day(one.valid_until, language=language) if one.valid_until else ""
    by = _(
        "%(name)s đề nghị %(time)s", name=one.proposed_by_name, time=short_moment(one.proposed_at, language=language)
    )
    lines = [by]
    if one.decided_at:
        verb = _("%(name)s đồng ý %(time)s") if one.agreed else _("%(name)s trả lại %(time)s")
        lines.append(verb % {"name": one.decided_by_name, "time": short_moment(one.decided_at, language=language)})
    return {
        "what": f"{ACTS[one.kind]}{f' → {until or one.newer}' if until or one.newer else ''}, {one.reference}",
        "reason": one.reason,
        "people": lines,
    }
