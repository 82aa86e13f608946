"""All procedures, one with its versions, taking one out of use."""

from __future__ import annotations

import pytest
import yaml
from sqlalchemy import Connection

from portal.config import Settings
from portal.core import clock
from portal.core.actor import Actor, ActorKind
from portal.core.errors import InvalidInput
from portal.demonstration.walking import fill_in
from portal.demonstration.walking import send as carry
from tests.harness.client import submit, words_of
from tests.harness.statements import count_queries
from tests.integration.web.admin.writing import CODE, FIRST, SECOND, SIGNATURE, noted, send
from tests.integration.web.official.conftest import PLACE, AsOfficial, Permit, person

CITIZEN = "092085001234"
OTHER = "2.000815"


def test_the_list_counts_what_is_under_way(as_official: AsOfficial, permit: Permit) -> None:
    browser = as_official(FIRST)
    before = words_of(browser.get("/quan-tri/thu-tuc/1.009994"))
    assert "Hồ sơ đang giải quyết 0" in before
    permit()
    permit()
    assert "Hồ sơ đang giải quyết 2" in words_of(browser.get("/quan-tri/thu-tuc/1.009994"))
    listed = words_of(browser.get("/quan-tri/thu-tuc"))
    assert "Cấp giấy phép xây dựng nhà ở riêng lẻ 1.009994" in listed


def test_the_list_costs_no_more_with_many_versions(as_official: AsOfficial, office: Connection) -> None:
    first, second = as_official(FIRST), as_official(SECOND)
    first.get("/quan-tri/thu-tuc")  # what every process reads once
    counted = []
    for minutes in (6, 7, 8):
        address = send(first, SIGNATURE.replace("minutes: 5", f"minutes: {minutes}"))
        submit(second, f"{address}/so-sanh", button="Công bố bản này")
        with count_queries() as sent:
            assert "Chứng thực chữ ký" in words_of(first.get("/quan-tri/thu-tuc"))
        counted.append(len(sent))
    assert counted[0] == counted[2]


def test_the_text_of_a_version_can_be_taken_away(as_official: AsOfficial) -> None:
    answer = as_official(FIRST).get(f"/quan-tri/thu-tuc/{CODE}/1/tai-ve")
    assert answer.mimetype == "application/yaml"
    assert answer.headers["Content-Disposition"].startswith(f"attachment; filename={CODE}-1-")
    assert yaml.safe_load(answer.text)["code"] == CODE


def test_a_new_version_begins_with_the_text_of_the_last(as_official: AsOfficial) -> None:
    first, second = as_official(FIRST), as_official(SECOND)
    written = SIGNATURE.replace("minutes: 5", "minutes: 8")
    submit(second, f"{send(first, written)}/so-sanh", button="Công bố bản này")
    page = first.get(f"/quan-tri/ban-soan/moi?thu-tuc={CODE}")
    assert "use: one_stop" in page.text
    assert "minutes: 8" in page.text
    again = submit(first, f"/quan-tri/ban-soan/moi?thu-tuc={CODE}", {"source": written.replace("8", "9", 1)})
    assert again.status_code == 303


def test_versions_are_compared_with_each_other(as_official: AsOfficial) -> None:
    first, second = as_official(FIRST), as_official(SECOND)
    for minutes in (8, 9):
        address = send(first, SIGNATURE.replace("minutes: 5", f"minutes: {minutes}"))
        submit(second, f"{address}/so-sanh", button="Công bố bản này")
    assert "8 thành 9" in words_of(first.get(f"/quan-tri/thu-tuc/{CODE}/3/so-sanh"))
    assert "5 thành 9" in words_of(first.get(f"/quan-tri/thu-tuc/{CODE}/3/so-sanh?voi=1"))
    assert "Chưa có bản nào trước bản này để so." in words_of(first.get(f"/quan-tri/thu-tuc/{CODE}/1/so-sanh"))
    assert first.get(f"/quan-tri/thu-tuc/{CODE}/4/so-sanh").status_code == 404
    assert first.get(f"/quan-tri/thu-tuc/{CODE}/1/khong-co").status_code == 404


def test_a_withdrawn_procedure_takes_no_new_drafts_and_its_records_go_on(
    as_official: AsOfficial, permit: Permit
) -> None:
    administrator, citizen = as_official(FIRST), as_official(CITIZEN)
    walk = permit()
    page = "/quan-tri/thu-tuc/1.009994/ngung"
    assert "1 hồ sơ đang giải quyết vẫn tiếp tục." in words_of(administrator.get(page))
    assert "Nhập lý do ngừng" in words_of(submit(administrator, page))
    submit(administrator, page, {"reason": "Bãi bỏ theo Quyết định 12/QĐ-UBND"})
    gone = citizen.get("/thu-tuc/1.009994")
    assert gone.status_code == 410
    assert "ngừng nhận hồ sơ mới từ" in words_of(gone)
    assert citizen.get("/thu-tuc/1.009994/bat-dau").location == "/thu-tuc/1.009994"
    assert "riêng lẻ" not in words_of(citizen.get("/thu-tuc"))
    walk.go("receive.accept")
    listed = words_of(administrator.get("/quan-tri/thu-tuc"))
    assert "Đã ngừng" in listed
    assert noted("procedure_withdrawn")[-1][1] == {"code": "1.009994", "replaced_by": ""}


def test_a_draft_of_a_withdrawn_procedure_is_read_and_not_sent(as_official: AsOfficial, settings: Settings) -> None:
    citizen = person(CITIZEN)
    owner = Actor(ActorKind.CITIZEN, person_id=citizen.id, name=citizen.full_name)
    now = clock.now()
    draft_id = fill_in(CODE, owner=owner, answers={}, papers=[], place=PLACE, level="commune", now=now)
    submit(as_official(FIRST), f"/quan-tri/thu-tuc/{CODE}/ngung", {"reason": "Bãi bỏ"})
    assert as_official(CITIZEN).get(f"/to-khai/{draft_id}").status_code == 200
    with pytest.raises(InvalidInput, match="ngừng nhận hồ sơ"):
        carry(draft_id, owner=owner, receipt_key=settings.receipt_key.encode(), now=now)


def test_a_replaced_procedure_leads_to_the_one_that_takes_its_place(as_official: AsOfficial) -> None:
    administrator, citizen = as_official(FIRST), as_official(CITIZEN)
    submit(administrator, f"/quan-tri/thu-tuc/{CODE}/ngung", {"reason": "Gộp thủ tục", "replaced_by": OTHER})
    answer = citizen.get(f"/thu-tuc/{CODE}")
    assert (answer.status_code, answer.location) == (302, f"/thu-tuc/{OTHER}")
    assert "nay làm theo thủ tục này" in words_of(citizen.get(f"/thu-tuc/{OTHER}"))
    submit(administrator, f"/quan-tri/thu-tuc/{CODE}", button="Mở lại")
    assert citizen.get(f"/thu-tuc/{CODE}").status_code == 200


def test_a_procedure_is_not_replaced_by_itself_or_by_one_out_of_use(as_official: AsOfficial) -> None:
    administrator = as_official(FIRST)
    submit(administrator, f"/quan-tri/thu-tuc/{OTHER}/ngung", {"reason": "Bãi bỏ"})
    page = f"/quan-tri/thu-tuc/{CODE}/ngung"
    for other in (CODE, OTHER, "9.999999"):
        answer = submit(administrator, page, {"reason": "Gộp", "replaced_by": other})
        assert answer.status_code == 422
    twice = submit(administrator, f"/quan-tri/thu-tuc/{CODE}/ngung", {"reason": "Bãi bỏ"})
    assert twice.status_code == 303
    assert submit(administrator, f"/quan-tri/thu-tuc/{CODE}/ngung", {"reason": "Bãi bỏ"}).status_code == 409
