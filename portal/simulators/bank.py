"""What a trial bank does, in whatever language it speaks: it takes money, tells the portal, and lies when told to."""

from __future__ import annotations

import logging
import random
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from threading import Event

from portal.core.errors import Unavailable
from portal.payments import daily_files
from portal.simulators.bank_books import Behaviour, Books, Order, Taken

log = logging.getLogger(__name__)

_NAP = 0.2
"""Seconds between two looks at what has to be delivered."""

FORGED_NUMBER = 66_600_000


@dataclass
class Bank(ABC):
    """The bank apart from its pages. A subclass says how it writes and sends a word."""

    books: Books
    secret: str = field(repr=False)
    notification_url: str
    stopped: Event = field(default_factory=Event)

    @abstractmethod
    def word(self, order: Order, *, taken: Taken | None, secret: str) -> str:
        """What the bank says of an order, signed: that it took this money, or none."""

    @abstractmethod
    def send(self, message: str) -> str:
        """Deliver a word; the code with which the portal answers. Raises Unavailable."""

    def settle(self, order: Order, *, code: str) -> Order:
        """Decide about the order once, and leave words for delivery as the bank now behaves."""
        lies = self.books.behaviour()
        captures = (2 if lies.twice else 1) if code == "00" else 0
        decided_now = self.books.settle(
            order.reference, code=code, captures=captures, less=int(lies.less), days=lies.days
        )
        settled = self.books.order(order.reference) or order
        if decided_now:
            for message, insists in self._words(settled, lies):
                after = lies.delay + lies.days * 86_400
                self.books.post(order.reference, message, after=after, insists=insists, scatter=lies.reorder)
        return settled

    def genuine(self, order: Order) -> str:
        """What the bank says of an order that it has decided, first of all."""
        return self.word(order, taken=next(iter(self.books.taken(order.reference)), None), secret=self.secret)

    def deliver_until_stopped(self) -> None:
        while not self.stopped.wait(_NAP):
            self.deliver()

    def deliver(self) -> None:
        """Send every word that is due, and note what the portal answered."""
        for delivery in self.books.due_deliveries():
            try:
                answered = self.send(delivery["message"])
            except Unavailable:
                answered = "unreachable"
            log.info("a notification was delivered", extra={"answered": answered})
            self.books.note_delivery(delivery, answered=answered)

    def file_of(self, day: date, *, prefix: str = "") -> str:
        """The daily file of a day that is over; nothing before. `prefix` stands before the bank's numbers."""
        lines = [replace(line, transaction=f"{prefix}{line.transaction}") for line in self.books.lines_of(day)]
        return daily_files.written(day, lines) if day < self.books.now().date() else ""

    def _words(self, order: Order, lies: Behaviour) -> Iterator[tuple[str, bool]]:
        """Words, and whether the bank goes on until they are confirmed."""
        if lies.forge:
            yield self.word(order, taken=_taken(order, FORGED_NUMBER), secret=self.secret[::-1]), False
        captures: list[Taken | None] = [*self.books.taken(order.reference)] or [None]
        for taken in captures:
            if random.random() < lies.drop:  # noqa: S311 - no secret
                continue
            if lies.amount and taken is not None:
                more = _taken(order, taken.number, amount=taken.amount + int(lies.amount))
                yield self.word(order, taken=more, secret=self.secret), False
            yield self.word(order, taken=taken, secret=self.secret), True
            for _ in range(int(lies.duplicate)):
                yield self.word(order, taken=taken, secret=self.secret), False


def _taken(order: Order, number: int, *, amount: int | None = None) -> Taken:
    return Taken(number, order.reference, amount or order.amount, day="", at=order.created)
