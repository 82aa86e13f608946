"""What every payment gateway can do, whoever runs it, and which of them the portal speaks with.

A gateway translates: what it says becomes an `Outcome`, what the portal answers becomes its words. The money itself is
decided in `captures` and `refunds`, the same for all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from portal.core.clock import local
from portal.payments.types import LARGEST_AMOUNT, Answer
from portal.workflow.definition import Text

NOTIFICATION_PATH = "/thanh-toan/{name}/thong-bao"
"""Where a gateway tells the portal, server to server: the only word that marks a fee as paid."""
RETURN_PATH = "/thanh-toan/{name}/tro-ve"
"""Where the payer's browser comes back to: shows how the payment stands, changes nothing."""


class Forged(Exception):
    """The word does not come from the gateway, or not as it was signed."""


@dataclass(frozen=True)
class Taker:
    """Who took cash, and at whose counter."""

    person_id: UUID
    name: str
    unit_id: UUID


class Ending(StrEnum):
    CAPTURED = "captured"
    """Money was taken and the gateway stands for it."""
    DOUBTFUL = "doubtful"
    """Money was taken, and the gateway suspects fraud."""
    FAILED = "failed"
    """No money was taken."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a gateway says of one payment, its signature checked. `amount` in VND; None when it is no amount."""

    gateway: str
    reference: str
    amount: int | None
    transaction: str
    """The gateway's own number of the capture, once for all time."""
    ending: Ending
    failure: str | None = None
    """The gateway's code that says why not."""
    paid_on: date | None = None
    """The day under which the gateway settles it."""
    is_booked: bool = False
    """The money stands on our own account already: it is there, whatever it names."""
    taker: Taker | None = None
    """Of cash."""

    @property
    def takes_money(self) -> bool:
        return self.ending is not Ending.FAILED

    @property
    def is_incomplete(self) -> bool:
        """A capture without its number could be counted twice: nothing may follow from it."""
        return self.takes_money and not self.transaction


@dataclass(frozen=True, kw_only=True)
class Order:
    """What somebody wants to pay. `purpose` stands on the payer's bank statement: letters without marks, digits,
    hyphens, dots and spaces."""

    reference: str
    amount: int
    purpose: str
    created_at: datetime
    client_address: str
    language: str


@dataclass(frozen=True, kw_only=True)
class Word:
    """A notification as it came: parameters with every repetition, the body, the headers by lower-case name."""

    parameters: Sequence[tuple[str, str]] = ()
    body: bytes = b""
    headers: Mapping[str, str] | None = None


@dataclass(frozen=True, kw_only=True)
class RefundOrder:
    """Money to be given back. The same `request` asks for the same refund, however often it is sent."""

    request: str
    reference: str
    transaction: str
    amount: int
    is_whole: bool
    begun_at: datetime
    """When the payment began, as its order said; of one that nobody began here, when its money was captured."""
    approved_by: str


class RefundEnding(StrEnum):
    DONE = "done"
    UNDECIDED = "undecided"
    REFUSED = "refused"


@dataclass(frozen=True)
class RefundOutcome:
    ending: RefundEnding
    transaction: str = ""
    failure: str | None = None


@dataclass(frozen=True)
class SettledLine:
    """One line of a gateway's daily file: money that came in (`capture`) or went back (`refund`), in VND."""

    kind: str
    transaction: str
    reference: str
    amount: int


@dataclass(frozen=True)
class DailyFile:
    """What the gateway settled on a day. `digest` names the text: the same file twice is one."""

    day: date
    digest: str
    lines: tuple[SettledLine, ...]


class Gateway(Protocol):
    """A way to pay online. Every method that speaks to the other side raises Unavailable when it does not answer, or
    answers something that it did not sign."""

    @property
    def name(self) -> str:
        """In addresses and rows: vnpay."""

    @property
    def label(self) -> Text:
        """What the payer chooses."""

    @property
    def may_pay_for(self) -> timedelta:
        """How long the payer may pay one reference."""

    @property
    def answers(self) -> bool:
        """Whether it can be asked, and told to give money back. Else persons bring its statements, and pay back."""

    def reference_for(self, payment_id: UUID) -> str:
        """Ours, sent to the gateway; the same for the same payment."""

    def redirect_url(self, order: Order) -> str:
        """Where the payer pays. The same order always gives the same address."""

    def reference_in(self, parameters: Mapping[str, str]) -> str:
        """Of which payment the browser comes back; nothing else is read there."""

    def read(self, word: Word) -> Outcome:
        """What a notification says. Raises Forged."""

    def in_its_words(self, answer: Answer) -> dict[str, str]:
        """What it is answered."""

    def ask(self, *, reference: str, created_at: datetime, now: datetime) -> Outcome | None:
        """How a payment ended. None: the payer has not paid, so far."""

    def refund(self, order: RefundOrder, *, now: datetime) -> RefundOutcome:
        """Give money back; sending the same order again changes nothing."""

    def daily_file(self, day: date, *, now: datetime) -> DailyFile | None:
        """What it settled that day; None while there is no file yet."""


_gateways: dict[str, Gateway] = {}


def use(*gateways: Gateway) -> None:
    """Name the gateways of this process, the one that is offered first at the head."""
    _gateways.clear()
    _gateways.update((gateway.name, gateway) for gateway in gateways)


def offered() -> tuple[Gateway, ...]:
    return tuple(_gateways.values())


def named(name: str) -> Gateway | None:
    return _gateways.get(name)


def of(name: str) -> Gateway:
    """The gateway of a payment. Raises RuntimeError when this process does not speak with it."""
    if name not in _gateways:
        raise RuntimeError(f"no payment gateway {name!r} has been named: call payments.gateways.use first")
    return _gateways[name]


def is_by_hand(name: str) -> bool:
    """Whether persons say what came in this way, and give it back: there is nobody to ask."""
    found = _gateways.get(name)
    return found is None or not found.answers


def time_to_pay(name: str) -> timedelta:
    """How long somebody may still be paying this way; nothing for one that is not offered any more."""
    found = _gateways.get(name)
    return timedelta(0) if found is None else found.may_pay_for


def dong(text: str, *, hundredths: bool = False) -> int | None:
    """A sum in VND from plain digits, None for everything else: zero, signs, other digits, above LARGEST_AMOUNT."""
    if not text.isascii() or not text.isdecimal() or text.startswith("0") or len(text) > 16:
        return None
    if hundredths and not text.endswith("00"):
        return None
    amount = int(text[:-2] or "0") if hundredths else int(text)
    return amount if 0 < amount <= LARGEST_AMOUNT else None


def day_of(moment: str) -> date | None:
    """The day, on Vietnam's clocks, of a moment as ISO 8601 writes it; None for what is none."""
    try:
        return local(datetime.fromisoformat(moment)).date()
    except ValueError:
        return None


def same_once(parameters: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The parameters by name. Raises Forged when a name stands twice: which of both was signed?"""
    pairs = list(parameters)
    said = dict(pairs)
    if len(said) != len(pairs):
        raise Forged
    return said
