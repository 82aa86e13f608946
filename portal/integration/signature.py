"""Signatures between the portal and state registers: who asks, when, under which number, and what exactly."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta

TIME, NUMBER, SIGNATURE = "X-Portal-Time", "X-Portal-Number", "X-Portal-Signature"

FRESH = timedelta(seconds=60)
"""How far the clocks of both sides may be apart; an older message is a replay."""


def signed_headers(path: str, body: bytes, *, number: str, secret: str, now: datetime) -> dict[str, str]:
    """The headers that go with a message. `number` is the same whenever the same question is asked again."""
    seconds = str(int(now.timestamp()))
    return {
        TIME: seconds,
        NUMBER: number,
        SIGNATURE: _signature(path, body, number=number, seconds=seconds, secret=secret),
    }


def is_genuine(path: str, body: bytes, headers: Mapping[str, str], *, secret: str, now: datetime) -> bool:
    """Whether the message is signed, unchanged and fresh."""
    seconds, number = headers.get(TIME, ""), headers.get(NUMBER, "")
    expected = _signature(path, body, number=number, seconds=seconds, secret=secret)
    if not hmac.compare_digest(expected.encode(), headers.get(SIGNATURE, "").encode()):
        return False
    return abs(now.timestamp() - int(seconds)) <= FRESH.total_seconds()


def _signature(path: str, body: bytes, *, number: str, seconds: str, secret: str) -> str:
    digest = hashlib.sha256(body).hexdigest()
    return hmac.new(secret.encode(), f"{path}\n{number}\n{seconds}\n{digest}".encode(), hashlib.sha256).hexdigest()
