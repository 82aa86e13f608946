"""Processes of the portal that stand for one part of the benchmark only."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

from bench.ground import Ground, quiet_environment
from portal.commands.supervisor import Child, clear_group, spawn

PATIENCE = 180.0
"""Seconds within which a server answers, and ends, also beside much other work."""


@contextmanager
def child(ground: Ground, name: str, command: Sequence[str], *, database: str, port: int) -> Iterator[int]:
    """Runs inside, by this process id; ended with all of its own children afterwards."""
    log = ground.postgres.folder.log(name)
    process = spawn(
        Child(
            name=name,
            command=command,
            environment={**quiet_environment(), **ground.environment(database, port=port)},
            log=log,
        )
    )
    try:
        yield process.pid
        if process.poll() is not None:
            raise RuntimeError(f"{name} ended by itself: the reason stands in {log}")
    finally:
        process.terminate()
        process.wait(PATIENCE)
        clear_group(process)


def children_of(process_id: int) -> list[int]:
    """The processes that it has started itself."""
    return [int(child) for child in Path(f"/proc/{process_id}/task/{process_id}/children").read_text().split()]


def wait_for(address: str) -> None:
    """Until the address answers with a page; raises TimeoutError when it does not in time."""
    gives_up_at = time.monotonic() + PATIENCE
    while True:
        try:
            with urlopen(address, timeout=PATIENCE):  # noqa: S310 - an address of our own
                return
        except OSError as silent:
            if time.monotonic() > gives_up_at:
                raise TimeoutError(f"nobody answers at {address}") from silent
            time.sleep(0.05)
