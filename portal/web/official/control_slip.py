"""Who had the record from when to when: read from its events at this moment, on a page and as the form to print."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue

from portal.core import clock
from portal.core.unit_of_work import reading
from portal.documents.form_types import HandOver
from portal.records.contents.previewing import control_slip_now
from portal.records.desk import Desk, get_desk
from portal.records.hand_overs import APPLICANT, EARLY, LATE, ON_TIME, PORTAL, RETURN, hand_overs_of
from portal.records.queues import count_desk
from portal.web import personal_data
from portal.web.languages import current_language, localized
from portal.web.official.deadlines import shown_day
from portal.web.official.menu import menu
from portal.web.pages import page
from portal.web.sent_files import made_here
from portal.web.sign_in import actor
from portal.web.state_words import Tag
from portal.web.translation import gettext as _

blueprint = Blueprint("official_control_slip", __name__, url_prefix="/can-bo/ho-so/<code>")


@blueprint.get("/phieu-kiem-soat")
def show(code: str) -> ResponseReturnValue:
    now, who = clock.now(), actor()
    with reading(who, consistent=True) as session:
        desk = get_desk(session, code, actor=who, now=now)
        counts = count_desk(session, actor=who, now=now)
    record = desk.file.record
    personal_data.is_read(record.id, owner_id=record.owner_id)
    return page(
        "official/control_slip.html",
        record=record,
        due=shown_day(record.due_at, now=now) if record.due_at else "",
        rows=[(one, _tag(one)) for one in _said(desk, now)],
        printed_href=url_for(".printed", code=code),
        navigation=menu(counts, actor=who),
    )


@blueprint.get("/phieu-kiem-soat.pdf")
def printed(code: str) -> ResponseReturnValue:
    now = clock.now()
    with reading(actor(), consistent=True) as session:
        desk = get_desk(session, code, actor=actor(), now=now)
    personal_data.is_read(desk.file.record.id, owner_id=desk.file.record.owner_id)
    stem = f"Phiếu kiểm soát {code}"
    return made_here(control_slip_now(desk, now=now), media_type="application/pdf", stem=stem, extension="pdf")


def _said(desk: Desk, now: datetime) -> list[HandOver]:
    """In the language of the page: the events name units and steps in Vietnamese."""
    language, procedure = current_language(), desk.grounds.procedure
    names = {unit.name: unit.in_language(language) for unit in desk.grounds.directory.units(day=clock.local_day(now))}
    names |= {step.name.vi: localized(step.name) for step in procedure.process.steps.values()}
    names |= {APPLICANT: _("Người nộp hồ sơ"), PORTAL: _("Cổng dịch vụ công (tự động)"), RETURN: _("Trả kết quả")}
    return [
        {
            **one,
            "from_unit": names.get(one["from_unit"], one["from_unit"]),
            "to_unit": names.get(one["to_unit"], one["to_unit"]),
            "note": names.get(one["note"], one["note"]),
        }
        for one in hand_overs_of(desk.file, procedure)
    ]


def _tag(hand_over: HandOver) -> Tag | None:
    known = {
        EARLY: Tag(_("Trước hạn"), "green"),
        ON_TIME: Tag(_("Đúng hạn"), "green"),
        LATE: Tag(_("Quá hạn"), "red"),
    }
    return known.get(hand_over["outcome"])
