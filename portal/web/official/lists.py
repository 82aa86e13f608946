"""The page that leads to the books and lists of an office: what is opened now and then, with what each is for."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from portal.core import clock
from portal.core.unit_of_work import reading
from portal.records.queues import count_desk
from portal.web.official.menu import LISTS, lists, menu
from portal.web.pages import page
from portal.web.sign_in import actor

blueprint = Blueprint("official_lists", __name__)


@blueprint.get(LISTS)
def show() -> ResponseReturnValue:
    with reading(actor()) as session:
        counts = count_desk(session, actor=actor(), now=clock.now())
    groups = list(lists(counts, actor=actor()))
    return page("official/lists.html", groups=groups, navigation=menu(counts, actor=actor(), here=LISTS))
