"""Forms that the office prints from what happened: the control slip of a record, the register of a unit."""

from __future__ import annotations

import zipfile
from datetime import timedelta
from io import BytesIO

import pypdfium2
import pytest
from sqlalchemy import Connection, text

from portal.core import clock
from portal.core.actor import SYSTEM
from portal.core.unit_of_work import reading
from portal.jobs.drain import drain
from portal.jobs.types import DOCUMENTS
from portal.records import book_prints
from tests.harness.client import heading, submit, words_of
from tests.integration.web.official.conftest import HEAD, RECEPTIONIST, AsOfficial, Permit, person

REGISTER = "/can-bo/so-theo-doi"

pytestmark = pytest.mark.usefixtures("office")


def days(first: int = 0) -> str:
    """The address of this day, or of days before it."""
    today = clock.local_day(clock.now())
    sent = {"first_day": today - timedelta(days=first), "last_day": today}
    parts = [f"{name}-{part}={getattr(day, part)}" for name, day in sent.items() for part in ("day", "month", "year")]
    return "&".join(parts)


def asked(login: str, share: str = "nhan") -> str:
    with reading(SYSTEM) as session:
        unit = session.execute(text("SELECT unit_id FROM post WHERE person_id = :who"), {"who": person(login).id})
        return f"?unit={unit.scalars().first()}&kind={share}&{days(first=7)}"


def test_the_slip_says_who_handed_the_record_to_whom(as_official: AsOfficial, permit: Permit) -> None:
    walk = permit("receive.accept", "forward.hand_over")
    browser = as_official(RECEPTIONIST)
    page = browser.get(f"/can-bo/ho-so/{walk.file().record.code}/phieu-kiem-soat")
    assert heading(page) == "Phiếu kiểm soát quá trình giải quyết hồ sơ"
    assert "Người nộp hồ sơ" in words_of(page)
    assert "chưa nhận" in words_of(page)
    printed = browser.get(f"/can-bo/ho-so/{walk.file().record.code}/phieu-kiem-soat.pdf")
    assert (printed.status_code, printed.data[:5]) == (200, b"%PDF-")


def test_the_register_lists_what_the_unit_received_with_its_number(
    as_official: AsOfficial, permit: Permit, office: Connection
) -> None:
    walk = permit("receive.accept")
    browser = as_official(RECEPTIONIST)
    page = browser.get(REGISTER + asked(RECEPTIONIST))
    said = words_of(page)
    assert walk.file().record.code in said
    assert f"số {clock.local(walk.file().record.submitted_at):%d}-{walk.file().record.code.rpartition('-')[2]}" in said
    assert "0905123456" in said
    noted = office.execute(text("SELECT details FROM audit_entry WHERE kind = 'register_read' ORDER BY at DESC"))
    assert noted.scalars().all()[0]["count"] >= 1
    sheet = browser.get(f"{REGISTER}/so.xlsx{asked(RECEPTIONIST)}")
    with zipfile.ZipFile(BytesIO(sheet.data)) as book:
        assert walk.file().record.code in book.read("xl/sharedStrings.xml").decode()


def test_a_book_is_drawn_by_the_worker_for_who_asked(as_official: AsOfficial, permit: Permit) -> None:
    walk = permit("receive.accept")
    browser = as_official(RECEPTIONIST)
    page = str(submit(browser, REGISTER + asked(RECEPTIONIST), button="In sổ (PDF)").headers["Location"])
    assert "Đang vẽ bản in" in words_of(browser.get(page))
    assert browser.get(f"{page}/so.pdf").status_code == 404
    drain(DOCUMENTS, book_prints.KINDS)
    assert "Tải sổ để in (PDF)" in words_of(browser.get(page))
    pdf = browser.get(f"{page}/so.pdf")
    pdf.headers["Content-Disposition"].encode("latin-1")  # what a web server can send
    assert walk.file().record.code in pypdfium2.PdfDocument(pdf.data)[0].get_textpage().get_text_range().replace(
        "\r\n", ""
    )
    assert [as_official(HEAD).get(address).status_code for address in (page, f"{page}/so.pdf")] == [404, 404]


def test_a_unit_that_takes_part_has_a_register_of_its_own(as_official: AsOfficial, permit: Permit) -> None:
    walk = permit("receive.accept", "forward.hand_over")
    browser = as_official(HEAD)
    assert walk.file().record.code in words_of(browser.get(REGISTER + asked(HEAD, "giai-quyet")))
    assert walk.file().record.code not in words_of(browser.get(REGISTER + asked(HEAD)))


def test_a_record_whose_clock_stands_still_is_not_late(
    as_official: AsOfficial, permit: Permit, office: Connection
) -> None:
    walk = permit("receive.accept")
    late = text("UPDATE record SET due_at = now() - interval '1 hour', paused_at = :since WHERE id = :wanted")
    for since, told in ((None, True), (clock.now() - timedelta(hours=2), False)):
        office.execute(late, {"since": since, "wanted": walk.record_id})
        assert ("Quá hạn" in words_of(as_official(RECEPTIONIST).get(REGISTER + asked(RECEPTIONIST)))) is told


def test_the_register_of_another_unit_stays_closed(as_official: AsOfficial, permit: Permit) -> None:
    permit("receive.accept")
    browser = as_official(HEAD)
    refused = browser.get(REGISTER + asked(RECEPTIONIST))
    assert refused.status_code == 422
    assert browser.get(f"{REGISTER}/so.xlsx{asked(RECEPTIONIST)}").status_code == 422


def test_days_the_wrong_way_round_are_refused_at_their_box(as_official: AsOfficial) -> None:
    page = as_official(HEAD).get(REGISTER + asked(HEAD).replace("last_day-year=2", "last_day-year=1"))
    assert page.status_code == 422
    assert "Ngày cuối phải từ ngày đầu trở đi" in words_of(page)
    far = as_official(HEAD).get(REGISTER + asked(HEAD).replace("last_day-year=2", "last_day-year=3"))
    assert "Lỗi: Đến hết ngày phải không sau 31/12/2100" in words_of(far)
