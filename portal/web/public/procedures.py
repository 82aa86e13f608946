"""Finding a procedure and reading about it."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from portal.calendars.queries import working_calendar
from portal.catalogue import queries
from portal.catalogue.queries import LifeEvent
from portal.core import clock
from portal.core.actor import PUBLIC
from portal.core.errors import NotFound
from portal.core.text import composed
from portal.core.unit_of_work import reading
from portal.web.lane_views import procedure_map
from portal.web.languages import current_language, localized, path
from portal.web.pages import page
from portal.web.public.procedure_words import page_of, row_of
from portal.web.translation import gettext as _
from portal.workflow.deadlines import due_at, reception_due

blueprint = Blueprint("procedures", __name__)

LONGEST_QUESTION = 200


@blueprint.get("/thu-tuc")
def search() -> ResponseReturnValue:
    question = " ".join(composed(request.args.get("q", "")).split())[:LONGEST_QUESTION]
    field, level = request.args.get("linh-vuc", ""), request.args.get("cap", "")
    number = request.args.get("trang", 1, type=int)
    with reading(PUBLIC) as session:
        found = queries.find_procedures(session, question, field=field, level=level, page=number)
        fields = queries.list_fields(session)
    filters = [("", _("Tất cả")), *((view.code, localized(view.name)) for view in fields)]
    return page(
        "public/procedures/list.html",
        query=question,
        filters=[{"text": text, "href": address(question, code), "current": code == field} for code, text in filters],
        procedures=[row_of(published.procedure) for published in found.procedures],
        count=found.total,
        previous={"href": address(question, field, found.page - 1)} if found.page > 1 else None,
        next={"href": address(question, field, found.page + 1)} if found.page < found.pages else None,
    )


@blueprint.get("/thu-tuc/su-kien/<slug>")
def life_event(slug: str) -> ResponseReturnValue:
    event = event_of(slug)
    with reading(PUBLIC) as session:
        found = queries.find_procedures(session, life_event=event.code)
    rows = [row_of(published.procedure) for published in found.procedures]
    return page("public/procedures/life_event.html", event=localized(event.name), procedures=rows)


@blueprint.get("/thu-tuc/<code>")
def show(code: str) -> ResponseReturnValue:
    now = clock.now()
    with reading(PUBLIC) as session:
        published = queries.get_procedure(session, code)
        calendar = working_calendar(session, now=now)
    accepted_at = reception_due(now, hours=published.procedure.reception_hours, calendar=calendar)
    due = due_at(published.procedure.term, accepted_at=accepted_at, calendar=calendar)
    picture = procedure_map(published.procedure, language=current_language())
    return page("public/procedures/show.html", procedure=page_of(published, due_at=due), picture=picture)


def event_of(slug: str) -> LifeEvent:
    """Raises NotFound."""
    for event in queries.list_life_events():
        if event.slug == slug:
            return event
    raise NotFound("Không có trang này. Tìm lại bằng tên hoặc việc cần làm.")


def address(question: str = "", field: str = "", number: int = 1) -> str:
    """The list with what was asked for, without what was not."""
    asked = {"q": question, "linh-vuc": field, "trang": str(number) if number > 1 else ""}
    query = urlencode({name: value for name, value in asked.items() if value})
    return path("/thu-tuc") + (f"?{query}" if query else "")
