"""What citizens and officials do again and again on a journey."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pikepdf

from portal.demonstration import PASSWORD
from tests.journeys.visitor import Visitor


def file_of(folder: Path, name: str) -> Path:
    """A small real PDF."""
    path = folder / name
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(path)
    return path


def fill_in(visitor: Visitor, code: str, *, start: Mapping[str, str], pages: Mapping[str, Mapping[str, str]]) -> str:
    """Start a procedure and fill in its pages; the address of the draft."""
    visitor.open(f"/thu-tuc/{code}")  # begins anew, whether or not a sample draft of the city waits there
    visitor.open(f"/thu-tuc/{code}/bat-dau").fill(start).press("Bắt đầu")
    draft = visitor.page.url
    for page, answers in pages.items():
        visitor.open(f"{draft}/{page}").fill(answers).save()
    return draft


def supply(visitor: Visitor, draft: str, slot: str, file: Path) -> None:
    visitor.open(f"{draft}/giay-to/{slot}")
    visitor.page.locator("input[type=file]").set_input_files(file)
    visitor.press("Tải lên")
    assert file.name in visitor.words()


def send(visitor: Visitor, draft: str) -> tuple[str, str]:
    """Look through and send; the record code and the look-up secret of the confirmation."""
    visitor.open(f"{draft}/xem-lai").press("Gửi hồ sơ")
    words = visitor.words()
    code = re.search(r"\d{3}\.\d{2}\.\d{2}\.H13-\d{6}-\d{4,}", words)
    secret = re.search(r"\b[0-9A-Z]{4} [0-9A-Z]{4} [0-9A-Z]{4}\b", words)
    assert code, words
    assert secret, words
    return code.group(), secret.group()


def pay(visitor: Visitor, record: str) -> None:
    """Pay at the trial bank; only its notification counts."""
    visitor.open(f"/ho-so/{record}/nop-phi")
    visitor.page.get_by_role("button", name=re.compile("^Nộp")).click()
    visitor.page.get_by_role("button", name=re.compile("Trả")).first.click()
    visitor.examine()
    visitor.wait_for("Đã thu")


def act(visitor: Visitor, login: str, record: str, action: str, answers: Mapping[str, str] | None = None) -> None:
    """Sign in, open the record, tick the checklist, and take the action, on its own page when it has one."""
    visitor.sign_in(login).open(f"/can-bo/ho-so/{record}")
    before = visitor.page.url
    visitor.tick_all().press(action)
    if visitor.page.url != before and "/can-bo/viec/" in visitor.page.url:
        visitor.tick_all().fill(answers or {})
        visitor.page.locator("main form button.govuk-button:not(.govuk-button--secondary)").last.click()
        visitor.examine()
    assert "/can-bo/viec/" not in visitor.page.url, visitor.words()
    assert "Đã" in visitor.words(), visitor.words()


def sign_in_a_row(visitor: Visitor, login: str, record: str, *, page: str) -> None:
    """Sign, or number and seal, this record's document from the list, with the password once more."""
    box = visitor.sign_in(login).open(page).page.locator("tr", has_text=record).locator("input[type=checkbox]")
    visitor.wait_until(lambda: box.count() > 0, named="a PDF to sign")
    box.check()
    visitor.page.locator("main form button.govuk-button").last.click()
    visitor.examine().page.locator("main input[type=password]").fill(PASSWORD)
    visitor.page.locator("main form button.govuk-button").last.click()
    visitor.wait_for("Đã xong cả 1 hồ sơ.").examine()
