"""A transfer: the page with its code, the code to keep, and the way back to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from portal.core.references import transfer_code_in
from portal.payments import gateways
from portal.payments.bank_transfer import BankTransfer
from portal.payments.vietqr import Account
from tests.harness import client as pages
from tests.harness.client import words_of
from tests.integration.records.arranging import handed_in
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
