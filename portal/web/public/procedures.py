"""Finding a procedure and reading about it."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.calendars.queries import working_calendar
from portal.catalogue import queries
from portal.catalogue.queries import LifeEvent, WithdrawnProcedure
from portal.core import clock
from portal.core.actor import PUBLIC
from portal.core.errors import NotFound
from portal.core.unit_of_work import reading
from portal.web.lane_views import procedure_map
from portal.web.languages import current_language, localized
from portal.web.pages import page
from portal.web.public.procedure_words import page_of, row_of
from portal.web.public.search import Asked, filters_of
from portal.web.translation import gettext as _
from portal.workflow.deadlines import due_at, reception_due

blueprint = Blueprint("procedures", __name__)


@blueprint.get("/thu-tuc")
def search() -> ResponseReturnValue:
    asked = Asked.from_request()
    with reading(PUBLIC) as session:
        found = queries.find_procedures(
            session,
            asked.question,
            field=asked.field,
            level=asked.level,
            life_event=asked.life_event,
            page=asked.page,
        )
        fields = queries.list_fields(session)
    return page(
        "public/procedures/list.html",
        query=asked.question,
        filters=filters_of(asked, fields),
        is_filtered=asked.is_filtered,
        procedures=[row_of(published.procedure) for published in found.procedures],
        count=found.total,
        has_every_word=found.has_every_word,
        previous={"href": asked.address(page=found.page - 1)} if found.page > 1 else None,
        next={"href": asked.address(page=found.page + 1)} if found.page < found.pages else None,
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
        withdrawn = queries.withdrawn_procedure(session, code)
        if withdrawn is not None:
            return gone(withdrawn)
        published = queries.get_procedure(session, code)
        calendar = working_calendar(session, now=now)
    accepted_at = reception_due(now, hours=published.procedure.reception_hours, calendar=calendar)
    due = due_at(published.procedure.term, accepted_at=accepted_at, calendar=calendar)
    picture = procedure_map(published.procedure, language=current_language())
    return page("public/procedures/show.html", procedure=page_of(published, due_at=due), picture=picture)


def gone(withdrawn: WithdrawnProcedure) -> ResponseReturnValue:
    """To the procedure that takes its place; a page that says so when there is none."""
    if withdrawn.replaced_by:
        flash(_("Thủ tục %(name)s nay làm theo thủ tục này.", name=withdrawn.name), "notice")
        return redirect(url_for(".show", code=withdrawn.replaced_by), 302)
    return page("public/procedures/withdrawn.html", status=410, procedure=withdrawn)


def event_of(slug: str) -> LifeEvent:
    """Raises NotFound."""
    for event in queries.list_life_events():
        if event.slug == slug:
            return event
    raise NotFound("Không có trang này. Tìm lại bằng tên hoặc việc cần làm.")
