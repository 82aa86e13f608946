"""A peer in an environment of its own: a line of JSON asks for a turn, a line of JSON answers what it took."""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path


def answer(turns: dict[str, Callable[..., object]]) -> None:
    """Serve until the asker goes away: each question names one of `turns`, and what it is given."""
    say({"ready": True})
    for line in sys.stdin:
        asked = json.loads(line)
        say({"answer": turns[asked.pop("turn")](**asked)})


def say(answered: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(answered) + "\n")
    sys.stdout.flush()


def spent(work: Callable[[], object], server: int) -> tuple[float, float]:
    """Seconds on the clock, and CPU of this process and of the server's process that answers it."""
    asking, answering, started = time.process_time(), cpu_of(server), time.perf_counter()
    work()
    seconds = time.perf_counter() - started
    return seconds, time.process_time() - asking + cpu_of(server) - answering


def cpu_of(process_id: int) -> float:
    return int(Path(f"/proc/{process_id}/schedstat").read_text().split()[0]) / 1e9
