"""What was written as YAML once: fields of actions, other places, ends, and the tests of a draft."""

from __future__ import annotations

from portal.catalogue.loader import load
from portal.catalogue.service import PROCEDURES
from portal.catalogue.source import Source
from tests.harness.client import page_of, submit, words_of
from tests.integration.web.admin.test_process_editing import error_at, process_of, save, token
from tests.integration.web.admin.writing import FIRST, SIGNATURE, draft, write
from tests.integration.web.official.conftest import AsOfficial


def test_the_fields_of_an_action_are_asked_by_the_form_builder(as_official: AsOfficial) -> None:
    browser = as_official(FIRST)
    process = process_of(browser, SIGNATURE)
    draft_page = process.removesuffix("/quy-trinh")
    action = "process/steps/witness/actions/reject/form"
    label = {"q-label-vi": "Nơi hẹn", "q-label-en": "Where to meet", "q-_name": "meeting"}
    assert submit(browser, f"{draft_page}/them/{action}", {"q-type": "text", **label}).status_code == 303
    save(browser, f"{draft_page}/sua/{action}/meeting", "Lưu và kiểm", **{"q-required": "yes", "q-max_length": "80"})
    before, _, after = SIGNATURE.partition("        reject:\n")
    assert draft().source.startswith(before)
    assert draft().source.endswith(after)
    taken_over = load(draft().source, "x.yaml").process.steps["witness"].action("reject")
    assert (taken_over.kind, [field.id for field in taken_over.form]) == ("reject", ["meeting"])
    assert "Nơi hẹn meeting · Chữ, một dòng" in words_of(browser.get(f"{process}/buoc/witness/hanh-dong/reject"))
    save(browser, f"{process}/buoc/witness/hanh-dong/reject", "Lưu hành động", limit="3", limit_unit="wd")
    assert "within: 3wd" in draft().source
    submit(browser, f"{draft_page}/xoa/process/steps/witness/actions/signed/form/note", button="Xóa")
    assert [field.id for field in load(draft().source, "x").process.steps["witness"].actions[0].form] == ["all_present"]


def test_places_of_other_levels_and_of_the_tail_have_boxes(as_official: AsOfficial) -> None:
    browser = as_official(FIRST)
    process = process_of(browser, SIGNATURE)
    elsewhere = {"tail-where": "place", "tail-level": "city", "tail-function": "planning", "give-where": "received"}
    signer = {"signers-0-level": "commune", "signers-0-function": "justice"}
    refused = submit(browser, f"{process}/khung", {**elsewhere, **signer}, button="Lưu khung")
    assert "Chọn vai trò" in error_at(refused, "signers-0-role")
    save(browser, f"{process}/khung", "Lưu khung", **elsewhere, **signer, **{"signers-0-role": "leader"})
    given = Source(draft().source).get(("process", "with"))
    assert given["tail"] == {"level": "city", "function": "planning"}
    assert given["give"] == {"where": "received", "function": "one_stop"}
    assert given["signer_at"] == {"commune": {"function": "justice", "role": "leader"}}
    named = {"where": "field", "level": "", "function": "land", "field": "form.commune"}
    other = {"levels-0-level": "commune", "levels-0-function": "justice", "levels-0-role": "leader"}
    day = {"timer-0-unit": "on", "timer-0-day": "form.birth_date", "timer-0-effect": "remind"}
    refused = submit(browser, f"{process}/buoc/witness", {**day, "timer-0-day": "form.paid"}, button="Lưu bước")
    assert "kiểu" in error_at(refused, "timer-0-day")
    save(browser, f"{process}/buoc/witness", **named, **other, **day)
    step = Source(draft().source).get(("process", "steps", "witness"))
    by_level = {"commune": {"function": "justice", "role": "leader"}}
    assert step["at"] == {"where": "field", "field": "form.commune", "function": "land", "by_level": by_level}
    assert step["timers"] == [{"on": "form.birth_date", "effect": "remind"}]
    assert "Đến ngày form.birth_date: nhắc" in words_of(browser.get(process))


def test_ends_and_withdrawal_are_those_of_the_shared_process_until_they_are_written(as_official: AsOfficial) -> None:
    browser = as_official(FIRST)
    process = process_of(browser, SIGNATURE)
    page = f"{process}/ket-thuc"
    assert "Như quy trình chung của bộ phận một cửa." in words_of(browser.get(page))
    sent = token(browser, page)
    assert browser.post(f"{page}/rieng/always", data=sent).status_code == 303
    draft_page = process.removesuffix("/quy-trinh")
    save(browser, f"{draft_page}/sua/process/always/stop", "Lưu và kiểm", **{"q-closed_in": ["sign", "stamp", "give"]})
    assert draft().mistakes == 0
    stop = load(draft().source, "x.yaml").process.always[1]
    assert stop.closed_in == ("sign", "stamp", "give")
    assert "đến trước bước Ký kết quả, Vào sổ, lấy số, đóng dấu, Trả kết quả" in words_of(browser.get(page))
    assert browser.post(f"{page}/chung/always", data={**sent, "revision": str(draft().revision)}).status_code == 303
    assert draft().source == SIGNATURE
    assert browser.post(f"{page}/rieng/steps", data=sent).status_code == 404


def test_tests_are_written_with_the_answers_that_decide(as_official: AsOfficial) -> None:
    browser = as_official(FIRST)
    address = write(browser, (PROCEDURES / "1.009994.yaml").read_text(encoding="utf-8"))
    listed = words_of(browser.get(f"{address}/thu"))
    assert "T1 Đạt" in listed
    assert "Kiểm tra thực địa: Ghi kết quả kiểm tra" in listed
    doing = "appraise.ask\nask_ok.send\nfire.answer\nfire_sign.sign\nsite.done\nconclude.draft"
    sent = {"q-name": "T6", "q-do": doing, "q-ends": "done", "q-outcome": "granted"}
    assert submit(browser, f"{address}/them/tests", sent).status_code == 303
    page = f"{address}/sua/tests/5"
    failing = browser.get(page)
    assert "T6: không làm được fire.answer" in words_of(failing)
    assert "Duyệt văn bản hỏi ý kiến: Duyệt và gửi văn bản" in words_of(failing)
    assert next(
        error.get("id") for error in page_of(failing).iter("p") if "error-message" in error.get("class", "")
    ) == ("q-do-error")
    assert draft().mistakes == 1
    answers = {"q-facts-form-use": "housing", "q-facts-form-floors_above": "8", "q-facts-form-planning_zone": "yes"}
    assert submit(browser, page, answers, button="Lưu và kiểm").status_code == 303
    assert Source(draft().source).get(("tests", 5, "facts")) == {
        "form": {"use": "housing", "floors_above": 8, "planning_zone": True}
    }
    assert "Chạy với bản đã lưu Chưa đạt" in words_of(browser.get(page))
    outside = {"q-facts-form-planning_zone": "no", "q-do": doing.replace("fire_sign", "land.⏰12d\nfire_sign")}
    assert submit(browser, page, outside, button="Lưu và kiểm").status_code == 303
    assert draft().mistakes == 0
    assert "Chạy với bản đã lưu Đạt" in words_of(browser.get(page))
    submit(browser, f"{address}/thu", button="Lên T6")
    submit(browser, f"{address}/xoa/tests/4", button="Xóa")
    assert [test["name"] for test in Source(draft().source).get(("tests",))] == ["T1", "T2", "T3", "T4", "T5"]
