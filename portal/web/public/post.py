"""The postal operator's own word, server to server."""

from __future__ import annotations

import logging

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from portal.core import clock
from portal.core.actor import SYSTEM
from portal.core.errors import NotFound
from portal.core.unit_of_work import unit_of_work
from portal.delivery import operator, tracking
from portal.delivery.operator import NOTIFIED_AT, Forged
from portal.delivery.types import Heard

blueprint = Blueprint("post", __name__)
log = logging.getLogger("portal.web.post")


@blueprint.post(NOTIFIED_AT)
def notification() -> ResponseReturnValue:
    """Only what is signed is noted; an answer other than 00 asks the operator to send it again, or says why not."""
    if not operator.is_offered():
        raise NotFound("Không có trang này.")
    answer = _noted(request.get_data())
    return {"result": answer.result, "message": answer.message}


def _noted(body: bytes) -> tracking.Answer:
    now = clock.now()
    try:
        told = operator.operator().read(body, now=now)
    except Forged:
        log.warning("a word of the post carries a wrong signature")
        return tracking.WRONG_SIGNATURE
    try:
        with unit_of_work(SYSTEM) as session:
            return tracking.book(session, [told], heard=Heard.CALLBACK, now=now)
    except Exception:  # whatever went wrong here, the operator must send it again
        log.exception("a word of the post could not be stored")
        return tracking.NOT_NOTED
