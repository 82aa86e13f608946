"""Speaking with the postal operator: orders, cancellations, questions, and its own words.

Operators publish no common interface; this is the one that the contract fixes (docs/delivery.md). Every message, either
way, is a JSON text and its HMAC-SHA256 beside it: nothing unsigned is ever read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from portal.core.errors import Unavailable
from portal.core.references import new_id
from portal.core.sealed import opened, sealed, unsealed
from portal.core.wire import post_json
from portal.delivery.types import LARGEST_FEE, ParcelEventKind, Receiver

NOTIFIED_AT = "/buu-dien/thong-bao"
"""Where the operator tells the portal, server to server."""

PARTNER = "CANTHO01"
_AHEAD = timedelta(minutes=10)
"""How far the operator's clock may be ahead of ours."""
_LONGEST = 200
"""Characters of a name or reason that are kept."""


class Forged(Exception):
    """The word does not come from the operator, or not as it was signed, or is none."""


@dataclass(frozen=True)
class Sender:
    """The counter from which the parcel is collected, and to which it comes back."""

    name: str
    phone: str
    address: str


@dataclass(frozen=True, kw_only=True)
class ParcelOrder:
    """The same `request` asks for the same parcel, however often it is sent."""

    request: str
    reference: str
    """The record's code, on the label."""
    sender: Sender
    receiver: Receiver


@dataclass(frozen=True)
class Taken:
    """`fee` in VND, collected from the receiver."""

    number: str
    fee: int


@dataclass(frozen=True)
class Refused:
    reason: str


@dataclass(frozen=True, kw_only=True)
class Told:
    """One event as the operator tells it, its signature checked."""

    request: str
    number: str
    event: str
    kind: ParcelEventKind
    at: datetime
    office: str = ""
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class PostalOperator:
    """The portal's contract with one operator."""

    url: str
    secret: str = field(repr=False)
    partner: str = PARTNER

    def order(self, order: ParcelOrder, *, now: datetime) -> Taken | Refused:
        """Raises Unavailable when nobody knows whether the operator has taken it: ask again under the same request."""
        said = self._asked(
            "orders",
            {
                "request": order.request,
                "reference": order.reference,
                "sender": vars(order.sender),
                "receiver": {
                    "name": order.receiver.name,
                    "phone": order.receiver.phone,
                    "address": order.receiver.line,
                },
                "pays": "receiver",
                "asked_at": now.isoformat(),
            },
            request=order.request,
        )
        if said.get("status") == "refused":
            return Refused(_text(said, "reason"))
        number, fee = said.get("number"), said.get("fee")
        fits = isinstance(fee, int) and not isinstance(fee, bool) and 0 <= fee <= LARGEST_FEE
        if said.get("status") != "taken" or not isinstance(number, str) or not number or not fits:
            raise Unavailable(status=_text(said, "status"))
        return Taken(number[:40], int(fee))  # type: ignore[arg-type]

    def cancel(self, request: str, *, now: datetime) -> bool:
        """Whether the operator will not come for it. Raises Unavailable."""
        said = self._asked("cancel", {"request": request, "asked_at": now.isoformat()}, request=request)
        return said.get("status") in ("cancelled", "unknown")

    def track(self, request: str, *, now: datetime) -> list[Told]:
        """All that the operator knows of a parcel. Raises Unavailable, also when a part of it cannot be read."""
        said = self._asked("tracking", {"request": request, "asked_at": now.isoformat()}, request=request)
        events = said.get("events")
        if not isinstance(events, list) or len(events) > 200:
            raise Unavailable(reason="no list of events")
        try:
            return [_told({**event, "request": request, "number": said.get("number")}, now=now) for event in events]
        except (Forged, TypeError) as unreadable:
            raise Unavailable(reason="an event that cannot be read") from unreadable

    def read(self, body: bytes, *, now: datetime) -> Told:
        """One event as it was sent to us. Raises Forged."""
        said = unsealed(body, secret=self.secret)
        if said is None or said.get("partner") != self.partner:
            raise Forged
        return _told(said, now=now)

    def _asked(self, what: str, question: Mapping[str, object], *, request: str) -> dict[str, Any]:
        asked = {"partner": self.partner, "question": new_id().hex, **question}
        answer = post_json(f"{self.url}/api/{what}", sealed(asked, secret=self.secret), timeout=30)
        said = opened(answer, secret=self.secret)
        if said is None or said.get("question") != asked["question"] or said.get("request") != request:
            raise Unavailable(reason="the answer is not signed, or answers another question")
        return said


def _told(said: Mapping[str, Any], *, now: datetime) -> Told:
    try:
        at = datetime.fromisoformat(str(said["at"]))
        kind = ParcelEventKind(str(said["kind"]))
        request, number, event = (said[name] for name in ("request", "number", "event"))
    except (KeyError, ValueError) as unreadable:
        raise Forged from unreadable
    named = all(isinstance(name, str) and 0 < len(name) <= 64 for name in (request, number, event))
    if not named or at.tzinfo is None or at > now + _AHEAD:
        raise Forged
    office, reason = _text(said, "office"), _text(said, "reason")
    return Told(request=request, number=number, event=event, kind=kind, at=at, office=office, reason=reason)


def _text(said: Mapping[str, Any], name: str) -> str:
    """One line, whatever was sent."""
    return " ".join(str(said.get(name) or "").split())[:_LONGEST]


_operator: PostalOperator | None = None


def use(operator: PostalOperator | None) -> None:
    """Name the operator of this process; without one nothing goes by post."""
    global _operator
    _operator = operator


def is_offered() -> bool:
    return _operator is not None


def operator() -> PostalOperator:
    """Raises Unavailable where none is configured."""
    if _operator is None:
        raise Unavailable(reason="no postal operator")
    return _operator
