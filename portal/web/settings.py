"""The settings of this process, as views ask for them."""

from __future__ import annotations

from flask import current_app

from portal.config import Settings


def settings() -> Settings:
    found: Settings = current_app.extensions["settings"]
    return found
