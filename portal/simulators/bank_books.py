"""What the trial bank knows: orders, the money it took, the notifications it still has to send, how it lies."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from portal.simulators.ledger import Ledger

MOST_ATTEMPTS = 12
_LONGEST_PAUSE = 60.0

_SCHEMA = """
CREATE TABLE IF NOT EXISTS payment_order (
  reference TEXT PRIMARY KEY, merchant TEXT NOT NULL, amount INTEGER NOT NULL, purpose TEXT NOT NULL,
  return_url TEXT NOT NULL, created TEXT NOT NULL, expires TEXT NOT NULL, transaction_number INTEGER,
  captures INTEGER NOT NULL DEFAULT 0, code TEXT, paid_on TEXT);
CREATE TABLE IF NOT EXISTS delivery (
  id INTEGER PRIMARY KEY AUTOINCREMENT, reference TEXT NOT NULL, query TEXT NOT NULL, due REAL NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0, answered TEXT, done INTEGER NOT NULL DEFAULT 0, insists INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS behaviour (name TEXT PRIMARY KEY, value REAL NOT NULL);
"""


@dataclass(frozen=True)
class Behaviour:
    """How the bank treats notifications from now on. All 0: it is honest."""

    duplicate: float = 0
    """How many times more it sends each one, confirmed or not."""
    delay: float = 0
    """Seconds before the first one leaves."""
    drop: float = 0
    """1: it never sends any; the money is taken all the same."""
    forge: float = 0
    """1: a stranger sends one too, that claims success and is signed with another secret."""
    amount: float = 0
    """VND that a first, properly signed one names too much; the truth follows."""
    twice: float = 0
    """1: it takes the money twice for one order, under two numbers."""


@dataclass(frozen=True)
class Order:
    """One order as the merchant signed it; `amount` in VND times 100."""

    reference: str
    merchant: str
    amount: int
    purpose: str
    return_url: str
    created: str
    expires: str
    transaction_number: int | None = None
    captures: int = 0
    """How many times the money was taken."""
    code: str | None = None
    paid_on: str | None = None

    @property
    def is_settled(self) -> bool:
        return self.code is not None

    @property
    def is_paid(self) -> bool:
        return self.code == "00"


class Books:
    def __init__(self, folder: Path) -> None:
        self._ledger = Ledger(folder / "payments.sqlite", schema=_SCHEMA)

    def keep(self, order: Order) -> None:
        """Write the order down unless it stands there already."""
        self._ledger.write(
            "INSERT INTO payment_order (reference, merchant, amount, purpose, return_url, created, expires)"
            " VALUES (:reference, :merchant, :amount, :purpose, :return_url, :created, :expires)"
            " ON CONFLICT DO NOTHING",
            asdict(order),
        )

    def order(self, reference: str) -> Order | None:
        row = self._ledger.row("SELECT * FROM payment_order WHERE reference = :reference", {"reference": reference})
        return None if row is None else Order(**row)

    def orders(self) -> list[Order]:
        return [Order(**row) for row in self._ledger.rows("SELECT * FROM payment_order ORDER BY created, reference")]

    def settle(self, reference: str, *, code: str, captures: int, paid_on: str) -> bool:
        """Take the money `captures` times, or not at all. False when it was decided before."""
        changed = self._ledger.write(
            "UPDATE payment_order SET code = :code, captures = :captures, paid_on = :paid_on,"
            " transaction_number = 14000000 + 2 * rowid WHERE reference = :reference AND code IS NULL",
            {"reference": reference, "code": code, "captures": captures, "paid_on": paid_on},
        )
        return changed == 1

    def post(self, reference: str, query: str, *, after: float, insists: bool = True) -> None:
        """Leave a notification for delivery in `after` seconds. One that does not insist is sent once."""
        self._ledger.write(
            "INSERT INTO delivery (reference, query, due, insists) VALUES (:reference, :query, :due, :insists)",
            {"reference": reference, "query": query, "due": time.time() + after, "insists": insists},
        )

    def due_deliveries(self) -> list[dict[str, Any]]:
        return self._ledger.rows(
            "SELECT id, query, attempts, insists FROM delivery"
            " WHERE NOT done AND due <= :now ORDER BY due, id LIMIT 50",
            {"now": time.time()},
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
                "due": time.time() + min(0.5 * 2**attempts, _LONGEST_PAUSE),
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
        return Behaviour(**{row["name"]: row["value"] for row in rows})

    def behave(self, behaviour: Behaviour) -> None:
        with self._ledger.open() as books:
            for lie in fields(behaviour):
                books.execute(
                    "INSERT INTO behaviour VALUES (:name, :value) ON CONFLICT (name) DO UPDATE SET value = :value",
                    {"name": lie.name, "value": getattr(behaviour, lie.name)},
                )
