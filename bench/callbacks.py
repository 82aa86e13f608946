"""(o) VNPAY's words over HTTP, as its server sends them: of payments not heard of before, again, and forged."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from multiprocessing.pool import Pool
from random import Random
from statistics import median

from bench.children import children_of
from bench.ground import PORTAL, Ground
from bench.money import Attempt, batched, begun, forged, played
from bench.pages import WORKERS, served
from bench.rounds import WARM_UP, Contestant, Figures, interleaved, quotients, spread, table, title, verdict
from bench.spent import Meter, Spent, cpu_of
from portal.commands.data_folder import free_port
from portal.payments.vnpay import NOTIFIED_AT
from portal.simulators.bank_books import Order, Taken

BARE = "bare Flask page"
FIRST = "a payment not heard of before"
AGAIN = "the same word again"
FORGED = "a forged word"
CODES = {FIRST: "00", AGAIN: "02", FORGED: "97"}
HANDS = 2
"""So many words are under way at a time, each on a connection of its own."""
FIRST_NUMBER = 9_000_000_000
PAID_AT = "20260101000000"
LEAST = 50
"""A second: a city of a million and a half that hands in everything on one morning stays far below."""


@dataclass(frozen=True)
class Asked:
    """A gunicorn that is asked, and the processes that answer for it."""

    port: int
    workers: Sequence[int]


def measure(ground: Ground, *, rounds: int, words: int) -> None:
    """`words`: of each kind in each round."""
    ground.wire(PORTAL)
    chance = Random(20261122)  # noqa: S311 - an order, not a secret
    known, *fresh = batched(genuine(ground, words * (1 + WARM_UP + rounds), chance), words)
    unheard = iter(fresh)
    with ExitStack() as stack:
        bare, portal = (_served(stack, ground, module) for module in ("bench.bare_flask", "portal.wsgi"))
        hands = stack.enter_context(get_context("spawn").Pool(HANDS))
        tell = partial(_told, ground, hands)
        tell(portal, known, expected=CODES[FIRST])
        contestants = [
            Contestant(BARE, lambda: tell(bare, ["/"] * words)),
            Contestant(FIRST, lambda: tell(portal, next(unheard), expected=CODES[FIRST])),
            Contestant(AGAIN, lambda: tell(portal, known, expected=CODES[AGAIN])),
            Contestant(FORGED, lambda: tell(portal, forgeries(known, chance), expected=CODES[FORGED])),
        ]
        figures = interleaved(contestants, rounds=rounds)
    _show(figures)


def genuine(ground: Ground, count: int, chance: Random) -> list[str]:
    """Addresses that say of payments under way that they are paid, signed with the portal's own secret."""
    secret = ground.settings(PORTAL).payment_secret
    with played() as (bank, _url):
        return [
            f"{NOTIFIED_AT}?{bank.word(order_of(attempt), taken=taken_of(attempt, number), secret=secret)}"
            for number, attempt in enumerate(begun(count, chance), start=1)
        ]


def order_of(attempt: Attempt) -> Order:
    return Order(attempt.reference, attempt.amount, "Nop phi", "http://portal", PAID_AT, "2099")


def taken_of(attempt: Attempt, number: int) -> Taken:
    """Numbers as no other part of the benchmark gives them."""
    return Taken(FIRST_NUMBER + number, attempt.reference, attempt.amount, day=PAID_AT[:8], at=PAID_AT)


def forgeries(known: Sequence[str], chance: Random) -> list[str]:
    return [f"{NOTIFIED_AT}?{forged(address.partition('?')[2], chance)}" for address in known]


def _served(stack: ExitStack, ground: Ground, module: str) -> Asked:
    port = free_port()
    process_id = stack.enter_context(served(ground, module, port))
    return Asked(port, children_of(process_id))


def _told(ground: Ground, hands: Pool, asked: Asked, addresses: Sequence[str], *, expected: str = "") -> list[Spent]:
    """What one word took: by the clock with all hands together, and CPU of those who answer and of PostgreSQL."""
    answering = [*asked.workers, *Meter.of(ground, PORTAL).servers]
    before = [cpu_of(process) for process in answering]
    started = time.perf_counter()
    shares = [(asked.port, addresses[hand::HANDS], expected) for hand in range(HANDS)]
    hands.starmap(_send, shares, chunksize=1)
    seconds = time.perf_counter() - started
    after = [cpu_of(process) for process in answering]
    cpu = sum(end - begin for begin, end in zip(before, after, strict=True) if end)
    return [Spent(seconds / len(addresses), cpu / len(addresses))]


def _send(port: int, addresses: Sequence[str], expected: str) -> None:
    """Raises AssertionError when an answer is another than is expected."""
    for address in addresses:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("GET", address)
        answer = connection.getresponse()
        said = answer.read()
        connection.close()
        if answer.status != 200 or (expected and json.loads(said)["RspCode"] != expected):
            raise AssertionError(f"{address.partition('?')[0]} answers {answer.status}: {said[:200]!r}")


def _show(figures: dict[str, Figures]) -> None:
    title(f"(o) VNPAY's words (gunicorn, {WORKERS} plain workers, {HANDS} connections, a client of ours)")
    rows = [
        [
            name,
            spread([1 / seconds for seconds in found.rounds], digits=0),
            spread(quotients(figures[BARE], found)),
            spread(found.cpu, scale=1000),
            spread([1 / seconds for seconds in found.cpu], digits=0),
        ]
        for name, found in figures.items()
    ]
    table(["", "a second", "bare Flask = 1", "ms CPU with the server", "a second of one core"], rows)
    rate = 1 / median(figures[FIRST].cpu)
    verdict(f"at least {LEAST} payments a second of one core", rate >= LEAST)
