"""Finding a procedure and reading about it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.calendars.queries import working_calendar
from portal.catalogue import queries
from portal.catalogue.queries import FoundProcedures, LifeEvent, WithdrawnProcedure
from portal.core import clock
from portal.core.actor import PUBLIC, ActorKind
from portal.core.errors import NotFound
from portal.core.unit_of_work import reading
from portal.records.drafts import DraftView, list_drafts
from portal.web import sign_in
from portal.web.fields import BaseForm, ChoiceField
from portal.web.lane_views import procedure_map
from portal.web.languages import current_language, localized
from portal.web.pages import page
from portal.web.public.procedure_words import page_of, row_of
from portal.web.public.search import Asked, filters_of
from portal.web.translation import gettext as _
from portal.workflow.deadlines import due_at, reception_due

blueprint = Blueprint("procedures", __name__)

CHOSEN = "chon"
"""In the address once the button below the choice was pressed."""


class ChooseForm(BaseForm):
    """Changes nothing, so it needs no token and its answer stands in the address."""

    class Meta:
        csrf = False


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
    choice = choice_of(asked, found)
    if choice is not None and CHOSEN in request.args and choice.validate():
        return redirect(url_for(".show", code=choice.answers["code"]), 303)
    return page("public/procedures/list.html", choice, filters=filters_of(asked, fields), **_listed(asked, found))


def _listed(asked: Asked, found: FoundProcedures) -> dict[str, Any]:
    return {
        "query": asked.question,
        "is_filtered": asked.is_filtered,
        "procedures": [row_of(published.procedure) for published in found.procedures],
        "count": found.total,
        "has_every_word": found.has_every_word,
        "previous": {"href": asked.address(page=found.page - 1)} if found.page > 1 else None,
        "next": {"href": asked.address(page=found.page + 1)} if found.page < found.pages else None,
    }


def choice_of(asked: Asked, found: FoundProcedures) -> ChooseForm | None:
    """The question which of a few procedures is meant, when the words fit them equally well."""
    if asked.is_filtered or not found.is_ambiguous:
        return None
    choices = [
        {
            "value": published.procedure.code,
            "text": localized(published.procedure.everyday_name),
            "hint": localized(published.procedure.name),
        }
        for published in found.procedures
    ]
    field = ChoiceField(_("Muốn tìm việc nào?"), thing=_("một việc"), choices=choices)
    made: type[ChooseForm] = type("ChooseAmongFound", (ChooseForm,), {"code": field})
    return made(formdata=request.args if CHOSEN in request.args else None)


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
    draft = open_draft(code)
    return page("public/procedures/show.html", procedure=page_of(published, due_at=due), picture=picture, draft=draft)


def open_draft(code: str) -> DraftView | None:
    """The newest draft of this procedure that the visitor has not sent yet."""
    visitor = sign_in.actor()
    if visitor.kind is not ActorKind.CITIZEN:
        return None
    with reading(visitor) as session:
        drafts = list_drafts(session, actor=visitor)
    return next((draft for draft in drafts if draft.procedure_code == code), None)


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
