"""Papers of civil status: certificates, extracts, and the applicant's declaration."""

from __future__ import annotations

from portal.core import clock
from portal.core.text import lowered
from portal.documents import civil_status_types as types
from portal.documents.parts import Fact
from portal.documents.words import NOT_YET, number_in_words, short_date
from portal.records.contents.writing import Writing, filled_in_forms, head, home, printed, signature
from portal.records.further_results import FURTHER
from portal.records.record_file import DocumentView

_STATUS = {
    "never": "Chưa đăng ký kết hôn với ai",
    "divorced": "Đã ly hôn, hiện tại chưa đăng ký kết hôn với ai khác",
    "widowed": "Có vợ hoặc chồng đã chết, hiện tại chưa đăng ký kết hôn với ai khác",
    "married": "Hiện tại đang có vợ hoặc chồng",
}
_EVENTS = {"birth": "khai sinh", "marriage": "kết hôn", "death": "khai tử", "other": "hộ tịch"}


def marital_status(writing: Writing) -> types.MaritalStatus:
    partner = writing.text("partner")
    purpose = writing.choice("purpose").lower()
    return types.MaritalStatus(
        **head(writing),
        name=writing.text("full_name"),
        birth_date=writing.day("birth_date"),
        gender=_gender(writing.text("id_no")),
        ethnicity="",
        nationality="Việt Nam",
        person_number=writing.text("id_no"),
        residence=home(writing),
        status=_STATUS.get(writing.text("status"), ""),
        purpose=f"{purpose} với {partner}" if partner else purpose,
        until=writing.document.valid_until,
        signature=signature(writing, writing.document.signed_by),
    )


def birth_certificate(writing: Writing) -> types.BirthCertificate:
    born = writing.day("dob")
    code = next((form["code"] for form in filled_in_forms(writing) if form.get("code")), "")
    year = clock.local_day(writing.document.issued_at or writing.file.record.submitted_at).year
    return types.BirthCertificate(
        **head(writing),
        child=_child(writing),
        birth_date=born,
        birth_date_in_words=(
            f"ngày {number_in_words(born.day)} tháng {number_in_words(born.month)} năm {number_in_words(born.year)}"
            if born
            else ""
        ),
        gender=writing.choice("gender"),
        ethnicity=writing.text("ethnicity"),
        nationality=writing.text("nationality"),
        born_at=writing.text("born_at"),
        hometown=writing.text("hometown"),
        person_number=str(code),
        mother=_parent(writing, "mother"),
        father=_parent(writing, "father"),
        registered_by=writing.text("full_name"),
        relation=writing.choice("relation").lower(),
        book=f"01/{year}",
        signature=signature(writing, writing.document.signed_by),
    )


def civil_status_extract(writing: Writing) -> types.CivilStatusExtract:
    """An extract that was asked for, or the copies that come with a birth certificate."""
    if writing.document.kind == FURTHER:
        return _birth_extract(writing)
    found = next((form for form in filled_in_forms(writing) if form.get("book_no")), {})
    event = writing.text("event")
    day = writing.day("person_dob")
    facts = [
        Fact(label="Ngày, tháng, năm sinh", value=short_date(day) if day else ""),
        Fact(label="Số đăng ký", value=str(found.get("book_no") or writing.text("reg_no"))),
        Fact(label="Ngày đăng ký", value=_short(found.get("book_date") or writing.text("reg_date"))),
    ]
    return types.CivilStatusExtract(
        **head(writing),
        event=_EVENTS.get(event, ""),
        person=writing.text("person"),
        facts=facts,
        registered_at=writing.place("registered_at"),
        copies=int(writing.number("copies")),
        signature=signature(writing, writing.document.signed_by),
    )


def _birth_extract(writing: Writing) -> types.CivilStatusExtract:
    certificate = writing.file.result
    born = writing.day("dob")
    facts = [
        Fact(label="Ngày, tháng, năm sinh", value=short_date(born) if born else ""),
        Fact(label="Giới tính", value=writing.choice("gender")),
        Fact(label="Dân tộc", value=writing.text("ethnicity")),
        Fact(label="Quốc tịch", value=writing.text("nationality")),
        Fact(label="Nơi sinh", value=writing.text("born_at")),
        Fact(label="Quê quán", value=writing.text("hometown")),
        Fact(label="Họ và tên mẹ", value=writing.text("mother_name")),
        Fact(label="Họ và tên cha", value=writing.text("father_name")),
        Fact(label="Số đăng ký", value=_registered(certificate)),
    ]
    return types.CivilStatusExtract(
        **head(writing),
        event=_EVENTS["birth"],
        person=_child(writing),
        facts=facts,
        registered_at=writing.unit.name,
        copies=int(writing.number("copies")),
        signature=signature(writing, certificate.signed_by if certificate else None),
    )


def _registered(certificate: DocumentView | None) -> str:
    """Under which number the birth was registered: the certificate's, as it is printed there."""
    if certificate is None or certificate.number is None:
        return NOT_YET
    return certificate.reference


def pledge(writing: Writing) -> types.Pledge:
    """The applicant's declaration, in the words that were sent."""
    record = writing.file.record
    form = writing.event.details.get("form") or {}
    return types.Pledge(
        **head(writing, made_at=writing.event.at),
        addressee=printed(writing.unit.name),
        name=writing.text("full_name"),
        birth_date=writing.day("birth_date"),
        person_number=writing.text("id_no"),
        residence=home(writing),
        about=lowered(record.subject),
        words=str(form.get("words", "")),
        record_code=record.code,
    )


def _child(writing: Writing) -> str:
    return " ".join(part for part in map(writing.text, ("surname", "middle", "given")) if part)


def _parent(writing: Writing, who: str) -> list[Fact]:
    """What is known of a parent; nothing when the parent is not known."""
    if not writing.answers.get(f"{who}_known"):
        return []
    labels = {
        "name": "Họ và tên",
        "birth_year": "Năm sinh",
        "ethnicity": "Dân tộc",
        "nationality": "Quốc tịch",
        "residence": "Nơi cư trú",
    }
    return [Fact(label=label, value=writing.text(f"{who}_{name}")) for name, label in labels.items()]


def _gender(person_number: str) -> str:
    """The fourth digit of a personal number says it: even for men, odd for women (Decree 59/2022/NĐ-CP)."""
    digit = person_number[3:4]
    return ("Nữ" if int(digit) % 2 else "Nam") if digit.isdigit() else ""


def _short(day: str) -> str:
    year, _, rest = day.partition("-")
    month, _, number = rest.partition("-")
    return f"{number}/{month}/{year}" if number else ""
