"""A definition draft tried in the browser: pretended officials, a movable clock, and nothing real touched."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, text
from werkzeug.test import TestResponse

from portal.catalogue.loader import load
from portal.catalogue.service import PROCEDURES
from portal.core.actor import SYSTEM
from portal.core.protection import PROTECTION
from portal.core.unit_of_work import reading
from portal.trials.models import DefinitionTrial
from tests.harness import html
from tests.harness.client import PageClient, heading, page_of, submit, words_of
from tests.integration.web.admin.writing import BROKEN, FIRST, SECOND, draft, noted, write
from tests.integration.web.official.conftest import PLACE, AsOfficial, person

PERMIT = (PROCEDURES / "1.009994.yaml").read_text(encoding="utf-8").replace("minutes: 20", "minutes: 25")
OWN_TABLES = {"definition_trial", "definition_draft", "audit_entry"}
"""What a trial, and keeping one as a test, may write."""
REAL_TABLES = sorted(PROTECTION.keys() - OWN_TABLES)
_CONTENTS = "SELECT count(*), coalesce(md5(string_agg(t::text, '' ORDER BY t::text)), '') FROM {table} t"
MONDAY = {"start-day-day": "9", "start-day-month": "11", "start-day-year": "2026", "start-hour": "8:00"}


def rows_written() -> dict[str, tuple[Any, ...]]:
    """Number and contents of every table that is not the trial's own."""
    with reading(SYSTEM) as session:
        return {table: tuple(session.execute(text(_CONTENTS.format(table=table))).one()) for table in REAL_TABLES}


class Trial:
    """A trial in the browser of one administrator."""

    def __init__(self, browser: PageClient, draft_address: str) -> None:
        self.browser, self.draft = browser, draft_address
        self.address = f"{draft_address}/chay-thu"
        self.page: TestResponse | None = None

    def begin(self, fields: Mapping[str, Any] | None = None, *, like: str = "") -> TestResponse:
        start = f"{self.address}/bat-dau" + (f"?phep-thu={like}" if like else "")
        given = {"start-place": PLACE, **MONDAY, **(fields or {})}
        self.page = submit(self.browser, start, given, button="Bắt đầu chạy thử", follow=True)
        return self.page

    def press(self, *labels: str) -> TestResponse:
        """Press buttons of the walk one after another, filling in nothing that is not filled in already."""
        for label in labels:
            response = self._press(label)
        return response

    def _press(self, label: str) -> TestResponse:
        page = self.page or self.browser.get(self.address)
        link = next((link for link in page_of(page).iter("a") if html.words(link) == label), None)
        where = self.address if link is None else link.get("href", "")
        self.page = submit(self.browser, where, button=None if link is not None else label, follow=True)
        return self.page

    def wait(self, date: str) -> TestResponse:
        self.page = submit(self.browser, self.address, rung(date), button="Chạy đến ngày này", follow=True)
        return self.page

    def see(self) -> str:
        self.page = self.browser.get(self.address)
        return words_of(self.page)


def rung(date: str) -> dict[str, str]:
    return dict(zip(("day-day", "day-month", "day-year"), date.split("/"), strict=True))


def asked_for_opinions(trial: Trial) -> TestResponse:
    """A supplement is asked for and comes three working days later; then the agencies are asked."""
    trial.begin(like="T2")
    trial.press("Tiếp nhận hồ sơ", "Chuyển hồ sơ đi giải quyết", "Phân công")
    trial.press("Yêu cầu bổ sung", "Duyệt phiếu yêu cầu bổ sung", "Gửi cho người nộp")
    trial.wait("12/11/2026")
    trial.press("Gửi phần bổ sung", "Chuyển phần bổ sung")
    return trial.press("Hỏi ý kiến và kiểm tra thực địa", "Duyệt và gửi văn bản")


def granted(trial: Trial) -> TestResponse:
    """The asked agency stays silent; the permit is drafted, signed and given."""
    asked_for_opinions(trial)
    trial.wait("26/11/2026")
    trial.press("Ghi kết quả kiểm tra", "Trình dự thảo giấy phép", "Ký nháy và trình ký", "Ký")
    return trial.press("Lấy số và đóng dấu", "Trả kết quả")


def test_a_permit_is_tried_through_supplement_and_silence_and_nothing_real_is_touched(as_official: AsOfficial) -> None:
    browser = as_official(FIRST)
    trial = Trial(browser, write(browser, PERMIT))
    before = rows_written()
    said = words_of(trial.begin(like="T2"))
    assert "08:00, thứ Hai 9/11/2026" in said
    assert "Cán bộ một cửa, UBND phường Cái Khế" in said
    accepted = words_of(trial.press("Tiếp nhận hồ sơ"))
    assert "Hẹn trả 17:00, thứ Tư 25/11/2026 Vì sao ngày này?" in accepted
    assert "Văn bản được tạo: Giấy tiếp nhận hồ sơ và hẹn trả kết quả" in accepted
    trial.press("Chuyển hồ sơ đi giải quyết", "Phân công", "Yêu cầu bổ sung", "Duyệt phiếu yêu cầu bổ sung")
    paused = words_of(trial.press("Gửi cho người nộp"))
    assert "Thời hạn tạm dừng" in paused
    assert "Hồ sơ Cần bổ sung" in paused
    days = ["Thêm một ngày làm việc"] * 3
    back = words_of(trial.press(*days, "Gửi phần bổ sung"))
    assert "Hẹn trả dời từ thứ Tư 25/11/2026 sang thứ Năm 26/11/2026" in back
    trial.press("Chuyển phần bổ sung", "Hỏi ý kiến và kiểm tra thực địa")
    asked = words_of(trial.press("Duyệt và gửi văn bản"))
    assert "Chuyên viên, Sở Xây dựng thành phố Cần Thơ" in asked
    assert "17:00, thứ Tư 25/11/2026: Không trả lời, coi như đồng ý" in asked
    silent = words_of(trial.wait("26/11/2026"))
    assert "Soạn ý kiến về quy hoạch: nhắc người làm" in silent
    assert "Soạn ý kiến về quy hoạch: hết hạn. Không trả lời, coi như đồng ý 17:00, thứ Tư 25/11/2026" in silent
    late = words_of(trial.press("Trưởng đơn vị, Sở Xây dựng thành phố Cần Thơ: Gửi ý kiến muộn"))
    assert "Soạn ý kiến về quy hoạch: ý kiến đến muộn" in late
    assert "Gửi ý kiến muộn" not in late
    assert "Chuyên viên, Phòng Cảnh sát" not in words_of(trial.press("Ghi kết quả kiểm tra", "Hỏi thêm ý kiến"))
    more = words_of(trial.press("Duyệt và gửi văn bản"))
    assert "Chuyên viên, Phòng Cảnh sát PCCC và cứu nạn, cứu hộ, Công an thành phố Cần Thơ" in more
    taken_back = words_of(trial.press("Rút câu hỏi"))
    assert "Rút câu hỏi" in taken_back
    assert "Tổng hợp, dự thảo giấy phép" in taken_back
    trial.press("Trình dự thảo giấy phép", "Ký nháy và trình ký", "Ký")
    done = words_of(trial.press("Lấy số và đóng dấu", "Trả kết quả"))
    assert "Kết thúc: Đã trả kết quả Được cấp" in done
    assert "Thêm một ngày làm việc" not in done
    assert rows_written() == before


def test_the_walk_is_kept_as_a_test_that_passes_the_check(as_official: AsOfficial) -> None:
    browser = as_official(FIRST)
    trial = Trial(browser, write(browser, PERMIT))
    granted(trial)
    answer = submit(browser, f"{trial.address}/giu", {"name": "Im lặng"}, follow=True)
    assert "Đã thêm phép thử Im lặng vào bản soạn." in words_of(answer)
    assert draft().mistakes == 0
    kept = load(draft().source, "draft").tests[-1]
    assert (kept.name, kept.ends, kept.outcome) == ("Im lặng", "done", "granted")
    assert kept.facts == {"form": {"use": "housing", "floors_above": 2, "planning_zone": True}}
    assert kept.steps == (
        "appraise.supplement", "SUP", "appraise.ask", "ask_ok.send", "plan.⏰12d", "site.done", "conclude.draft",
    )  # fmt: skip
    again = submit(browser, f"{trial.address}/giu", {"name": "Im lặng"})
    assert again.status_code == 422
    assert "Đã có phép thử tên Im lặng." in words_of(again)


def test_one_steps_back_to_any_earlier_point_and_begins_anew(as_official: AsOfficial) -> None:
    browser = as_official(FIRST)
    trial = Trial(browser, write(browser, PERMIT))
    trial.begin(like="T2")
    trial.press("Tiếp nhận hồ sơ", "Chuyển hồ sơ đi giải quyết", "Phân công", "Thêm một ngày làm việc")
    one_less = words_of(trial.press("Lùi lại một việc"))
    assert "Bây giờ 08:00, thứ Hai 9/11/2026" in one_less
    assert "Thẩm định hồ sơ Chuyên viên" in one_less
    first = words_of(trial.press("Lùi về đây: Tiếp nhận, kiểm tra hồ sơ: Tiếp nhận hồ sơ, 08:00, thứ Hai 9/11/2026"))
    assert "Số hóa, chuyển hồ sơ Cán bộ một cửa" in first
    assert "Phân công người xử lý: Phân công" not in first
    assert "Chuyển hồ sơ đi giải quyết" in trial.see()
    anew = submit(browser, trial.address, button="Chạy thử lại từ đầu", follow=True)
    assert heading(anew).startswith("Chạy thử")
    assert "Câu trả lời mà quy trình xét đến" in words_of(anew)
    with reading(SYSTEM) as session:
        assert session.scalars(select(DefinitionTrial)).all() == []


def test_a_draft_that_cannot_be_built_says_so_and_leads_to_its_mistakes(as_official: AsOfficial) -> None:
    browser = as_official(FIRST)
    trial = Trial(browser, write(browser, BROKEN))
    answer = browser.get(trial.address)
    assert answer.status_code == 422
    assert "Bản soạn còn 2 lỗi nên chưa dựng được quy trình." in words_of(answer)
    assert any(link.get("href") == f"{trial.draft}/thu" for link in page_of(answer).iter("a"))


def test_each_administrator_has_a_trial_of_his_own_and_only_the_writer_keeps_tests(as_official: AsOfficial) -> None:
    writer = as_official(FIRST)
    trial = Trial(writer, write(writer, PERMIT))
    trial.begin(like="T2")
    trial.press("Tiếp nhận hồ sơ")
    other = Trial(as_official(SECOND), trial.draft)
    assert "Câu trả lời mà quy trình xét đến" in words_of(other.browser.get(other.address, follow_redirects=True))
    other.begin(like="T2")
    submit(other.browser, f"{other.address}/ho-so/withdraw", {"reason": "Đổi ý"})
    page = words_of(other.browser.get(f"{other.address}/giu"))
    assert "do: [withdraw] ends: withdrawn" in page
    assert "Chép đoạn trên vào mục tests" in page
    assert "Thêm vào bản soạn" not in page
    assert "Số hóa, chuyển hồ sơ Cán bộ một cửa" in trial.see()
    with reading(SYSTEM) as session:
        owners = set(session.scalars(select(DefinitionTrial.person_id)))
    assert owners == {person(FIRST).id, person(SECOND).id}


def test_what_a_changed_draft_does_not_allow_any_more_falls_away(as_official: AsOfficial) -> None:
    browser = as_official(FIRST)
    trial = Trial(browser, write(browser, PERMIT))
    asked_for_opinions(trial)
    without = PERMIT.replace(
        "        supplement:\n        extend:\n        reject:\n    ask_ok:", "        reject:\n    ask_ok:"
    )
    submit(browser, trial.draft, {"source": without}, button="Lưu và kiểm")
    said = trial.see()
    assert "Bản soạn đã đổi: từ việc thứ 4 trở đi không còn đi được như trước." in said
    assert "Thẩm định hồ sơ Chuyên viên" in said
    assert "Duyệt văn bản hỏi ý kiến" in words_of(trial.press("Hỏi ý kiến và kiểm tra thực địa"))
    assert "Bản soạn đã đổi" not in trial.see()


def test_the_date_is_explained_day_by_day_in_both_languages(as_official: AsOfficial) -> None:
    browser = as_official(FIRST)
    trial = Trial(browser, write(browser, PERMIT))
    asked_for_opinions(trial)
    why = browser.get(f"{trial.address}/vi-sao-ngay-nay")
    assert heading(why) == "Vì sao hẹn ngày 26/11/2026?"
    assert "hết tạm dừng, dời từ thứ Tư 25/11/2026 sang thứ Năm 26/11/2026." in words_of(why)
    english = words_of(browser.get(f"/en{trial.address}"))
    assert "Draft the planning opinion Specialist, " in english
    assert "No answer, taken as consent" in english


def test_what_is_refused_changes_nothing(as_official: AsOfficial) -> None:
    browser = as_official(FIRST)
    trial = Trial(browser, write(browser, PERMIT))
    nowhere = submit(browser, f"{trial.address}/bat-dau", {"start-hour": "25:00"}, button="Bắt đầu chạy thử")
    assert nowhere.status_code == 422
    assert "Giờ nộp phải có dạng 8:30." in words_of(nowhere)
    trial.begin(like="T2")
    backwards = trial.wait("6/11/2026")
    assert backwards.status_code == 422
    assert "Đồng hồ chỉ chạy tới." in words_of(backwards)
    assert "Lịch làm việc chưa có đến ngày đó." in words_of(trial.wait("6/11/2090"))
    trial.press("Tiếp nhận hồ sơ")
    late = browser.get(f"{trial.address}/viec/1/accept", follow_redirects=True)
    assert "Việc này không làm được ở đây nữa." in words_of(late)
    empty = submit(browser, f"{trial.address}/ho-so/withdraw", {"reason": ""})
    assert empty.status_code == 422
    withdrawn = words_of(submit(browser, f"{trial.address}/ho-so/withdraw", {"reason": "Đổi ý"}, follow=True))
    assert "Kết thúc: Đã rút" in withdrawn
    assert noted("definition_kept")[-1][0] == person(FIRST).id


def source_of(code: str) -> str:
    """The text of a shipped definition, changed a little: what is in force already is no draft."""
    return (PROCEDURES / f"{code}.yaml").read_text(encoding="utf-8") + "# thử\n"


def test_the_register_answers_as_one_wishes_or_stays_silent(as_official: AsOfficial) -> None:
    browser = as_official(FIRST)
    trial = Trial(browser, write(browser, source_of("1.001612")))
    trial.begin()
    trial.press("Tiếp nhận hồ sơ", "Chuyển hồ sơ đi giải quyết", "Phân công")
    asked = words_of(trial.press("Đạt, lấy mã số từ cơ quan thuế"))
    assert "Lấy mã số từ cơ quan thuế Dữ liệu được hỏi" in asked
    assert "Đã có mã số Dữ liệu không khớp" in asked
    assert "Lý do: Lý do khi chạy thử" in words_of(trial.press("Dữ liệu không khớp"))
    trial.press("Lùi lại một việc", "Đến hạn kế tiếp", "Đến hạn kế tiếp")
    assert "Nhập mã số bằng tay Chuyên viên" in trial.see()


def test_rows_are_added_and_decided_one_by_one(as_official: AsOfficial) -> None:
    browser = as_official(FIRST)
    trial = Trial(browser, write(browser, source_of("1.002693")))
    start = f"{trial.address}/bat-dau"
    first = {"trees-0-species": "Sao đen"}
    more = submit(browser, start, first, button="Thêm cây")
    assert more.status_code == 200
    assert {"trees-0-species", "trees-1-species"} <= {box.get("name") for box in page_of(more).iter("input")}
    trial.begin(first)
    trial.press("Tiếp nhận hồ sơ", "Chuyển hồ sơ đi giải quyết", "Phân công", "Hỏi ý kiến quận và khảo sát")
    trial.press("Duyệt và gửi công văn", "Ghi kết quả khảo sát", "Trình ý kiến", "Ký và gửi ý kiến")
    drafting = next(
        link.get("href", "")
        for link in page_of(trial.browser.get(trial.address)).iter("a")
        if html.words(link) == "Trình dự thảo giấy phép"
    )
    refused = submit(browser, drafting, {"granted_0": "no"})
    assert refused.status_code == 422
    assert "Ghi lý do không cấp cho mục này" in words_of(refused)
    assert "Xem xét, ký nháy" in words_of(submit(browser, drafting, follow=True))
