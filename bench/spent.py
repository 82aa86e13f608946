"""What a piece of work takes: seconds on the clock, and CPU of whoever asks and of the server's processes that answer.

Neighbours on the machine and a slow disk lengthen the seconds; of the CPU they change little.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from bench.ground import Ground


class Spent(NamedTuple):
    seconds: float
    cpu: float


@dataclass(frozen=True)
class Meter:
    """Measures work of this process; `servers` are the processes of PostgreSQL that serve it."""

    servers: Sequence[int]

    @classmethod
    def of(cls, ground: Ground, database: str) -> Meter:
        """Of every connection that the database has now."""
        with ground.superuser(database) as connection:
            found = connection.execute(
                "SELECT pid FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()", [database]
            ).fetchall()
        return cls([int(str(pid)) for (pid,) in found])

    def __call__(self, work: Callable[[], object]) -> Spent:
        asking, answering, started = time.process_time(), self._answering(), time.perf_counter()
        work()
        seconds = time.perf_counter() - started
        return Spent(seconds, time.process_time() - asking + self._answering() - answering)

    def _answering(self) -> float:
        return sum(map(cpu_of, self.servers))


def cpu_of(process_id: int) -> float:
    """CPU seconds of another process so far: Linux counts them to the nanosecond."""
    return int(Path(f"/proc/{process_id}/schedstat").read_text().split()[0]) / 1e9
