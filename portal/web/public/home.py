"""The front door."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from portal.web.pages import page

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
def show() -> ResponseReturnValue:
    return page("public/home.html", examples=(), life_events=(), popular=())
