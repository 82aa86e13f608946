"""Take the pictures of the README from a running portal: `make screenshots` (or ADDRESS as the only argument)."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from portal.demonstration import PASSWORD
from tests.journeys.conftest import CHROMIUM, SWITCHES
from tests.journeys.portal_process import running_portal

FOLDER = Path(__file__).parent / "screenshots"
CITIZEN = "092190004321"

PICTURES = {
    "home": (None, "/", 1366),
    "procedure": (None, "/thu-tuc/1.009994", 1366),
    "procedure-phone": (None, "/thu-tuc/1.009994", 390),
    "my-records": (CITIZEN, "/ho-so", 390),
    "queue": ("nk.qldt.sp1", "/can-bo", 1366),
    "sign": ("nk.lr1", "/can-bo/trinh-ky", 1366),
}
"""Name -> account, path, width."""


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with portal() as address, browser() as launched:
        for name, (login, path, width) in PICTURES.items():
            page = launched.new_page(viewport={"width": width, "height": 900})
            if login:
                sign_in(page, address, login)
            page.goto(address + path)
            page.screenshot(path=FOLDER / f"{name}.png", full_page=name.endswith("phone"))
            page.context.close()
            sys.stdout.write(f"{name}\n")


@contextmanager
def portal() -> Iterator[str]:
    if sys.argv[1:]:
        yield sys.argv[1]
        return
    with tempfile.TemporaryDirectory() as folder, running_portal(Path(folder)) as address:
        yield address


@contextmanager
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield launched
        launched.close()


def sign_in(page: Page, address: str, login: str) -> None:
    page.goto(f"{address}/dang-nhap")
    page.get_by_label("Số định danh").fill(login)
    page.locator("input[type=password]").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập", exact=True).click()


if __name__ == "__main__":
    main()
