"""Pages that everybody may open."""

from __future__ import annotations

from flask import Flask

from portal.web.public import content, health, home, procedures, sign_in


def install(app: Flask) -> None:
    for blueprint in (health.blueprint, home.blueprint, procedures.blueprint, sign_in.blueprint, content.blueprint):
        app.register_blueprint(blueprint)
