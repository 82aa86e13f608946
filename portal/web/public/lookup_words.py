"""A record in the public look-up: its state and its way, nobody's name but a masked one, no papers, no messages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from portal.calendars.queries import calendar_book
from portal.catalogue import queries as catalogue
from portal.core.text import masked_name
from portal.records.journey import days, journey
from portal.records.record_view import view_of_answer
from portal.units.queries import directory
from portal.web.languages import localized, path
from portal.web.parcel_words import parcel_words
from portal.web.record_states import ACT
from portal.web.record_timeline import NEWEST, timeline_of
from portal.web.record_words import status_of
from portal.web.translation import gettext as _


def looked_up(session: Session, found: Mapping[str, Any], *, now: datetime, language: str) -> dict[str, Any]:
    """The context of public/lookup/result.html. Asks the database nothing that this process has seen before."""
    view = view_of_answer(found)
    procedure = catalogue.version(session, view.version_id).procedure
    units = directory(session, found["directory_version"])
    book = calendar_book(session, now=now)
    calendar = book.as_known(now)
    status = status_of(view, procedure, units, calendar, now=now, language=language)
    events = timeline_of(view, procedure, units, language=language)
    own = path(f"/ho-so/{view.code}")
    return {
        "record": {
            **vars(status),
            "code": view.code,
            "title": localized(procedure.everyday_name),
            "applicant": masked_name(found["record"]["applicant_name"]),
            "own_href": own if found["is_mine"] else "",
            "action": None if status.kind != ACT else action(own, is_mine=found["is_mine"]),
            "parcel": parcel_words(view.parcel),
            "events": events[:NEWEST],
            "earlier_events": events[NEWEST:],
            "days": days(view, procedure, book, now=now, language=language),
        },
        "picture": journey(view, procedure, units, calendar, now=now, language=language),
    }


def action(own: str, *, is_mine: bool) -> dict[str, str]:
    """Where the applicant does what he must do: on his own page, which asks who he is."""
    if is_mine:
        return {"text": _("Mở hồ sơ để làm việc này"), "href": own}
    return {"text": _("Đăng nhập để làm việc này"), "href": path("/dang-nhap") + "?" + urlencode({"next": own})}
