"""The payload of a VietQR code: a transfer to an account, with its sum and what to write, for any bank's application.

Fields of EMVCo's "QR Code Specification for Payment Systems, Merchant-Presented Mode" as NAPAS fills them in: two
digits of name, two of length, the value; a check sum over everything at the end.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from portal.payments.types import LARGEST_AMOUNT

NAPAS = "A000000727"
TO_ACCOUNT, TO_CARD = "QRIBFTTA", "QRIBFTTC"
VND = "704"  # ISO 4217
LONGEST_VALUE = 99

_BIN = re.compile(r"[0-9]{6}")
_ACCOUNT = re.compile(r"[0-9A-Z]{6,19}")
_PURPOSE = re.compile(r"[0-9A-Za-z .-]{1,50}")


@dataclass(frozen=True, kw_only=True)
class Account:
    """Where the money goes. `bank` is the six digits by which NAPAS knows the bank; `number` of the account, or of the
    card. Raises ValueError for what no bank has."""

    bank: str
    number: str
    is_card: bool = False

    def __post_init__(self) -> None:
        if not _BIN.fullmatch(self.bank):
            raise ValueError("a bank is known by six digits")
        if not _ACCOUNT.fullmatch(self.number):
            raise ValueError("an account has 6 to 19 digits or capital letters")


def payload(account: Account, *, amount: int | None = None, purpose: str = "") -> str:
    """What the code says. `amount` in VND; without one the payer types it. `purpose` is letters without marks, digits,
    points, hyphens and spaces.

    Raises ValueError for a sum that is none, above LARGEST_AMOUNT, or a purpose that a bank would change.
    """
    if amount is not None and not 0 < amount <= LARGEST_AMOUNT:
        raise ValueError("this is no sum to pay")
    if purpose and not _PURPOSE.fullmatch(purpose):
        raise ValueError("a bank would change this purpose")
    holder = _field("00", account.bank) + _field("01", account.number)
    service = TO_CARD if account.is_card else TO_ACCOUNT
    said = "".join(
        [
            _field("00", "01"),
            _field("01", "11" if amount is None else "12"),
            _field("38", _field("00", NAPAS) + _field("01", holder) + _field("02", service)),
            _field("53", VND),
            "" if amount is None else _field("54", str(amount)),
            _field("58", "VN"),
            _field("62", _field("08", purpose)) if purpose else "",
            "6304",
        ]
    )
    return f"{said}{check_sum(said.encode('ascii')):04X}"


def check_sum(data: bytes) -> int:
    """CRC-16/CCITT-FALSE: polynomial 1021, begun at FFFF, nothing reflected."""
    found = 0xFFFF
    for byte in data:
        found ^= byte << 8
        for _ in range(8):
            found = (found << 1) ^ 0x1021 if found & 0x8000 else found << 1
        found &= 0xFFFF
    return found


def _field(name: str, value: str) -> str:
    if len(value) > LONGEST_VALUE:
        raise ValueError("a field is too long")
    return f"{name}{len(value):02d}{value}"
