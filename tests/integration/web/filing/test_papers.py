"""Papers of a draft: what is taken, what is refused and in which words, and who may see it."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import select

from portal.core.actor import SYSTEM
from portal.core.unit_of_work import reading
from portal.records.models import DraftPaper
from tests.harness.client import PageClient, submit, words_of
from tests.integration.web.filing.filling import PDF, begin, fill, upload

MEGABYTE = 1_000_000
REFUSED = [
    (b"", "trong.pdf", "Tệp trống (0 byte)."),
    (b"<!DOCTYPE html><html><body>x</body></html>", "trang.pdf", "Tệp tên .pdf nhưng là trang web."),
    (PDF + b"%" * (11 * MEGABYTE), "to.pdf", "Tệp 12 MB, lớn hơn mức 10 MB."),
    (b"%PDF-1.4 and nothing more", "hong.pdf", "Không đọc được tệp này."),
]


@pytest.fixture
def draft(citizen: PageClient) -> str:
    return begin(citizen, "1.009994")


def papers_of(draft: str) -> list[DraftPaper]:
    with reading(SYSTEM) as session:
        found = select(DraftPaper).where(DraftPaper.draft_id == UUID(draft.rsplit("/", 1)[1]))
        return list(session.scalars(found.order_by(DraftPaper.slot, DraftPaper.position)))


def test_a_paper_is_kept_shown_and_handed_back(citizen: PageClient, draft: str) -> None:
    assert upload(citizen, draft, "land", (PDF, "giấy đất.pdf")).status_code == 303
    page = citizen.get(f"{draft}/giay-to/land")
    assert "giấy đất.pdf" in words_of(page)
    assert "1 trang" in words_of(page)
    address = f"{draft}/giay-to/land/{papers_of(draft)[0].id}"
    file = citizen.get(address)
    assert file.data == PDF
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert file.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    picture = citizen.get(f"{address}/trang-dau.png")
    assert picture.data.startswith(b"\x89PNG")
    assert "1 trên 2 giấy tờ" in words_of(citizen.get(draft))


@pytest.mark.parametrize(("content", "name", "sentence"), REFUSED, ids=[name for _, name, _ in REFUSED])
def test_a_file_that_is_no_paper_is_refused_at_its_field_and_nothing_else_is_lost(
    citizen: PageClient, draft: str, content: bytes, name: str, sentence: str
) -> None:
    upload(citizen, draft, "land", (PDF, "truoc.pdf"))
    fill(citizen, f"{draft}/site", {"plot_no": "245"}, button="Lưu, làm sau")
    answer = upload(citizen, draft, "land", (content, name))
    assert answer.status_code == 422
    assert sentence in words_of(answer)
    assert 'href="#files"' in answer.text
    assert "truoc.pdf" in words_of(answer)
    assert [paper.file_name for paper in papers_of(draft)] == ["truoc.pdf"]


def test_sixty_megabytes_meet_a_sentence_and_not_a_closed_door(citizen: PageClient, draft: str) -> None:
    answer = upload(citizen, draft, "drawings", (PDF + b"%" * (60 * MEGABYTE - len(PDF)), "ve.pdf"))
    assert answer.status_code == 422
    assert "Tệp 60 MB, lớn hơn mức 50 MB." in words_of(answer)


def test_of_several_files_the_good_ones_stay_and_the_bad_one_is_named(citizen: PageClient, draft: str) -> None:
    answer = upload(citizen, draft, "land", (PDF, "mot.pdf"), (b"", "hai.pdf"), (PDF + b"\n", "ba.pdf"))
    assert answer.status_code == 422
    assert "hai.pdf: Tệp trống (0 byte)." in words_of(answer)
    assert [paper.file_name for paper in papers_of(draft)] == ["mot.pdf", "ba.pdf"]


def test_nothing_chosen_is_asked_for(citizen: PageClient, draft: str) -> None:
    answer = upload(citizen, draft, "land")
    assert answer.status_code == 422
    assert "Tải lên giấy tờ về quyền sử dụng đất" in words_of(answer)


def test_a_page_opened_before_signing_in_again_keeps_nothing_and_says_so(citizen: PageClient, draft: str) -> None:
    stale = citizen.post(f"{draft}/giay-to/land", data={"csrf_token": "0" * 40})
    assert stale.status_code == 422
    assert "Gửi lại lần nữa." in words_of(stale)
    assert papers_of(draft) == []


def test_a_file_is_taken_out_again(citizen: PageClient, draft: str) -> None:
    upload(citizen, draft, "land", (PDF, "mot.pdf"))
    address = f"{draft}/giay-to/land"
    answer = submit(citizen, address, action=f"{address}/{papers_of(draft)[0].id}/xoa")
    assert (answer.status_code, answer.location) == (303, address)
    assert papers_of(draft) == []


def test_only_a_paper_that_may_be_missing_can_be_left_out(citizen: PageClient, draft: str) -> None:
    assert "Không có giấy này" not in words_of(citizen.get(f"{draft}/giay-to/land"))
    optional = begin(citizen, "2.000815")
    answer = submit(citizen, f"{optional}/giay-to/copy", button="Không có giấy này")
    assert answer.status_code == 303
    assert "Không có" in words_of(citizen.get(answer.location))


def test_a_paper_that_the_answers_do_not_call_for_is_not_there(citizen: PageClient, draft: str) -> None:
    assert citizen.get(f"{draft}/giay-to/safety").status_code == 404
    fill(citizen, f"{draft}/site", {"adjacent": "yes"}, button="Lưu, làm sau")
    assert citizen.get(f"{draft}/giay-to/safety").status_code == 200


def test_another_citizen_sees_no_file(citizen: PageClient, another: PageClient, draft: str) -> None:
    upload(citizen, draft, "land", (PDF, "mot.pdf"))
    address = f"{draft}/giay-to/land/{papers_of(draft)[0].id}"
    assert another.get(address).status_code == another.get(f"{address}/trang-dau.png").status_code == 404
    own = begin(another, "1.009994")
    assert another.get(f"{own}/giay-to/land/{papers_of(draft)[0].id}").status_code == 404
