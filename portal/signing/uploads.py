"""Files of strangers that were signed electronically: what their signatures say, found out in a process of its own.

The first file of a process of the web starts a small server (`multiprocessing`) that loads the libraries and then forks
for each file, so that a file costs its check and no more. Whatever a file does to its child, neither the server nor the
web notices; a server that has ended is started anew.
"""

from __future__ import annotations

import json
import logging
import re
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from enum import StrEnum
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from threading import BoundedSemaphore, Timer
from typing import Any

from portal.core.errors import Unavailable
from portal.core.text import marked
from portal.signing import examining
from portal.signing.types import Fault, SignatureReport
from portal.signing.verification import MARK

log = logging.getLogger(__name__)

SECONDS = 25
"""For one file: less than gunicorn gives a page."""
PATIENCE = 10
"""Seconds that somebody waits for his turn."""
AT_ONCE = 2
"""So many files are examined at once in a process of the web: each may take as much memory as `examining` allows."""
LONGEST = 4_000_000
"""Bytes of an answer."""
HEAVY_ENDS = (examining.OUT_OF_MEMORY, -signal.SIGABRT, -signal.SIGXCPU, -signal.SIGKILL)
"""How a child ends at its limits: C++ aborts without memory, and the kernel kills."""


class Ending(StrEnum):
    """What became of an examination."""

    DONE = "done"
    LATE = "late"
    HEAVY = "too heavy"
    CRASHED = "crashed"


_turns = BoundedSemaphore(AT_ONCE)
_forking = get_context("forkserver")
_forking.set_forkserver_preload(["portal.signing.loaded"])

AWAY = marked("Chưa kiểm tra được chữ ký số. Tải lên lại sau ít phút.")


def report_on(path: Path, *, roots_file: Path) -> SignatureReport | None:
    """What the signatures of an upload say; None for a file without any.

    Raises nothing: an upload is not lost because it could not be examined, its report says so.
    """
    content = path.read_bytes()
    if MARK not in content:
        return None
    try:
        return _examined(content, roots_file, asks_codes=False)
    except Unavailable:
        return SignatureReport(readable=False, fault=Fault.NOT_EXAMINED)


def examine(content: bytes, *, roots_file: Path) -> SignatureReport:
    """What the signatures of a stranger's file say. It is handed over in memory and written nowhere.

    Raises Unavailable when too many are examined at this moment, one has taken too long, or the examination failed.
    """
    return _examined(content, roots_file, asks_codes=True)


def _examined(content: bytes, roots_file: Path, *, asks_codes: bool) -> SignatureReport:
    with _one_of_few():
        told, ending = _told(content, roots_file, asks_codes=asks_codes)
    if "report" in told:
        return replace(SignatureReport.of_told(told["report"]), codes=tuple(told.get("codes", ())))
    if ending is Ending.HEAVY:
        return SignatureReport(readable=False, fault=Fault.TOO_HEAVY)
    raise Unavailable(AWAY)


@contextmanager
def _one_of_few() -> Iterator[None]:
    if not _turns.acquire(timeout=PATIENCE):
        raise Unavailable(AWAY)
    try:
        yield
    finally:
        _turns.release()


def _told(content: bytes, roots_file: Path, *, asks_codes: bool) -> tuple[dict[str, Any], Ending]:
    """What the child says until it ends, and how it ended. Raises Unavailable."""
    ours, theirs = _forking.Pipe(duplex=False)
    child = _forking.Process(
        target=examining.examine, args=(theirs, content, roots_file), kwargs={"asks_codes": asks_codes}, daemon=True
    )
    try:
        child.start()
    except (OSError, EOFError) as away:  # the server ended just now: the next file starts another
        ours.close()
        log.warning("the examining server does not answer", exc_info=away)
        raise Unavailable(AWAY) from away
    finally:
        theirs.close()
    alarm, begun = Timer(SECONDS, child.kill), time.monotonic()
    alarm.start()
    told: dict[str, Any] = {}
    with ours:
        for answer in _said(ours):
            told |= json.loads(answer)
    is_late = time.monotonic() - begun >= SECONDS
    alarm.cancel()
    child.join()
    ending = ending_of(child.exitcode, is_late=is_late)
    if ending is not Ending.DONE:
        kind = re.sub(r"[^\w .:]", "", str(told.get("failed", "")))[:100]
        log.warning("a file was not examined to its end: %s (exit %s) %s", ending, child.exitcode, kind)
    return told, ending


def ending_of(exit_code: int | None, *, is_late: bool) -> Ending:
    """Heavy are files alone that met a limit; other ends are our failure, or a fault in what reads them."""
    if exit_code == 0:
        return Ending.DONE
    if is_late:
        return Ending.LATE
    return Ending.HEAVY if exit_code in HEAVY_ENDS else Ending.CRASHED


def _said(ours: Connection) -> Iterator[bytes]:
    """Ends with the child, however it ends."""
    try:
        while True:
            yield ours.recv_bytes(LONGEST)
    except (EOFError, OSError):
        return
