"""What the portal has told me."""

from __future__ import annotations

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.core import clock
from portal.core.unit_of_work import reading, unit_of_work
from portal.notifications import queries, service
from portal.web.pages import page
from portal.web.sign_in import actor

blueprint = Blueprint("messages", __name__)


@blueprint.get("/tai-khoan/thong-bao")
def mine() -> ResponseReturnValue:
    with reading(actor()) as session:
        messages = queries.list_messages(session, actor=actor())
    unread = sum(message.read_at is None for message in messages)
    return page("citizen/messages.html", messages=messages, unread=unread)


@blueprint.post("/tai-khoan/thong-bao")
def read() -> ResponseReturnValue:
    with unit_of_work(actor()) as session:
        service.mark_read(session, actor=actor(), now=clock.now())
    return redirect(url_for("messages.mine"), 303)
