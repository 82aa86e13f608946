"""Records that stand still: those that nobody can carry on, of which there must be none, and those without an event.

Codes, procedures and states alone: an administrator reads nothing of what people sent.
"""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint
from flask.typing import ResponseReturnValue

from portal.core import clock
from portal.core.actor import SYSTEM
from portal.core.unit_of_work import reading
from portal.core.wording import short_moment
from portal.records.watchdog import MOST, STILL_FOR, Standstill, still_records, stuck_records
from portal.web.admin.layout import Cell, admin_page
from portal.web.languages import current_language
from portal.web.state_words import state_tag
from portal.web.translation import gettext as _

blueprint = Blueprint("admin_standstill", __name__, url_prefix="/quan-tri/dung-yen")


@blueprint.get("")
def show() -> ResponseReturnValue:
    stuck, still = found(now=clock.now())
    return admin_page(
        "standstill.html",
        here="/quan-tri",
        stuck=[_row(one) for one in stuck],
        still=[_row(one) for one in still],
        hours=int(STILL_FOR),
        is_cut=MOST in (len(stuck), len(still)),
        most=MOST,
    )


def found(*, now: datetime) -> tuple[list[Standstill], list[Standstill]]:
    """What nobody can carry on, and what is without an event. The whole city: no unit owns what stands still."""
    with reading(SYSTEM) as session:
        return stuck_records(session, now=now), still_records(session, now=now)


def _row(one: Standstill) -> list[Cell]:
    tag = state_tag(one.state)
    return [
        {"text": one.code, "num": True, "note": one.procedure_name, "note_lang": "vi"},
        {"tag": {"text": tag.text, "colour": tag.colour}},
        {"text": short_moment(one.last_at, language=current_language()), "num": True},
        _("người nộp") if one.waits_for_applicant else _("cơ quan giải quyết"),
    ]
