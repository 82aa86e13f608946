"""A record in the public look-up: its state and its way, nobody's name but a masked one, no papers, no messages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.calendars.queries import working_calendar
from portal.catalogue import queries as catalogue
from portal.core.text import masked_name
from portal.records.journey import days, journey
from portal.records.record_view import view_of_answer
from portal.units.queries import directory
from portal.web.languages import localized, path


def looked_up(session: Session, found: Mapping[str, Any], *, now: datetime, language: str) -> dict[str, Any]:
    """The context of public/lookup/result.html. Asks the database nothing that this process has seen before."""
    view = view_of_answer(found)
    procedure = catalogue.version(session, view.version_id).procedure
    units = directory(session, found["directory_version"])
    calendar = working_calendar(session, now=now)
    return {
        "record": {
            "code": view.code,
            "title": localized(procedure.everyday_name),
            "applicant": masked_name(found["record"]["applicant_name"]),
            "own_href": path(f"/ho-so/{view.code}") if found["is_mine"] else "",
            "state": view.state,
            "colour": "blue",
            "kind": "",
            "heading": "",
            "sentence": "",
            "facts": [],
            "action": None,
            "events": [],
            "more_events": None,
            "days": days(view, procedure, calendar, now=now, language=language),
        },
        "picture": journey(view, procedure, units, calendar, now=now, language=language),
    }
