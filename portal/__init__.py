"""The online public services portal of Cần Thơ city."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from portal.config import Settings


def create_app(settings: Settings) -> Flask:
    """The web application.

    Raises SettingsError when the database role could get around row-level security, and LookupError when a route is
    missing from the table of who may come where.
    """
    # Inside the function: the command line imports this package and needs Flask for some commands only.
    from portal.web.application import assemble

    return assemble(settings)
