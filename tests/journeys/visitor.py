"""One person after another at a browser of his own: signs in once, and every page met is examined."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Locator, Page, ViewportSize

from portal.demonstration import PASSWORD
from tests.journeys import examining

PATIENCE = 30.0
"""Seconds that a journey waits for workers."""

WIDTHS = {1366: 768, 390: 844}
BROKEN_CODES = r"""() => {
  const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let node; node = walker.nextNode();) {
    for (const code of node.data.matchAll(/[0-9.]*H13[0-9.]*-\d{6}-\d{4,}/g)) {
      const range = document.createRange()
      range.setStart(node, code.index)
      range.setEnd(node, code.index + code[0].length)
      if (new Set([...range.getClientRects()].map((box) => box.top)).size > 1) found.push(code[0])
    }
  }
  return found
}"""
"""The record codes that stand on more than one line: half a code is easily misread."""


class Way(Enum):
    WIDE = "wide"
    PHONE_WITHOUT_JAVASCRIPT = "phone without JavaScript"

    @property
    def viewport(self) -> ViewportSize:
        width = 1366 if self is Way.WIDE else 390
        return {"width": width, "height": WIDTHS[width]}


@dataclass
class Visitor:
    browser: Browser
    address: str
    way: Way
    downloads: Path
    examined: set[str] = field(default_factory=set)
    login: str = ""
    """Who sits there; nobody who is known at first."""
    contexts: dict[str, BrowserContext] = field(default_factory=dict)

    @property
    def page(self) -> Page:
        if self.login not in self.contexts:
            context = self.browser.new_context(
                viewport=self.way.viewport, java_script_enabled=self.way is Way.WIDE, accept_downloads=True
            )
            context.set_default_timeout(1000 * PATIENCE)
            context.new_page()
            self.contexts[self.login] = context
        return self.contexts[self.login].pages[0]

    def sign_in(self, login: str) -> Visitor:
        """The browser of that account, in which it signs in with the demonstration's password when it comes first."""
        is_known = login in self.contexts
        self.login = login
        if is_known:
            return self
        self.open("/dang-nhap")
        self.page.get_by_label("Số định danh").fill(login)
        self.page.locator("input[type=password]").fill(PASSWORD)
        return self.press("Đăng nhập")

    def leave(self) -> Visitor:
        """The browser of somebody whom nobody knows."""
        self.login = ""
        return self

    def close(self) -> None:
        for context in self.contexts.values():
            context.close()

    def open(self, path: str) -> Visitor:
        self.page.goto(path if path.startswith("http") else self.address + path)
        return self.examine()

    def press(self, name: str) -> Visitor:
        """Press the button (or the link that looks like one) with this name."""
        button = self.page.get_by_role("button", name=name, exact=True)
        (button if button.count() else self.page.get_by_role("link", name=name, exact=True)).first.click()
        return self.examine()

    def follow(self, name: str, *, within: str | None = None) -> Visitor:
        """Follow the first link whose name contains these words."""
        place: Page | Locator = self.page.locator(within).first if within else self.page
        place.get_by_role("link", name=name).first.click()
        return self.examine()

    def fill(self, answers: Mapping[str, str]) -> Visitor:
        """Fill fields by their `name`: text, choices and select boxes alike; a date as day/month/year."""
        for name, value in answers.items():
            self._fill_one(name, value)
        return self

    def tick_all(self) -> Visitor:
        """Tick every line of the checklist."""
        for box in self.page.locator("main input[type=checkbox][name=checks]").all():
            box.check()
        return self

    def save(self) -> Visitor:
        """Save the page of a form and go on; whatever is wrong on it fails the journey."""
        self.page.get_by_role("button", name="Lưu và tiếp tục").last.click()
        self.examine()
        assert self.page.locator(".govuk-error-summary").count() == 0, self.words()
        return self

    def upload(self, name: str, file: Path) -> Visitor:
        self.page.locator(f"input[type=file][name={name}]").set_input_files(file)
        return self

    def download(self, name: str) -> Path:
        """Follow a link that downloads; where the file lies."""
        with self.page.expect_download() as started:
            link = self.page.get_by_role("link", name=name).or_(self.page.get_by_role("button", name=name))
            link.first.click()
        target = self.downloads / started.value.suggested_filename
        started.value.save_as(target)
        return target

    def wait_for(self, words: str) -> Visitor:
        """Open the page again until it says so: a worker is at it."""
        return self.wait_until(lambda: words in self.words(), named=repr(words))

    def wait_until(self, is_there: Callable[[], bool], *, named: str) -> Visitor:
        """Open the page again until something is on it."""
        deadline = time.monotonic() + PATIENCE
        while not is_there():
            if time.monotonic() > deadline:
                raise AssertionError(f"{self.page.url} never had {named}:\n{self.words()[:3000]}")
            time.sleep(0.5)
            self.page.reload()
        return self

    def words(self) -> str:
        return self.page.locator("main").inner_text()

    def examine(self) -> Visitor:
        """No script error, no scrolling sideways, and nothing for axe to find, at both widths; once for each page."""
        page = self.page
        page.wait_for_load_state()
        heading = page.locator("h1").first.inner_text() if page.locator("h1").count() else page.url
        key = f"{page.url.split('?')[0].removeprefix(self.address)} {heading[:40]}"
        if self.way is not Way.WIDE or key in self.examined:
            return self
        self.examined.add(key)
        for width, height in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": height})
            self._nothing_overflows(key, width)
            self._no_code_is_broken(key, width)
        examining.examine(page, sizes=[one.viewport for one in reversed(Way)], named=key)
        page.set_viewport_size(Way.WIDE.viewport)
        return self

    def _nothing_overflows(self, key: str, width: int) -> None:
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{key} is {wide} px wide on a screen of {width}"

    def _no_code_is_broken(self, key: str, width: int) -> None:
        broken = self.page.evaluate(BROKEN_CODES)
        assert not broken, f"{key} breaks {broken} on a screen of {width}"

    def _fill_one(self, name: str, value: str) -> None:
        page = self.page
        if "/" in value and page.locator(f"[name='{name}-day']").count():
            for part, written in zip(("day", "month", "year"), value.split("/"), strict=True):
                page.locator(f"[name='{name}-{part}']").fill(written)
            return
        found = page.locator(f"[name='{name}']")
        kind = found.first.get_attribute("type")
        if kind in ("radio", "checkbox"):
            page.locator(f"[name='{name}'][value='{value}']").check()
        elif found.first.evaluate("element => element.tagName") == "SELECT":
            named = found.first.locator("option", has_text=value)
            found.first.select_option(named.first.get_attribute("value") if named.count() else value)
        else:
            found.first.fill(value)
