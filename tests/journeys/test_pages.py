"""Pages that no journey passes: each is opened once, for axe and for what must not break."""

from __future__ import annotations

import re
from collections import deque
from urllib.parse import urljoin, urlsplit

import pytest

from tests.journeys.visitor import Visitor, Way

CITIZEN = "092190004321"
KEYS = re.compile(
    r"[0-9a-f]{8}-[0-9a-f-]{27}|[0-9.]*H13[0-9.]*-\d{6}-\d+|\d\.\d{6}|\b\d+\b"
    r"|(?<=/pages/)\w+|(?<=/fields/)\w+|(?<=/checks/)\w+|(?<=/papers/)\w+|(?<=/fees/)\w+|(?<=/buoc/)\w+"
    r"|(?<=/hanh-dong/)\w+"
)

pytestmark = pytest.mark.parametrize("visitor", [Way.WIDE], indirect=True, ids=[Way.WIDE.value])
in_both_languages = pytest.mark.parametrize("language", ["", "/en"], ids=["vi", "en"])


def kind_of(address: str) -> str:
    """The path without what tells one record, unit or version from another."""
    return KEYS.sub("*", urlsplit(address).path)


def visit_each_kind(visitor: Visitor, start: str) -> set[str]:
    """Open one page of every kind below `start` that links lead to; the kinds that were opened."""
    todo, seen = deque([start]), {kind_of(start)}
    while todo:
        visitor.open(todo.popleft())
        links = visitor.page.locator("main a[href], nav a[href]")
        for address in links.evaluate_all("all => all.map(({href}) => href)"):
            is_page = address.startswith(visitor.address + start) and "tai-ve" not in address
            if is_page and kind_of(address) not in seen:
                seen.add(kind_of(address))
                todo.append(address)
    return seen


def search(visitor: Visitor, words: str) -> None:
    visitor.open("/can-bo/tim").page.locator("main form input:not([type=hidden])").first.fill(words)
    visitor.page.locator("main form button").last.click()


def open_the_first(visitor: Visitor, link: str) -> None:
    """Open the first page that such a link leads to, from the records that this page lists; only it is examined."""
    rows = visitor.page.locator("main a[href*='H13-']").all()
    for address in dict.fromkeys(str(row.get_attribute("href")).partition("#")[0] for row in rows):
        visitor.page.goto(urljoin(visitor.page.url, address))
        found = visitor.page.locator(f"main {link}")
        if found.count():
            visitor.open(str(found.first.get_attribute("href")))
            return
    raise AssertionError(f"no record leads to {link}")


def press_for_all_rows(visitor: Visitor, button: str) -> None:
    """Tick every row of the queue and press the button under it that has this attribute."""
    for box in visitor.page.locator("main input[name=task]").all():
        box.check()
    visitor.page.locator(f"main button[{button}]").first.click()
    visitor.examine()


def test_pages_of_the_administrator(visitor: Visitor) -> None:
    seen = visit_each_kind(visitor.sign_in("quantri"), "/quan-tri")
    assert len(seen) > 25


@in_both_languages
def test_pages_of_a_record_that_its_applicant_may_end_or_confirm(visitor: Visitor, language: str) -> None:
    visitor.sign_in(CITIZEN).open(f"{language}/ho-so")
    draft = visitor.page.locator("main a[href$='/xac-nhan']").first.get_attribute("href")
    visitor.open(str(draft)).open(f"{draft}/correct")
    visitor.open(f"{str(draft).removesuffix('/xac-nhan')}/rut")


@in_both_languages
def test_pages_on_which_a_leader_stops_a_record_and_a_head_assigns_several(visitor: Visitor, language: str) -> None:
    visitor.sign_in("pd.lr1").open(f"{language}/can-bo")
    record = visitor.page.locator("main .queue__name").first.get_attribute("href")
    visitor.open(f"{urlsplit(str(record)).path}/dung")
    visitor.sign_in("sxd.hd2").open(f"{language}/can-bo/don-vi")
    press_for_all_rows(visitor, "formaction$='chuyen-viec/chon'")


@in_both_languages
def test_what_became_of_several_tasks_that_were_taken_at_once(visitor: Visitor, language: str) -> None:
    visitor.sign_in("ta.ju1" if language else "pd.mc.rec1").open(f"{language}/can-bo")
    press_for_all_rows(visitor, "data-bulk")
    assert visitor.page.locator(".govuk-notification-banner").count() >= 1


def test_pages_of_opinions_copies_corrections_and_extensions(visitor: Visitor) -> None:
    visitor.sign_in("tp.lr1").open("/can-bo/nhan-de-biet")
    visitor.follow("Thông báo gia hạn", within="main")
    visitor.sign_in("nk.lr1").page.goto(f"{visitor.address}/can-bo")
    visitor.page.locator("main tr", has_text="Duyệt gia hạn").first.locator(".queue__name").click()
    visitor.examine()
    search(visitor.sign_in("nk.qldt.sp2"), "Phù Sa")
    open_the_first(visitor, "a[href$='/rut-cau-hoi']")
    search(visitor.sign_in("nk.qldt.sp1"), "Trần Mẫu Bình")
    open_the_first(visitor, "a[href$='/draft']")
    search(visitor.sign_in("sxd.hd1"), "Lương Mẫu Nam")
    open_the_first(visitor, "a[href$='/y-kien-muon']")


@in_both_languages
def test_a_question_that_could_mean_several_procedures(visitor: Visitor, language: str) -> None:
    visitor.open(f"{language}/thu-tuc?q=hộ+kinh+doanh")
