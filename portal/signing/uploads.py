"""Files of strangers that were signed electronically: what their signatures say, found out in a process of its own.

The first file of a process of the web starts a small server (`multiprocessing`) that loads the libraries and then forks
for each file, so that a file costs its check and no more. Whatever a file does to its child, neither the server nor the
web notices; a server that has ended is started anew.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from threading import BoundedSemaphore, Timer

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

    Raises Unavailable when too many are examined at this moment, or one has taken too long.
    """
    return _examined(content, roots_file, asks_codes=True)


def _examined(content: bytes, roots_file: Path, *, asks_codes: bool) -> SignatureReport:
    with _one_of_few():
        answers, is_late = _answers(content, roots_file, asks_codes=asks_codes)
    if not answers and is_late:
        raise Unavailable(AWAY)
    if not answers:  # the limits have ended it
        return SignatureReport(readable=False, fault=Fault.TOO_HEAVY)
    codes = tuple(json.loads(answers[1])) if len(answers) > 1 else ()
    return replace(SignatureReport.of_told(json.loads(answers[0])), codes=codes)


@contextmanager
def _one_of_few() -> Iterator[None]:
    if not _turns.acquire(timeout=PATIENCE):
        raise Unavailable(AWAY)
    try:
        yield
    finally:
        _turns.release()


def _answers(content: bytes, roots_file: Path, *, asks_codes: bool) -> tuple[list[bytes], bool]:
    """What the child says until it ends, and whether it was ended because it took too long. Raises Unavailable."""
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
    with ours:
        answers = list(_said(ours))
    is_late = time.monotonic() - begun >= SECONDS
    alarm.cancel()
    child.join()
    return answers, is_late


def _said(ours: Connection) -> Iterator[bytes]:
    """Ends with the child, however it ends."""
    try:
        while True:
            yield ours.recv_bytes(LONGEST)
    except (EOFError, OSError):
        return
