"""Files that somebody wants to have checked: what is wrong with them is told apart, and none is kept."""

from __future__ import annotations

import hashlib
import tempfile
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest

from portal.core.errors import Unavailable
from portal.signing import uploads
from portal.signing.types import Change, Fault
from portal.signing.uploads import examine
from portal.signing.verification import MOST_PAGES, verify
from portal.simulators import trust
from tests.harness.signing import TrustedCity
from tests.unit.signing.conftest import NAME, Issued, revised
from tests.unit.signing.test_signed_results import said_by


def pages(count: int, *, password: str = "") -> bytes:
    written = BytesIO()
    with pikepdf.new() as document:
        for _ in range(count):
            document.add_blank_page()
        document.save(written, encryption=pikepdf.Encryption(owner="o", user=password) if password else None)
    return written.getvalue()


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", Fault.NO_PDF),
        (b"<html>" + b" " * 2000 + b"%PDF-1.7", Fault.NO_PDF),
        (b"%PDF-1.7 nothing", Fault.DAMAGED),
        (pages(1)[:-200], Fault.DAMAGED),
        (pages(1, password="x"), Fault.ENCRYPTED),
        (pages(500), Fault.TOO_LONG),
    ],
)
def test_what_cannot_be_examined_says_why(content: bytes, fault: Fault) -> None:
    report = verify(content, roots=b"")
    assert (report.readable, report.fault, report.is_good) == (False, fault, False)


def test_only_what_is_longer_than_any_document_is_too_long() -> None:
    report = verify(pages(MOST_PAGES), roots=b"")
    assert (report.readable, report.pages, report.is_signed) == (True, MOST_PAGES, False)


def test_a_process_of_its_own_says_the_same_and_writes_nothing(
    issued: Issued, trusted: TrustedCity, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    asked = revised(issued.sealed)
    report = examine(asked, roots_file=trusted.services.roots_file)
    assert report == verify(asked, roots=trusted.services.roots)
    assert report.signatures[0].signer == NAME
    assert report.signatures[-1].changed_after is Change.OTHER
    assert report.signatures[-1].revision == hashlib.sha256(issued.sealed).hexdigest(), "as it was when it was sealed"
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_takes_too_much_memory_is_refused_alone(trusted: TrustedCity) -> None:
    bomb = b"%PDF-1.7\n" + b"[" * 3_000_000
    report = examine(bomb, roots_file=trusted.services.roots_file)
    assert report.fault in (Fault.TOO_HEAVY, Fault.DAMAGED)


def test_when_all_turns_are_taken_nobody_waits_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "PATIENCE", 0.01)
    taken = [uploads._turns.acquire() for _ in range(uploads.AT_ONCE)]
    try:
        with pytest.raises(Unavailable):
            examine(b"", roots_file=Path("nowhere"))
    finally:
        for _ in taken:
            uploads._turns.release()


def test_three_verifiers_agree(issued: Issued, trusted: TrustedCity, tmp_path: Path) -> None:
    """Ours, which decides by more than one signature, against poppler's and pyHanko's own check."""
    flipped = bytearray(issued.sealed)
    flipped[len(flipped) // 4] ^= 1
    strangers = tmp_path / "strangers"
    trust.prepare(strangers, url="http://127.0.0.1:9", subjects={}, now=datetime.now(UTC))
    roots = trusted.services.roots_file
    cases = [
        (issued.signed, roots, True),
        (issued.sealed, roots, True),
        (bytes(flipped), roots, False),
        (revised(issued.sealed), roots, False),
        (issued.sealed, strangers / trust.ROOTS, False),
    ]
    for number, (pdf, believed, is_good) in enumerate(cases):
        assert verify(pdf, roots=believed.read_bytes()).is_good is is_good, number
        assert believed_by_pyhanko(pdf, believed) is is_good, number
        said = said_by("pdfsig", pdf, tmp_path, "-nocert")
        count = 1 if pdf is issued.signed else 2
        unbroken = said.count("Signature is Valid.") == count and said.count("Total document signed") >= 1
        by_strangers = believed is not roots  # poppler is not told whom to believe: it asks for no certificate here
        assert unbroken is (is_good or by_strangers), number


def believed_by_pyhanko(pdf: bytes, roots: Path) -> bool:
    """What pyHanko's own check says of every signature, with nothing of ours between."""
    from pyhanko.keys import load_cert_from_pemder
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko.sign.validation.errors import SignatureValidationError
    from pyhanko_certvalidator import ValidationContext

    reader = PdfFileReader(BytesIO(pdf))
    try:
        found = [
            validate_pdf_signature(signature, ValidationContext(trust_roots=[load_cert_from_pemder(str(roots))]))
            for signature in reader.embedded_regular_signatures
        ]
    except (SignatureValidationError, ValueError):
        return False
    return bool(found) and all(status.bottom_line for status in found)
