"""What permits, licences and notices of the later procedures print. The rules of `parts` hold here too."""

from __future__ import annotations

from datetime import date

from typing_extensions import TypedDict  # pydantic cannot read the standard one before Python 3.12

from portal.documents.parts import Addressed, Head, Reason, Signature


class PermitExtension(Addressed):
    """Gia hạn giấy phép xây dựng: the entry that the law has written on the permit (Law 50/2014/QH13, article 99)."""

    owner: str
    owner_number: str
    permit_number: str
    permit_date: date | None
    site: str
    reason: str
    months: int
    round: int  # which extension of the permit, from 1
    valid_until: date | None
    recipients: list[str]
    signature: Signature


class SuspensionConfirmation(Head):
    """Giấy xác nhận tạm ngừng, hoặc tiếp tục kinh doanh trước thời hạn (Decree 01/2021/NĐ-CP, article 91)."""

    name: str
    business_number: str
    address: str
    owner: str
    suspends: bool  # else it resumes
    from_day: date | None
    to_day: date | None
    reason: str
    recipients: list[str]
    signature: Signature


class TerminationNotice(Head):
    """Thông báo về việc chấm dứt hoạt động hộ kinh doanh (Decree 01/2021/NĐ-CP, article 92)."""

    name: str
    business_number: str
    address: str
    owner: str
    owner_number: str
    end_date: date | None
    reason: str
    recipients: list[str]
    signature: Signature


class PointOfSale(TypedDict):
    address: str


class Supplier(TypedDict):
    name: str
    licence_number: str


class AlcoholLicence(Head):
    """Giấy phép bán lẻ rượu (Decree 105/2017/NĐ-CP, annex)."""

    holder: str
    registration_number: str
    address: str
    phone: str
    points: list[PointOfSale]
    suppliers: list[Supplier]
    valid_until: date | None
    bases: list[Reason]
    recipients: list[str]
    signature: Signature


class FoodSafetyCertificate(Head):
    """Giấy chứng nhận cơ sở đủ điều kiện an toàn thực phẩm (Decree 155/2018/NĐ-CP, annex)."""

    business: str
    holder: str
    registration_number: str
    address: str
    phone: str
    meals: int  # a day
    valid_until: date | None
    recipients: list[str]
    signature: Signature


class TeamMember(TypedDict):
    name: str
    part: str  # "Trưởng đoàn"


class TeamDecision(Head):
    """Quyết định thành lập đoàn thẩm định."""

    issuer: str
    about: str
    record_code: str
    members: list[TeamMember]
    venue: str
    visit_on: date | None
    visit_hour: str
    recipients: list[str]
    signature: Signature


class RemedyReport(Head):
    """What the applicant did about what the inspection demanded, in the words that were sent."""

    addressee: str
    name: str
    business: str
    venue: str
    demanded: str
    remedied: str
    record_code: str


CONTENTS: dict[str, type] = {
    "permit_extension": PermitExtension,
    "suspension_confirmation": SuspensionConfirmation,
    "termination_notice": TerminationNotice,
    "alcohol_licence": AlcoholLicence,
    "food_safety_certificate": FoodSafetyCertificate,
    "team_decision": TeamDecision,
    "remedy_report": RemedyReport,
}
