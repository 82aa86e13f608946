"""Papers that were signed electronically before they are uploaded: what is wrong with a signature is said at once."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

from portal.core.errors import InvalidInput, Unavailable
from portal.core.text import marked
from portal.signing.examining import STANDARD_INPUT
from portal.signing.types import CertificateStatus, Change, Fault, SignatureFound, SignatureReport
from portal.signing.verification import MARK

SECONDS = 30
PATIENCE = 10
"""Seconds that somebody waits for his turn."""
AT_ONCE = 2
"""So many files are examined at once in a process of the web: each may take as much memory as `examining` allows."""

_turns = BoundedSemaphore(AT_ONCE)

NOT_READABLE = marked(
    "Chưa đọc được chữ ký số trong tệp này. Ký lại bằng phần mềm khác rồi tải lên, hoặc tải bản chưa ký."
)
BROKEN = marked("Chữ ký số của %(name)s không còn đúng: nội dung đã bị sửa sau khi ký. Tải lên đúng tệp đã ký.")
CHANGED = marked("Tệp đã bị sửa sau khi %(name)s ký số. Tải lên đúng tệp đã ký, không sửa hay in lại.")
AWAY = marked("Chưa kiểm tra được chữ ký số. Tải lên lại sau ít phút.")
WRONG: Mapping[str, str] = {
    CertificateStatus.EXPIRED: marked(
        "Chứng thư số của %(name)s không có hiệu lực vào lúc ký. Ký lại bằng chứng thư còn hạn rồi tải lên."
    ),
    CertificateStatus.REVOKED: marked(
        "Chứng thư số của %(name)s đã bị thu hồi trước khi ký. Ký lại bằng chứng thư khác rồi tải lên."
    ),
}
"""An authority that we do not know is no fault of the file: many issue certificates to citizens."""


def check_upload(path: Path, *, roots_file: Path) -> None:
    """Nothing for a file without signatures, or with good ones.

    Raises InvalidInput with what to do about a bad one, and Unavailable when the check itself could not run.
    """
    if MARK not in path.read_bytes():
        return
    report = _examined(str(path), b"", roots_file)
    if not report.readable:
        raise InvalidInput(NOT_READABLE)
    for found in report.signatures:
        sentence = _fault(found)
        if sentence:
            raise InvalidInput(sentence, name=found.signer)


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


def _fault(found: SignatureFound) -> str:
    if not found.intact:
        return BROKEN
    if found.changed_after not in (Change.NOTHING, Change.SIGNATURES):
        return CHANGED
    return WRONG.get(found.certificate, "")


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
    told: dict[str, Any] = json.loads(lines[0])
    return SignatureReport(
        readable=told["readable"],
        signatures=tuple(_signature(found) for found in told["signatures"]),
        fault=Fault(told["fault"]) if told["fault"] else None,
        pages=told["pages"],
        codes=tuple(json.loads(lines[1])) if len(lines) > 1 and lines[1].endswith(b"\n") else (),
    )


def _signature(told: dict[str, Any]) -> SignatureFound:
    kinds = {
        "time": datetime.fromisoformat(told["time"]) if told["time"] else None,
        "changed_after": Change(told["changed_after"]),
        "certificate": CertificateStatus(told["certificate"]),
    }
    return SignatureFound(**{**told, **kinds})
