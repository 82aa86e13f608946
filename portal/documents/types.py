"""What each template prints. It is stored as plain JSON, dates and times as ISO 8601; callers may pass either.

An empty string leaves the line out or prints dots where the law's form has a line. Every agency name is written as it
is printed at the head of the page (Decree 30/2020/NĐ-CP, annex I): the caller writes "ỦY BAN NHÂN DÂN QUẬN NINH KIỀU".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from typing_extensions import TypedDict  # pydantic cannot read the standard one before Python 3.12


class Head(TypedDict):
    """Begins every content. `agency_above` is the superior agency, printed over `agency`; `place` is the place name
    before the date ("Ninh Kiều"); `made_on` the day printed until the document is issued, None for a draft."""

    agency_above: str
    agency: str
    place: str
    made_on: date | None


class Signature(TypedDict):
    """`capacity` in lines from the top (["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"]); `name` is empty until somebody signs."""

    capacity: list[str]
    name: str


class Applicant(TypedDict):
    """`name` with the organisation when there is one; the other lines may be empty."""

    name: str
    address: str
    phone: str
    email: str


class PaperLine(TypedDict):
    """`kind`: "bản chính", "bản sao", "xuất trình bản chính"; `words.copies` reads it from the definition."""

    name: str
    kind: str
    quantity: int


class FeeLine(TypedDict):
    """`amount` in VND; `status` as printed: "đã nộp trực tuyến", "nộp khi nhận kết quả"."""

    name: str
    amount: int
    status: str


class Fact(TypedDict):
    """A label and its value, printed as "label: value"."""

    label: str
    value: str


class Reason(TypedDict):
    """`basis`: article and document ("điểm b khoản 1 Điều 95 Luật Xây dựng"), may be empty."""

    text: str
    basis: str


class Form01(Head):
    """Giấy tiếp nhận hồ sơ và hẹn trả kết quả (domain.md 3, form 01)."""

    record_code: str
    secret_version: int  # of the record: the look-up secret is worked out when printing, and stored nowhere
    procedure_name: str
    received_by: str  # whose counter it is, in everyday letters: "UBND quận Ninh Kiều"
    applicant: Applicant
    matter: str
    papers: list[PaperLine]
    sets: int
    term: str  # "15 ngày", "03 ngày làm việc", "trong ngày"
    received_at: datetime
    due_at: datetime
    return_to: str  # counter, postal address, or online
    fees: list[FeeLine]
    receiver: str  # the official who received


class SupplementItem(TypedDict):
    """One thing to supply. `wanted`: what to do ("Nộp bản thay thế"); quantities of originals, certified copies and
    plain copies, 0 when not asked on paper."""

    name: str
    wanted: str
    reason: str
    basis: str
    originals: int
    certified: int
    plain: int


class Form02(Head):
    """Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ (domain.md 3, form 02)."""

    record_code: str
    procedure_name: str
    applicant: Applicant
    matter: str
    round: int  # which request of this record, from 1
    items: list[SupplementItem]
    answer_by: date | None
    due_before: str  # due date promised so far, as printed; empty before acceptance
    due_after: str  # how it moves: "tính lại từ ngày nhận đủ hồ sơ bổ sung"
    contact_name: str
    contact_place: str
    signature: Signature


class Form03(Head):
    """Phiếu từ chối tiếp nhận giải quyết hồ sơ (domain.md 3, form 03)."""

    record_code: str
    procedure_name: str
    refused_by: str
    applicant: Applicant
    matter: str
    reasons: list[Reason]
    advice: str  # what the applicant may do next
    signature: Signature


class Receipt(Head):
    """Biên nhận điện tử, right after submission; it promises an answer, not yet a result."""

    record_code: str
    secret_version: int
    procedure_name: str
    received_by: str
    applicant: Applicant
    matter: str
    papers: list[PaperLine]
    fees: list[FeeLine]
    submitted_at: datetime
    reception_due_at: datetime


class HandOver(TypedDict):
    """One hand-over: from an agency to the next. `outcome`: "Trước hạn", "Đúng hạn", "Quá hạn 1 ngày" or empty."""

    from_unit: str
    from_person: str
    handed_at: datetime
    to_unit: str
    to_person: str
    received_at: datetime | None
    outcome: str
    note: str


class ControlSlip(Head):
    """Phiếu kiểm soát quá trình giải quyết hồ sơ: a projection of the hand-over events, never typed."""

    record_code: str
    procedure_name: str
    applicant: Applicant
    responsible: str  # the agency that decides
    cooperating: list[str]
    received_at: datetime
    due_at: datetime | None
    hand_overs: list[HandOver]


class Letter(Head):
    """Công văn: a request for an opinion, an opinion, a list sent upwards."""

    about: str  # after "V/v", lower case
    addressees: list[str]
    paragraphs: list[str]
    columns: list[str]  # of a table after the paragraphs; empty when there is none
    rows: list[list[str]]
    closing: str
    recipients: list[str]  # Nơi nhận
    signature: Signature


class Participant(TypedDict):
    name: str
    role: str


class Minutes(Head):
    """Biên bản kiểm tra thực địa, biên bản làm việc."""

    title: str  # "KIỂM TRA THỰC ĐỊA"
    about: str
    record_code: str
    opened_at: datetime
    closed_at: datetime | None
    venue: str
    participants: list[Participant]
    facts: list[Fact]
    findings: list[str]
    conclusion: str
    signatures: list[Signature]  # one or two, from left to right


class ConstructionPermit(Head):
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


class CopiedPaper(TypedDict):
    title: str
    pages: int
    copies: int


class CertifiedCopy(Head):
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


class Rejection(Head):
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


class Apology(Head):
    """Phiếu xin lỗi và hẹn lại ngày trả kết quả (domain.md 3, form 04). `new_day` is proposed until it is signed."""

    record_code: str
    procedure_name: str
    apologises: str  # in everyday letters
    addressee: str
    addressee_address: str
    matter: str
    accepted_at: datetime
    was_due_at: datetime
    reason: str
    new_day: date
    recipients: list[str]
    signature: Signature


CONTENTS: dict[str, type] = {
    "form01": Form01,
    "form02": Form02,
    "form03": Form03,
    "receipt": Receipt,
    "control_slip": ControlSlip,
    "letter": Letter,
    "minutes": Minutes,
    "construction_permit": ConstructionPermit,
    "household_business_certificate": HouseholdBusinessCertificate,
    "certified_copy": CertifiedCopy,
    "certified_signature": CertifiedSignature,
    "allowance_decision": AllowanceDecision,
    "rejection": Rejection,
    "apology": Apology,
}
"""Each template's content; the template is templates/documents/<name>.html."""


@dataclass(frozen=True)
class IssuedDocument:
    """A document as lists and pages show it. `file_digest` is None until the worker has printed it."""

    id: UUID
    record_id: UUID
    unit_id: UUID
    kind: str
    template: str
    title: str
    title_en: str
    for_applicant: bool
    series: str | None
    year: int | None
    number: int | None
    drafted_by: UUID | None
    initialled_by: UUID | None
    signed_by: UUID | None
    signed_at: datetime | None
    issued_at: datetime | None
    valid_until: date | None
    created_at: datetime
    file_digest: str | None

    @property
    def is_draft(self) -> bool:
        """A document that will have a number and has none yet."""
        return self.series is not None and self.number is None

    @property
    def number_line(self) -> str:
        """ "45/GPXD", or nothing for a form without a series."""
        if self.series is None:
            return ""
        return f"{'…' if self.number is None else self.number}/{self.series}"

    @property
    def file_name(self) -> str:
        return f"{self.title} {self.number_line.replace('/', '-')}".strip() + ".pdf"
