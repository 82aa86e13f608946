"""Papers as they are uploaded: the file is kept, its signatures are examined, a result of this portal is recognised.

Whatever is wrong with a signature, the file stays: an official decides. Only where the definition wants a signed paper
is a file refused, which says why.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from sqlalchemy.orm import Session

from portal.catalogue.types import Paper
from portal.core import clock
from portal.core.errors import InvalidInput, Unavailable
from portal.core.text import marked
from portal.files import service as files
from portal.files.types import KeptFile
from portal.records.issued import issued_as_file
from portal.records.provenance import Provenance, verdict_of
from portal.records.verdicts import Worth
from portal.signing import service as signing
from portal.signing.types import SignatureReport
from portal.signing.uploads import AWAY

UNSIGNED = marked("Giấy này phải có chữ ký số. Ký tệp PDF bằng phần mềm ký số rồi tải lên.")
UNREADABLE = marked("Chưa đọc được chữ ký số trong tệp này. Ký lại bằng phần mềm khác rồi tải lên.")
WRONG: Mapping[Worth, str] = {
    Worth.NOT_SIGNED: UNSIGNED,
    Worth.BROKEN: marked("Nội dung tệp đã bị sửa sau khi ký số. Tải lên đúng tệp đã ký."),
    Worth.CHANGED: marked("Tệp đã bị thêm nội dung sau khi ký số. Tải lên đúng tệp đã ký, không sửa hay in lại."),
    Worth.SELF_MADE: marked("Không rõ ai cấp chứng thư số trong tệp. Ký lại bằng chứng thư của tổ chức được cấp phép."),
    Worth.CERTIFICATE_EXPIRED: marked("Chứng thư số đã hết hạn vào lúc ký. Ký lại bằng chứng thư còn hạn."),
    Worth.CERTIFICATE_NOT_YET: marked("Chứng thư số chưa có hiệu lực vào lúc ký. Ký lại khi đã đến ngày dùng."),
    Worth.CERTIFICATE_REVOKED: marked("Chứng thư số đã bị thu hồi trước khi ký. Ký lại bằng chứng thư khác."),
    Worth.EXPIRED: marked("Kết quả này đã hết hạn. Tải lên giấy còn hiệu lực."),
    Worth.REPLACED: marked("Kết quả này đã được thay bằng bản mới. Tải lên bản mới."),
    Worth.REVOKED: marked("Kết quả này đã bị thu hồi. Tải lên giấy còn hiệu lực."),
    Worth.UNFINISHED: marked("Tệp này là bản trước khi cơ quan đóng dấu. Tải lên bản cuối."),
}


@dataclass(frozen=True)
class UploadedPaper:
    file: KeptFile
    known: Provenance


class _Examination:
    """Looks at a file while it is being kept, and remembers what it found."""

    report: SignatureReport | None = None

    def __call__(self, path: Path) -> None:
        self.report = signing.report_on(path)


def keep_paper(
    session: Session,
    stream: IO[bytes],
    *,
    file_name: str,
    formats: Iterable[str],
    max_mb: int,
    now: datetime,
    must_be_signed: bool = False,
) -> UploadedPaper:
    """Keep a file that somebody uploads. Raises InvalidInput with what to do about it, and Unavailable."""
    examination = _Examination()
    kept = files.keep_upload(
        session, stream, file_name=file_name, formats=formats, max_mb=max_mb, now=now, check=examination
    )
    report = examination.report
    known = Provenance(
        signatures=report.as_told() if report is not None else None,
        document_id=issued_as_file(session, kept.digest),
    )
    if must_be_signed:
        check_signed(verdict_of(session, kept.digest, known, today=clock.local_day(now)).worth)
    return UploadedPaper(kept, known)


def keep_paper_of(session: Session, stream: IO[bytes], *, file_name: str, paper: Paper, now: datetime) -> UploadedPaper:
    """The same for a slot of a definition."""
    return keep_paper(
        session,
        stream,
        file_name=file_name,
        formats=paper.formats,
        max_mb=paper.max_mb,
        now=now,
        must_be_signed=paper.signed,
    )


def check_signed(worth: Worth) -> None:
    """Raises InvalidInput when a file does not count as signed, Unavailable when nobody can tell at this moment."""
    if worth is Worth.NOT_EXAMINED:
        raise Unavailable(AWAY)
    if not worth.is_signed_well:
        raise InvalidInput(WRONG.get(worth, UNREADABLE))
