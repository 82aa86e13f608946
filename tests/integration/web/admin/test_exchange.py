"""Definitions leave one installation as a file and come into another: a new procedure, or the next version of one."""

from __future__ import annotations

import hashlib
from io import BytesIO

import pytest

from portal.catalogue import exchange
from portal.catalogue.models import DefinitionDraft
from portal.core.actor import SYSTEM
from portal.core.unit_of_work import reading
from tests.harness.client import PageClient, heading, submit, words_of
from tests.integration.web.admin.writing import BROKEN, CHANGED, CODE, FIRST, SECOND, draft, noted
from tests.integration.web.official.conftest import AsOfficial, person

IMPORT = "/quan-tri/thu-tuc/nhap"


def exported(browser: PageClient) -> str:
    """The file of version 1, as a browser gets it."""
    answer = browser.get(f"/quan-tri/thu-tuc/{CODE}/1/tai-ve")
    assert answer.mimetype == "application/yaml"
    return answer.get_data(as_text=True)


def take_in(browser: PageClient, text: str) -> tuple[int, str]:
    """Status and words of what follows the import of a file."""
    file = (BytesIO(text.encode()), "thu-tuc.yaml")
    answer = submit(browser, IMPORT, {"file": file}, button="Nhập thành bản soạn", follow=True)
    return answer.status_code, words_of(answer)


def test_a_version_is_downloaded_with_its_digest(as_official: AsOfficial) -> None:
    browser = as_official(FIRST)
    answer = browser.get(f"/quan-tri/thu-tuc/{CODE}/1/tai-ve")
    first, second, source = answer.get_data(as_text=True).split("\n", 2)
    digest = hashlib.sha256(source.encode()).hexdigest()
    assert (first, second) == (f"# {CODE}, version 1", f"# sha256 {digest}")
    assert answer.headers["Content-Disposition"] == f"attachment; filename={CODE}-1-{digest[:12]}.yaml"
    assert digest in words_of(browser.get(f"/quan-tri/thu-tuc/{CODE}/1/tep"))


def test_an_update_of_a_procedure_says_what_it_changes_and_is_published_by_the_second(as_official: AsOfficial) -> None:
    first = as_official(FIRST)
    status, said = take_in(first, CHANGED)
    assert status == 200
    assert "Dưới đây là chỗ khác với bản 1 đang dùng." in said
    assert "So với bản 1." in said
    assert "Số phút điền" in said
    assert noted("definition_imported")[-1][0] == person(FIRST).id
    address = f"/quan-tri/ban-soan/{draft().id}"
    submit(first, f"{address}/tep", button="Gửi người thứ hai duyệt")
    submit(as_official(SECOND), f"{address}/so-sanh", button="Công bố bản này")
    assert draft().state == "published"


def test_a_file_that_was_exported_and_changed_since_is_told_apart_from_a_whole_one(as_official: AsOfficial) -> None:
    browser = as_official(FIRST)
    text = exported(browser).replace("minutes: 5", "minutes: 9")
    _, said = take_in(browser, text)
    assert "Tệp xuất từ bản 1 nhưng nội dung đã đổi sau khi xuất. Xem kỹ." in said
    with reading(SYSTEM) as session:
        digest = exchange.digest_of(text.split("\n", 2)[2])
        assert session.query(DefinitionDraft).count() == 1
    whole = text.replace(text.split("\n")[1], f"# sha256 {digest}")
    _, said = take_in(browser, whole)
    assert "Tệp là bản 1 ở nơi xuất, còn nguyên." in said


def test_a_procedure_that_is_not_here_yet_becomes_a_new_draft(as_official: AsOfficial) -> None:
    status, said = take_in(as_official(FIRST), CHANGED.replace(CODE, "2.999999"))
    assert status == 200
    assert "Ở đây chưa có thủ tục này." in said
    assert (draft().code, draft().based_on) == ("2.999999", 0)


def test_what_is_in_force_already_is_not_taken_in_again(as_official: AsOfficial) -> None:
    browser = as_official(FIRST)
    status, said = take_in(browser, exported(browser))
    assert status == 422
    assert f"Tệp giống hệt bản 1 đang dùng của {CODE}. Không có gì để nhập." in said


def test_a_broken_file_is_kept_as_a_draft_with_its_mistakes(as_official: AsOfficial) -> None:
    _, said = take_in(as_official(FIRST), BROKEN)
    assert "Đã nhập thành bản soạn. Còn 2 lỗi." in said
    assert "Không có khóa minuts ở đây." in said


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"PK\x03\x04 spreadsheet\x80"])
def test_what_is_no_text_is_refused_at_the_field(as_official: AsOfficial, content: bytes) -> None:
    browser = as_official(FIRST)
    answer = submit(browser, IMPORT, {"file": (BytesIO(content), "thu-tuc.yaml")}, button="Nhập thành bản soạn")
    assert answer.status_code == 422
    assert heading(answer) == "Nhập thủ tục từ tệp"


def test_a_mistake_in_the_shared_process_is_not_shown_at_a_line_of_the_draft(as_official: AsOfficial) -> None:
    assert "first: witness" in CHANGED
    browser = as_official(FIRST)
    take_in(browser, CHANGED.replace("first: witness", "first: witnesses"))
    said = words_of(browser.get(f"/quan-tri/ban-soan/{draft().id}/thu"))
    assert "Quy trình chung Không có bước witnesses." in said
