"""Take the pictures of the README from a running portal: `make screenshots` (or ADDRESS as the only argument)."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from portal.demonstration import PASSWORD
from tests.journeys.conftest import CHROMIUM, SWITCHES
from tests.journeys.portal_process import running_portal

FOLDER = Path(__file__).parent / "screenshots"
CITIZEN = "092190004321"

OFFICIAL = "nk.qldt.sp1"


@dataclass(frozen=True)
class Picture:
    """What is photographed: the page itself, or the one behind the first link that `follow` selects."""

    path: str
    login: str | None = None
    width: int = 1366
    follow: str | None = None
    whole: bool = False


PICTURES = {
    "procedure": Picture("/thu-tuc/1.009994", whole=True),
    "my-records": Picture("/ho-so", CITIZEN, width=390),
    "queue": Picture("/can-bo", OFFICIAL),
    "record": Picture("/can-bo", OFFICIAL, follow=".queue__name"),
}


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with portal() as address, browser() as launched:
        for name, picture in PICTURES.items():
            page = launched.new_page(viewport={"width": picture.width, "height": 900})
            if picture.login:
                sign_in(page, address, picture.login)
            page.goto(address + picture.path)
            if picture.follow:
                page.locator(picture.follow).first.click()
                page.wait_for_load_state("networkidle")
            page.screenshot(path=FOLDER / f"{name}.png", full_page=picture.whole)
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
