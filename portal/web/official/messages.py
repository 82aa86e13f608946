"""What the portal has told an official: dates of records that will be missed."""

from __future__ import annotations

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.core import clock
from portal.core.unit_of_work import reading, unit_of_work
from portal.notifications import queries, service
from portal.records.queues import count_desk
from portal.web.official.menu import menu
from portal.web.pages import page
from portal.web.sign_in import actor

blueprint = Blueprint("official_messages", __name__, url_prefix="/can-bo/thong-bao")


@blueprint.get("")
def mine() -> ResponseReturnValue:
    with reading(actor()) as session:
        messages = queries.list_messages(session, actor=actor())
        counts = count_desk(session, actor=actor(), now=clock.now())
    unread = sum(message.read_at is None for message in messages)
    return page(
        "official/messages.html",
        messages=messages,
        unread=unread,
        navigation=menu(counts, actor=actor(), here="/can-bo/thong-bao"),
    )


@blueprint.post("")
def read() -> ResponseReturnValue:
    with unit_of_work(actor()) as session:
        service.mark_read(session, actor=actor(), now=clock.now())
    return redirect(url_for("official_messages.mine"), 303)
