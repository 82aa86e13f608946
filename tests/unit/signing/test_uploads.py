"""Papers that come signed: what their signatures say is known at once, and no file is lost because of it."""

from __future__ import annotations

import json
import signal
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any, cast

import pytest
from asn1crypto.keys import PrivateKeyInfo
from asn1crypto.x509 import Certificate
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.signers import PdfSigner, SimpleSigner
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata
from pyhanko_certvalidator.registry import SimpleCertificateStore

from portal.core.errors import InvalidInput, Unavailable
from portal.records.paper_uploads import check_signed
from portal.records.verdicts import Worth, of_file
from portal.signing import examining, uploads
from portal.signing.types import Fault, SignatureReport
from portal.signing.uploads import Ending, ending_of, report_on
from portal.signing.verification import verify
from tests.harness.signing import TrustedCity
from tests.unit.signing.conftest import NAME, Issued, revised
from tests.unit.signing.test_examining import pages

DAY = date(2026, 11, 20)


def worth_of(report: SignatureReport | None) -> Worth:
    return of_file(report, "", registered=None, original=None, scanned_id=None, today=DAY).worth


def test_an_upload_is_examined_and_what_is_found_can_be_kept(
    issued: Issued, trusted: TrustedCity, tmp_path: Path
) -> None:
    found = []
    for number, pdf in enumerate((issued.shown, issued.sealed, revised(issued.sealed))):
        path = tmp_path / f"{number}.pdf"
        path.write_bytes(pdf)
        found.append(report_on(path, roots_file=trusted.services.roots_file))
    assert [worth_of(report) for report in found] == [Worth.NOT_SIGNED, Worth.UNREGISTERED, Worth.CHANGED]
    assert found[1] is not None
    kept = json.loads(json.dumps(found[1].as_told()))
    assert SignatureReport.of_told(kept) == found[1]
    assert kept["signatures"][0]["signer"] == NAME


def test_when_too_many_wait_the_file_is_taken_and_says_that_nobody_has_looked(
    issued: Issued, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "paper.pdf").write_bytes(issued.sealed)
    monkeypatch.setattr(uploads, "PATIENCE", 0.01)
    taken = [uploads._turns.acquire() for _ in range(uploads.AT_ONCE)]
    try:
        report = report_on(tmp_path / "paper.pdf", roots_file=Path("nowhere"))
    finally:
        for _ in taken:
            uploads._turns.release()
    assert report == SignatureReport(readable=False, fault=Fault.NOT_EXAMINED)
    with pytest.raises(Unavailable):
        check_signed(worth_of(report))


def test_a_failure_of_ours_is_not_the_files_and_is_logged_by_its_kind(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(Unavailable):
        uploads.examine(b"%PDF-1.7", roots_file=cast(Path, "a name of somebody"))
    assert "crashed (exit 1) AttributeError in examining.py:" in caplog.text
    assert "somebody" not in caplog.text


@pytest.mark.parametrize(
    ("exit_code", "is_late", "ending"),
    [
        (0, False, Ending.DONE),
        (-signal.SIGKILL, True, Ending.LATE),
        (-signal.SIGKILL, False, Ending.HEAVY),
        (-signal.SIGXCPU, False, Ending.HEAVY),
        (examining.OUT_OF_MEMORY, False, Ending.HEAVY),
        (-signal.SIGSEGV, False, Ending.CRASHED),
        (1, False, Ending.CRASHED),
        (255, False, Ending.CRASHED),
    ],
)
def test_the_ends_of_an_examination_are_told_apart(exit_code: int, is_late: bool, ending: Ending) -> None:
    assert ending_of(exit_code, is_late=is_late) is ending


@pytest.mark.parametrize("worth", Worth)
def test_only_a_signature_that_holds_counts_where_one_is_demanded(worth: Worth) -> None:
    if worth in (Worth.VALID, Worth.UNREGISTERED, Worth.UNPROVED):
        check_signed(worth)
    else:
        with pytest.raises((InvalidInput, Unavailable)):
            check_signed(worth)


def test_who_only_takes_the_name_of_an_authority_is_not_believed() -> None:
    pdf, _impostor = signed_by_a_citizen(starts=-9, ends=9)
    _other, root = signed_by_a_citizen(starts=-9, ends=9)
    assert worth_of(verify(pdf, roots=root)) is Worth.SELF_MADE


@pytest.mark.parametrize(
    ("starts", "ends", "is_known", "worth"),
    [
        (-9, 9, True, Worth.UNPROVED),
        (-9, -1, True, Worth.CERTIFICATE_EXPIRED),
        (1, 9, True, Worth.CERTIFICATE_NOT_YET),
        (-9, 9, False, Worth.SELF_MADE),
    ],
)
def test_a_citizens_own_signature_is_told_by_its_certificate(
    starts: int, ends: int, is_known: bool, worth: Worth
) -> None:
    """Without a time stamp and revocation data, as most programs of citizens sign."""
    pdf, root = signed_by_a_citizen(starts=starts, ends=ends)
    report = verify(pdf, roots=root if is_known else b"")
    assert worth_of(report) is worth
    assert (report.signatures[0].signer, report.signatures[0].time_proved) == ("Trần Mẫu Bình", False)
    assert report.signatures[0].issuer == "CA Mẫu"


@pytest.mark.parametrize(("ends", "authority_ends"), [(-1, 20), (9, -1)])
def test_what_has_expired_is_told_under_a_further_authority_and_of_that_authority(
    ends: int, authority_ends: int
) -> None:
    pdf, root = signed_by_a_citizen(starts=-9, ends=ends, below="CA dưới", below_ends=authority_ends)
    assert worth_of(verify(pdf, roots=root)) is Worth.CERTIFICATE_EXPIRED


def signed_by_a_citizen(*, starts: int, ends: int, below: str = "", below_ends: int = 20) -> tuple[bytes, bytes]:
    """A page signed with a certificate valid from and to so many days from now, and who vouches for it (PEM); `below`:
    the name of an authority between both, and until when it is one."""
    now = datetime.now(UTC)
    authority, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root = certificate("CA Mẫu", authority.public_key(), authority, now - timedelta(days=20), now + timedelta(days=20))
    days = (now + timedelta(days=starts), now + timedelta(days=ends))
    registry = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    registry.register(loaded(root))
    if below:
        between = ec.generate_private_key(ec.SECP256R1())
        long = (now - timedelta(days=20), now + timedelta(days=below_ends))
        registry.register(loaded(certificate(below, between.public_key(), authority, *long)))
        authority = between
    issuer = below or "CA Mẫu"
    leaf = certificate("Trần Mẫu Bình", key.public_key(), authority, *days, is_authority=False, issuer=issuer)
    private = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    signer = SimpleSigner(signing_cert=loaded(leaf), signing_key=PrivateKeyInfo.load(private), cert_registry=registry)
    written = BytesIO()
    PdfSigner(PdfSignatureMetadata(field_name="Ky", md_algorithm="sha256"), signer=signer).sign_pdf(
        IncrementalPdfFileWriter(BytesIO(pages(1))), output=written
    )
    return written.getvalue(), root.public_bytes(Encoding.PEM)


def certificate(
    name: str,
    key: Any,
    authority: Any,
    starts: datetime,
    ends: datetime,
    *,
    is_authority: bool = True,
    issuer: str = "CA Mẫu",
) -> x509.Certificate:
    use = {
        name: False
        for name in ("key_encipherment", "data_encipherment", "key_agreement", "encipher_only", "decipher_only")
    }
    made = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(starts)
        .not_valid_after(ends)
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(
                digital_signature=True,
                content_commitment=True,
                key_cert_sign=is_authority,
                crl_sign=is_authority,
                **use,
            ),
            critical=True,
        )
    )
    return made.sign(authority, SHA256())


def loaded(made: x509.Certificate) -> Certificate:
    return Certificate.load(made.public_bytes(Encoding.DER))
