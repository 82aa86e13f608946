"""The demonstration city with its two administrators."""

from __future__ import annotations

from tests.integration.web.official.conftest import (  # noqa: F401 - fixtures
    as_official,
    kept_paper,
    office,
    permit,
)
