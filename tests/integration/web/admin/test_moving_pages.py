"""Administrators move records in flight to the newest version: mapping, rehearsal, move, report, way back."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from uuid import UUID
from zipfile import ZipFile

import pytest
from sqlalchemy import text

from portal.catalogue import queries as catalogue
from portal.catalogue.mapping import propose
from portal.catalogue.queries import PublishedProcedure
from portal.catalogue.service import publish
from portal.core import clock
from portal.core.actor import SYSTEM
from portal.core.unit_of_work import reading, unit_of_work
from portal.demonstration.walking import Walk
from portal.records import moving as service
from portal.records.moving_jobs import KINDS
from portal.records.moving_plan import Versions
from portal.records.moving_queries import get_report
from portal.records.replay import differences
from tests.harness.client import PageClient, heading, submit, words_of
from tests.integration.records.test_moving import SHIPPED, Change, renamed, with_question
from tests.integration.web.admin.writing import FIRST, SECOND, noted
from tests.integration.web.official.conftest import RECEPTIONIST, AsOfficial, Permit, person

CODE = "1.009994"
CARD = f"/quan-tri/thu-tuc/{CODE}"
MAPPING = f"{CARD}/1/chuyen-ho-so"
TO_THE_DESK = ("receive.accept", "forward.hand_over", "assign.assign")
IN_PARALLEL = (*TO_THE_DESK, "appraise.ask", "ask_ok.send")


def publish_next(change: Change) -> PublishedProcedure:
    with unit_of_work(SYSTEM) as session:
        return publish(session, change(SHIPPED), actor=SYSTEM, now=clock.now())


def work() -> None:
    """What workers do with the jobs of moves, until nothing of them is owed."""
    for kind, handler in KINDS.items():
        with unit_of_work(SYSTEM) as session:
            owed = session.execute(
                text(
                    "UPDATE job SET finished_at = now() WHERE kind = :kind AND finished_at IS NULL RETURNING arguments"
                ),
                {"kind": kind},
            )
            jobs = list(owed.scalars())
        for arguments in jobs:
            handler(arguments, now=clock.now())


def rehearse(browser: PageClient, **chosen: str) -> str:
    """The address of a rehearsal that has been done."""
    answer = submit(browser, MAPPING, chosen, button="Thử chuyển, chưa đổi gì")
    assert answer.status_code == 303, words_of(answer)
    work()
    return str(answer.location)


def start(browser: PageClient, rehearsal: str, second: PageClient) -> str:
    """The address of a move that one has prepared and the other begins."""
    submit(browser, rehearsal, action=f"{rehearsal}/gui")
    answer = submit(second, rehearsal, action=f"{rehearsal}/bat-dau")
    assert answer.status_code == 303, words_of(answer)
    return str(answer.location)


def version_of(walk: Walk) -> int:
    with reading(SYSTEM) as session:
        return catalogue.version(session, walk.file().record.version_id).number


def open_records() -> int:
    with reading(SYSTEM) as session:
        wanted = text("SELECT count(*) FROM record WHERE procedure_code = :code AND closed_at IS NULL")
        return int(session.execute(wanted, {"code": CODE}).scalar_one())


def test_the_page_of_a_procedure_says_where_its_open_records_stand(as_official: AsOfficial, permit: Permit) -> None:
    permit(*TO_THE_DESK)
    browser = as_official(FIRST)
    assert "Chuyển sang bản mới" not in words_of(browser.get(CARD))
    publish_next(renamed)
    said = words_of(browser.get(CARD))
    assert f"Bản 1 · {open_records()} hồ sơ đang giải quyết Chuyển sang bản mới Bản 1" in said
    assert "Thẩm định hồ sơ" in said


def test_records_are_rehearsed_moved_and_led_back(as_official: AsOfficial, permit: Permit) -> None:
    walk = permit(*IN_PARALLEL)
    publish_next(renamed)
    browser, count = as_official(FIRST), open_records()
    rehearsal = rehearse(browser)
    page = browser.get(rehearsal)
    assert heading(page) == "Thử chuyển hồ sơ từ bản 1 sang bản 2"
    assert f"Chuyển được {count} hồ sơ" in words_of(page)
    assert "Không hồ sơ nào bị từ chối." in words_of(page)
    assert version_of(walk) == 1
    moving = start(browser, rehearsal, as_official(SECOND))
    assert "Đang tìm hồ sơ đang giải quyết theo bản 1." in words_of(browser.get(moving))
    work()
    report = browser.get(moving)
    assert heading(report) == "Chuyển hồ sơ từ bản 1 sang bản 2"
    assert f"Đã chuyển {count} hồ sơ" in words_of(report)
    assert f"Ngô Mẫu Quản chuẩn bị, {person(SECOND).full_name} duyệt và bắt đầu lúc" in words_of(report)
    assert version_of(walk) == 2
    about = {"code": CODE, "old": 1, "new": 2, "count": count}
    assert noted("records_moving") == [(person(SECOND).id, about)]
    asked = browser.get(f"{moving}/chuyen-lai")
    assert f"{count} hồ sơ về bản 1" in words_of(asked)
    submit(browser, f"{moving}/chuyen-lai", button="Chuyển lại về bản 1")
    work()
    report = browser.get(moving)
    assert f"Đã về bản 1 {count} hồ sơ" in words_of(report)
    assert version_of(walk) == 1
    assert "Bản 1 sang bản 2 Đã chuyển lại Ngô Mẫu Quản" in words_of(browser.get(CARD))


def test_the_proposal_is_changed_row_by_row(as_official: AsOfficial, permit: Permit) -> None:
    walk = permit(*TO_THE_DESK)
    publish_next(renamed)
    browser = as_official(FIRST)
    page = words_of(browser.get(MAPPING))
    assert "Thẩm định hồ sơ (appraise)" in page
    assert "1 hồ sơ đang ở đây" in page
    rehearsal = rehearse(browser, **{"steps-appraise": ""})
    said = words_of(browser.get(rehearsal))
    assert "Bước Thẩm định hồ sơ không có bước tương ứng trong bản mới." in said
    assert walk.file().record.code in said
    again = browser.get(f"{MAPPING}?thu={rehearsal.rpartition('/')[2]}")
    assert "Không có bước tương ứng" in words_of(again)


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ({"steps-appraise": "nowhere"}, "Bản mới không có nowhere. Chọn lại."),
        ({"steps-appraise": "sign"}, "do đơn vị hoặc vai trò khác làm. Chọn bước khác."),
        ({"fields-certificate_no": "plot_no"}, "Lô đất số đã thành mục này. Mỗi mục mới chỉ nhận một mục cũ."),
        ({"fields-plot_no": "height_m"}, "Chiều cao là số thập phân, câu hỏi cũ là một dòng chữ."),
        ({"papers-drawings": "land"}, "Mỗi mục mới chỉ nhận một mục cũ."),
    ],
)
def test_an_impossible_mapping_is_refused_at_its_row(
    as_official: AsOfficial, permit: Permit, chosen: dict[str, str], said: str
) -> None:
    permit(*TO_THE_DESK)
    publish_next(renamed)
    browser = as_official(FIRST)
    answer = submit(browser, MAPPING, chosen)
    assert answer.status_code == 422
    assert said in words_of(answer)
    name = next(iter(chosen))
    assert f'id="{name}-error"' in answer.text
    assert movings("rehearsal") == 0


def movings(purpose: str) -> int:
    with reading(SYSTEM) as session:
        wanted = text("SELECT count(*) FROM record_moving WHERE purpose = :purpose")
        return int(session.execute(wanted, {"purpose": purpose}).scalar_one())


def test_records_that_would_stay_are_listed_page_by_page_with_their_reasons(
    as_official: AsOfficial, permit: Permit, monkeypatch: pytest.MonkeyPatch
) -> None:
    codes = sorted(permit(*TO_THE_DESK).file().record.code for _ in range(3))
    publish_next(with_question)
    monkeypatch.setattr("portal.web.admin.moving.PAGE", 2)
    browser, count = as_official(FIRST), open_records()
    rehearsal = rehearse(browser)
    page = browser.get(rehearsal)
    assert f"Sẽ ở lại bản 1 {count} hồ sơ" in words_of(page)
    assert f"Bản mới hỏi thêm: Nhập đường vào thửa đất. {count}" in words_of(page)
    assert "Chuyển 0 hồ sơ" not in words_of(page)
    listed = [words_of(browser.get(f"{rehearsal}?trang={number}")) for number in range(1, count // 2 + 2)]
    assert [sum(code in one for one in listed) for code in codes] == [1, 1, 1]
    sheet = browser.get(f"{rehearsal}/tai-ve")
    assert sheet.headers["Content-Disposition"] == f"attachment; filename={CODE}-1-2.xlsx"
    with ZipFile(BytesIO(sheet.data)) as book:
        strings = book.read("xl/sharedStrings.xml").decode()
    assert all(code in strings for code in codes)
    assert "Nhập đường vào thửa đất." in strings


def test_of_two_administrators_who_start_at_once_one_wins(as_official: AsOfficial, permit: Permit) -> None:
    walk = permit(*TO_THE_DESK)
    publish_next(renamed)
    first, second = as_official(FIRST), as_official(SECOND)
    mine, theirs = rehearse(first), rehearse(second)
    submit(first, mine, action=f"{mine}/gui")
    start(second, theirs, first)
    answer = submit(second, mine, action=f"{mine}/bat-dau")
    assert answer.status_code == 409
    assert "Ngô Mẫu Quản đang chuyển hồ sơ của thủ tục này từ" in words_of(answer)
    assert "Xem lần chuyển đang chạy" in words_of(answer)
    work()
    assert version_of(walk) == 2
    late = submit(second, mine, action=f"{mine}/bat-dau")
    assert late.status_code == 409
    assert "Không còn hồ sơ nào đang giải quyết theo bản 1." in words_of(late)


def test_a_breaking_move_is_decided_by_a_second_administrator(as_official: AsOfficial, permit: Permit) -> None:
    permit(*TO_THE_DESK)
    publish_next(renamed)
    first, second = as_official(FIRST), as_official(SECOND)
    rehearsal = rehearse(first)
    said = words_of(first.get(rehearsal))
    assert "Bản 2 có chỗ phá vỡ so với bản 1." in said
    assert button_to(first, f"{rehearsal}/bat-dau", at=rehearsal) is False
    unsent = second.post(f"{rehearsal}/bat-dau", data={"csrf_token": token(second, CARD)})
    assert (unsent.status_code, movings("move")) == (409, 0)
    submit(first, rehearsal, action=f"{rehearsal}/gui")
    assert "Chờ người thứ hai duyệt" in words_of(first.get(CARD))
    assert "Lần chuyển hồ sơ chờ duyệt" in words_of(second.get("/quan-tri/thu-tuc"))
    own = first.post(f"{rehearsal}/bat-dau", data={"csrf_token": token(first, CARD)})
    assert (own.status_code, movings("move")) == (403, 0)
    empty = submit(second, rehearsal, action=f"{rehearsal}/tra-lai")
    assert (empty.status_code, "Nhập lý do trả lại" in words_of(empty)) == (422, True)
    submit(second, rehearsal, {"reason": "Nối lại bước thẩm định"}, action=f"{rehearsal}/tra-lai")
    assert "trả lại: Nối lại bước thẩm định" in words_of(first.get(rehearsal))
    submit(first, rehearsal, action=f"{rehearsal}/gui")
    submit(first, rehearsal, action=f"{rehearsal}/tra-lai")
    assert [kind for kind in ("moving_sent", "moving_returned", "moving_recalled") for _ in noted(kind)] == [
        "moving_sent",
        "moving_sent",
        "moving_returned",
        "moving_recalled",
    ]


def button_to(browser: PageClient, address: str, *, at: str) -> bool:
    return f'action="{address}"' in browser.get(at).text


def test_many_records_need_a_second_administrator_and_few_do_not(
    as_official: AsOfficial, permit: Permit, monkeypatch: pytest.MonkeyPatch
) -> None:
    walk = permit(*TO_THE_DESK)
    publish_next(with_more_time)
    browser = as_official(FIRST)
    rehearsal = rehearse(browser)
    with monkeypatch.context() as few:
        few.setattr("portal.records.moving_approval.ALONE", 0)
        said = words_of(browser.get(rehearsal))
        assert "Lần chuyển này đổi hơn" in said
        assert button_to(browser, f"{rehearsal}/bat-dau", at=rehearsal) is False
    submit(browser, rehearsal, action=f"{rehearsal}/bat-dau")
    work()
    assert version_of(walk) == 2


def with_more_time(source: str) -> str:
    """The form takes more minutes to fill in: nothing is broken."""
    return re.sub(r"^minutes: \d+", "minutes: 55", source, flags=re.MULTILINE)


def test_a_stopped_move_may_go_on_or_be_led_back(
    as_official: AsOfficial, permit: Permit, monkeypatch: pytest.MonkeyPatch
) -> None:
    walks = [permit(*TO_THE_DESK) for _ in range(3)]
    publish_next(with_more_time)
    monkeypatch.setattr("portal.records.moving_jobs.BATCH", 1)
    browser, count = as_official(FIRST), open_records()
    rehearsal = rehearse(browser)
    moving = str(submit(browser, rehearsal, action=f"{rehearsal}/bat-dau").location)
    some_of("collect_records", most=1)
    some_of("move_records", most=1)
    assert "Nếu dừng, hồ sơ đã chuyển giữ bản 2, hồ sơ chưa tới lượt ở lại bản 1." in words_of(browser.get(moving))
    submit(browser, moving, action=f"{moving}/dung")
    work()
    said = words_of(browser.get(moving))
    assert "Đã dừng giữa chừng" in said
    assert "Đã chuyển 1 hồ sơ" in said
    assert f"Chưa tới lượt {count - 1} hồ sơ" in said
    again = browser.get(moving).text
    assert f"{MAPPING}?thu={moving.rpartition('/')[2]}" in again
    assert submit(browser, f"{moving}/chuyen-lai", button="Chuyển lại về bản 1").status_code == 303
    late = browser.post(f"{moving}/dung", data={"csrf_token": token(browser, CARD)})
    assert late.status_code == 303, "the way back can be stopped too"
    work()
    assert "Hồ sơ chưa tới lượt giữ bản 2 cho tới khi chuyển lại tiếp." in words_of(browser.get(moving))
    submit(browser, f"{moving}/chuyen-lai", button="Chuyển lại về bản 1")
    work()
    assert "Đã về bản 1 1 hồ sơ" in words_of(browser.get(moving))
    assert {version_of(walk) for walk in walks} == {1}
    done = browser.post(f"{moving}/dung", data={"csrf_token": token(browser, CARD)})
    assert (done.status_code, "Việc này đã xong trước khi dừng." in words_of(done)) == (409, True)


def some_of(kind: str, *, most: int) -> None:
    """What a worker does with the first jobs of a kind."""
    with unit_of_work(SYSTEM) as session:
        owed = session.execute(
            text(
                "UPDATE job SET finished_at = now() WHERE id IN (SELECT id FROM job WHERE kind = :kind "
                "AND finished_at IS NULL ORDER BY id LIMIT :most) RETURNING arguments"
            ),
            {"kind": kind, "most": most},
        )
        jobs = list(owed.scalars())
    for arguments in jobs:
        KINDS[kind](arguments, now=clock.now())


def two_of_them(source: str) -> str:
    """Two opinions are enough."""
    return source.replace("    conclude:\n", "    conclude:\n      opens_after: 2\n", 1).partition("\ntests:")[0] + "\n"


def two_of_them_renamed(source: str) -> str:
    return re.sub(r"\bask_ok\b", "asking", renamed(two_of_them(source)))


@pytest.mark.parametrize("before", [two_of_them, with_more_time])
def test_a_record_whose_join_waits_for_some_branches_moves_with_their_number(
    as_official: AsOfficial, permit: Permit, before: Change
) -> None:
    old = publish_next(before)
    walk = permit(*IN_PARALLEL)
    new = publish_next(two_of_them_renamed)
    with unit_of_work(SYSTEM) as session:
        proposed = propose(old.procedure, new.procedure)
        steps = {**proposed.steps, "ask_ok": "asking", "appraise": "examine"}
        versions = Versions(old, new, replace(proposed, steps=steps))
        moving_id = service.start_moving(session, versions, actor=SYSTEM, now=clock.now())
    work()
    with reading(SYSTEM) as session:
        assert get_report(session, moving_id).refusals == ()
    assert len({task.split for task in walk.file().open_tasks}) == 1
    walk.procedure = None
    walk.go("site.done")
    assert len(walk.file().open_tasks) > 1
    walk.go("plan.⏰")
    assert [task.step for task in walk.file().open_tasks] == ["conclude"]
    assert differences(walk.file()) == []


def test_rehearsals_are_forgotten_after_some_days(as_official: AsOfficial, permit: Permit) -> None:
    permit(*TO_THE_DESK)
    publish_next(renamed)
    browser = as_official(FIRST)
    old, moving = rehearse(browser), start(browser, rehearse(browser), as_official(SECOND))
    work()
    KINDS["forget_rehearsals"]({}, now=clock.now() + timedelta(days=13))
    assert browser.get(old).status_code == 200
    KINDS["forget_rehearsals"]({}, now=clock.now() + timedelta(days=15))
    assert browser.get(old).status_code == 404
    assert browser.get(moving).status_code == 200
    assert (movings("rehearsal"), movings("move")) == (0, 1)


def test_a_version_published_meanwhile_must_be_mapped_first(as_official: AsOfficial, permit: Permit) -> None:
    permit(*TO_THE_DESK)
    publish_next(with_more_time)
    browser = as_official(FIRST)
    rehearsal = rehearse(browser)
    publish_next(with_question)
    answer = submit(browser, rehearsal, action=f"{rehearsal}/bat-dau")
    assert answer.status_code == 409
    assert "Bản 3 vừa được công bố." in words_of(answer)


def test_a_record_that_went_on_keeps_the_newer_version(as_official: AsOfficial, permit: Permit) -> None:
    busy = permit(*TO_THE_DESK)
    publish_next(renamed)
    browser = as_official(FIRST)
    moving = start(browser, rehearse(browser), as_official(SECOND))
    work()
    busy.procedure = None
    busy.go("examine.ask")
    assert "1 hồ sơ đã có việc mới sau khi chuyển nên giữ bản 2" in words_of(browser.get(f"{moving}/chuyen-lai"))
    submit(browser, f"{moving}/chuyen-lai", button="Chuyển lại về bản 1")
    work()
    said = words_of(browser.get(moving))
    assert "Giữ bản 2 1 hồ sơ" in said
    assert f"{busy.file().record.code} Hồ sơ đã có việc mới sau khi chuyển." in said
    assert version_of(busy) == 2
    again = browser.get(f"{moving}/chuyen-lai")
    assert again.status_code == 303


def test_a_move_that_runs_says_how_far_it_has_come(as_official: AsOfficial, permit: Permit) -> None:
    permit(*TO_THE_DESK)
    publish_next(renamed)
    browser, count = as_official(FIRST), open_records()
    moving = start(browser, rehearse(browser), as_official(SECOND))
    with unit_of_work(SYSTEM) as session:
        owed = session.execute(text("SELECT arguments FROM job WHERE kind = 'collect_records' AND finished_at IS NULL"))
        (arguments,) = owed.scalars()
    KINDS["collect_records"](arguments, now=clock.now())
    page = browser.get(moving)
    assert f"Đang chuyển: 0 trên {count} hồ sơ." in words_of(page)
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in page.text
    with unit_of_work(SYSTEM) as session:
        session.execute(text("UPDATE job SET given_up_at = now() WHERE kind = 'move_records'"))
    assert "1 việc bị bỏ dở." in words_of(browser.get(moving))
    assert browser.post(f"{moving}/chuyen-lai", data={"csrf_token": token(browser, CARD)}).status_code == 409


def token(browser: PageClient, address: str) -> str:
    return browser.get(address).text.partition('name="csrf_token" value="')[2].partition('"')[0]


def test_nobody_else_moves_records(as_official: AsOfficial, permit: Permit) -> None:
    permit(*TO_THE_DESK)
    publish_next(renamed)
    rehearsal = rehearse(as_official(FIRST))
    stranger = as_official(RECEPTIONIST)
    assert stranger.get(MAPPING).status_code == 403
    assert stranger.get(rehearsal).status_code == 403
    with reading(SYSTEM) as session:
        assert session.execute(text("SELECT count(*) FROM record_moving WHERE purpose = 'move'")).scalar_one() == 0


def test_the_newest_version_has_nowhere_to_move_to(as_official: AsOfficial) -> None:
    browser = as_official(FIRST)
    assert browser.get(MAPPING).status_code == 404
    assert browser.get(f"/quan-tri/chuyen-ho-so/{UUID(int=5)}").status_code == 404
