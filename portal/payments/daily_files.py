"""The daily file of a gateway: what it settled, as one signed text that another program can read too."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from portal.core.errors import Unavailable
from portal.payments.gateways import DailyFile, SettledLine, dong
from portal.payments.signature import signature

HEADING = "kind;transaction;reference;amount"
KINDS = frozenset({"capture", "refund"})
LONGEST_WORD = 64
LARGEST_FILE = 64 * 1024**2
"""Bytes: half a million lines."""


def written(day: date, lines: Iterable[SettledLine]) -> str:
    """The text of a file: the day, a heading, a line for each sum in VND, and their number at the end."""
    rows = [f"{line.kind};{line.transaction};{line.reference};{line.amount}" for line in lines]
    return "\n".join([f"{day:%Y%m%d}", HEADING, *rows, f"end;{len(rows)}"]) + "\n"


def read_daily_file(answer: Mapping[str, Any], *, day: date, secret: str) -> DailyFile | None:
    """A file from `{"file": text, "signature": …}`; None when the gateway has none for that day yet.

    Raises Unavailable when it is not signed, of another day, cut short, or holds a line that is no sum of money.
    """
    text, proof = str(answer.get("file", "")), str(answer.get("signature", ""))
    if not hmac.compare_digest(signature(text, secret=secret).encode(), proof.encode()):
        raise Unavailable(reason="the daily file is not signed by the gateway")
    return None if not text else parsed(text, day=day)


def parsed(text: str, *, day: date) -> DailyFile:
    """Raises Unavailable as `read_daily_file` does."""
    first, heading, *rows, last = text.rstrip("\n").split("\n") if text.count("\n") > 2 else ("", "", "")
    if (first, heading, last) != (f"{day:%Y%m%d}", HEADING, f"end;{len(rows)}"):
        raise Unavailable(reason="the daily file is cut short or of another day")
    lines = tuple(map(_line, rows))
    if len({(line.kind, line.transaction) for line in lines}) < len(lines):
        raise Unavailable(reason="the daily file names a transaction twice")
    return DailyFile(day=day, digest=hashlib.sha256(text.encode()).hexdigest(), lines=lines)


def _line(row: str) -> SettledLine:
    kind, transaction, reference, amount = row.split(";") if row.count(";") == 3 else ("", "", "", "")
    sum_of_money = dong(amount)
    if kind not in KINDS or not 0 < len(transaction) <= LONGEST_WORD or sum_of_money is None:
        raise Unavailable(reason="a line of the daily file is no sum of money")
    return SettledLine(kind=kind, transaction=transaction, reference=reference[:LONGEST_WORD], amount=sum_of_money)
