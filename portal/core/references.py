"""Keys and codes: time-ordered identifiers, record codes, look-up secrets of receipts."""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import time
from collections.abc import Callable
from datetime import date
from uuid import UUID

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXY"
"""No I, L, O, U, as in Crockford's base 32, and no Z: a prime number of letters, so that the check letter finds every
single slip and every swap."""

CODE_IN_WORDS = re.compile(r"(?:\d{3}\.\d{2}\.\d{2}\.)?[GH]\d{2}(?:\.\d{1,3})*-\d{6}-\d{4,}")
"""A record code wherever a sentence names one."""

_SECRET_CHARACTERS = 12
_TRANSFER = "PHIHS"
"""Before the code of a transfer: "phí hồ sơ"."""


def new_id() -> UUID:
    """A version 7 UUID (RFC 9562): ordered by time, so that new rows lie together in an index."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds << 80) | int.from_bytes(os.urandom(10), "big")
    value = (value & ~(0xF << 76)) | (0x7 << 76)
    value = (value & ~(0x3 << 62)) | (0x2 << 62)
    return UUID(int=value)


def record_code(*, agency: str, day: date, number: int) -> str:
    """`<agency>-<YYMMDD>-<NNNN>` (Circular 01/2018/TT-VPCP). From the 10,000th of a day the number grows wider."""
    return f"{agency}-{day:%y%m%d}-{number:04d}"


def tidy_code(typed: str) -> str:
    """A record code or secret as typed by a person: spaces and lower case forgiven."""
    return re.sub(r"\s+", "", typed).upper()


def receipt_secret(record_id: UUID, *, key: bytes, version: int) -> str:
    """The look-up secret printed on the receipt: 54 bits of an HMAC and a check letter, in groups of four.

    Nothing is stored: raising `version` on the record withdraws the old secret.
    """
    return _secret(f"receipt:{version}:{record_id}", key)


def is_possible_secret(typed: str) -> bool:
    """Whether the check letter fits: a slip of the finger is found without asking the database."""
    letters = tidy_secret(typed)
    return (
        len(letters) == _SECRET_CHARACTERS
        and all(letter in ALPHABET for letter in letters)
        and _check_letter(letters[:-1]) == letters[-1]
    )


def tidy_secret(typed: str) -> str:
    """Letters and digits only; O, I and L as typed by people become 0 and 1."""
    letters = re.sub(r"[^0-9A-Z]", "", typed.upper())
    return letters.translate(str.maketrans("OIL", "011"))


def lookup_token(record_id: UUID, *, key: bytes, version: int) -> str:
    """The token in the QR code of the receipt: separate from the secret, so that a URL never shows the secret."""
    return _token(record_id, f"qr:{version}", key)


def transfer_code(payment_id: UUID) -> str:
    """What the payer of a bank transfer writes with the money: banks change nothing of capital letters and digits.

    54 bits of a hash and a check letter; the same payment always has the same.
    """
    number = int.from_bytes(hashlib.sha256(payment_id.bytes).digest()[:8], "big")
    return _TRANSFER + _checked(number)


def transfer_code_in(purpose: str) -> str | None:
    """The first code that stands in what a payer wrote, whatever spaces, points and slips (O for 0) came between."""
    squeezed = re.sub(r"[^0-9A-Z]", "", purpose.upper())
    for found in re.finditer(f"(?={_TRANSFER}([0-9A-Z]{{{_SECRET_CHARACTERS}}}))", squeezed):
        if is_possible_secret(found.group(1)):
            return _TRANSFER + tidy_secret(found.group(1))
    return None


def check_secret(document_id: UUID, *, key: bytes) -> str:
    """The secret printed on a result: with its number it opens what the result says, to whoever holds the paper."""
    return _secret(f"check:{document_id}", key)


def check_token(document_id: UUID, *, key: bytes) -> str:
    """The token in the QR code of a result."""
    return _token(document_id, "check-qr", key)


def outline_token(document_id: UUID, *, key: bytes) -> str:
    """Opens how a document stands and nothing of what it says: for who holds the one that it has replaced."""
    return _token(document_id, "outline", key)


def document_of_token(token: str, *, key: bytes, made: Callable[..., str] = check_token) -> UUID | None:
    """The document whose token this is; None for a token that nobody here has `made`."""
    document_id = id_of_token(token)
    if document_id is None or not hmac.compare_digest(made(document_id, key=key), token):
        return None
    return document_id


def id_of_token(token: str) -> UUID | None:
    """The record or document that a QR token speaks of; the caller still compares the whole token."""
    if not re.fullmatch(r"[0-9a-f]{56}", token):
        return None
    return UUID(hex=token[:32])


def _token(of: UUID, purpose: str, key: bytes) -> str:
    """The key of what it opens, and 96 bits of an HMAC."""
    digest = hmac.new(key, f"{purpose}:{of}".encode(), hashlib.sha256).hexdigest()
    return f"{of.hex}{digest[:24]}"


def _secret(purpose: str, key: bytes) -> str:
    digest = hmac.new(key, purpose.encode(), hashlib.sha256).digest()
    return _grouped(_checked(int.from_bytes(digest[:8], "big")))


def _checked(number: int) -> str:
    """54 bits of the number in letters, and their check letter."""
    base = len(ALPHABET)
    letters = "".join(ALPHABET[number // base**place % base] for place in range(_SECRET_CHARACTERS - 1))
    return letters + _check_letter(letters)


def _check_letter(letters: str) -> str:
    total = sum(ALPHABET.index(letter) * (place + 2) for place, letter in enumerate(letters))
    return ALPHABET[total % len(ALPHABET)]


def _grouped(letters: str) -> str:
    return " ".join(letters[start : start + 4] for start in range(0, len(letters), 4))
