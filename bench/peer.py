"""The other side of `peers/answering.py`: a peer's process, asked for turns."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from signal import SIGKILL
from typing import Any

from bench.ground import FOLDER, HERE, quiet_environment
from bench.spent import Spent
from portal.processes import die_with_parent

LOCK = HERE.parent / "requirements" / "bench.txt"
PLACE = FOLDER / "venv"
STAMP = PLACE / "installed"


@dataclass(frozen=True)
class Peer:
    process: subprocess.Popen[str]

    def ask(self, turn: str, **given: object) -> Any:
        """What one of the peer's turns answers."""
        if self.process.stdin is None:
            raise RuntimeError("the peer cannot be asked")
        self.process.stdin.write(json.dumps({"turn": turn, **given}) + "\n")
        self.process.stdin.flush()
        return self.read()["answer"]

    def steps(self, turn: str, **given: object) -> Sequence[Spent]:
        """What each step took that the peer did."""
        return [Spent(*step) for step in self.ask(turn, **given)]

    def read(self) -> dict[str, Any]:
        if self.process.stdout is None or not (line := self.process.stdout.readline()):
            raise RuntimeError(f"the peer ended: {self.process.args!r}")
        answered: dict[str, Any] = json.loads(line)
        return answered


@contextmanager
def running_peer(script: str, *, database_url: str = "") -> Iterator[Peer]:
    """A script of `peers/`, with the libraries of the benchmark's own environment."""
    parent_id = os.getpid()
    process = subprocess.Popen(
        [str(PLACE / "bin" / "python"), str(HERE / "peers" / script)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**quiet_environment(), "BENCH_DATABASE_URL": database_url},
        preexec_fn=lambda: die_with_parent(SIGKILL, parent_id=parent_id),
    )
    try:
        peer = Peer(process)
        peer.read()
        yield peer
    finally:
        process.kill()
        process.wait()


def install_peers() -> None:
    """Bring the benchmark's environment to its lock file; the portal's own never sees these libraries."""
    wanted = LOCK.read_text(encoding="utf-8")
    if STAMP.exists() and STAMP.read_text(encoding="utf-8") == wanted:
        return
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(PLACE)], check=True)
    pip = [str(PLACE / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    subprocess.run([*pip, "--require-hashes", "--only-binary", ":all:", "--requirement", str(LOCK)], check=True)
    STAMP.write_text(wanted, encoding="utf-8")
