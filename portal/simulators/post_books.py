"""What the trial post knows: parcels, what became of them, what it still has to tell, how it lies."""

from __future__ import annotations

import random
import time
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any

from portal.core import clock
from portal.simulators.ledger import Ledger

MOST_ATTEMPTS = 8
_LONGEST_PAUSE = 60.0

_SCHEMA = """
CREATE TABLE IF NOT EXISTS parcel (
  request TEXT PRIMARY KEY, number TEXT NOT NULL UNIQUE, reference TEXT NOT NULL, receiver TEXT NOT NULL,
  fee INTEGER NOT NULL, ordered_at TEXT NOT NULL, cancelled INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS event (
  id INTEGER PRIMARY KEY AUTOINCREMENT, request TEXT NOT NULL, kind TEXT NOT NULL, at TEXT NOT NULL,
  office TEXT NOT NULL, reason TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS delivery (
  id INTEGER PRIMARY KEY AUTOINCREMENT, message TEXT NOT NULL, due REAL NOT NULL, insists INTEGER NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0, answered TEXT, done INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS behaviour (name TEXT PRIMARY KEY, value REAL NOT NULL);
"""


@dataclass(frozen=True)
class Behaviour:
    """How the post treats parcels from now on. All 0: it is honest."""

    away: float = 0
    """1: it answers nothing, and says nothing."""
    slow: float = 0
    """Seconds before it answers."""
    refuse: float = 0
    """1: it takes no order."""
    lose: float = 0
    """From 0 to 1: the share of orders that it takes without its answer arriving."""
    duplicate: float = 0
    """How many times more it sends each word."""
    delay: float = 0
    """Seconds before a word leaves."""
    reorder: float = 0
    """Seconds over which it scatters its words."""
    drop: float = 0
    """From 0 to 1: the share of words that it never sends; the parcel goes on all the same."""
    forge: float = 0
    """1: with each word a stranger sends one too, that says delivered and is signed with another secret."""


@dataclass(frozen=True)
class Parcel:
    request: str
    number: str
    reference: str
    receiver: str
    fee: int
    ordered_at: str
    cancelled: int = 0


@dataclass(frozen=True)
class Event:
    id: int
    request: str
    kind: str
    at: str
    office: str
    reason: str


class PostBooks:
    """One SQLite file."""

    def __init__(self, folder: Path) -> None:
        self._ledger = Ledger(folder / "post.sqlite", schema=_SCHEMA)

    def take(self, request: str, *, reference: str, receiver: str, fee: int) -> Parcel:
        """The parcel of this request: the first order counts, a repetition is answered alike."""
        number = f"CT{random.randrange(10**9):09d}VN"  # noqa: S311 - no secret
        self._ledger.write(
            "INSERT INTO parcel (request, number, reference, receiver, fee, ordered_at)"
            " VALUES (:request, :number, :reference, :receiver, :fee, :at) ON CONFLICT (request) DO NOTHING",
            {
                "request": request, "number": number, "reference": reference, "receiver": receiver, "fee": fee,
                "at": clock.now().isoformat(),
            },
        )  # fmt: skip
        found = self.parcel(request)
        if found is None:
            raise LookupError(request)
        return found

    def parcel(self, request: str) -> Parcel | None:
        row = self._ledger.row("SELECT * FROM parcel WHERE request = :request", {"request": request})
        return Parcel(**row) if row else None

    def numbered(self, number: str) -> Parcel | None:
        row = self._ledger.row("SELECT * FROM parcel WHERE number = :number", {"number": number})
        return Parcel(**row) if row else None

    def parcels(self, *, most: int = 50) -> list[Parcel]:
        rows = self._ledger.rows("SELECT * FROM parcel ORDER BY ordered_at DESC LIMIT :most", {"most": most})
        return [Parcel(**row) for row in rows]

    def cancel(self, request: str) -> bool:
        """False once it was collected."""
        if any(event.kind == "collected" for event in self.events(request)):
            return False
        self._ledger.write("UPDATE parcel SET cancelled = 1 WHERE request = :request", {"request": request})
        return True

    def add_event(self, request: str, kind: str, *, office: str, reason: str, at: datetime) -> Event:
        self._ledger.write(
            "INSERT INTO event (request, kind, at, office, reason) VALUES (:request, :kind, :at, :office, :reason)",
            {"request": request, "kind": kind, "at": at.isoformat(), "office": office, "reason": reason},
        )
        return self.events(request)[-1]

    def events(self, request: str) -> list[Event]:
        rows = self._ledger.rows("SELECT * FROM event WHERE request = :request ORDER BY id", {"request": request})
        return [Event(**row) for row in rows]

    def post(self, message: str, *, insists: bool) -> None:
        """Leave a word for delivery as the post now behaves."""
        lies = self.behaviour()
        due = time.time() + lies.delay + random.uniform(0, lies.reorder)  # noqa: S311 - no secret
        self._ledger.write(
            "INSERT INTO delivery (message, due, insists) VALUES (:message, :due, :insists)",
            {"message": message, "due": due, "insists": int(insists)},
        )

    def due(self) -> list[dict[str, Any]]:
        return self._ledger.rows(
            "SELECT * FROM delivery WHERE done = 0 AND due <= :now ORDER BY due, id", {"now": time.time()}
        )

    def deliveries(self) -> list[dict[str, Any]]:
        return self._ledger.rows("SELECT id, attempts, answered, done FROM delivery ORDER BY id")

    def note(self, delivery: dict[str, Any], *, answered: str) -> None:
        """It goes on until the portal says that it has noted the word, some times at most."""
        attempts = delivery["attempts"] + 1
        is_done = not delivery["insists"] or answered == "00" or attempts >= MOST_ATTEMPTS
        self._ledger.write(
            "UPDATE delivery SET attempts = :attempts, answered = :answered, done = :done, due = :due WHERE id = :id",
            {
                "id": delivery["id"], "attempts": attempts, "answered": answered, "done": int(is_done),
                "due": time.time() + min(2.0**attempts, _LONGEST_PAUSE),
            },
        )  # fmt: skip

    def behave(self, behaviour: Behaviour) -> None:
        for name, value in asdict(behaviour).items():
            self._ledger.write(
                "INSERT INTO behaviour (name, value) VALUES (:name, :value)"
                " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                {"name": name, "value": value},
            )

    def behaviour(self) -> Behaviour:
        rows = self._ledger.rows("SELECT name, value FROM behaviour")
        known = {lie.name for lie in fields(Behaviour)}
        return Behaviour(**{row["name"]: row["value"] for row in rows if row["name"] in known})
