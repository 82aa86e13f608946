"""Pages of text that the footer links to."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue

from portal.core import clock
from portal.core.actor import PUBLIC
from portal.core.unit_of_work import reading
from portal.units.queries import directory
from portal.units.resolution import Directory
from portal.units.types import Level, UnitView
from portal.web.languages import current_language
from portal.web.pages import page

blueprint = Blueprint("content", __name__)


@blueprint.get("/huong-dan")
def guide() -> ResponseReturnValue:
    return page("content/guide.html")


@blueprint.get("/lien-he")
def contact() -> ResponseReturnValue:
    return page("content/contact.html")


@blueprint.get("/du-lieu-ca-nhan")
def personal_data() -> ResponseReturnValue:
    return page("content/personal_data.html")


@blueprint.get("/ho-tro-tiep-can")
def accessibility() -> ResponseReturnValue:
    return page("content/accessibility.html")


@blueprint.get("/co-quan")
def counters() -> ResponseReturnValue:
    with reading(PUBLIC) as session:
        units = directory(session)
    return page("content/counters.html", groups=counters_by_district(units, day=clock.local_day(clock.now())))


def counters_by_district(units: Directory, *, day: date) -> list[dict[str, Any]]:
    """The counters of the city, then those of each district with its communes, in Vietnamese order."""
    language = current_language()
    above_communes = [*units.places(Level.CITY), *units.places(Level.DISTRICT)]
    groups = []
    for place in above_communes:
        inside = [place] if place.level == Level.CITY else [place, *units.communes(place.code)]
        found = [unit for one in inside for unit in units.counters(one.code, day=day) if unit.place == one.code]
        if found:
            groups.append({"name": place.in_language(language), "counters": [_said(units, unit) for unit in found]})
    return groups


def _said(units: Directory, unit: UnitView) -> dict[str, str]:
    body, language = units.body_of(unit.id), current_language()
    name = unit.in_language(language)
    full = name if unit.is_body or body.id == unit.id else f"{name}, {body.in_language(language)}"
    where = unit if unit.address else body
    return {"name": full, "address": where.address_in_language(language), "phone": unit.phone or body.phone}
