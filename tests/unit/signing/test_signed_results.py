"""A result signed by a person and sealed by an agency: what others' programs say of it, and what it says itself."""

from __future__ import annotations

import shutil
import subprocess
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from portal.core.errors import Unavailable
from portal.documents import drawings
from portal.signing import pades
from portal.signing.fields import places_of
from portal.signing.pades import TrustServices, Unusable
from portal.signing.token import LOCKED, MISSING, NO_KEY, NoKey, Token, TokenUnavailable
from portal.signing.types import NUMBER, PERSON, SEAL, CertificateStatus, Change
from portal.signing.verification import verify
from portal.simulators import trust
from tests.harness.signing import TrustedCity
from tests.unit.signing.conftest import AGENCY, NAME, PEOPLE, SEALED_AT, Issued, printed, revised


def said_by(program: str, pdf: bytes, folder: Path, *options: str) -> str:
    found = shutil.which(program)
    assert found, f"install {program}"
    file = folder / "asked.pdf"
    file.write_bytes(pdf)
    words = [found, *options, str(file)] + (["-"] if program == "pdftotext" else [])
    return subprocess.run(words, capture_output=True, check=False, text=True).stdout


def flipped(pdf: bytes, at: int) -> bytes:
    return pdf[:at] + bytes([pdf[at] ^ 1]) + pdf[at + 1 :]


def test_first_the_person_has_signed_and_then_the_agency(issued: Issued, trusted: TrustedCity) -> None:
    assert verify(issued.signed, roots=trusted.services.roots).is_good, "before the seal too, and nobody is asked"
    report = verify(issued.sealed, roots=trusted.services.roots)
    assert report.is_good
    assert [(found.field, found.signer) for found in report.signatures] == [(PERSON, NAME), (SEAL, AGENCY)]
    assert all(found.time_proved and found.certificate is CertificateStatus.VALID for found in report.signatures)
    assert [found.algorithm for found in report.signatures] == ["ECDSA, SHA-256"] * 2
    assert [found.changed_after for found in report.signatures] == [Change.SIGNATURES, Change.NOTHING]


def test_what_was_shown_is_what_is_signed_byte_for_byte(issued: Issued) -> None:
    assert issued.signed.startswith(issued.shown)
    assert issued.sealed.startswith(issued.signed)


def test_another_program_finds_both_signatures_valid(issued: Issued, tmp_path: Path) -> None:
    said = said_by("pdfsig", issued.sealed, tmp_path, "-nocert")
    assert said.count("Signature is Valid.") == 2
    assert said.count("ETSI.CAdES.detached") == 2
    assert "Total document signed" in said


@pytest.mark.parametrize(("share", "is_signed"), [(0.2, True), (0.55, True), (0.95, False)])
def test_a_flipped_byte_is_found(
    issued: Issued, trusted: TrustedCity, tmp_path: Path, share: float, is_signed: bool
) -> None:
    """The last one in the room kept for the signature, where no byte is signed."""
    changed = flipped(issued.sealed, int(len(issued.sealed) * share))
    assert not verify(changed, roots=trusted.services.roots).is_good
    if is_signed:
        assert said_by("pdfsig", changed, tmp_path, "-nocert").count("Signature is Valid.") < 2


def test_a_revision_after_the_seal_is_refused(issued: Issued, trusted: TrustedCity) -> None:
    report = verify(revised(issued.sealed), roots=trusted.services.roots)
    assert not report.is_good
    assert report.signatures[-1].changed_after is Change.OTHER


def test_a_certificate_of_ones_own_making_is_told_from_the_citys(issued: Issued, tmp_path: Path) -> None:
    others = trust.prepare(tmp_path, url="http://127.0.0.1:9", subjects={}, now=datetime.now(UTC))
    assert others
    unknown = {CertificateStatus.UNKNOWN_ISSUER}
    assert {found.certificate for found in verify(issued.signed, roots=b"").signatures} == unknown
    report = verify(issued.sealed, roots=(tmp_path / trust.ROOTS).read_bytes())
    assert {found.certificate for found in report.signatures} == unknown
    assert all(found.intact for found in report.signatures)
    assert not report.is_good


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7 nothing", b"\x00" * 4096])
def test_what_is_no_pdf_gives_a_report_and_no_error(content: bytes) -> None:
    assert not verify(content).readable


def test_names_number_and_day_are_exact_in_the_text(issued: Issued, tmp_path: Path) -> None:
    said = " ".join(said_by("pdftotext", issued.sealed, tmp_path, "-layout").split())
    assert "Số: 45/GPXD" in said
    assert "Ninh Kiều, ngày 05 tháng 02 năm 2026" in said
    assert all(line in said for line in ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH", NAME))
    assert "2026-02-05T14:30:45+07:00" in said
    before = " ".join(said_by("pdftotext", issued.shown, tmp_path, "-layout").split())
    assert "45/GPXD" not in before
    assert "ngày …… tháng … năm ……" in before


def test_it_stays_pdf_a_with_structure_and_whole_fonts(issued: Issued, tmp_path: Path) -> None:
    assert "No syntax or stream encoding errors" in said_by("qpdf", issued.sealed, tmp_path, "--check")
    with pikepdf.open(BytesIO(issued.sealed)) as document:
        with document.open_metadata() as metadata:
            assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "A")
        assert document.Root.MarkInfo.Marked
        assert str(document.Root.get("/Version", "/1.7")) <= "/1.7", "PDF/A-3 knows no PDF 2.0"
        assert list(document.Root.Extensions.keys()) == ["/ESIC"]
        for field in document.Root.AcroForm.Fields:
            assert field.F == 132
            assert str(field.TU)
            assert "/N" in field.AP
            numbers = list(document.Root.StructTreeRoot.ParentTree.Nums)
            element = numbers[numbers.index(field.StructParent) + 1]
            assert (str(element.S), str(element.K.Obj.T)) == ("/Form", str(field.T))
        fonts = [found for found in document.objects if isinstance(found, pikepdf.Dictionary) and "/FontFile2" in found]
        descriptors = [
            found
            for found in document.objects
            if isinstance(found, pikepdf.Dictionary) and found.get("/Type") == "/FontDescriptor"
        ]
        assert len(fonts) == len(descriptors) > 3


def test_what_proves_it_for_long_is_inside(issued: Issued) -> None:
    with pikepdf.open(BytesIO(issued.sealed)) as document:
        store = document.Root.DSS
        assert len(store.Certs) >= 4
        assert len(store.OCSPs) >= 2
        assert len(store.CRLs) >= 1


def test_number_and_day_have_a_field_of_their_own_when_the_seal_stands_on_another_page() -> None:
    places = places_of(printed("birth_certificate"))
    on_one_page = [place.field for place in places] == [PERSON, SEAL]
    apart = [(place.field, place.page) for place in places] == [(PERSON, 1), (NUMBER, 0), (SEAL, 1)]
    assert on_one_page or apart


def test_an_extract_leaves_the_number_of_its_certificate_to_the_seal(tmp_path: Path) -> None:
    pdf = printed("civil_status_extract", facts=[{"label": "Số đăng ký", "value": "……"}])
    agency = places_of(pdf)[-1]
    assert [part.where for part in agency.parts if part.kind == "reference"] == ["facts"]
    drawn = drawings.of_agency(agency, number=3, agency=AGENCY, now=SEALED_AT, picture=None, reference="04/KS")
    assert "04/KS" in said_by("pdftotext", drawn, tmp_path)


@pytest.mark.parametrize(
    ("label", "sentence"), [("expired", pades.EXPIRED), ("later", pades.NOT_YET), ("revoked", pades.REVOKED)]
)
def test_a_certificate_that_may_not_be_used_signs_nothing(
    issued: Issued, trusted: TrustedCity, label: str, sentence: str
) -> None:
    with pades.desk(trusted.token, trusted.services) as desk, pytest.raises(Unusable) as refused:
        desk.sign(issued.shown, field=PERSON, label=label, name="Trần Mẫu", appearance=issued.shown, reason="Ký")
    assert refused.value.sentence == sentence
    assert refused.value.details["name"] == "Trần Mẫu"


@pytest.mark.parametrize(
    ("token", "sentence"),
    [
        (("/nowhere/module.so", "tests", "x"), MISSING),
        (("", "another", ""), MISSING),
        (("", "tests", "wrong-pin"), LOCKED),
    ],
)
def test_a_token_that_is_missing_or_locked_says_so(
    trusted: TrustedCity, token: tuple[str, str, str], sentence: str
) -> None:
    asked = Token(token[0] or trusted.token.module, token[1], token[2] or trusted.token.pin)
    with pytest.raises(TokenUnavailable) as refused, pades.desk(asked, trusted.services):
        pass
    assert refused.value.sentence == sentence


def test_somebody_without_a_key_is_named(issued: Issued, trusted: TrustedCity) -> None:
    with pades.desk(trusted.token, trusted.services) as desk, pytest.raises(NoKey) as refused:
        desk.sign(issued.shown, field=PERSON, label="nobody", name="Lê Mẫu", appearance=issued.shown, reason="Ký")
    assert (refused.value.sentence, refused.value.details) == (NO_KEY, {"name": "Lê Mẫu"})


def test_without_the_time_nothing_is_signed(issued: Issued, trusted: TrustedCity) -> None:
    away = TrustServices(trusted.services.roots_file, "http://127.0.0.1:9/time")
    with pades.desk(trusted.token, away) as desk, pytest.raises(Unavailable) as refused:
        desk.sign(issued.shown, field=PERSON, label="person", name=NAME, appearance=issued.shown, reason="Ký")
    assert refused.value.sentence == pades.NO_TIME


def test_no_key_ever_leaves_the_token(trusted: TrustedCity) -> None:
    from pkcs11 import Attribute, ObjectClass, exceptions

    with pades.desk(trusted.token, trusted.services) as desk:
        keys = list(desk.session.get_objects({Attribute.CLASS: ObjectClass.PRIVATE_KEY}))
        assert len(keys) == len(PEOPLE) + 1
        for key in keys:
            assert (key[Attribute.EXTRACTABLE], key[Attribute.SENSITIVE]) == (False, True)
            with pytest.raises(exceptions.AttributeSensitive):
                key[Attribute.VALUE]


def test_the_signatures_of_one_job_share_what_was_heard_of_a_certificate_but_no_time_stamp(
    trusted: TrustedCity,
) -> None:
    shown = printed("construction_permit")
    person, _agency = places_of(shown)
    asked = {"field": PERSON, "label": "person", "name": NAME, "reason": "Ký"}
    drawing = drawings.of_person(person, capacity=["CHỦ TỊCH"], name=NAME, picture=None)
    with pades.desk(trusted.token, trusted.services) as desk:
        first, second = (desk.sign(shown, **asked, appearance=drawing).content for _ in range(2))
    with pades.desk(trusted.token, trusted.services) as desk:
        of_another_job = desk.sign(shown, **asked, appearance=drawing).content
    assert all(verify(pdf, roots=trusted.services.roots).is_good for pdf in (first, second))
    assert status_inside(first) == status_inside(second) != status_inside(of_another_job)
    assert time_stamp_inside(first) != time_stamp_inside(second)


def status_inside(pdf: bytes) -> set[bytes]:
    """The answers of OCSP: each carries the number that was asked with."""
    with pikepdf.open(BytesIO(pdf)) as document:
        return {answer.read_bytes() for answer in document.Root.DSS.OCSPs}


def time_stamp_inside(pdf: bytes) -> bytes:
    (signature,) = PdfFileReader(BytesIO(pdf)).embedded_regular_signatures
    stamps = [found for found in signature.signer_info["unsigned_attrs"] if "time_stamp" in found["type"].native]
    return bytes(stamps[0]["values"][0].dump())
