"""`python -m bench`: measure the portal against its floors and its peers, side by side, on one server."""

from __future__ import annotations

import argparse
import platform
import time
from collections.abc import Callable
from dataclasses import dataclass

from bench import (
    action,
    callbacks,
    chains,
    components,
    definitions,
    due_dates,
    histories,
    money,
    moving,
    pages,
    queues,
    receipts,
    signed,
    stored,
    submission,
)
from bench.ground import Ground, running
from bench.peer import install_peers
from bench.rounds import say


@dataclass(frozen=True)
class Part:
    quick: Callable[[Ground], None]
    whole: Callable[[Ground], None]


PARTS = {
    "a": Part(
        lambda ground: action.measure(ground, rounds=5, records=2),
        lambda ground: action.measure(ground, rounds=15, records=4),
    ),
    "b": Part(
        lambda ground: submission.measure(ground, rounds=5, times=10),
        lambda ground: submission.measure(ground, rounds=15, times=20),
    ),
    "c": Part(
        lambda ground: pages.measure(ground, rounds=3, seconds=1),
        lambda ground: pages.measure(ground, rounds=7, seconds=2),
    ),
    "d": Part(
        lambda ground: queues.measure(ground, rounds=5, times=20),
        lambda ground: queues.measure(ground, rounds=15, times=40),
    ),
    "e": Part(
        lambda ground: components.measure(ground, rounds=5, times=40),
        lambda ground: components.measure(ground, rounds=15, times=80),
    ),
    "f": Part(
        lambda ground: receipts.measure(ground, loops=15, jobs=30),
        lambda ground: receipts.measure(ground, loops=60, jobs=150),
    ),
    "k": Part(
        lambda ground: due_dates.measure(ground, rounds=5, times=2),
        lambda ground: due_dates.measure(ground, rounds=15, times=5),
    ),
    "g": Part(
        lambda ground: moving.measure(ground, records=1_000),
        lambda ground: moving.measure(ground, records=10_000),
    ),
    "h": Part(
        lambda ground: definitions.measure(ground, rounds=5),
        lambda ground: definitions.measure(ground, rounds=15),
    ),
    "i": Part(
        lambda ground: histories.measure(ground, rounds=4, times=2),
        lambda ground: histories.measure(ground, rounds=16, times=2),
    ),
    "j": Part(
        lambda ground: chains.measure(ground, rounds=3),
        lambda ground: chains.measure(ground, rounds=9),
    ),
    "l": Part(stored.measure, stored.measure),
    "m": Part(
        lambda ground: money.measure(ground, payments=500),
        lambda ground: money.measure(ground, payments=10_000),
    ),
    "n": Part(
        lambda ground: signed.measure(ground, rounds=4, times=4, documents=200),
        lambda ground: signed.measure(ground, rounds=9, times=8, documents=1_000),
    ),
    "o": Part(
        lambda ground: callbacks.measure(ground, rounds=4, words=60),
        lambda ground: callbacks.measure(ground, rounds=9, words=300),
    ),
}

WITH_PEERS = frozenset("aeijln")
"""The parts that measure other programs too, in an environment of their own."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rounds: shows the order of things in three minutes")
    parser.add_argument("--only", default="".join(PARTS), help="letters of what to measure, for example ac")
    given = parser.parse_args()
    if unknown := set(given.only) - PARTS.keys():
        parser.error(f"there is no {', '.join(sorted(unknown))}: choose from {''.join(PARTS)}")
    if WITH_PEERS & set(given.only):
        install_peers()
    started = time.monotonic()
    with running() as ground:
        say(f"Python {platform.python_version()} on {platform.machine()}; median [least-most] of the rounds")
        for letter in given.only:
            part = PARTS[letter]
            (part.quick if given.quick else part.whole)(ground)
    say(f"\nMeasured in {time.monotonic() - started:.0f} s.")


if __name__ == "__main__":
    main()
