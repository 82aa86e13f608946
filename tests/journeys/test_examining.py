"""What axe leaves out is what has passed before, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys import examining
from tests.journeys.examining import examine
from tests.journeys.visitor import Way

PAGE = """<!doctype html><html lang="vi"><head><title>Trang</title><style>.pale {{ color: #ccc }}</style></head>
<body><header><p>Đầu trang</p></header><main><h1>Trang</h1>{}</main></body></html>"""
FIELD = '<p><label for="one">Tên</label><input id="one"></p>'


@pytest.fixture
def page(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    """A page, of which nothing has been examined yet."""
    monkeypatch.setattr(examining, "PASSED", set())
    made = browser.new_page()
    yield made
    made.close()


def show(page: Page, main: str) -> None:
    page.set_content(PAGE.format(main))
    examine(page, sizes=[Way.WIDE.viewport], named="page")


@pytest.mark.parametrize(
    ("fault", "rule"),
    [
        ('<p class="pale">Chữ nhạt</p>', "color-contrast"),
        ('<p><input id="two"></p>', "label"),
        ('<p><label for="one">Tên</label><input id="two"></p>', "label"),
        ("<p><button></button></p>", "button-name"),
        ('<p lang="x-?">Chữ</p>', "valid-lang"),
    ],
)
def test_a_fault_between_parts_that_passed_is_found(page: Page, fault: str, rule: str) -> None:
    show(page, FIELD)
    with pytest.raises(AssertionError, match=rule):
        show(page, f"{FIELD}{fault}{FIELD.replace('one', 'three')}")


def test_a_part_that_passed_is_examined_again_in_other_surroundings(page: Page) -> None:
    show(page, "<div><p>Chữ</p></div>")
    with pytest.raises(AssertionError, match="color-contrast"):
        show(page, '<div class="pale"><p>Chữ</p></div>')


def test_a_part_that_failed_fails_again(page: Page) -> None:
    for _ in range(2):
        with pytest.raises(AssertionError, match="color-contrast"):
            show(page, '<p class="pale">Chữ nhạt</p>')


def test_a_part_that_passed_is_left_out(page: Page) -> None:
    show(page, FIELD)
    show(page, f"{FIELD}<p>Chữ</p>")
    left_out = page.locator("[data-examined]").evaluate_all("all => all.map(({tagName}) => tagName)")
    assert left_out == ["HEADER", "H1", "P"]
