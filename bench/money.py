"""(m) Money: a bank repeats, scatters, loses and forges its words; at the end every đồng is counted."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random
from secrets import token_hex
from threading import Thread
from typing import TypeVar
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from sqlalchemy import insert, select, text

from bench.carrying import citizen, new_record
from bench.ground import PORTAL, Ground
from bench.rounds import say, table, title, verdict
from portal.core import clock
from portal.core.actor import SYSTEM, Actor, ActorKind
from portal.core.references import new_id
from portal.core.unit_of_work import reading, unit_of_work
from portal.payments import gateways, jobs, queries, refunds, service
from portal.payments.gateways import Word
from portal.payments.models import FeeLine, Payment, Refund
from portal.payments.signature import signed_query
from portal.payments.types import Books, RefundState
from portal.payments.vnpay import NOTIFIED_AT, PAY_AT, Vnpay, stamp
from portal.simulators.bank_books import Behaviour, Order, Taken
from portal.simulators.bank_books import Books as BankBooks
from portal.simulators.payments import VnpayBank, bank_app
from portal.simulators.serving import server

T = TypeVar("T")

SECRET = token_hex()
MERCHANT = "CANTHO01"
LINES = 50
"""Fees of one record."""
REPLAYS = 10
LOST = 0.3
"""The share of orders of which no word ever arrives."""
UNASKED = 0.1
"""The share of those about which the portal cannot ask either: the daily file names them."""
HANDS = 2
WAYS = (
    # share, how the bank behaves, what the payer presses
    (0.80, Behaviour(), "00"),
    (0.10, Behaviour(), "24"),
    (0.06, Behaviour(twice=1), "00"),
    (0.04, Behaviour(less=500), "00"),
)
_UNPROVEN = text("""
SELECT count(*) FROM fee_line WHERE paid_at IS NOT NULL AND amount > 0 AND NOT EXISTS (
  SELECT FROM capture WHERE capture.payment_id = fee_line.payment_id AND capture.state = 'matched')
""")


@dataclass(frozen=True)
class Attempt:
    reference: str
    amount: int
    begun: str
    """As the gateway is told."""


@dataclass
class Heard:
    """What came of the words: how many of each kind, and how many answers of each code."""

    genuine: int
    forged: int
    accepted_forged: int
    seconds: float


def measure(ground: Ground, *, payments: int) -> None:
    ground.wire(PORTAL)
    chance = Random(20261109)  # noqa: S311 - an order, not a secret
    with reading(SYSTEM) as session:
        before = queries.books(session)
    with played() as (bank, url):
        gateways.use(Vnpay(url=url + PAY_AT, merchant=MERCHANT, secret=SECRET, public_url="http://portal.example"))
        orders = settled(bank, begun(payments, chance), chance)
        heard = told(bank, orders, chance)
        say(f"{heard.genuine + heard.forged:,} words heard")
        asked_about(chance)
        bank.books.put_forward(1)
        jobs.compare_books({}, now=clock.now() + timedelta(days=1))
        given_back()
        totals = bank.books.totals()
    with reading(SYSTEM) as session:
        books = queries.books(session)
        unproven = session.execute(_UNPROVEN).scalar_one()
    _show(payments, heard, before, books)
    proofs = {
        "the bank took what our books captured, to the đồng": books.captured - before.captured == totals["captured"],
        "the bank gave back what our books refunded": books.refunded - before.refunded == totals["refunded"],
        "captured = matched + suspense + refunded, and paid = matched": books.is_balanced,
        "no forged word was believed": heard.accepted_forged == 0,
        "no fee is paid without a capture": unproven == 0,
    }
    for words, holds in proofs.items():
        verdict(words, holds)
    if not all(proofs.values()):
        raise SystemExit("The books of money are not proven.")


@contextmanager
def played() -> Iterator[tuple[VnpayBank, str]]:
    """A bank that listens, with books of its own."""
    with tempfile.TemporaryDirectory() as folder:
        bank = VnpayBank(
            BankBooks(Path(folder)),
            secret=SECRET,
            notification_url=f"http://127.0.0.1:9{NOTIFIED_AT}",
            merchant=MERCHANT,
        )
        listener = server(bank_app(bank), port=0)
        thread = Thread(target=listener.serve_forever, daemon=True)
        thread.start()
        try:
            yield bank, f"http://127.0.0.1:{listener.port}"
        finally:
            listener.shutdown()
            thread.join()


def begun(payments: int, chance: Random) -> list[Attempt]:
    """Attempts to pay, one in ten of them for a fee for which another one is under way."""
    owner, now = citizen(), clock.now()
    lines: list[dict[str, object]] = []
    attempts: list[dict[str, object]] = []
    for _ in range(-(-payments // LINES)):
        record_id = new_record(owner)
        lines += [_line(record_id, owner, number, chance.randrange(1_000, 2_000_000)) for number in range(LINES)]
    for number in range(payments):
        line = lines[number] if chance.random() > 0.1 or not number else lines[chance.randrange(number)]
        attempts.append(_attempt(line))
    for model, rows in ((FeeLine, lines), (Payment, attempts)):
        for some in batched(rows, 1_000):
            with unit_of_work(SYSTEM) as session:
                session.execute(insert(model), [{**row, _moment_of(model): now} for row in some])
    return [Attempt(str(row["reference"]), int(str(row["amount"])), stamp(now)) for row in attempts]


def settled(bank: VnpayBank, attempts: list[Attempt], chance: Random) -> list[Order]:
    """The orders as the bank has decided about them."""
    orders: list[Order] = []
    rest = chance.sample(attempts, len(attempts))
    for share, behaviour, code in WAYS:
        bank.books.behave(Behaviour(**{**behaviour.__dict__, "drop": 1}))  # words are told below, not delivered
        group, rest = rest[: round(share * len(attempts))], rest[round(share * len(attempts)) :]
        for attempt in group:
            order = Order(attempt.reference, attempt.amount, "Nop phi", "http://portal", attempt.begun, "2099")
            bank.books.keep(order)
            orders.append(bank.settle(order, code=code))
    return orders


def told(bank: VnpayBank, orders: list[Order], chance: Random) -> Heard:
    """Every word ten times and in any order, those of some orders never, with forgeries among them."""
    words: list[tuple[str, bool]] = []
    for order in orders:
        captures: list[Taken | None] = [*bank.books.taken(order.reference)] or [None]
        genuine = [bank.word(order, taken=taken, secret=SECRET) for taken in captures]
        words += [(forged(word, chance), True) for word in genuine]
        if chance.random() > LOST:
            words += [(word, False) for word in genuine for _ in range(REPLAYS)]
    chance.shuffle(words)
    started = time.monotonic()
    with ThreadPoolExecutor(HANDS) as hands:
        codes = list(hands.map(lambda word: _answer(word[0]), words, chunksize=100))
    accepted = sum(code != "97" for code, (_, is_forged) in zip(codes, words, strict=True) if is_forged)
    count = sum(is_forged for _, is_forged in words)
    return Heard(len(words) - count, count, accepted, time.monotonic() - started)


def forged(word: str, chance: Random) -> str:
    """The bank's word with a value changed, a name twice, or somebody else's signature."""
    pairs = parse_qsl(word)
    kind = chance.randrange(3)
    if kind == 0:
        success = {"vnp_ResponseCode": "00", "vnp_TransactionStatus": "00"}
        return signed_query({**dict(pairs[:-1]), **success}, secret=SECRET[::-1])
    if kind == 1:
        return urlencode([*pairs, chance.choice(pairs)])
    at = chance.randrange(len(pairs))
    return urlencode([*pairs[:at], (pairs[at][0], pairs[at][1] + "0"), *pairs[at + 1 :]])


def asked_about(chance: Random) -> None:
    """The portal asks about what is open still."""
    with reading(SYSTEM) as session:
        still_open = session.scalars(select(Payment.reference).where(Payment.state == "created")).all()
    for reference in still_open:
        if chance.random() > UNASKED:
            jobs.poll_payment({"reference": reference, "turn": "0"}, now=clock.now() + timedelta(minutes=5))


def given_back() -> None:
    """Two persons agree about everything that is due, and the bank is asked."""
    with reading(SYSTEM) as session:
        due = session.scalars(select(Refund.id).where(Refund.state == RefundState.DUE)).all()
    first, second = (_official(login) for login in ("stc.sp1", "stc.hd1"))
    for some in batched(due, 500):
        with unit_of_work(first) as session:
            refunds.propose(session, some, actor=first, now=clock.now())
        with unit_of_work(second) as session:
            refunds.approve(session, some, actor=second, now=clock.now())
    for refund_id in due:
        jobs.send_refund({"refund_id": str(refund_id)}, now=clock.now())


def batched(rows: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


def _answer(word: str) -> str:
    with unit_of_work(SYSTEM) as session:
        heard = Word(parameters=parse_qsl(word))
        return service.receive_notification(session, gateways.of("vnpay"), heard, now=clock.now()).code


def _line(record_id: UUID, owner: Actor, number: int, amount: int) -> dict[str, object]:
    named = {"kind": "phi", "name": "Phí", "moment": "receiving"}
    return {
        "id": new_id(),
        "record_id": record_id,
        "owner_id": owner.person_id,
        "rule": f"f{number}",
        "amount": amount,
        **named,
    }


def _attempt(line: dict[str, object]) -> dict[str, object]:
    key = new_id()
    same = {name: line[name] for name in ("record_id", "owner_id", "amount")}
    reference = key.hex.upper()
    return {
        "id": key,
        "gateway": "vnpay",
        "reference": reference,
        "fee_line_ids": [line["id"]],
        "state": "created",
        **same,
    }


def _moment_of(model: type[FeeLine] | type[Payment]) -> str:
    return "owed_at" if model is FeeLine else "created_at"


def _official(login: str) -> Actor:
    with reading(SYSTEM) as session:
        found = text("SELECT id, full_name FROM person WHERE login = :login")
        person = session.execute(found, {"login": login}).one()
    return Actor(kind=ActorKind.OFFICIAL, person_id=person.id, name=person.full_name)


def _show(payments: int, heard: Heard, before: Books, books: Books) -> None:
    title("(m) Payments with a bank that lies")
    rate = (heard.genuine + heard.forged) / heard.seconds
    words = [
        ["payments", f"{payments:,}"],
        ["genuine words", f"{heard.genuine:,}"],
        ["forged words", f"{heard.forged:,}"],
        [f"words a second, {HANDS} at a time", f"{rate:,.0f}"],
    ]
    sums = ("captured", "matched", "suspense", "refunded")
    table(["", ""], words + [[f"{name}, VND", f"{getattr(books, name) - getattr(before, name):,}"] for name in sums])
