"""What the forms print that every procedure uses: receipt, slips, letters, minutes."""

from __future__ import annotations

from datetime import date, datetime
from typing import NotRequired

from typing_extensions import TypedDict  # pydantic cannot read the standard one before Python 3.12

from portal.documents.parts import Addressed, Applicant, Fact, FeeLine, Head, PaperLine, Reason, Signature


class Form01(Head):
    """Giấy tiếp nhận hồ sơ và hẹn trả kết quả (Circular 01/2018/TT-VPCP, form 01)."""

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
    book: str  # of the register in which the record stands: "02/2026"
    entry: str  # its number there
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


class Form02(Addressed):
    """Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ (Circular 01/2018/TT-VPCP, form 02)."""

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


class Form03(Addressed):
    """Phiếu từ chối tiếp nhận giải quyết hồ sơ (Circular 01/2018/TT-VPCP, form 03)."""

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
    visit: NotRequired[str]  # day and hour at the counter; missing or empty without an appointment


class ReceiptedFee(TypedDict):
    """`kind`: "Phí", "Lệ phí"; `amount` in VND."""

    kind: str
    name: str
    amount: int


class Collector(TypedDict):
    """Who collects, as the tax authority knows it; an empty `tax_code` is not known here."""

    name: str
    address: str
    tax_code: str


class FeeReceipt(Head):
    """Biên lai thu phí, lệ phí (Decree 123/2020/NĐ-CP, articles 30 to 36, as amended by 70/2025/NĐ-CP).

    Its series is the receipt's symbol. `taken_by` and `taken_at`: the cashier of cash, and the counter.
    """

    kind_name: str
    template_symbol: str
    record_code: str
    secret_version: int
    procedure_name: str
    collector: Collector
    applicant: Applicant
    lines: list[ReceiptedFee]
    way: str
    transaction: str
    paid_at: datetime
    taken_by: str
    taken_at: str


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


class ListedRecord(TypedDict):
    code: str
    name: str
    subject: str


class RecordList(Head):
    """Danh sách: the records that went on together, one document for all of them."""

    procedure_name: str
    step: str  # what was done, lower case: "trình trưởng phòng"
    records: list[ListedRecord]
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


class Apology(Addressed):
    """Phiếu xin lỗi và hẹn lại ngày trả kết quả (Circular 01/2018/TT-VPCP, form 04).

    Since Circular 03/2025/TT-VPCP it is the letter that apologises and asks to extend the term: `asks_to_extend`.
    `new_day` is proposed until it is signed."""

    asks_to_extend: bool

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


class Stopping(Addressed):
    """Thông báo dừng giải quyết hồ sơ (Circular 03/2025/TT-VPCP): taken back, stopped, or not supplemented in time."""

    record_code: str
    procedure_name: str
    stops: str  # in everyday letters
    applicant: Applicant
    matter: str
    received_at: datetime
    stopped_at: datetime
    cause: str  # "theo đề nghị của người nộp hồ sơ"
    reason: str  # what was written down with it; may be empty
    fees: list[FeeLine]  # `status` says what becomes of what was paid
    advice: str
    recipients: list[str]
    signature: Signature


class Extension(Addressed):
    """Thông báo gia hạn thời gian giải quyết: the law's leave to take longer, before the term has run out."""

    record_code: str
    procedure_name: str
    extends: str  # in everyday letters
    addressee: str
    addressee_address: str
    matter: str
    accepted_at: datetime
    was_due_at: datetime
    due_at: datetime  # the one new date
    reason: str
    basis: str  # when the term may be extended; may be empty
    recipients: list[str]
    signature: Signature


CONTENTS: dict[str, type] = {
    "form01": Form01,
    "form02": Form02,
    "form03": Form03,
    "receipt": Receipt,
    "fee_receipt": FeeReceipt,
    "control_slip": ControlSlip,
    "letter": Letter,
    "record_list": RecordList,
    "minutes": Minutes,
    "apology": Apology,
    "extension": Extension,
    "stopping": Stopping,
}
