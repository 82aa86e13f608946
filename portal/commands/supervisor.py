"""Starts the portal's processes, starts again the one that dies, and stops them all; none outlives it."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import click

from portal.processes import die_with_parent

STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
SHORTEST_PAUSE = 0.25
"""Seconds before the first restart; doubled at each further one."""
LONGEST_PAUSE = 30.0
STEADY = 20.0
"""Seconds after which a child counts as well and its next restart is quick again."""
PATIENCE = 15.0
"""Seconds that a child may take to stop before it is killed."""
LARGEST_LOG = 10_000_000
"""Bytes after which a log moves aside at the next start."""
MARK = "SUPERVISED_BY_PORTAL"
"""Stands in the environment of the children that a later run may kill when it finds them left behind."""


@dataclass(frozen=True, kw_only=True)
class Child:
    """One process to keep alive."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    stop_signal: signal.Signals = signal.SIGTERM
    """What ends it in good order; the kernel sends the same when the supervisor is killed."""
    configuration: str = ""
    """Fed to its standard input, where other users of the machine cannot read it."""


@dataclass
class Running:
    """A child and how it fares."""

    child: Child
    process: subprocess.Popen[bytes]
    started_at: float
    pause: float = SHORTEST_PAUSE
    starts_again_at: float | None = None


@dataclass
class Supervisor:
    """Children in the order of their start. Use it in the main thread: the kernel ties children to the thread."""

    children: list[Running] = field(default_factory=list)

    def start(self, child: Child) -> subprocess.Popen[bytes]:
        """Start it in the foreground, in a session of its own: Ctrl-C in the terminal reaches the supervisor alone."""
        process = spawn(child)
        self.children.append(Running(child, process, time.monotonic()))
        return process

    def watch(self) -> None:
        """Return when told to stop (Ctrl-C, SIGTERM, SIGHUP); until then start again whatever dies."""
        awaited = {*STOPS, signal.SIGCHLD}
        signal.pthread_sigmask(signal.SIG_BLOCK, awaited)
        while True:
            for running in self.children:
                self._look_after(running)
            heard = signal.sigtimedwait(awaited, self._seconds_to_wait())
            if heard is not None and heard.si_signo in STOPS:
                return

    def stop(self) -> None:
        """Stop all, the last one started first."""
        for running in reversed(self.children):
            end(running.process, running.child.stop_signal)
        self.children.clear()

    def _look_after(self, running: Running) -> None:
        now = time.monotonic()
        if running.starts_again_at is None and (code := running.process.poll()) is not None:
            clear_group(running.process)
            if now - running.started_at > STEADY:
                running.pause = SHORTEST_PAUSE
            running.starts_again_at = now + running.pause
            click.echo(
                f"{running.child.name} ended ({describe(code)}), starting it again in {running.pause:g} s; "
                f"its log: {running.child.log}",
                err=True,
            )
            running.pause = min(2 * running.pause, LONGEST_PAUSE)
        if running.starts_again_at is not None and now >= running.starts_again_at:
            running.process, running.started_at, running.starts_again_at = (
                spawn(running.child),
                now,
                None,
            )

    def _seconds_to_wait(self) -> float:
        """Until the next restart; at most a minute, in case a signal was merged with another."""
        pauses = [running.starts_again_at for running in self.children if running.starts_again_at is not None]
        return max(0.0, min([60.0, *(at - time.monotonic() for at in pauses)]))


def spawn(child: Child) -> subprocess.Popen[bytes]:
    """Start the process so that it ends with this one; its output goes to its log."""
    supervisor_id = os.getpid()

    def prepare() -> None:
        die_with_parent(child.stop_signal, parent_id=supervisor_id)
        signal.pthread_sigmask(signal.SIG_SETMASK, [])

    if child.log.exists() and child.log.stat().st_size > LARGEST_LOG:
        child.log.replace(child.log.with_suffix(".log.1"))
    with child.log.open("ab") as log:
        process = subprocess.Popen(
            child.command,
            env=dict(child.environment),
            stdin=subprocess.PIPE if child.configuration else subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=prepare,
        )
    if process.stdin is not None:
        with suppress(BrokenPipeError), process.stdin:
            process.stdin.write(child.configuration.encode())
    return process


def end(process: subprocess.Popen[bytes], stop_signal: signal.Signals) -> None:
    """Ask it to stop, wait, insist; then end what it left behind."""
    if process.poll() is None:
        process.send_signal(stop_signal)
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    clear_group(process)


def clear_group(process: subprocess.Popen[bytes]) -> None:
    """End the processes that a dead child left in its group."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def end_leftovers(mark: str) -> None:
    """End what an earlier run with this mark left behind: processes that were halted or busy when it was killed."""
    gives_up_at = time.monotonic() + PATIENCE
    killed: set[int] = set()
    while time.monotonic() < gives_up_at:
        for process_id in (left := marked_processes(mark)):
            with suppress(ProcessLookupError):
                os.kill(process_id, signal.SIGKILL)
        killed.update(left)
        # A dying process loses its environment, and with it the mark, before it lets go of its port.
        if not left and not any(map(still_holds, killed)):
            return
        time.sleep(0.02)


def still_holds(process_id: int) -> bool:
    """Whether the process may still hold files and ports: it is neither gone nor a zombie."""
    try:
        status = Path(f"/proc/{process_id}/stat").read_text(encoding="utf-8")
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] not in "ZX"


def marked_processes(mark: str) -> list[int]:
    wanted = f"{MARK}={mark}".encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it has ended meanwhile, or is not ours
            if wanted in (folder / "environ").read_bytes().split(b"\0"):
                found.append(int(folder.name))
    return found


def describe(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"code {code}"
