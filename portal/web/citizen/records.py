"""My records: what waits for me first, then what is under way, what has its result, what is not sent yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.calendars.queries import working_calendar
from portal.catalogue import queries as catalogue
from portal.core import clock, wording
from portal.core.actor import Actor
from portal.core.unit_of_work import reading
from portal.records.drafts import list_drafts
from portal.records.my_records import list_my_records
from portal.records.record_view import RecordView
from portal.records.types import ENDED, RecordState
from portal.units import queries as units
from portal.web.languages import current_language, localized, path
from portal.web.pages import page
from portal.web.record_words import Status, status_of
from portal.web.sign_in import actor
from portal.web.translation import gettext as _

blueprint = Blueprint("records", __name__)

HAVE_A_RESULT = ENDED | {RecordState.GRANTED, RecordState.NOT_GRANTED}


@dataclass(frozen=True)
class Row:
    """A record or a draft in the list."""

    title: str
    href: str
    state: str
    colour: str
    line: str


@dataclass(frozen=True)
class Matter:
    """Something that waits for the applicant."""

    heading: str
    text: str
    href: str
    button: str


@blueprint.get("/ho-so")
def mine() -> ResponseReturnValue:
    now = clock.now()
    with reading(actor()) as session:
        told = _told(session, actor(), now=now)
        drafts = _drafts(session, actor())
    groups = [
        {"heading": _("Đang giải quyết"), "rows": [_row(*one) for one in told if one[0].state not in HAVE_A_RESULT]},
        {"heading": _("Đã có kết quả"), "rows": [_row(*one) for one in told if one[0].state in HAVE_A_RESULT]},
        {"heading": _("Đang soạn"), "rows": drafts},
    ]
    urgent = [matter for view, status in told if (matter := matter_of(view, status))]
    return page("citizen/records.html", urgent=urgent, groups=[group for group in groups if group["rows"]])


def matter_of(view: RecordView, status: Status) -> Matter | None:
    """What the applicant must do with a record now, if anything; the home page shows the same."""
    title = f"{localized(view.subject)} ({view.code})"
    if view.supplement is not None and view.state not in ENDED:
        return Matter(status.heading, title, url_for("supplement.items", code=view.code), _("Bổ sung"))
    if view.state == RecordState.APPLICANT_CONFIRMS:
        return Matter(status.heading, title, url_for("confirming.show", code=view.code), _("Xem và trả lời"))
    if view.unpaid and view.state not in ENDED:
        amount = wording.vnd(view.unpaid, language=current_language())
        heading = _("Nộp %(amount)s", amount=amount)
        return Matter(heading, title, url_for("paying.pay", code=view.code), heading)
    return None


def _told(session: Session, person: Actor, *, now: datetime) -> list[tuple[RecordView, Status]]:
    directory, calendar = units.directory(session), working_calendar(session, now=now)
    return [
        (
            view,
            status_of(
                view,
                catalogue.version(session, view.version_id).procedure,
                directory,
                calendar,
                now=now,
                language=current_language(),
            ),
        )
        for view in list_my_records(session, actor=person)
    ]


def _row(view: RecordView, status: Status) -> Row:
    href = url_for("record.show", code=view.code)
    return Row(localized(view.subject), href, status.state, status.colour, status.sentence or status.heading)


def _drafts(session: Session, person: Actor) -> list[Row]:
    return [
        Row(
            title=catalogue.version(session, draft.version_id).procedure.everyday_name.in_language(current_language()),
            href=path(f"/to-khai/{draft.id}"),
            state=_("Đang soạn"),
            colour="grey",
            line=_(
                "Chưa gửi. Làm tiếp trước %(day)s; sau đó bản nháp bị xóa.",
                day=wording.day(draft.expires_on, language=current_language()),
            ),
        )
        for draft in list_drafts(session, actor=person)
    ]
