"""`portal run` for real: one start, no orphan, no second start, and always a way back."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from portal.commands.data_folder import DataFolder, free_port, is_free
from portal.commands.embedded import Postgres
from portal.commands.supervisor import end_leftovers, marked_processes

CHECKOUT = Path(__file__).resolve().parents[2]


@dataclass
class Portal:
    """A data folder and the supervisor that runs, or ran, from it."""

    folder: Path
    port: int
    process: subprocess.Popen[str] | None = None

    @property
    def runs(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def begin(self) -> Portal:
        """Start, unless it runs."""
        return self if self.runs else self.start()

    def stop(self) -> None:
        """Stop, if it runs."""
        if self.runs:
            self.signal(signal.SIGTERM)

    def start(self) -> Portal:
        self.process = self.launch()
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if "Ctrl-C stops it" in line:
                return self
        raise AssertionError(self.process.communicate()[1])

    def launch(self) -> subprocess.Popen[str]:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
        environment |= {"PORTAL_DATA_DIR": str(self.folder), "PORTAL_PORT": str(self.port), "PYTHONPATH": str(CHECKOUT)}
        command = [sys.executable, "-m", "portal", "run", "--empty"]
        return subprocess.Popen(
            command, env=environment, cwd=CHECKOUT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )

    def refusal(self) -> str:
        """What a start that must not succeed says."""
        process = self.launch()
        _, said = process.communicate(timeout=30)
        assert process.returncode == 1
        return said

    def signal(self, number: signal.Signals) -> None:
        assert self.process is not None
        self.process.send_signal(number)
        self.process.communicate(timeout=30)

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def database_answers(self) -> bool:
        try:
            with self.postgres().superuser("portal"):
                return True
        except psycopg.OperationalError:
            return False

    def bell_answers(self) -> bool:
        port = int((self.folder / "valkey.port").read_text(encoding="utf-8"))
        return not is_free(port)

    def children(self) -> set[int]:
        """Every process of this folder: marked ones, and PostgreSQL's, which overwrite their environment."""
        return set(marked_processes(str(self.folder))) | set(self.postgres_processes())

    def postgres_processes(self) -> Iterator[int]:
        for place in Path("/proc").glob("[0-9]*"):
            try:
                if (place / "cwd").readlink() == self.folder / "postgres":
                    yield int(place.name)
            except OSError:
                continue

    def child(self, name: str) -> int:
        """The process id of a child of the supervisor, by a word of its command line."""
        assert self.process is not None
        ids = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text(encoding="utf-8").split()
        return next(
            int(number) for number in ids if name in Path(f"/proc/{number}/cmdline").read_text(encoding="utf-8")
        )

    def postgres(self) -> Postgres:
        folder = DataFolder(self.folder)
        return Postgres(folder=folder, port=int((self.folder / "postgres.port").read_text(encoding="utf-8")))


def eventually(holds: Callable[[], bool], *, seconds: float = 120.0) -> bool:
    gives_up_at = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > gives_up_at:
            return False
        time.sleep(0.02)
    return True


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """One data folder for this module: the first start makes it."""
    portal = Portal(folder=tmp_path_factory.mktemp("portal") / "closed" / "var", port=free_port())
    yield portal
    portal.stop()
    end_leftovers(str(portal.folder))


@pytest.fixture
def portal(prepared: Portal) -> Portal:
    """It may run or not, as the test before left it: a start takes ten seconds of a processor."""
    return prepared


def test_ctrl_c_stops_every_process_and_the_next_start_keeps_the_data(portal: Portal) -> None:
    portal.begin()
    assert portal.answers()
    with portal.postgres().superuser("portal") as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept AS SELECT 1 AS one")
    portal.signal(signal.SIGINT)
    assert portal.process is not None
    assert portal.process.returncode == 0
    assert portal.children() == set()
    portal.start()
    with portal.postgres().superuser("portal") as connection:
        assert connection.execute("SELECT one FROM kept").fetchone() == (1,)


def test_a_second_start_is_refused_and_told_where_the_first_one_runs(portal: Portal) -> None:
    portal.begin()
    assert f"already running at http://127.0.0.1:{portal.port}" in portal.refusal()
    assert portal.answers()


def test_a_killed_supervisor_leaves_no_process_and_the_next_start_works(portal: Portal) -> None:
    portal.begin()
    assert len(portal.children()) >= 4
    portal.signal(signal.SIGKILL)
    assert eventually(lambda: portal.children() == set())
    portal.start()
    assert portal.answers()


def test_a_database_that_was_halted_when_the_supervisor_was_killed_does_not_block_the_next_start(
    portal: Portal,
) -> None:
    portal.begin()
    halted = [portal.child("postgres"), portal.child("valkey"), portal.child("gunicorn")]
    for process_id in halted:
        os.kill(process_id, signal.SIGSTOP)
    portal.signal(signal.SIGKILL)
    assert portal.children() >= set(halted)
    portal.start()
    assert portal.answers()
    assert portal.children().isdisjoint(halted)


def test_each_killed_part_is_started_again(portal: Portal) -> None:
    portal.begin()
    killed = {portal.child(name) for name in ("postgres", "valkey", "gunicorn")}
    for process_id in killed:
        os.kill(process_id, signal.SIGKILL)
    assert eventually(lambda: portal.children().isdisjoint(killed))
    assert eventually(portal.answers)
    assert eventually(portal.database_answers)
    assert eventually(portal.bell_answers)


def test_a_port_in_use_is_named_and_nothing_is_left_running(portal: Portal) -> None:
    portal.stop()
    with socket.create_server(("127.0.0.1", portal.port)):
        assert f"Port {portal.port} is in use by another program: set PORTAL_PORT" in portal.refusal()
    assert portal.children() == set()


def test_a_data_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.touch()
    said = Portal(folder=in_the_way / "var", port=free_port()).refusal()
    assert "cannot be written" in said
    assert "PORTAL_DATA_DIR" in said


def test_the_data_folder_of_another_user_is_refused(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can make another user's folder")
    (tmp_path / "lock").touch()
    os.chown(tmp_path / "lock", 12345, -1)
    said = Portal(folder=tmp_path, port=free_port()).refusal()
    assert "belongs to another user's run" in said


def test_secrets_are_readable_by_their_owner_alone(portal: Portal) -> None:
    portal.begin()
    secrets = [*(portal.folder / "secrets").iterdir(), portal.folder / "environment"]
    assert len(secrets) > 5
    assert {file.stat().st_mode & 0o777 for file in secrets} == {0o600}
