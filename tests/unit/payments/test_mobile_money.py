"""The telecom's interface: nothing unsigned is read, and nothing is read twice."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from portal.core.sealed import opened, sealed, unsealed
from portal.payments.gateways import Ending, Forged, Order, Word
from portal.payments.mobile_money import MobileMoney

SECRET = "a secret between the portal and the telecom"
GATEWAY = MobileMoney(url="https://telecom.test", partner="P1", secret=SECRET, public_url="https://portal.test")
SAID: dict[str, Any] = {
    "partner": "P1",
    "order": "R1",
    "amount": 75_000,
    "transaction": "M1",
    "status": "paid",
    "code": "00",
    "paid_at": "2026-11-09T23:30:00+00:00",
}


def body(**changed: Any) -> bytes:
    return json.dumps(sealed({**SAID, **changed}, secret=SECRET)).encode()


def test_a_word_is_read_as_it_was_signed() -> None:
    outcome = GATEWAY.read(Word(body=body()))
    assert (outcome.reference, outcome.amount, outcome.transaction) == ("R1", 75_000, "M1")
    assert (outcome.ending, outcome.failure, outcome.paid_on) == (Ending.CAPTURED, None, date(2026, 11, 10))
    assert GATEWAY.read(Word(body=body(status="failed", code="no_money"))).failure == "no_money"


@pytest.mark.parametrize("amount", [0, -1, 10**12 + 1, "75000", 75_000.0, None, True])
def test_what_is_no_sum_is_no_sum(amount: Any) -> None:
    assert GATEWAY.read(Word(body=body(amount=amount))).amount is None


def test_what_the_telecom_did_not_sign_is_refused() -> None:
    envelope = sealed(SAID, secret=SECRET)
    twice = f'{{"message":{json.dumps(envelope["message"])},"signature":"x","signature":"{envelope["signature"]}"}}'
    doubled = envelope["message"].replace('"amount":75000', '"amount":75000,"amount":1')
    for wrong in (
        b"",
        b"\xff",
        b"[]",
        twice.encode(),
        json.dumps({**envelope, "amount": 1}).encode(),
        json.dumps({**envelope, "signature": envelope["signature"].upper()}).encode(),
        json.dumps({**envelope, "message": envelope["message"].replace("75000", "75001")}).encode(),
        json.dumps(sealed(SAID, secret="another")).encode(),
        body(partner="P2"),
        body(status="perhaps"),
    ):
        with pytest.raises(Forged):
            GATEWAY.read(Word(body=wrong))
    with pytest.raises(Forged):
        GATEWAY.read(Word(body=body(), parameters=[("amount", "1")]))
    assert unsealed(json.dumps({"message": doubled, "signature": "x"}).encode(), secret=SECRET) is None


def test_an_order_tells_the_telecom_what_to_ask_for() -> None:
    order = Order(
        reference="R1",
        amount=75_000,
        purpose="Nop phi",
        created_at=datetime(2026, 11, 9, tzinfo=UTC),
        client_address="127.0.0.1",
        language="vi",
    )
    asked = opened(dict(parse_qsl(urlsplit(GATEWAY.redirect_url(order)).query)), secret=SECRET)
    assert asked is not None
    assert (asked["order"], asked["amount"]) == ("R1", 75_000)
    assert asked["return_url"] == "https://portal.test/thanh-toan/mobile/tro-ve"
    assert GATEWAY.redirect_url(order) == GATEWAY.redirect_url(order)
