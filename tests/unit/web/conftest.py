"""An application with pages and no database: what forms and templates need, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from portal import paths
from portal.core.actor import PUBLIC
from portal.web import languages, presentation


@pytest.fixture
def pages() -> Flask:
    """Routes may be added by the test."""
    app = Flask("pages", template_folder=str(paths.TEMPLATES), static_folder=str(paths.STATIC))
    app.secret_key = "a key of the tests"
    languages.register(app, translations=paths.TRANSLATIONS)
    presentation.register(app, actor=lambda: PUBLIC, help_number="0292 1022")
    return app


@pytest.fixture
def in_a_page(pages: Flask) -> Iterator[Flask]:
    with pages.test_request_context("/thu-tuc"):
        yield pages
