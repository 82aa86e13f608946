"""Pages of text that the footer links to."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from portal.web.pages import page

blueprint = Blueprint("content", __name__)


@blueprint.get("/huong-dan")
def guide() -> ResponseReturnValue:
    return page("content/guide.html")


@blueprint.get("/lien-he")
def contact() -> ResponseReturnValue:
    return page("content/contact.html")


@blueprint.get("/du-lieu-ca-nhan")
def personal_data() -> ResponseReturnValue:
    return page("content/personal_data.html")


@blueprint.get("/ho-tro-tiep-can")
def accessibility() -> ResponseReturnValue:
    return page("content/accessibility.html")
