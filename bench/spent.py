"""What a piece of work takes: seconds on the clock, and CPU of whoever asks and of the server's processes that answer.

Neighbours on the machine and a slow disk lengthen the seconds; of the CPU they change little.
"""

from __future__ import annotations

import os
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
        before = [cpu_of(server) for server in self.servers]
        asking, started = time.process_time(), time.perf_counter()
        work()
        seconds, asked = time.perf_counter() - started, time.process_time() - asking
        after = [cpu_of(server) for server in self.servers]
        answered = sum(end - begin for begin, end in zip(before, after, strict=True) if end)
        return Spent(seconds, asked + answered)


def cpu_of(process_id: int) -> float:
    """CPU seconds of another process so far, which Linux counts to the nanosecond; 0 once it has ended."""
    try:
        return int(Path(f"/proc/{process_id}/schedstat").read_text().split()[0]) / 1e9
    except (FileNotFoundError, ProcessLookupError):
        return 0.0


def cpu_with_ended(process_id: int) -> float:
    """CPU seconds of another process and of the children that it has waited for, in hundredths; 0 once it has ended."""
    try:
        words = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return sum(int(ticks) for ticks in words[11:15]) / os.sysconf("SC_CLK_TCK")
