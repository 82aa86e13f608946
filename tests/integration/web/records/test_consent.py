"""The consent to ask registers, after sending: withdrawn and given again by the applicant, each time in the history."""

from __future__ import annotations

from sqlalchemy import text
from werkzeug.test import TestResponse

from portal.accounts.models import Person
from portal.core.actor import SYSTEM
from portal.core.unit_of_work import reading
from portal.demonstration.walking import StoredPaper, Walk
from portal.notifications.jobs import tell_officials
from portal.records.replay import differences
from portal.records.types import SupplementItem
from tests.harness.client import heading, submit, words_of
from tests.harness.people import make_citizen
from tests.integration.conftest import AsUser
from tests.integration.records.arranging import HOUSEHOLD, PDF, at_desk, handed_in, who_holds
from tests.integration.web.records.conftest import Visitor, address
from tests.integration.web.records.test_record_page import returned

OWNERS_PAPER = SupplementItem("paper", "id_copy", "Giấy tờ cá nhân của chủ hộ", "Không còn được lấy dữ liệu.")


def change(visitor: Visitor, walk: Walk, button: str) -> TestResponse:
    return submit(visitor.at(walk.now), f"{address(walk)}/cho-lay-du-lieu", button=button, follow=True)


def test_what_follows_is_said_before_the_consent_is_withdrawn(visitor: Visitor) -> None:
    walk = handed_in(HOUSEHOLD)
    record = words_of(visitor.open(walk))
    assert "Đã cho lấy dữ liệu dân cư từ thứ Hai 9/11/2026. Khỏi nộp: Giấy tờ cá nhân của chủ hộ." in record
    page = visitor.open(walk, "/cho-lay-du-lieu")
    assert heading(page) == "Thôi cho lấy dữ liệu"
    said = words_of(page)
    assert "Nơi giải quyết sẽ yêu cầu bổ sung giấy thay dữ liệu: Giấy tờ cá nhân của chủ hộ." in said
    assert "Dữ liệu đã lấy trước lúc này vẫn ở trong hồ sơ" in said
    assert "Thời hạn chỉ tính từ lúc hồ sơ được tiếp nhận." in said
    assert "tạm dừng" not in said


def test_the_consent_is_withdrawn_and_given_again_and_both_stay_in_the_history(visitor: Visitor) -> None:
    walk = handed_in(HOUSEHOLD)
    done = words_of(change(visitor, walk, "Thôi cho lấy dữ liệu"))
    assert "Đã thôi cho lấy dữ liệu." in done
    assert "Không cho lấy dữ liệu dân cư. Chưa nộp: Giấy tờ cá nhân của chủ hộ." in done
    assert walk.file().record.consented_at is None
    assert "Đã ghi nhận việc cho lấy dữ liệu." in words_of(change(visitor, walk, "Cho lấy dữ liệu"))
    file = walk.file()
    assert file.record.consented_at == walk.now
    assert [event.kind for event in file.events] == ["record_submitted", "consent_withdrawn", "consent_given"]
    assert file.events[1].details["papers"] == ["id_copy"]
    assert differences(file) == []


def test_a_page_that_is_sent_twice_changes_once(visitor: Visitor) -> None:
    walk = handed_in(HOUSEHOLD)
    browser = visitor.at(walk.now)
    page = browser.get(f"{address(walk)}/cho-lay-du-lieu")
    token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
    for _ in range(2):
        answer = browser.post(f"{address(walk)}/thoi-cho-lay-du-lieu", data={"csrf_token": token})
        assert answer.location == address(walk)
    assert [event.kind for event in walk.file().events] == ["record_submitted", "consent_withdrawn"]


def test_the_desk_is_told_and_asks_for_the_paper_by_a_supplement(visitor: Visitor, as_user: AsUser) -> None:
    walk = at_desk(HOUSEHOLD)
    task = walk.file().open_tasks[0]
    holder = who_holds(walk, task.step)
    assert "Trong lúc chờ, thời hạn tạm dừng." in words_of(visitor.open(walk, "/cho-lay-du-lieu"))
    change(visitor, walk, "Thôi cho lấy dữ liệu")
    event = walk.file().events[-1]
    assert event.details["told"] == [str(task.assignee_id)]
    tell_officials({"event_id": str(event.id)}, now=walk.now)
    with reading(SYSTEM) as session:
        told = session.execute(
            text("SELECT owner_id, subject FROM message WHERE event_id = :id"), {"id": event.id}
        ).all()
        person = session.get_one(Person, holder.person_id)
    assert told == [(holder.person_id, f"Hồ sơ {walk.file().record.code}: không được lấy dữ liệu nữa")]
    desk = words_of(as_user(person).get(f"/can-bo/ho-so/{walk.file().record.code}"))
    assert "Còn thiếu, yêu cầu bổ sung: Giấy tờ cá nhân của chủ hộ." in desk
    assert "Giấy cần yêu cầu bổ sung: Giấy tờ cá nhân của chủ hộ." in desk
    walk.supplement(task.step, items=(OWNERS_PAPER,))
    waiting = words_of(visitor.open(walk, "/cho-lay-du-lieu"))
    assert "Yêu cầu bổ sung đang chờ vẫn phải trả lời" in waiting
    walk.answer(files={"id_copy": StoredPaper(PDF, "can-cuoc.pdf")})
    assert visitor.open(walk, "/cho-lay-du-lieu").location == address(walk)


def test_english_readers_are_told_in_english(visitor: Visitor) -> None:
    walk = handed_in(HOUSEHOLD)
    page = visitor.open(walk, "/cho-lay-du-lieu", english=True)
    assert heading(page) == "Withdraw the consent"
    assert "population data" in words_of(page)


def test_nothing_is_offered_where_the_consent_decides_nothing(visitor: Visitor) -> None:
    for walk in (handed_in(), returned()):
        assert "cho lấy dữ liệu" not in words_of(visitor.open(walk))
        assert visitor.open(walk, "/cho-lay-du-lieu").location == address(walk)


def test_a_stranger_may_not_change_it(visitor: Visitor, as_user: AsUser) -> None:
    walk = handed_in(HOUSEHOLD)
    visitor.clock_at(walk.now)
    assert as_user(make_citizen()).get(f"{address(walk)}/cho-lay-du-lieu").status_code == 404
