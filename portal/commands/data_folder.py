"""The folder that holds everything `portal run` keeps: databases, files, secrets, ports, logs."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import socket
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click


class CannotRun(click.ClickException):
    """What stands in the way, and what to do about it, in one sentence."""


@dataclass(frozen=True)
class DataFolder:
    """`PORTAL_DATA_DIR`, checked: it exists, is ours and can be written."""

    path: Path

    @classmethod
    def open(cls, path: Path) -> DataFolder:
        """Make the folder when it is missing.

        Raises CannotRun when it cannot be written or when another user's run made it.
        """
        folder = cls(path.absolute())
        try:
            folder.path.mkdir(parents=True, exist_ok=True)
            if folder.lock_file.exists() and folder.lock_file.stat().st_uid != os.geteuid():
                raise CannotRun(
                    f"The data folder {folder.path} belongs to another user's run: "
                    "start as that user, or set PORTAL_DATA_DIR to another folder."
                )
            with tempfile.TemporaryFile(dir=folder.path):
                pass
            for name in ("secrets", "files", "logs"):
                (folder.path / name).mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise CannotRun(
                f"The data folder {folder.path} cannot be written ({error.strerror}): "
                "set PORTAL_DATA_DIR to a folder of yours."
            ) from error
        return folder

    @property
    def lock_file(self) -> Path:
        return self.path / "lock"

    @property
    def environment_file(self) -> Path:
        """The settings of the last run, for the other `portal` commands."""
        return self.path / "environment"

    def log(self, name: str) -> Path:
        return self.path / "logs" / f"{name}.log"

    @contextmanager
    def locked(self, address: str) -> Iterator[None]:
        """Hold the folder for one supervisor; the kernel lets go when it ends, however it ends.

        Raises CannotRun when another run holds it.
        """
        with self.lock_file.open("a+", encoding="utf-8") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                lock.seek(0)
                raise CannotRun(f"The portal is already running at {lock.read().strip()}") from error
            lock.truncate(0)
            lock.write(address)
            lock.flush()
            yield

    def secret(self, name: str) -> str:
        """The secret of that name, made at the first call."""
        file = self.path / "secrets" / name
        if not file.exists():
            self.write(file, secrets.token_urlsafe(32))
        return file.read_text(encoding="utf-8")

    def port(self, name: str) -> int:
        """A free TCP port of this machine: the one used last time when it is still free."""
        file = self.path / f"{name}.port"
        last = int(file.read_text(encoding="utf-8")) if file.exists() else 0
        port = last if last and is_free(last) else free_port()
        self.write(file, str(port))
        return port

    def keep_environment(self, environment: Mapping[str, str]) -> None:
        self.write(self.environment_file, json.dumps(environment, indent=1))

    def kept_environment(self) -> dict[str, str]:
        """Empty when nothing was ever run from this folder."""
        if not self.environment_file.exists():
            return {}
        kept: dict[str, str] = json.loads(self.environment_file.read_text(encoding="utf-8"))
        return kept

    def write(self, file: Path, text: str) -> None:
        """Whole or not at all, and readable by us alone."""
        with tempfile.NamedTemporaryFile("w", dir=file.parent, delete=False, encoding="utf-8") as new:
            new.write(text)
            new.flush()
            os.fsync(new.fileno())
        Path(new.name).replace(file)


def is_free(port: int, *, host: str = "127.0.0.1") -> bool:
    """Whether a server could listen there now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
