"""The front door."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue

from portal.calendars.queries import working_calendar
from portal.catalogue import queries
from portal.catalogue.queries import PublishedProcedure
from portal.core import clock
from portal.core.actor import PUBLIC, Actor, ActorKind
from portal.core.text import lowered
from portal.core.unit_of_work import reading
from portal.core.wording import month, number
from portal.records.figures import CityFigures, city_figures
from portal.records.my_records import most_urgent
from portal.units.queries import directory
from portal.web import sign_in
from portal.web.citizen.records import Matter, matter_of
from portal.web.languages import current_language, localized, path
from portal.web.pages import page
from portal.web.public.procedure_words import row_of
from portal.web.public.search import Asked
from portal.web.record_words import status_of
from portal.web.translation import gettext as _

blueprint = Blueprint("home", __name__)

MOST = 6


@blueprint.get("/")
def show() -> ResponseReturnValue:
    now = clock.now()
    counted = city_figures(now=now)
    with reading(PUBLIC) as session:
        procedures = queries.list_current(session)
    return page(
        "public/home.html",
        examples=[
            {"text": text, "href": Asked(question=text).address()}
            for text in (_("xây nhà"), _("sao y giấy tờ"), _("mở quán ăn"))
        ],
        popular=[row_of(published.procedure) for published in popular(procedures, counted)],
        life_events=[
            {"text": localized(event.name), "href": path(f"/thu-tuc/su-kien/{event.slug}")}
            for event in queries.list_life_events()
        ],
        urgent=urgent_matter(sign_in.actor(), now=now),
        figures=figures_of(counted),
    )


def popular(procedures: Sequence[PublishedProcedure], counted: CityFigures) -> list[PublishedProcedure]:
    """What most people ask for; those that nobody has asked for follow by name."""
    return sorted(procedures, key=lambda one: -counted.by_procedure.get(one.procedure.code, 0))[:MOST]


def figures_of(counted: CityFigures) -> dict[str, Any]:
    """Last month in four figures, or a sentence when nothing happened in it."""
    language = current_language()
    numbers = [
        (_("Hồ sơ đã nhận"), counted.received),
        (_("Đã có kết quả"), counted.decided),
        (_("Đúng hẹn"), counted.on_time),
        (_("Trễ hẹn"), counted.late),
    ]
    return {
        "title": _("%(month)s ở Cần Thơ", month=month(counted.month, language=language)),
        "numbers": [
            {"term": term, "text": number(value, language=language)} for term, value in numbers if not counted.is_empty
        ],
    }


def urgent_matter(person: Actor, *, now: datetime) -> Matter | None:
    """What this citizen must do first, if anything: one statement."""
    if person.kind is not ActorKind.CITIZEN:
        return None
    with reading(person) as session:
        found = most_urgent(session, actor=person)
        if found is None:
            return None
        view, version = found
        procedure = queries.version(session, view.version_id).procedure
        units, calendar = directory(session, version), working_calendar(session, now=now)
    status = status_of(view, procedure, units, calendar, now=now, language=current_language())
    matter = matter_of(view, status)
    return matter and replace(matter, heading=_("Cần làm ngay: %(what)s", what=lowered(matter.heading)))
