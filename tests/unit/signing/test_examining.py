"""Files that somebody wants to have checked: what is wrong with them is told apart, and none is kept."""

from __future__ import annotations

import hashlib
import os
import signal
import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from multiprocessing import forkserver
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageEnhance, ImageFilter
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.pkcs11 import PKCS11Signer
from pyhanko.sign.signers import PdfSignatureMetadata, sign_pdf
from pyhanko.sign.timestamps import HTTPTimeStamper
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko_certvalidator import ValidationContext

from portal.core.errors import Unavailable
from portal.signing import pades, uploads
from portal.signing.codes import codes_in
from portal.signing.raw_signatures import is_altered
from portal.signing.token import ISSUER
from portal.signing.types import PERSON, CertificateStatus, Change, Fault
from portal.signing.uploads import examine
from portal.signing.verification import MOST_PAGES, verify
from portal.simulators import trust
from tests.harness.signing import TrustedCity
from tests.unit.signing.conftest import NAME, Issued, revised
from tests.unit.signing.test_signed_results import flipped, said_by


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
    (code,) = report.codes
    assert code.endswith(f"#{issued.summary}"), "what the QR code on its page says"
    assert replace(report, codes=()) == verify(asked, roots=trusted.services.roots)
    assert report.signatures[0].signer == NAME
    assert report.signatures[-1].changed_after is Change.OTHER
    assert report.signatures[-1].revision == hashlib.sha256(issued.sealed).hexdigest(), "as it was when it was sealed"
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("mark", [b"/ObjStm", b"xref", b"%PDF-1."])
def test_a_byte_that_no_reader_forgives_is_a_change_and_no_broken_download(
    issued: Issued, trusted: TrustedCity, mark: bytes
) -> None:
    """What is packed, where everything lies, and what kind of file it is."""
    at = issued.sealed.index(b"stream", issued.sealed.index(mark)) + 40 if mark == b"/ObjStm" else 0
    at = at or issued.sealed.rindex(mark) + len(mark) + (1 if mark == b"xref" else 0)
    report = verify(flipped(issued.sealed, at), roots=trusted.services.roots)
    assert not report.is_good
    assert report.fault in (None, Fault.BROKEN)
    assert report.fault or not all(found.intact for found in report.signatures)


def test_half_a_file_is_damaged_and_was_not_changed(issued: Issued) -> None:
    assert is_altered(flipped(issued.sealed, 5000))
    assert is_altered(flipped(issued.sealed, issued.sealed.rindex(b"/Contents <") + 11)), "no letter of a signature"
    for pdf in (issued.sealed, issued.sealed[: len(issued.sealed) // 2], b"%PDF-1.7 /ByteRange [0 1 2 300]"):
        assert not is_altered(pdf)
    assert verify(issued.sealed[:-3000], roots=b"").fault is Fault.DAMAGED


def test_a_scanned_paper_is_unsigned_and_not_damaged_and_its_code_is_read(issued: Issued) -> None:
    """Also where a scanner bends the rules of PDF, as Pillow does."""
    scan = BytesIO()
    photograph(issued.sealed).save(scan, "PDF", resolution=150)
    report = verify(scan.getvalue(), roots=b"")
    assert (report.readable, report.is_signed, report.pages) == (True, False, 1)
    assert codes_in(scan.getvalue())[0].endswith(issued.summary)
    assert codes_in(b"%PDF-1.7 nothing") == ()


def photograph(pdf: bytes) -> Image.Image:
    """The first page as a telephone sees it: askew, from the side, out of focus, in bad light."""
    with pypdfium2.PdfDocument(pdf) as document:
        document.init_forms()
        paper = document[0].render(scale=200 / 72, grayscale=True).to_pil()
    wide, high = paper.size
    aside = paper.rotate(4, expand=True, fillcolor=120).transform(
        (wide, high), Image.Transform.QUAD, (0, 0, 60, high, wide, high + 90, wide + 110, 40), Image.Resampling.BILINEAR
    )
    return ImageEnhance.Contrast(aside.filter(ImageFilter.GaussianBlur(1))).enhance(0.6)


def test_a_file_that_takes_too_much_memory_is_refused_alone(trusted: TrustedCity) -> None:
    bomb = b"%PDF-1.7\n" + b"[" * 3_000_000
    report = examine(bomb, roots_file=trusted.services.roots_file)
    assert report.fault in (Fault.TOO_HEAVY, Fault.DAMAGED)


def test_whatever_becomes_of_a_child_or_of_its_server_the_next_file_is_examined(
    issued: Issued, trusted: TrustedCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    roots = trusted.services.roots_file
    with monkeypatch.context() as hurried:
        hurried.setattr(uploads, "SECONDS", 0)
        with pytest.raises(Unavailable):
            examine(issued.sealed, roots_file=roots)
    assert examine(issued.sealed, roots_file=roots).is_good
    server = forkserver._forkserver._forkserver_pid  # type: ignore[attr-defined]
    os.kill(server, signal.SIGKILL)
    os.waitid(os.P_PID, server, os.WEXITED | os.WNOWAIT)
    assert examine(issued.sealed, roots_file=roots).is_good


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
    flipped_once = flipped(issued.sealed, len(issued.sealed) // 4)
    strangers = tmp_path / "strangers"
    trust.prepare(strangers, url="http://127.0.0.1:9", subjects={}, now=datetime.now(UTC))
    roots = trusted.services.roots_file
    cases = [
        (issued.signed, roots, True),
        (issued.sealed, roots, True),
        (flipped_once, roots, False),
        (revised(issued.sealed), roots, False),
        (issued.sealed, strangers / trust.ROOTS, False),
    ]
    for number, (pdf, believed, is_good) in enumerate(cases):
        assert verify(pdf, roots=believed.read_bytes()).is_good is is_good, number
        assert by_pyhanko(pdf, believed) is is_good, number
        said = said_by("pdfsig", pdf, tmp_path, "-nocert")
        count = 1 if pdf is issued.signed else 2
        unbroken = said.count("Signature is Valid.") == count and said.count("Total document signed") >= 1
        by_strangers = believed is not roots  # poppler is not told whom to believe: it asks for no certificate here
        assert unbroken is (is_good or by_strangers), number


@pytest.mark.parametrize(
    ("label", "worth"),
    [
        ("person", CertificateStatus.VALID),
        ("expired", CertificateStatus.EXPIRED),
        ("later", CertificateStatus.NOT_YET_VALID),
        ("revoked", CertificateStatus.REVOKED),
    ],
)
def test_three_verifiers_agree_on_certificates(
    issued: Issued, trusted: TrustedCity, tmp_path: Path, label: str, worth: CertificateStatus
) -> None:
    """Signed by a program that does not look. pyHanko asks the authorities, ours reads what they told and is inside.

    Poppler 22.12 believes only the roots of the system, names an expired certificate, and leaves revocation open.
    """
    signed = signed_blindly(issued.shown, trusted, label=label)
    believes, proved = with_proofs(signed, trusted.services.roots_file)
    assert believes is (worth is CertificateStatus.VALID)
    (found,) = verify(proved, roots=trusted.services.roots).signatures
    assert (found.intact, found.certificate, found.is_good) == (True, worth, believes)
    said = said_by("pdfsig", proved, tmp_path, "-no-ocsp")
    assert "Signature is Valid." in said
    assert ("Certificate has Expired" in said) is (worth is CertificateStatus.EXPIRED)
    assert "Certificate is Trusted" not in said


def signed_blindly(pdf: bytes, trusted: TrustedCity, *, label: str) -> bytes:
    """With a time stamp, and without a look at the certificate."""
    written = BytesIO()
    with pades.desk(trusted.token, trusted.services) as desk:
        sign_pdf(
            IncrementalPdfFileWriter(BytesIO(pdf)),
            PdfSignatureMetadata(field_name=PERSON, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES),
            signer=PKCS11Signer(
                desk.session, cert_label=label, key_label=label, other_certs_to_pull=(ISSUER,), use_raw_mechanism=True
            ),
            timestamper=HTTPTimeStamper(trusted.services.time_url),
            existing_fields_only=True,
            output=written,
        )
    return written.getvalue()


def with_proofs(pdf: bytes, roots: Path) -> tuple[bool, bytes]:
    """What pyHanko thinks of the only signature with the authorities' help, and the file with what they answered."""
    asked = ValidationContext(
        trust_roots=pades.certificates(roots.read_bytes()), allow_fetching=True, revocation_mode="hard-fail"
    )
    (signature,) = PdfFileReader(BytesIO(pdf)).embedded_regular_signatures
    status = validate_pdf_signature(signature, asked)
    written = BytesIO(pdf)
    DocumentSecurityStore.add_dss(
        written, signature.pkcs7_content, certs=set(asked.certificate_registry), ocsps=asked.ocsps, crls=asked.crls
    )
    return bool(status.bottom_line), written.getvalue()


def by_pyhanko(pdf: bytes, roots: Path) -> bool:
    """What pyHanko's own check says of every signature, with nothing of ours between."""
    reader = PdfFileReader(BytesIO(pdf))
    try:
        found = [
            validate_pdf_signature(signature, ValidationContext(trust_roots=pades.certificates(roots.read_bytes())))
            for signature in reader.embedded_regular_signatures
        ]
    except (SignatureValidationError, ValueError):
        return False
    return bool(found) and all(status.bottom_line for status in found)
