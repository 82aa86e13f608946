"""The online public services portal of Cần Thơ city."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from portal.config import Settings


def create_app(settings: Settings) -> Flask:
    """The web application."""
    # Inside the function: the command line imports this package and needs Flask for some commands only.
    from flask import Flask

    from portal import paths

    app = Flask(
        __name__,
        template_folder=str(paths.TEMPLATES),
        static_folder=str(paths.STATIC),
        static_url_path="/static",
    )
    app.config["SECRET_KEY"] = settings.secret_key

    @app.get("/healthz")
    def healthz() -> dict[str, str]:
        return {"status": "ok"}

    return app
