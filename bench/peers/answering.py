"""A peer in an environment of its own: a line of JSON asks for a turn, a line of JSON answers with the times."""

import json
import sys
from collections.abc import Callable


def answer(turn: Callable[[int], list[float]]) -> None:
    """Serve turns until the asker goes away. `turn(n)` does its work n times and gives the seconds of each step."""
    say({"ready": True})
    for line in sys.stdin:
        say({"seconds": turn(json.loads(line)["times"])})


def say(answered: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(answered) + "\n")
    sys.stdout.flush()
