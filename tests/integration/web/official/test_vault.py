"""Papers that are handed in again: what was issued is genuine for the next official, what is wrong is said at once."""

from __future__ import annotations

from io import BytesIO
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from portal.config import Settings
from portal.core import clock
from portal.core.actor import Actor, ActorKind
from portal.core.errors import InvalidInput
from portal.core.unit_of_work import unit_of_work
from portal.demonstration.walking import Walk, fill_in, send
from portal.records import vault
from portal.records.paper_uploads import WRONG, UploadedPaper, keep_paper
from portal.records.vault import Details
from portal.records.verdicts import Worth
from tests.harness.client import PageClient, page_of, submit, words_of
from tests.harness.statements import count_queries
from tests.integration.records.arranging import APPLICANT, CAI_KHE, FORMS, SIGNATURE
from tests.integration.web.filing.filling import PDF
from tests.integration.web.official.conftest import AsOfficial, person
from tests.integration.web.official.test_electronic_signing import (
    at_the_leaders,
    certificates,
    file_of,
    result,
    signs,
    trusted,
)
from tests.integration.web.official.test_verification import change, sealed
from tests.unit.signing.conftest import revised

FIXTURES = (at_the_leaders, certificates, sealed, signs, trusted)
STORE = "/kho-giay-to"
RECORD = "SELECT record_id FROM document WHERE id = :wanted"
AN, BINH = "092085001234", "092190004321"


@pytest.fixture
def owner(as_official: AsOfficial) -> PageClient:
    """The applicant's browser."""
    return as_official(AN)


@pytest.fixture
def slot(office: object) -> str:
    return new_slot()


def new_slot() -> str:
    """Where the text to be certified is handed in, in a new draft of the applicant."""
    answers = {**APPLICANT, **FORMS[SIGNATURE].answers}
    draft_id = fill_in(
        SIGNATURE, owner=applicant(), answers=answers, papers=(), place=CAI_KHE, level="commune", now=clock.now()
    )
    return f"/to-khai/{draft_id}/giay-to/text"


def applicant() -> Actor:
    citizen = person(AN)
    return Actor(kind=ActorKind.CITIZEN, person_id=citizen.id, name=citizen.full_name)


def upload(browser: PageClient, address: str, pdf: bytes, *, field: str = "files") -> str:
    """The page after the upload."""
    answer = submit(browser, address, {field: FileStorage(BytesIO(pdf), "giay.pdf")}, button="Tải lên", follow=True)
    return words_of(answer)


def offered_in(browser: PageClient, slot: str) -> list[str]:
    boxes = page_of(browser.get(slot)).iter("input")
    return [str(box.get("value")) for box in boxes if box.get("name") == "item"]


def forged(browser: PageClient, slot: str, item: str) -> int:
    """What comes of a choice that the page does not offer."""
    fields = page_of(browser.get(slot)).iter("input")
    token = next(field.get("value") for field in fields if field.get("name") == "csrf_token")
    return browser.post(f"{slot}/tu-kho", data={"csrf_token": token, "item": item}).status_code


def test_a_result_is_handed_in_from_the_store_and_the_official_sees_that_it_is_genuine(
    owner: PageClient, sealed: Walk, slot: str, as_official: AsOfficial, settings: Settings
) -> None:
    number = result(sealed).reference
    shown = words_of(owner.get(STORE))
    assert number in shown
    assert number not in words_of(as_official(BINH).get(STORE)), "another's results"
    assert "Nộp phí rồi tải được" in shown
    assert offered_in(owner, slot) == [], "nor is it handed in before"
    assert forged(owner, slot, str(result(sealed).id)) == 422
    assert "Đã tải lên" not in words_of(owner.get(slot)), "nor downloaded from a draft"
    pdf = owner.get(f"/ho-so/{sealed.file().record.code}/van-ban/{result(sealed).id}")
    assert (pdf.status_code, pdf.location.endswith("/nop-phi")) == (303, True)
    change(sealed, f"UPDATE fee_line SET paid_at = :now WHERE record_id = ({RECORD})")
    assert "Cổng đã xác minh" in words_of(owner.get(STORE))
    hidden = words_of(submit(owner, STORE, button=f"Ẩn khỏi kho {result(sealed).title}, số {number}", follow=True))
    assert "Đang ẩn 1 kết quả" in hidden
    assert offered_in(owner, slot) == [], "hidden"
    back = words_of(submit(owner, STORE, button=f"Hiện lại {result(sealed).title}, số {number}", follow=True))
    assert "Đang ẩn" not in back
    (item,) = offered_in(owner, slot)
    stranger = as_official(BINH)
    fields = page_of(stranger.get(f"{STORE}/them")).iter("input")
    token = next(field.get("value") for field in fields if field.get("name") == "csrf_token")
    assert stranger.post(f"{STORE}/ket-qua/{item}/an", data={"csrf_token": token}).status_code == 404
    taken = submit(owner, slot, {"item": item}, button="Dùng giấy này", follow=True)
    assert f"Đúng là kết quả số {number}" in words_of(taken)
    assert offered_in(owner, slot) == [], "it is there already"
    key = settings.receipt_key.encode()
    walk = send(UUID(slot.split("/")[2]), owner=applicant(), receipt_key=key, now=clock.now())
    desk, record = as_official("ck.ju1"), f"/can-bo/ho-so/{walk.file().record.code}"
    said = words_of(desk.get(record))
    assert f"Đúng là kết quả số {number}" in said
    assert "từ kho giấy tờ" in said
    change(sealed, "UPDATE document SET ended_at = :now WHERE id = :wanted")
    assert "đã được thay bằng bản mới" in words_of(desk.get(record)), "the registry is asked anew"
    assert "Đã được thay" in words_of(owner.get(STORE))


def test_one_upload_that_comes_twice_at_once_is_one_paper(
    office: object, sealed: Walk, monkeypatch: pytest.MonkeyPatch
) -> None:
    who, now = applicant(), clock.now()
    with unit_of_work(who) as session:
        uploaded = kept(session, PDF, is_signed=False)
        with count_queries() as sent:
            first, is_new = vault.put_in(session, uploaded, Details("Một"), actor=who, now=now)
        assert (is_new, len(sent)) == (True, 2), "however many results there are"
        unseen = text("SELECT NULL::uuid AS result_id, NULL::uuid AS paper_id, 0 AS papers")
        monkeypatch.setattr(vault, "_THERE", unseen)  # as whoever looked just before
        assert vault.put_in(session, uploaded, Details("Hai"), actor=who, now=now) == (first, False)


def test_a_signature_that_does_not_hold_is_told_at_the_paper_and_the_file_stays(
    owner: PageClient, sealed: Walk, slot: str
) -> None:
    said = upload(owner, slot, revised(file_of(sealed)))
    assert "Đã tải lên 1 tệp" in said
    assert "Tệp đã bị thêm nội dung sau khi ký số. Xóa tệp này và tải lên đúng tệp đã ký" in said
    with unit_of_work(applicant()) as session:
        with pytest.raises(InvalidInput, match=WRONG[Worth.NOT_SIGNED]):
            kept(session, PDF)
        assert kept(session, file_of(sealed)).known.document_id == result(sealed).id


def kept(session: Session, pdf: bytes, *, is_signed: bool = True) -> UploadedPaper:
    return keep_paper(
        session, BytesIO(pdf), file_name="a.pdf", formats=("pdf",), max_mb=10, now=clock.now(), must_be_signed=is_signed
    )


def test_a_paper_is_kept_described_offered_and_taken_out_without_touching_what_was_handed_in(
    owner: PageClient, slot: str, as_official: AsOfficial
) -> None:
    assert "Đây là giấy gì?" in upload(owner, f"{STORE}/them", PDF, field="file")
    assert "Giấy này đã có trong kho" in upload(owner, f"{STORE}/them", PDF, field="file")
    (item,) = offered_in(owner, slot)
    details = {"name": "Giấy uỷ quyền mẫu", "number": "12/UQ", "issuer": "UBND phường Mẫu"}
    days = {"issued_on-day": "1", "issued_on-month": "2", "issued_on-year": "2026"}
    past = {"expires_on-day": "1", "expires_on-month": "3", "expires_on-year": "2026"}
    wrong = submit(owner, f"{STORE}/{item}", {**details, **days, **{**past, "expires_on-year": "2025"}})
    assert (wrong.status_code, "Giấy uỷ quyền mẫu" in wrong.text) == (422, True)
    submit(owner, slot, {"item": item}, button="Dùng giấy này")
    assert submit(owner, f"{STORE}/{item}", {**details, **days, **past}).status_code == 303
    shown = words_of(owner.get(STORE))
    assert "Giấy uỷ quyền mẫu, số 12/UQ Đã hết hạn" in shown
    assert "UBND phường Mẫu cấp 1/2/2026 · đã hết hạn 1/3/2026" in shown
    assert offered_in(owner, new_slot()) == [], "expired"
    stranger = as_official(BINH)
    assert [stranger.get(f"{STORE}/{item}{way}").status_code for way in ("", "/tep", "/bo")] == [404] * 3
    assert submit(owner, f"{STORE}/{item}/bo", button="Bỏ khỏi kho").status_code == 303
    assert "Giấy uỷ quyền mẫu" not in words_of(owner.get(STORE)).replace("Đã bỏ khỏi kho: Giấy uỷ quyền mẫu", "")
    assert "giay.pdf" in words_of(owner.get(slot)), "the draft keeps its own"
