"""VNPAY's signature, against the vector of the domain notes, and what a forger may change."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.payments.gateways import Ending, Forged, Order, Outcome, Word
from portal.payments.signature import canonical, is_genuine, signature, signed_query
from portal.payments.vnpay import Vnpay

SECRET = "SECRETKEYFORTEST0123456789ABCDEF"
VECTOR = (
    "vnp_Amount=7500000&vnp_Command=pay&vnp_CreateDate=20251120093000&vnp_CurrCode=VND&vnp_ExpireDate=20251120094500"
    "&vnp_IpAddr=127.0.0.1&vnp_Locale=vn&vnp_OrderInfo=Nop+le+phi+cap+GPXD+ho+so+H13.2-251120-0001"
    "&vnp_OrderType=250000&vnp_ReturnUrl=https%3A%2F%2Fexample.test%2Fthanh-toan%2Fvnpay%2Freturn"
    "&vnp_TmnCode=DEMOTMN1&vnp_TxnRef=H13251120000001&vnp_Version=2.1.0"
)
SIGNED = (
    "b204be27f119671787e77728e79420f73f4812774723e50ef7653b849b0c6edb"
    "0200fc39a94a20ede9a7d028981198832490b98f5a685f4ea5a2539d80d79253"
)
GATEWAY = Vnpay(url="https://bank.test", merchant="DEMOTMN1", secret=SECRET, public_url="https://portal.test")
NOTIFICATION = {
    "vnp_Amount": "7500000",
    "vnp_BankCode": "NCB",
    "vnp_OrderInfo": "Nop phi le phi ho so H13.2-251120-0001",
    "vnp_ResponseCode": "00",
    "vnp_TmnCode": "DEMOTMN1",
    "vnp_TransactionNo": "14000001",
    "vnp_TransactionStatus": "00",
    "vnp_TxnRef": "H13251120000001",
}


def read(pairs: list[tuple[str, str]]) -> Outcome:
    return GATEWAY.read(Word(parameters=pairs))


def signed(**changed: str) -> list[tuple[str, str]]:
    return parse_qsl(signed_query({**NOTIFICATION, **changed}, secret=SECRET))


def test_the_signature_is_that_of_the_published_vector() -> None:
    parameters = dict(parse_qsl(VECTOR))
    assert canonical(dict(reversed(parameters.items()))) == VECTOR
    assert signature(VECTOR, secret=SECRET) == SIGNED
    assert is_genuine({**parameters, "vnp_SecureHash": SIGNED}, secret=SECRET)


def test_empty_values_and_the_kind_of_signature_are_not_signed() -> None:
    parameters = dict(parse_qsl(VECTOR))
    said = {**parameters, "vnp_BankCode": "", "vnp_SecureHashType": "HMACSHA512", "vnp_SecureHash": SIGNED}
    assert is_genuine(said, secret=SECRET)


def test_an_order_says_what_the_gateway_wants_to_know() -> None:
    order = Order(
        reference="H13251120000001",
        amount=75_000,
        purpose="Nop phi le phi ho so H13.2-251120-0001",
        created_at=datetime(2025, 11, 20, 2, 30, tzinfo=UTC),
        client_address="127.0.0.1",
        language="vi",
    )
    url = GATEWAY.redirect_url(order)
    said = dict(parse_qsl(urlsplit(url).query))
    assert is_genuine(said, secret=SECRET)
    assert said["vnp_Amount"] == "7500000"
    assert (said["vnp_CreateDate"], said["vnp_ExpireDate"]) == ("20251120093000", "20251120094500")
    assert said["vnp_ReturnUrl"] == "https://portal.test/thanh-toan/vnpay/tro-ve"


def test_a_notification_is_read_in_any_order() -> None:
    outcome = read(list(reversed(signed())))
    assert (outcome.reference, outcome.amount, outcome.transaction) == ("H13251120000001", 75_000, "14000001")
    assert outcome.ending is Ending.CAPTURED
    assert outcome.failure is None


@pytest.mark.parametrize(
    ("changed", "ending", "failure"),
    [
        ({"vnp_ResponseCode": "24", "vnp_TransactionStatus": "02"}, Ending.FAILED, "24"),
        ({"vnp_TransactionStatus": "02"}, Ending.FAILED, "02"),
        ({"vnp_ResponseCode": "07"}, Ending.DOUBTFUL, "07"),
    ],
)
def test_money_counts_only_when_both_codes_say_so(changed: dict[str, str], ending: Ending, failure: str) -> None:
    outcome = read(signed(**changed))
    assert outcome.ending is ending
    assert outcome.failure == failure


@pytest.mark.parametrize(
    "amount",
    ["7500001", "75000.00", "-7500000", "٧٥٠٠٠٠٠", "07500000", "1" * 5000 + "00", "00", "0", "-0", "100000000000100"],
)
def test_what_is_no_whole_amount_of_dong_is_no_amount(amount: str) -> None:
    assert read(signed(vnp_Amount=amount)).amount is None


@given(position=st.integers(0, 10_000), bit=st.integers(0, 6))
def test_no_flipped_bit_is_accepted(position: int, bit: int) -> None:
    """Anything but the same parameters again: a letter of the signature itself may not change its case either."""
    genuine = "&".join(f"{name}={value}" for name, value in signed())
    at = position % len(genuine)
    forged = genuine[:at] + chr(ord(genuine[at]) ^ (1 << bit)) + genuine[at + 1 :]
    pairs = parse_qsl(forged, keep_blank_values=True)
    if sorted(pairs) == sorted(parse_qsl(genuine)):
        return
    with pytest.raises(Forged):
        read(pairs)


@pytest.mark.parametrize(
    "added",
    [
        ("vnp_Amount", "7500000"),
        ("vnp_SecureHash", SIGNED),
        ("amount", "1"),
        ("amount", ""),
        ("vnp_PromotionCode", "FREE"),
        ("vnp_PromotionCode", ""),
    ],
)
def test_nothing_may_be_added(added: tuple[str, str]) -> None:
    with pytest.raises(Forged):
        read([*signed(), added])


def test_another_secret_an_unsigned_word_and_another_merchant_are_refused() -> None:
    for pairs in (
        parse_qsl(signed_query(NOTIFICATION, secret="x" * 32)),
        list(NOTIFICATION.items()),
        signed(vnp_TmnCode="DEMOTMN2"),
        [(name, value.upper()) for name, value in signed()],
        [],
    ):
        with pytest.raises(Forged):
            read(pairs)
