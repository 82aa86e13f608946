"""Examining the signatures of one stranger's file, in a process of its own with little memory and time.

`uploads` has it forked from one in which everything is loaded (`loaded`). What has read a stranger's file may say
anything, so the answers are JSON: the report first, then, where they are asked for, the QR codes, which are missing
when the limits end the process there. Of a failure only its kind and its line are told, never its words: they may be
those of the file.
"""

from __future__ import annotations

import json
import os
import resource
import traceback
from multiprocessing.connection import Connection
from pathlib import Path

MEMORY = 1 << 30
CPU_SECONDS = 15
OUT_OF_MEMORY = 3
"""How the process ends when it may have no more."""


def examine(answers: Connection, content: bytes, roots_file: Path, *, asks_codes: bool) -> None:
    """Say what `verify` says, or of what kind the failure was."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # else words of the file would stand in the log of the web
    try:
        _examine(answers, content, roots_file, asks_codes=asks_codes)
    except MemoryError:
        raise SystemExit(OUT_OF_MEMORY) from None
    except Exception as failed:
        answers.send_bytes(json.dumps({"failed": _kind_of(failed)}).encode())
        raise SystemExit(1) from None


def _examine(answers: Connection, content: bytes, roots_file: Path, *, asks_codes: bool) -> None:
    from portal.signing.codes import codes_in
    from portal.signing.types import Fault
    from portal.signing.verification import verify

    report = verify(content, roots=roots_file.read_bytes() if roots_file.is_file() else b"")
    answers.send_bytes(json.dumps({"report": report.as_told()}).encode())
    if asks_codes and report.fault is not Fault.NO_PDF:
        answers.send_bytes(json.dumps({"codes": codes_in(content)}).encode())


def _kind_of(failed: Exception) -> str:
    last = traceback.extract_tb(failed.__traceback__)[-1]
    return f"{type(failed).__name__} in {Path(last.filename).name}:{last.lineno}"
