"""A real portal and a real browser. Chromium as root needs --no-sandbox: said once, here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.journeys.portal_process import running_portal
from tests.journeys.visitor import Visitor, Way

CHROMIUM = "/usr/bin/chromium"
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="package")
def portal_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running_portal(tmp_path_factory.mktemp("portal")) as address:
        yield address


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield launched
        launched.close()


@pytest.fixture(params=[Way.WIDE, Way.PHONE_WITHOUT_JAVASCRIPT], ids=lambda way: way.value)
def visitor(request: pytest.FixtureRequest, browser: Browser, portal_address: str, tmp_path: Path) -> Iterator[Visitor]:
    """Somebody with a browser: once wide with JavaScript, once on a phone without."""
    one = Visitor(browser, portal_address, way=request.param, downloads=tmp_path)
    yield one
    one.close()
