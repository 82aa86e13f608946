"""Files of strangers that were signed electronically: what their signatures say, found out in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import BoundedSemaphore

from portal.core.errors import Unavailable
from portal.core.text import marked
from portal.signing.examining import STANDARD_INPUT
from portal.signing.types import Fault, SignatureReport
from portal.signing.verification import MARK

SECONDS = 30
PATIENCE = 10
"""Seconds that somebody waits for his turn."""
AT_ONCE = 2
"""So many files are examined at once in a process of the web: each may take as much memory as `examining` allows."""

_turns = BoundedSemaphore(AT_ONCE)

AWAY = marked("Chưa kiểm tra được chữ ký số. Tải lên lại sau ít phút.")


def report_on(path: Path, *, roots_file: Path) -> SignatureReport | None:
    """What the signatures of an upload say; None for a file without any.

    Raises nothing: an upload is not lost because it could not be examined, its report says so.
    """
    if MARK not in path.read_bytes():
        return None
    try:
        with _one_of_few():
            return _examined(str(path), b"", roots_file)
    except Unavailable:
        return SignatureReport(readable=False, fault=Fault.NOT_EXAMINED)


def examine(content: bytes, *, roots_file: Path) -> SignatureReport:
    """What the signatures of a stranger's file say. It is handed over in memory and written nowhere.

    Raises Unavailable when too many are examined at this moment, or one has taken too long.
    """
    with _one_of_few():
        return _examined(STANDARD_INPUT, content, roots_file)


@contextmanager
def _one_of_few() -> Iterator[None]:
    if not _turns.acquire(timeout=PATIENCE):
        raise Unavailable(AWAY)
    try:
        yield
    finally:
        _turns.release()


def _examined(file: str, content: bytes, roots_file: Path) -> SignatureReport:
    command = [sys.executable, "-m", "portal.signing.examining", file, str(roots_file)]
    try:
        run = subprocess.run(command, input=content, capture_output=True, timeout=SECONDS, check=False)
        lines = run.stdout.splitlines(keepends=True)
    except subprocess.TimeoutExpired as slow:
        lines = (slow.stdout or b"").splitlines(keepends=True)
        if not lines:
            raise Unavailable(AWAY) from slow
    if not lines:  # the limits have ended it
        return SignatureReport(readable=False, fault=Fault.TOO_HEAVY)
    codes = tuple(json.loads(lines[1])) if len(lines) > 1 and lines[1].endswith(b"\n") else ()
    return replace(SignatureReport.of_told(json.loads(lines[0])), codes=codes)
