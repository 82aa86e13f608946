"""`python -m bench`: measure the portal against its floors and its peers, side by side, on one server."""

from __future__ import annotations

import argparse
import platform
import time
from collections.abc import Callable

from bench import action
from bench.ground import Ground, running
from bench.peer import install_peers
from bench.rounds import say

Measure = Callable[[Ground, bool], None]


def _action(ground: Ground, quick: bool) -> None:
    action.measure(ground, rounds=4 if quick else 12, records=2 if quick else 4)


PARTS: dict[str, Measure] = {"a": _action}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rounds: shows the order of things in three minutes")
    parser.add_argument("--only", default="".join(PARTS), help="letters of what to measure, for example ac")
    given = parser.parse_args()
    install_peers()
    started = time.monotonic()
    with running() as ground:
        say(f"Python {platform.python_version()}, {platform.machine()}; median [least-most] of the rounds")
        for letter in given.only:
            PARTS[letter](ground, given.quick)
    say(f"\nmeasured in {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()
