"""Pages of citizens and businesses."""

from __future__ import annotations

from flask import Flask

from portal.web.citizen import drafts, pages, papers, sending, start


def install(app: Flask) -> None:
    for module in (start, drafts, sending, papers, pages):
        app.register_blueprint(module.blueprint)
