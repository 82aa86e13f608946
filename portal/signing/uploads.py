"""Papers that were signed electronically before they are uploaded: what is wrong with a signature is said at once."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from portal.core.errors import InvalidInput, Unavailable
from portal.core.text import marked
from portal.signing.types import CertificateStatus, Change

SECONDS = 30
MARK = b"/ByteRange"
"""Every signature of a PDF says which bytes it covers (ISO 32000-1, 12.8.1)."""

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
    report = _examined(path, roots_file)
    if not report["readable"]:
        raise InvalidInput(NOT_READABLE)
    for found in report["signatures"]:
        sentence = _fault(found)
        if sentence:
            raise InvalidInput(sentence, name=found["signer"])


def _fault(found: Mapping[str, Any]) -> str:
    if not found["intact"]:
        return BROKEN
    if found["changed_after"] not in (Change.NOTHING, Change.SIGNATURES):
        return CHANGED
    return WRONG.get(found["certificate"], "")


def _examined(path: Path, roots_file: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "portal.signing.examining", str(path), str(roots_file)]
    try:
        run = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS, check=True)
    except subprocess.CalledProcessError as failed:
        raise InvalidInput(NOT_READABLE) from failed
    except subprocess.TimeoutExpired as slow:
        raise Unavailable(AWAY) from slow
    report: dict[str, Any] = json.loads(run.stdout)
    return report
