"""What the front door shows a citizen who has something to do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from portal.config import Settings
from portal.core import clock
from portal.records import figures
from tests.harness.client import page_of, words_of
from tests.harness.database import RungBells
from tests.harness.html import words
from tests.harness.people import make_citizen
from tests.harness.statements import count_queries
from tests.integration.conftest import AsUser, Client
from tests.integration.web.submitted import NOW, Submitted, hand_in


@pytest.fixture
def bells(peopled_city: RungBells) -> RungBells:
    return peopled_city


@pytest.fixture
def handed_in(bells: RungBells, settings: Settings) -> Submitted:
    return hand_in(receipt_key=settings.receipt_key.encode())


@pytest.fixture(autouse=True)
def nothing_counted_yet() -> Iterator[None]:
    figures.forget()
    yield
    figures.forget()


def gold_panel(client: Client) -> str:
    panels = [part for part in page_of(client.get("/")).iter("div") if part.get("class") == "todo"]
    return words(panels[0]) if panels else ""


def test_a_fee_that_is_owed_comes_first(as_user: AsUser, handed_in: Submitted) -> None:
    panel = gold_panel(as_user(handed_in.owner))
    assert "Cần làm ngay: nộp 75.000 đồng" in panel
    assert handed_in.code in panel


def test_a_supplement_comes_before_a_fee_and_names_its_day(as_user: AsUser, handed_in: Submitted) -> None:
    handed_in.walk.go("receive.accept", "forward.hand_over", "assign.assign").supplement("appraise")
    browser = as_user(handed_in.owner)
    panel = gold_panel(browser)
    assert "Cần làm ngay: bổ sung 1 mục trước" in panel
    assert f'href="/ho-so/{handed_in.code}/bo-sung"' in browser.get("/").text
    handed_in.walk.answer()
    assert "bổ sung" not in gold_panel(browser)


def test_what_waits_for_others_is_not_shown(client: Client, as_user: AsUser, handed_in: Submitted) -> None:
    assert gold_panel(client) == gold_panel(as_user(make_citizen())) == ""
    assert "Cần làm ngay" not in words_of(client.get("/"))


def test_the_panel_costs_one_statement(client: Client, as_user: AsUser, handed_in: Submitted) -> None:
    browser = as_user(handed_in.owner)
    browser.get("/")
    counts = []
    for visitor in (client, browser):
        with count_queries() as statements:
            visitor.get("/")
        counts.append(len(statements))
    assert counts[1] - counts[0] == 2, "who it is, and what he must do"


def show_clock(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: moment)


def figures_on(client: Client) -> dict[str, str]:
    found = [part for part in page_of(client.get("/")).iter("dl") if part.get("class") == "figures"]
    parts = [words(part) for part in found[0].iter() if part.tag in ("dt", "dd")] if found else []
    return dict(zip(parts[::2], parts[1::2], strict=True))


def test_the_figures_are_those_of_the_month_before(
    client: Client, handed_in: Submitted, monkeypatch: pytest.MonkeyPatch
) -> None:
    handed_in.walk.go("receive.accept", "forward.hand_over", "assign.assign", "appraise.reject", "review.initial")
    handed_in.walk.go("sign.sign", "stamp.issue")
    show_clock(monkeypatch, NOW)
    assert "Tháng 10/2026 ở Cần Thơ Kỳ này chưa có hồ sơ." in words_of(client.get("/"))
    show_clock(monkeypatch, NOW + timedelta(days=30))
    assert "Tháng 11/2026 ở Cần Thơ" in words_of(client.get("/"))
    assert figures_on(client) == {
        "Hồ sơ đã nhận": "1",
        "Đã có kết quả": "1",
        "Đúng hẹn": "1",
        "Trễ hẹn": "0",
    }
    assert "November 2026" in words_of(client.get("/en/"))


def test_what_most_people_ask_for_comes_first_and_is_counted_once_an_hour(
    client: Client, handed_in: Submitted, monkeypatch: pytest.MonkeyPatch
) -> None:
    def first(moment: datetime) -> str:
        show_clock(monkeypatch, moment)
        page = page_of(client.get("/"))
        rows = next(part for part in page.iter("ul") if part.get("class") == "rows")
        return words(next(rows.iter("a")))

    assert first(NOW + timedelta(minutes=1)) == "Xây nhà"
    with count_queries() as statements:
        client.get("/")
    assert not any("FROM record" in statement for statement in statements)
    assert first(NOW + timedelta(days=400)) != "Xây nhà"
