"""What permits, certificates, certified copies and decisions print, and the notice that there will be none."""

from __future__ import annotations

from datetime import date
from typing import NotRequired

from typing_extensions import TypedDict  # pydantic cannot read the standard one before Python 3.12

from portal.documents.parts import Addressed, Fact, Head, Reason, Signature


class ConstructionPermit(Addressed):
    """Giấy phép xây dựng nhà ở riêng lẻ (form of annex II, Decree 175/2024/NĐ-CP)."""

    owner: str
    owner_number: str
    owner_address: str
    building: str  # "Nhà ở riêng lẻ"
    designer: str
    checker: str
    site: str
    plot_number: str
    plot_area: float
    base_level: str
    setback: str
    footprint: float  # m²
    total_floor: float  # m²
    height: float  # m
    floors: str  # "02 tầng, 01 lửng"
    land_papers: str
    months: int  # within which work must begin
    conditions: list[str]
    recipients: list[str]
    signature: Signature


class GeneralResult(Addressed):
    """A result without a form of its own: what the applicant answered. `until` is the last day of validity."""

    title: str
    holder: str
    holder_number: str
    holder_address: str
    facts: list[Fact]
    conditions: list[str]
    until: date | None
    bases: list[str]
    recipients: list[str]
    signature: Signature


class BusinessLine(TypedDict):
    title: str
    code: str
    main: bool


class Member(TypedDict):
    name: str
    birth_date: date
    number: str
    relation: str
    share: int  # VND


class HouseholdBusinessCertificate(Head):
    """Giấy chứng nhận đăng ký hộ kinh doanh (Circular 02/2023/TT-BKHĐT)."""

    business_number: str
    first_registered_on: date | None
    change: int  # which change of the registration; 0 at the first
    name: str
    address: str
    phone: str
    email: str
    lines: list[BusinessLine]
    capital: int  # VND
    owner: str
    gender: str
    birth_date: date | None
    ethnicity: str
    nationality: str
    owner_number: str
    owner_address: str
    founder: str  # "Cá nhân", "Các thành viên hộ gia đình"
    members: list[Member]
    signature: Signature


class CopiedScan(TypedDict):
    """The scan that was compared with the original. `digest`: SHA-256 of the file, `compared_by` who held both."""

    digest: str
    pages: int
    compared_by: str
    compared_on: date


class CopiedPaper(TypedDict):
    title: str
    pages: int
    copies: int
    scan: NotRequired[CopiedScan | None]


class CertifiedCopy(Addressed):
    """Lời chứng chứng thực bản sao từ bản chính (Decree 23/2015/NĐ-CP; Circular 01/2020/TT-BTP)."""

    record_code: str
    requested_by: str
    papers: list[CopiedPaper]
    book: str  # "01/2026"
    electronic: bool
    signature: Signature


class Signer(TypedDict):
    name: str
    number: str


class CertifiedSignature(Head):
    """Lời chứng chứng thực chữ ký (Circular 01/2020/TT-BTP, annex)."""

    record_code: str
    venue: str
    certifier: str
    certifier_title: str
    signers: list[Signer]
    paper: str  # what they signed
    receiver: str  # before whom they signed
    book: str
    signature: Signature


class AllowanceDecision(Head):
    """Quyết định trợ cấp thờ cúng liệt sĩ (Decree 131/2021/NĐ-CP, article 28)."""

    issuer: str  # "GIÁM ĐỐC SỞ LAO ĐỘNG - THƯƠNG BINH VÀ XÃ HỘI"
    bases: list[str]
    proposed_by: str
    beneficiary: str
    beneficiary_number: str
    beneficiary_address: str
    relation: str
    martyr: str
    died_on: date | None
    merit_number: str
    amount: int  # VND a year
    from_year: int
    executors: str
    recipients: list[str]
    signature: Signature


class Rejection(Addressed):
    """Thông báo không giải quyết hồ sơ: no result, with reasons and the way to complain."""

    record_code: str
    procedure_name: str
    decided_by: str  # in everyday letters
    addressee: str
    addressee_address: str
    matter: str
    reasons: list[Reason]
    advice: str
    recipients: list[str]
    signature: Signature


CONTENTS: dict[str, type] = {
    "construction_permit": ConstructionPermit,
    "household_business_certificate": HouseholdBusinessCertificate,
    "certified_copy": CertifiedCopy,
    "certified_signature": CertifiedSignature,
    "allowance_decision": AllowanceDecision,
    "general_result": GeneralResult,
    "rejection": Rejection,
}
