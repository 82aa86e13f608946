"""A transfer: the page with its code, the code to keep, and the way back to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from portal.core.actor import SYSTEM, Actor, ActorKind, Post
from portal.core.errors import Conflict
from portal.core.references import new_id, transfer_code_in
from portal.core.unit_of_work import reading, unit_of_work
from portal.demonstration.walking import Walk
from portal.payments import gateways
from portal.payments.bank_transfer import BankTransfer
from portal.payments.vietqr import Account
from portal.records.cash import may_take, take_cash
from portal.records.my_records import list_my_records
from portal.records.record_view import RecordView
from tests.harness import client as pages
from tests.harness.client import words_of
from tests.integration.records.arranging import at_desk, handed_in
from tests.integration.web.records.conftest import Visitor, address

pytestmark = pytest.mark.usefixtures("bells")


@pytest.fixture(autouse=True)
def account() -> Iterator[None]:
    """Transfers are the only way to pay."""
    before = gateways.offered()
    kept = Account(bank="970415", number="113366668888")
    gateways.use(BankTransfer(account=kept, bank="VietinBank", holder="TK THU PHI", public_url=""))
    yield
    gateways.use(*before)


def test_the_code_of_a_transfer_is_shown_kept_as_a_picture_and_found_again(visitor: Visitor) -> None:
    walk = handed_in()
    browser = visitor.at(walk.now)
    sent = pages.submit(browser, f"{address(walk)}/nop-phi")
    reference = sent.location.rsplit("/", 1)[1]
    assert transfer_code_in(reference) == reference
    assert {"VietinBank", "113366668888", reference} <= set(words_of(browser.get(sent.location)).split())
    picture = browser.get(f"{sent.location}/ma.png")
    assert (picture.mimetype, picture.data[:4]) == ("image/png", b"\x89PNG")
    assert f"vietqr-{reference}.png" in picture.headers["Content-Disposition"]
    waiting = browser.get(f"{address(walk)}/nop-phi/cho").get_data(as_text=True)
    assert f'href="{sent.location}"' in waiting
    assert "03/2017/NQ-HĐND" in words_of(browser.get(address(walk)))


@pytest.mark.parametrize("state", ["refused", "expired"])
def test_a_record_that_ended_undecided_asks_for_no_money(visitor: Visitor, state: str) -> None:
    walk = at_desk() if state == "expired" else handed_in()
    page = pages.submit(visitor.at(walk.now), f"{address(walk)}/nop-phi").location
    if state == "expired":
        walk.supplement("appraise").go("fix.⏰30d")
    else:
        walk.go("receive.refuse", "refuse_ok.approve")
    assert walk.file().record.state == state
    shown = words_of(visitor.open(walk))
    assert "75.000 đồng, không phải nộp nữa." in shown
    assert "Nộp 75.000 đồng" not in shown
    assert visitor.open(walk, "/nop-phi").location == address(walk)
    browser = visitor.at(walk.now)
    waiting = browser.get(page, follow_redirects=True)
    assert pages.heading(waiting) == "Không phải nộp nữa"
    assert page not in waiting.text
    (mine,) = (view for view in my_records(visitor) if view.code == walk.file().record.code)
    assert mine.unpaid == 0
    clerk = Actor(kind=ActorKind.OFFICIAL, person_id=new_id(), name="x", posts=(counter_of(walk),))
    assert not may_take(walk.file(), actor=clerk)
    with pytest.raises(Conflict, match="không thu tiền nữa"), unit_of_work(SYSTEM) as session:
        take_cash(session, walk.record_id, amount=75_000, actor=clerk, now=walk.now)


def my_records(visitor: Visitor) -> list[RecordView]:
    person = Actor(kind=ActorKind.CITIZEN, person_id=visitor.person.id, name="")
    with reading(person) as session:
        return list_my_records(session, actor=person)


def counter_of(walk: Walk) -> Post:
    return Post(
        walk.file().record.received_unit_id, unit_name="", level="commune", role="receptionist", function="one_stop"
    )
