"""What the trial bank knows: orders, the money it took and gave back, what it still has to tell, how it lies."""

from __future__ import annotations

import random
import time
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from portal.core import clock
from portal.payments.gateways import SettledLine
from portal.simulators.ledger import Ledger

MOST_ATTEMPTS = 12
_LONGEST_PAUSE = 60.0
_DAY = 86_400

_SCHEMA = """
CREATE TABLE IF NOT EXISTS payment_order (
  reference TEXT PRIMARY KEY, amount INTEGER NOT NULL, purpose TEXT NOT NULL, return_url TEXT NOT NULL,
  created TEXT NOT NULL, expires TEXT NOT NULL, code TEXT, answers_at REAL);
CREATE TABLE IF NOT EXISTS taken (
  number INTEGER PRIMARY KEY AUTOINCREMENT, reference TEXT NOT NULL, amount INTEGER NOT NULL, day TEXT NOT NULL,
  at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS given_back (
  number INTEGER PRIMARY KEY AUTOINCREMENT, request TEXT NOT NULL UNIQUE, taken INTEGER NOT NULL,
  amount INTEGER NOT NULL, day TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS delivery (
  id INTEGER PRIMARY KEY AUTOINCREMENT, reference TEXT NOT NULL, message TEXT NOT NULL, due REAL NOT NULL,
  rank REAL NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, answered TEXT, done INTEGER NOT NULL DEFAULT 0,
  insists INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS behaviour (name TEXT PRIMARY KEY, value REAL NOT NULL);
CREATE TABLE IF NOT EXISTS clock (id INTEGER PRIMARY KEY CHECK (id = 1), days REAL NOT NULL);
"""
_FIRST_NUMBER = 14_000_000


@dataclass(frozen=True)
class Behaviour:
    """How the bank treats payments from now on. All 0: it is honest."""

    duplicate: float = 0
    """How many times more it sends each word, confirmed or not."""
    delay: float = 0
    """Seconds before the first one leaves."""
    reorder: float = 0
    """Seconds over which it scatters its words, so that they arrive in any order."""
    drop: float = 0
    """From 0 to 1: the share of words that it never sends; the money is taken all the same."""
    forge: float = 0
    """1: a stranger sends one too, that claims success and is signed with another secret."""
    amount: float = 0
    """VND that a first, properly signed one names too much; the truth follows."""
    less: float = 0
    """VND that it really takes too little, and says so."""
    twice: float = 0
    """1: it takes the money twice for one order, under two numbers."""
    days: float = 0
    """Days until it answers anything about the order: only then it takes the money, and says so."""


@dataclass(frozen=True)
class Order:
    """One order as the merchant signed it; `amount` in VND."""

    reference: str
    amount: int
    purpose: str
    return_url: str
    created: str
    expires: str
    code: str | None = None
    answers_at: float | None = None

    @property
    def is_settled(self) -> bool:
        return self.code is not None

    @property
    def is_paid(self) -> bool:
        return self.code == "00"


@dataclass(frozen=True)
class Taken:
    """Money of a payer, under the bank's own number; `amount` in VND, `at` as digits on Vietnam's clocks."""

    number: int
    reference: str
    amount: int
    day: str
    at: str


class Books:
    """One file for each gateway that the bank plays."""

    def __init__(self, folder: Path, *, name: str = "payments") -> None:
        self._ledger = Ledger(folder / f"{name}.sqlite", schema=_SCHEMA)

    def keep(self, order: Order) -> None:
        """Write the order down unless it stands there already."""
        self._ledger.write(
            "INSERT INTO payment_order (reference, amount, purpose, return_url, created, expires)"
            " VALUES (:reference, :amount, :purpose, :return_url, :created, :expires) ON CONFLICT DO NOTHING",
            asdict(order),
        )

    def order(self, reference: str) -> Order | None:
        row = self._ledger.row("SELECT * FROM payment_order WHERE reference = :reference", {"reference": reference})
        return None if row is None else Order(**row)

    def orders(self, *, most: int = -1) -> list[Order]:
        """The newest first."""
        rows = self._ledger.rows(
            "SELECT * FROM payment_order ORDER BY created DESC, reference LIMIT :most", {"most": most}
        )
        return [Order(**row) for row in rows]

    def settle(self, reference: str, *, code: str, captures: int, less: int, days: float) -> bool:
        """Take the money `captures` times, or not at all. False when it was decided before."""
        at = self.now() + timedelta(days=days)
        with self._ledger.open() as books:
            changed = books.execute(
                "UPDATE payment_order SET code = :code, answers_at = :at WHERE reference = :reference AND code IS NULL",
                {"reference": reference, "code": code, "at": at.timestamp()},
            ).rowcount
            for _ in range(captures if changed else 0):
                books.execute(
                    "INSERT INTO taken (number, reference, amount, day, at) SELECT"
                    " coalesce((SELECT max(number) FROM taken), :first) + 1, reference, max(amount - :less, 1),"
                    " :day, :at FROM payment_order WHERE reference = :reference",
                    {"reference": reference, "first": _FIRST_NUMBER, "less": less, **_stamped(at)},
                )
        return changed == 1

    def taken(self, reference: str) -> list[Taken]:
        rows = self._ledger.rows(
            "SELECT * FROM taken WHERE reference = :reference ORDER BY number", {"reference": reference}
        )
        return [Taken(**row) for row in rows]

    def answers(self, order: Order) -> bool:
        """Whether the bank says anything about the order by now."""
        return order.is_settled and (order.answers_at or 0) <= self.now().timestamp()

    def give_back(self, request: str, *, number: int, amount: int) -> int | None:
        """The bank's number of the refund, the same for the same request; None when there is not so much left."""
        today = _stamped(self.now())["day"]
        with self._ledger.open() as books:
            books.execute(
                "INSERT INTO given_back (request, taken, amount, day)"
                " SELECT :request, number, :amount, :day FROM taken WHERE number = :number AND :amount > 0 AND :amount"
                " <= amount - (SELECT coalesce(sum(amount), 0) FROM given_back WHERE taken = :number)"
                " ON CONFLICT DO NOTHING",
                {"request": request, "number": number, "amount": amount, "day": today},
            )
            row = books.execute(
                "SELECT number FROM given_back WHERE request = :request AND taken = :number AND amount = :amount",
                {"request": request, "number": number, "amount": amount},
            ).fetchone()
        return None if row is None else _FIRST_NUMBER * 2 + int(row["number"])

    def lines_of(self, day: date) -> list[SettledLine]:
        """What came in and went back that day."""
        wanted = {"day": day.isoformat(), "more": _FIRST_NUMBER * 2}
        rows = self._ledger.rows(
            "SELECT 'capture' AS kind, CAST(number AS TEXT) AS \"transaction\", reference, amount FROM taken"
            " WHERE day = :day UNION ALL SELECT 'refund', CAST(given_back.number + :more AS TEXT), reference,"
            " given_back.amount FROM given_back JOIN taken ON taken.number = given_back.taken"
            " WHERE given_back.day = :day ORDER BY 1, 2",
            wanted,
        )
        return [SettledLine(**row) for row in rows]

    def totals(self) -> dict[str, int]:
        """The bank's own figures in VND: what it took by now, and what it gave back."""
        return (
            self._ledger.row(
                "SELECT (SELECT count(*) FROM payment_order) AS orders,"
                " (SELECT coalesce(sum(amount), 0) FROM taken WHERE at <= :at) AS captured,"
                " (SELECT coalesce(sum(amount), 0) FROM given_back) AS refunded",
                {"at": _stamped(self.now())["at"]},
            )
            or {}
        )

    def post(self, reference: str, message: str, *, after: float, insists: bool = True, scatter: float = 0) -> None:
        """Leave a word for delivery in `after` seconds. One that does not insist is sent once."""
        self._ledger.write(
            "INSERT INTO delivery (reference, message, due, rank, insists)"
            " VALUES (:reference, :message, :due, :rank, :insists)",
            {
                "reference": reference,
                "message": message,
                "due": self.now().timestamp() + after + random.uniform(0, scatter),  # noqa: S311 - no secret
                "rank": random.random() if scatter else 0,  # noqa: S311 - no secret
                "insists": insists,
            },
        )

    def due_deliveries(self) -> list[dict[str, Any]]:
        return self._ledger.rows(
            "SELECT id, message, attempts, insists FROM delivery"
            " WHERE NOT done AND due <= :now ORDER BY rank, due, id LIMIT 50",
            {"now": self.now().timestamp()},
        )

    def note_delivery(self, delivery: dict[str, Any], *, answered: str) -> None:
        """Confirmed (00, or 02: it knew already), given up, or to be sent again after a doubled pause."""
        attempts = delivery["attempts"] + 1
        done = answered in ("00", "02") or not delivery["insists"] or attempts >= MOST_ATTEMPTS
        self._ledger.write(
            "UPDATE delivery SET attempts = :attempts, answered = :answered, done = :done, due = :due WHERE id = :id",
            {
                "id": delivery["id"],
                "attempts": attempts,
                "answered": answered,
                "done": done,
                "due": self.now().timestamp() + min(0.5 * 2**attempts, _LONGEST_PAUSE),
            },
        )

    def deliveries(self, reference: str | None = None) -> list[dict[str, Any]]:
        return self._ledger.rows(
            "SELECT reference, attempts, answered, done FROM delivery"
            " WHERE :reference IS NULL OR reference = :reference ORDER BY id",
            {"reference": reference},
        )

    def behaviour(self) -> Behaviour:
        rows = self._ledger.rows("SELECT name, value FROM behaviour")
        known = {lie.name for lie in fields(Behaviour)}
        return Behaviour(**{row["name"]: row["value"] for row in rows if row["name"] in known})

    def behave(self, behaviour: Behaviour) -> None:
        with self._ledger.open() as books:
            for lie in fields(behaviour):
                books.execute(
                    "INSERT INTO behaviour VALUES (:name, :value) ON CONFLICT (name) DO UPDATE SET value = :value",
                    {"name": lie.name, "value": getattr(behaviour, lie.name)},
                )

    def now(self) -> datetime:
        """The bank's own clock, which may be put forward."""
        row = self._ledger.row("SELECT days FROM clock")
        return datetime.fromtimestamp(time.time() + (row["days"] if row else 0) * _DAY, tz=clock.CITY)

    def put_forward(self, days: float) -> None:
        self._ledger.write(
            "INSERT INTO clock VALUES (1, :days) ON CONFLICT (id) DO UPDATE SET days = days + :days", {"days": days}
        )


def _stamped(moment: datetime) -> dict[str, str]:
    """Day and moment on Vietnam's clocks."""
    return {"day": moment.date().isoformat(), "at": f"{moment:%Y%m%d%H%M%S}"}
