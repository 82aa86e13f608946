"""A definition written in the browser, sent, compared, published by a second administrator or given back."""

from __future__ import annotations

from io import BytesIO

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from werkzeug.http import parse_options_header

from portal.catalogue import queries
from portal.catalogue.models import DefinitionDraft
from portal.core import clock
from portal.core.actor import PUBLIC, SYSTEM
from portal.core.unit_of_work import reading, unit_of_work
from portal.demonstration.definitions import load_definitions
from tests.harness import html
from tests.harness.client import PageClient, heading, page_of, submit, words_of
from tests.integration.web.admin.writing import (
    BROKEN,
    CHANGED,
    CODE,
    FIRST,
    SECOND,
    SIGNATURE,
    draft,
    line_of,
    noted,
    send,
    write,
)
from tests.integration.web.official.conftest import AsOfficial, person


def version_in_force() -> tuple[int, int]:
    """Number of the version, and the minutes that it names."""
    with reading(PUBLIC) as session:
        published = queries.get_procedure(session, CODE)
        return published.number, published.procedure.minutes


def test_a_changed_definition_is_published_by_the_second_administrator(as_official: AsOfficial) -> None:
    address = send(as_official(FIRST))
    second = as_official(SECOND)
    assert "Ngô Mẫu Quản gửi duyệt" in words_of(second.get("/quan-tri"))
    compared = words_of(second.get(f"{address}/so-sanh"))
    assert "So với bản 1." in compared
    assert "Số phút điền" in compared
    assert "Không phá vỡ" in compared
    assert version_in_force() == (1, 5)
    answer = submit(second, f"{address}/so-sanh", button="Công bố bản này", follow=True)
    assert "Đã công bố bản 2." in words_of(answer)
    assert "Đỗ Mẫu Duyên" in words_of(answer)
    assert version_in_force() == (2, 8)
    assert draft().state == "published"
    assert noted("procedure_published")[-1] == (person(SECOND).id, {"code": CODE, "number": 2})


def test_every_mistake_is_named_with_its_line_and_nothing_is_published(as_official: AsOfficial) -> None:
    browser = as_official(FIRST)
    address = write(browser, BROKEN)
    page = browser.get(address, follow_redirects=True)
    said = words_of(page)
    assert f"Dòng {line_of(BROKEN, 'minuts')}" in said
    assert f"Dòng {line_of(BROKEN, 'competent_level')}" in said
    assert "Không có khóa minuts ở đây." in said
    assert "Gửi người thứ hai duyệt" not in said
    assert draft().mistakes == 2
    assert draft().name == "Chứng thực chữ ký"
    assert "Chưa đọc được phần này" in words_of(browser.get(f"{address}/so-sanh"))
    assert "2 lỗi phải sửa" in words_of(browser.get(f"{address}/thu"))
    refused = browser.post(f"{address}/gui", data=token(browser, address) | {"revision": "1"})
    assert refused.status_code == 422
    assert "Bản soạn còn 2 lỗi." in words_of(refused)
    assert version_in_force() == (1, 5)


def test_a_text_with_mistakes_is_mended_and_sent(as_official: AsOfficial) -> None:
    browser = as_official(FIRST)
    address = write(browser, BROKEN)
    answer = submit(browser, f"{address}/tep", {"source": CHANGED}, button="Lưu và kiểm", follow=True)
    assert "Đã lưu. Không có lỗi." in words_of(answer)
    assert submit(browser, f"{address}/tep", button="Gửi người thứ hai duyệt").status_code == 303
    assert draft().state == "sent"


def test_nothing_that_changes_nothing_is_sent(as_official: AsOfficial) -> None:
    browser = as_official(FIRST)
    address = write(browser, SIGNATURE)
    answer = submit(browser, f"{address}/tep", button="Gửi người thứ hai duyệt")
    assert answer.status_code == 422
    assert "giống hệt bản đang dùng" in words_of(answer)


def test_a_definition_comes_as_a_file_too(as_official: AsOfficial) -> None:
    browser = as_official(FIRST)
    file = (BytesIO(CHANGED.encode()), "moi.yaml")
    answer = submit(browser, "/quan-tri/ban-soan/moi", {"file": file})
    assert answer.status_code == 303
    assert draft().source == CHANGED
    kept = browser.get(f"/quan-tri/ban-soan/{draft().id}/tai-ve")
    assert kept.get_data(as_text=True) == CHANGED
    assert parse_options_header(kept.headers["Content-Disposition"]) == (
        "attachment",
        {"filename": f"{CODE}-ban-soan.yaml"},
    )


def test_a_definition_whose_code_is_no_code_is_a_file_all_the_same(as_official: AsOfficial) -> None:
    browser = as_official(FIRST)
    write(browser, SIGNATURE.replace(f'"{CODE}"', '"Đá \\"\\r\\nSet-Cookie: a=b"'))
    kept = browser.get(f"/quan-tri/ban-soan/{draft().id}/tai-ve")
    assert kept.status_code == 200
    _kind, given = parse_options_header(kept.headers["Content-Disposition"])
    assert given["filename"] == "Đá _ Set-Cookie_ a=b-ban-soan.yaml"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"file": (b"\xff\xfe\x00", "anh.yaml")}, "Tệp không phải văn bản UTF-8."),
        ({"source": "  \n "}, "Nhập nội dung thủ tục hoặc tải tệp lên"),
    ],
)
def test_what_is_no_text_is_refused_with_a_sentence(
    as_official: AsOfficial, fields: dict[str, object], sentence: str
) -> None:
    uploaded = fields.get("file")
    given = {"file": (BytesIO(uploaded[0]), uploaded[1])} if isinstance(uploaded, tuple) else fields
    answer = submit(as_official(FIRST), "/quan-tri/ban-soan/moi", given)
    assert answer.status_code == 422
    assert sentence in words_of(answer)


def test_text_that_is_no_yaml_is_kept_with_its_mistake(as_official: AsOfficial) -> None:
    browser = as_official(FIRST)
    address = write(browser, "code: [\n")
    assert "Tệp không đúng cú pháp YAML" in words_of(browser.get(f"{address}/tep"))
    assert (draft().code, draft().name, draft().mistakes) == (None, "", 1)


def test_who_writes_does_not_publish(as_official: AsOfficial) -> None:
    first = as_official(FIRST)
    address = send(first)
    page = first.get(f"{address}/so-sanh")
    assert "Công bố bản này" not in words_of(page)
    assert "Người soạn không tự công bố" in words_of(page)
    refused = first.post(f"{address}/cong-bo", data=token(first, address) | {"revision": "2", "number": "1"})
    assert refused.status_code == 403
    assert version_in_force() == (1, 5)


def test_the_database_itself_refuses_a_writer_who_decides(as_official: AsOfficial) -> None:
    send(as_official(FIRST))
    with pytest.raises(IntegrityError), unit_of_work(SYSTEM) as session:
        row = session.get_one(DefinitionDraft, draft().id)
        row.decided_by = row.written_by


def test_a_draft_is_given_back_with_a_reason_and_sent_again(as_official: AsOfficial) -> None:
    first, second = as_official(FIRST), as_official(SECOND)
    address = send(first)
    without = submit(second, f"{address}/so-sanh", button="Trả lại người soạn")
    assert without.status_code == 422
    assert "Nhập lý do trả lại" in words_of(without)
    submit(second, f"{address}/so-sanh", {"reason": "Sai số phút"}, button="Trả lại người soạn")
    assert "Đỗ Mẫu Duyên trả lại: Sai số phút" in words_of(first.get("/quan-tri"))
    again = CHANGED.replace("minutes: 8", "minutes: 9")
    submit(first, f"{address}/tep", {"source": again}, button="Lưu và kiểm")
    submit(first, f"{address}/tep", button="Gửi người thứ hai duyệt")
    submit(second, f"{address}/so-sanh", button="Công bố bản này")
    assert version_in_force() == (2, 9)


def test_of_two_who_publish_at_once_one_wins_and_the_other_is_told(as_official: AsOfficial) -> None:
    """Each has written what the other is about to publish; both have compared with version 1."""
    first, second = as_official(FIRST), as_official(SECOND)
    by_first = send(first)
    by_second = send(second, SIGNATURE.replace("minutes: 5", "minutes: 30"))
    opened = second.get(f"{by_first}/so-sanh")
    assert "So với bản 1." in words_of(opened)
    submit(first, f"{by_second}/so-sanh", button="Công bố bản này")
    assert version_in_force() == (2, 30)
    late = second.post(f"{by_first}/cong-bo", data=token(second, by_first) | {"revision": "2", "number": "1"})
    assert late.status_code == 409
    assert "Ngô Mẫu Quản vừa công bố bản 2 lúc" in words_of(late)
    assert "So với bản 2." in words_of(late)
    assert version_in_force() == (2, 30)
    submit(second, f"{by_first}/so-sanh", button="Công bố bản này")
    assert version_in_force() == (3, 8)


def test_a_second_click_publishes_nothing_twice(as_official: AsOfficial) -> None:
    address = send(as_official(FIRST))
    second = as_official(SECOND)
    fields = token(second, address) | {"revision": "2", "number": "1"}
    assert second.post(f"{address}/cong-bo", data=fields).status_code == 303
    again = second.post(f"{address}/cong-bo", data=fields)
    assert again.status_code == 409
    assert "Đỗ Mẫu Duyên vừa công bố bản soạn này lúc" in words_of(again)
    assert version_in_force() == (2, 8)


def test_a_draft_changed_since_it_was_seen_is_not_published(as_official: AsOfficial) -> None:
    first, second = as_official(FIRST), as_official(SECOND)
    address = send(first)
    fields = token(second, address) | {"revision": "2", "number": "1"}
    submit(first, f"{address}/tep", button="Lấy lại để sửa")
    recalled = second.post(f"{address}/cong-bo", data=fields)
    assert recalled.status_code == 409
    assert "Ngô Mẫu Quản vừa lấy lại bản soạn này để sửa." in words_of(recalled)
    submit(first, f"{address}/tep", {"source": CHANGED.replace("minutes: 8", "minutes: 90")}, button="Lưu và kiểm")
    submit(first, f"{address}/tep", button="Gửi người thứ hai duyệt")
    stale = second.post(f"{address}/cong-bo", data=fields)
    assert stale.status_code == 409
    assert "Bản soạn vừa đổi lúc" in words_of(stale)
    assert version_in_force() == (1, 5)


def test_nobody_changes_the_draft_of_another_but_may_copy_it(as_official: AsOfficial) -> None:
    first, second = as_official(FIRST), as_official(SECOND)
    address = write(first)
    fields = token(second, address) | {"revision": "1", "source": SIGNATURE}
    assert second.post(f"{address}/luu", data=fields).status_code == 403
    copied = submit(second, f"{address}/tep", button="Sao thành bản soạn của mình", follow=True)
    assert "Đã sao thành bản soạn của mình." in words_of(copied)
    assert (draft().written_by, draft().source) == (person(SECOND).id, CHANGED)


def test_two_windows_on_one_draft_do_not_overwrite_each_other(as_official: AsOfficial) -> None:
    browser = as_official(FIRST)
    address = write(browser)
    fields = token(browser, address) | {"revision": "1"}
    assert browser.post(f"{address}/luu", data=fields | {"source": SIGNATURE}).status_code == 303
    stale = browser.post(f"{address}/luu", data=fields | {"source": BROKEN})
    assert stale.status_code == 422
    assert "Bản soạn vừa đổi lúc" in words_of(stale)
    assert "minuts: 5" in stale.text
    assert draft().source == SIGNATURE


def test_a_discarded_draft_is_shown_nowhere(as_official: AsOfficial) -> None:
    browser = as_official(FIRST)
    address = write(browser)
    submit(browser, f"{address}/tep", button="Bỏ bản soạn này")
    assert browser.get(f"{address}/tep").status_code == 404
    assert "Không có bản soạn nào" in words_of(browser.get("/quan-tri/thu-tuc"))


def test_a_breaking_change_is_named_as_such(as_official: AsOfficial) -> None:
    without_mandate = CHANGED.replace("          mandate: {vi: Giấy ủy quyền, en: Mandate}\n", "")
    without_mandate = without_mandate.replace("when: form.kind == 'mandate'", "when: form.kind == 'other'")
    without_mandate = without_mandate.replace("form.kind != 'mandate'", "form.kind != 'other'")
    address = send(as_official(FIRST), without_mandate)
    said = words_of(as_official(SECOND).get(f"{address}/so-sanh"))
    assert "Có chỗ phá vỡ" in said
    assert "Loại văn bản : Lựa chọn Phá vỡ" in said


@pytest.mark.parametrize("section", ["thong-tin", "giay-to", "phi", "bieu-mau", "quy-trinh", "thu", "so-sanh", "tep"])
def test_every_section_of_a_version_and_of_a_draft_is_a_page(as_official: AsOfficial, section: str) -> None:
    browser = as_official(FIRST)
    assert heading(browser.get(f"/quan-tri/thu-tuc/{CODE}/1/{section}")).startswith("Chứng thực chữ ký, bản 1")
    address = write(browser)
    assert heading(browser.get(f"{address}/{section}")).startswith("Chứng thực chữ ký, bản soạn")
    assert heading(browser.get(f"/en{address}/{section}")).startswith("Certified signature, definition draft")
    assert browser.get(f"/en/quan-tri/thu-tuc/{CODE}/1/{section}").status_code == 200


def token(browser: PageClient, address: str) -> dict[str, str]:
    """The token of a form on the page of the draft."""
    forms = [form for form in page_of(browser.get(f"{address}/tep")).iter("form") if form.get("method") == "post"]
    return {"csrf_token": html.fields_of(forms[0])["csrf_token"]}


def test_the_demonstration_has_one_definition_to_mend_and_one_to_decide(as_official: AsOfficial) -> None:
    for _ in range(2):
        load_definitions(now=clock.now())
    said = words_of(as_official(SECOND).get("/quan-tri"))
    assert "2 việc cần xem" in said
    assert "Bản soạn còn 1 lỗi" in said
    compared = words_of(as_official(SECOND).get(f"/quan-tri/ban-soan/{sent().id}/so-sanh"))
    assert "Có chỗ phá vỡ" in compared
    assert "15:00" in compared


def sent() -> DefinitionDraft:
    with reading(SYSTEM) as session:
        return session.scalars(select(DefinitionDraft).where(DefinitionDraft.state == "sent")).one()
