"""The front door."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from portal.catalogue import queries
from portal.core.actor import PUBLIC
from portal.core.unit_of_work import reading
from portal.web.languages import localized, path
from portal.web.pages import page
from portal.web.public.procedure_words import row_of
from portal.web.public.search import Asked
from portal.web.translation import gettext as _

blueprint = Blueprint("home", __name__)

MOST = 6


@blueprint.get("/")
def show() -> ResponseReturnValue:
    with reading(PUBLIC) as session:
        procedures = queries.list_current(session)
    return page(
        "public/home.html",
        examples=[
            {"text": text, "href": Asked(question=text).address()}
            for text in (_("xây nhà"), _("sao y giấy tờ"), _("mở quán ăn"))
        ],
        popular=[row_of(published.procedure) for published in procedures[:MOST]],
        life_events=[
            {"text": localized(event.name), "href": path(f"/thu-tuc/su-kien/{event.slug}")}
            for event in queries.list_life_events()
        ],
    )
