"""The whole portal as `make run` starts it, for journeys that drive a real browser."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from portal.commands.data_folder import DataFolder
from portal.commands.embedded import Postgres

CHECKOUT = Path(__file__).resolve().parents[2]
STARTED = "Ctrl-C stops it"


@contextmanager
def running_portal(folder: Path) -> Iterator[str]:
    """Start `portal run` with the demonstration city in a folder of its own; its address."""
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
    environment |= {"PORTAL_DATA_DIR": str(folder / "var"), "PORTAL_PORT": str(port), "PYTHONPATH": str(CHECKOUT)}
    said = folder / "said.log"  # a file: nobody would empty a pipe, and who writes to a full one waits for ever
    with said.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "portal", "run"],
            cwd=CHECKOUT,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        wait_until_started(process, said)
        leave_the_past_undrawn(DataFolder(folder / "var"))
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=60)


def wait_until_started(process: subprocess.Popen[bytes], said: Path) -> None:
    while STARTED not in said.read_text():
        if process.poll() is not None:
            raise RuntimeError(f"the portal did not start:\n{said.read_text()}")
        time.sleep(0.1)


def leave_the_past_undrawn(folder: DataFolder) -> None:
    """The demonstration owes some 700 PDFs of its records, which no journey opens: minutes of a processor."""
    port = int((folder.path / "postgres.port").read_text(encoding="utf-8"))
    with Postgres(folder=folder, port=port).superuser("portal") as connection:
        connection.execute("UPDATE job SET finished_at = now() WHERE kind = 'make_document' AND finished_at IS NULL")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
