"""Pages that everybody may open."""

from __future__ import annotations

from flask import Flask

from portal.web.public import (
    blank_form,
    content,
    health,
    home,
    lookup,
    post,
    procedures,
    process,
    sign_in,
    verification,
)


def install(app: Flask) -> None:
    for pages in (health, home, procedures, blank_form, process, lookup, verification, sign_in, content, post):
        app.register_blueprint(pages.blueprint)
