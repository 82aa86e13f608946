"""Signatures and issued results together: one answer, with one reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from portal.records.issued import Decided, Issued, Later, SignedBy, Standing
from portal.records.verdicts import Worth, of_file, of_paper
from portal.signing.types import CertificateStatus, Change, Fault, SignatureFound, SignatureReport
from portal.workflow.definition import Text

NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)
TODAY = date(2026, 11, 20)
PERMIT = Issued(
    id=UUID(int=7),
    title="Giấy phép xây dựng",
    title_en="Construction permit",
    template="construction_permit",
    content={},
    series="GPXD",
    number=45,
    agency=Text("UBND quận Ninh Kiều", "People's Committee of Ninh Kiều District"),
    issued_at=NOW,
    valid_until=TODAY,
    ended_at=None,
    file_digest="final",
    signatures=(),
    newer=(),
    decisions=(),
)
SIGNED = SignatureFound(
    field="CoQuan",
    signer="UBND quận Ninh Kiều",
    agency="UBND quận Ninh Kiều",
    serial="1f",
    issuer="CA",
    algorithm="ECDSA, SHA-256",
    time=NOW,
    time_proved=True,
    intact=True,
    changed_after=Change.NOTHING,
    certificate=CertificateStatus.VALID,
    covers_all=True,
)
PERSON = replace(SIGNED, field="NguoiKy", changed_after=Change.SIGNATURES)
GOOD = SignatureReport(readable=True, signatures=(PERSON, SIGNED))


def later(how: str) -> Later:
    return Later(UUID(int=9), "46/GPXD", NOW, how)


REVOKED = Decided("revoke", "Cấp sai chủ đất", "12/QĐ-UBND", None, NOW)


@pytest.mark.parametrize(
    ("issued", "standing"),
    [
        (PERMIT, Standing.VALID),
        (replace(PERMIT, valid_until=None), Standing.VALID),
        (replace(PERMIT, valid_until=date(2026, 11, 19)), Standing.EXPIRED),
        (replace(PERMIT, newer=(later("amend"),)), Standing.VALID),
        (replace(PERMIT, ended_at=NOW, newer=(later("replace"),)), Standing.REPLACED),
        (replace(PERMIT, ended_at=NOW, newer=(later("amend"), later("correct"))), Standing.REPLACED),
        (replace(PERMIT, ended_at=NOW, newer=(later("revoke"),)), Standing.REVOKED),
        (replace(PERMIT, ended_at=NOW, decisions=(REVOKED,)), Standing.REVOKED),
        (replace(PERMIT, ended_at=NOW, valid_until=date(2026, 1, 1), decisions=(REVOKED,)), Standing.REVOKED),
    ],
)
def test_where_a_result_stands(issued: Issued, standing: Standing) -> None:
    assert issued.standing(today=TODAY) is standing
    assert of_paper(issued, today=TODAY).worth.value == standing.value


@pytest.mark.parametrize(
    ("report", "worth"),
    [
        (SignatureReport(readable=False, fault=Fault.ENCRYPTED), Worth.ENCRYPTED),
        (SignatureReport(readable=False, fault=Fault.TOO_LONG, pages=500), Worth.TOO_LONG),
        (SignatureReport(readable=False), Worth.DAMAGED),
        (SignatureReport(readable=True), Worth.NOT_SIGNED),
        (SignatureReport(True, (replace(PERSON, intact=False), SIGNED)), Worth.BROKEN),
        (SignatureReport(True, (PERSON, replace(SIGNED, changed_after=Change.OTHER))), Worth.CHANGED),
        (SignatureReport(True, (PERSON, replace(SIGNED, changed_after=Change.SIGNATURES))), Worth.CHANGED),
        (SignatureReport(True, (replace(PERSON, changed_after=Change.OTHER), SIGNED)), Worth.CHANGED),
        (SignatureReport(True, (replace(SIGNED, certificate=CertificateStatus.UNKNOWN_ISSUER),)), Worth.SELF_MADE),
        (
            SignatureReport(True, (replace(PERSON, certificate=CertificateStatus.EXPIRED), SIGNED)),
            Worth.CERTIFICATE_EXPIRED,
        ),
        (
            SignatureReport(True, (PERSON, replace(SIGNED, certificate=CertificateStatus.REVOKED))),
            Worth.CERTIFICATE_REVOKED,
        ),
        (SignatureReport(True, (PERSON, replace(SIGNED, certificate=CertificateStatus.UNPROVED))), Worth.UNPROVED),
        (GOOD, Worth.BROKEN),  # made from ours, and not the file that was kept
    ],
)
def test_why_a_file_that_was_not_issued_so_is_refused(report: SignatureReport, worth: Worth) -> None:
    verdict = of_file(report, "other", registered=None, original=PERMIT, scanned_id=None, today=TODAY)
    assert (verdict.worth, verdict.issued) == (worth, PERMIT)
    assert not verdict.worth.is_genuine


OTHER = replace(PERMIT, id=UUID(int=8), number=46, signatures=(SignedBy("agency", "UBND phường Cái Khế", NOW, "2a"),))
SAME_HANDS = replace(OTHER, signatures=(SignedBy("agency", "UBND quận Ninh Kiều", NOW, SIGNED.serial),))
ADDED = SignatureReport(True, (PERSON, replace(SIGNED, changed_after=Change.OTHER)))


@pytest.mark.parametrize(
    ("report", "original", "coded", "worth"),
    [
        (ADDED, PERMIT, OTHER, Worth.PASTED_CODE),
        (ADDED, PERMIT, PERMIT, Worth.CHANGED),
        (ADDED, None, OTHER, Worth.CHANGED),
        (GOOD, None, None, Worth.UNREGISTERED),
        (GOOD, PERMIT, PERMIT, Worth.BROKEN),
        (GOOD, None, OTHER, Worth.PASTED_CODE),
        (GOOD, None, SAME_HANDS, Worth.BROKEN),
        (GOOD, PERMIT, OTHER, Worth.PASTED_CODE),
        (SignatureReport(True, (replace(SIGNED, certificate=CertificateStatus.UNKNOWN_ISSUER),)), None, OTHER,
         Worth.SELF_MADE),
        (SignatureReport(readable=True), None, OTHER, Worth.NOT_SIGNED),
    ],
)  # fmt: skip
def test_the_code_in_a_file_is_compared_with_the_file(
    report: SignatureReport, original: Issued | None, coded: Issued | None, worth: Worth
) -> None:
    verdict = of_file(report, "x", registered=None, original=original, scanned_id=None, coded=coded, today=TODAY)
    assert (verdict.worth, verdict.coded) == (worth, coded)


def test_a_file_of_ours_stands_as_its_document_does() -> None:
    def worth(report: SignatureReport, digest: str, scanned_id: UUID | None = None) -> Worth:
        seen = of_file(report, digest, registered=PERMIT, original=None, scanned_id=scanned_id, today=TODAY)
        return seen.worth

    assert worth(GOOD, "final") is Worth.VALID
    assert worth(GOOD, "final", PERMIT.id) is Worth.VALID
    assert worth(GOOD, "final", UUID(int=8)) is Worth.OTHER_DOCUMENT
    assert worth(GOOD, "before the seal") is Worth.UNFINISHED
    unsigned = SignatureReport(readable=True)
    assert worth(unsigned, "final") is Worth.VALID
