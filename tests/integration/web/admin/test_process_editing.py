"""The process of a draft written on its pages: steps, actions, timers, opinions; the rest of the text stays."""

from __future__ import annotations

import re
from typing import Any

from werkzeug.test import TestResponse

from portal.catalogue.coverage import coverage_of
from portal.catalogue.loader import load
from portal.catalogue.service import PROCEDURES
from tests.harness import html
from tests.harness.client import PageClient, page_of, submit, words_of
from tests.integration.web.admin.writing import FIRST, SECOND, SIGNATURE, draft, send, write
from tests.integration.web.official.conftest import AsOfficial

PERMIT = (PROCEDURES / "1.009994.yaml").read_text(encoding="utf-8")
APPLICANT = """\
  applicant:
    title: {vi: Người yêu cầu, en: Applicant}
    fields:
      full_name: {type: text, label: {vi: Họ và tên, en: Full name}, required: true}
"""
CARD = SIGNATURE[: SIGNATURE.index("\nprocess:") + 1].replace("  applicant: shared\n", APPLICANT)
"""A definition without any process, and with nothing of the shared one."""


def process_of(browser: PageClient, text: str = PERMIT) -> str:
    """The address of the process of a new draft."""
    return f"{write(browser, text)}/quy-trinh"


def save(browser: PageClient, url: str, button: str = "Lưu bước", **fields: Any) -> None:
    answer = submit(browser, url, fields, button=button)
    assert answer.status_code == 303, words_of(answer)


def add_step(browser: PageClient, process: str, name: str, vi: str, kind: str = "desk") -> None:
    fields = {"kind": kind, "step_id": name, "name_vi": vi, "name_en": f"{vi} (en)"}
    save(browser, f"{process}/them", "Thêm bước", **fields)


def add_action(browser: PageClient, process: str, step: str, name: str, **fields: Any) -> None:
    label = {"label_vi": name.capitalize(), "label_en": name.capitalize()}
    save(browser, f"{process}/buoc/{step}/them-hanh-dong", "Thêm hành động", action_id=name, **label)
    save(browser, f"{process}/buoc/{step}/hanh-dong/{name}", "Lưu hành động", **fields)


def to(*steps: str, **fields: Any) -> dict[str, Any]:
    """The boxes of an action that leads to these steps."""
    rows = {f"target-{at}-step": step for at, step in enumerate(steps)}
    return {"way": "to", **rows, **fields}


def test_a_process_of_five_steps_is_written_on_its_pages_and_passes_the_check(as_official: AsOfficial) -> None:
    browser = as_official(FIRST)
    process = process_of(browser, CARD)
    assert "Quy trình chưa có bước nào." in words_of(browser.get(process))
    save(browser, f"{process}/khung", "Lưu khung", uses="own")
    for name, vi, kind in (
        ("receive", "Tiếp nhận", "desk"),
        ("check", "Kiểm tra giấy tờ", "desk"),
        ("fix", "Bổ sung giấy tờ", "applicant"),
        ("sign", "Ký chứng thực", "desk"),
        ("give", "Trả kết quả", "desk"),
    ):
        add_step(browser, process, name, vi, kind)
    office = {"where": "place", "level": "commune"}
    at = {
        "receive": {"where": "received", "role": "receptionist", "hours": "0,25", "clock": "reception"},
        "check": {**office, "function": "justice", "role": "specialist", "hours": "0,5"},
        "sign": {**office, "function": "leadership", "within": "justice", "role": "leader", "hours": "0,25"},
        "give": {"where": "return", "role": "receptionist", "clock": "none", "state": "result"},
        "fix": {"timer-0-number": "30", "timer-0-unit": "d", "timer-0-way": "end:expired", "state": "supplement"},
    }
    for name, fields in at.items():
        save(browser, f"{process}/buoc/{name}", **fields)
    add_action(browser, process, "receive", "accept", **to("check", kind="accept"), documents=["form01"])
    add_action(browser, process, "receive", "refuse", kind="refuse", way="end", end="refused", needs=["reason"])
    add_action(browser, process, "check", "draft", **to("sign", kind="draft", outcome="granted"))
    once = {"mode": "if", "condition": "record.supplements < 2"}
    add_action(browser, process, "check", "supplement", **to("fix", kind="supplement"), needs=["items"], **once)
    add_action(browser, process, "fix", "submit", **to("check", kind="submit"))
    add_action(browser, process, "sign", "sign", **to("give", kind="sign"))
    add_action(browser, process, "give", "give", kind="give", way="end", end="done")
    save(browser, f"{process}/khung", "Lưu khung", start="receive")
    said = words_of(browser.get(process))
    assert draft().mistakes == 0, said
    assert "Không có lỗi · 5 bước" in said
    written = load(draft().source, "x.yaml").process
    assert list(written.steps) == ["receive", "check", "fix", "sign", "give"]
    assert [action.id for action in written.steps["check"].actions] == ["draft", "supplement"]
    assert draft().source.startswith(CARD.rstrip("\n"))


def test_opinions_and_branches_are_written_on_the_shared_process(as_official: AsOfficial) -> None:
    browser = as_official(FIRST)
    card = PERMIT[: PERMIT.index("\nprocess:") + 1]
    process = process_of(browser, card)
    hours = {"forward": "2", "assign": "2", "review": "2", "sign": "4", "stamp": "2"}
    owner = {"where": "place", "level": "district", "function": "urban_management"}
    named = {"condition-0-name": "tall", "condition-0-source": "form.floors_above >= 7"}
    save(browser, f"{process}/khung", "Lưu khung", uses="one_stop", **owner, **hours, **named)
    add_step(browser, process, "appraise", "Thẩm định")
    add_step(browser, process, "site", "Kiểm tra thực địa")
    add_step(browser, process, "fire", "Ý kiến PCCC", "opinion")
    add_step(browser, process, "conclude", "Tổng hợp")
    branches = {"target-1-mode": "if", "target-1-condition": "tall"}
    add_action(browser, process, "appraise", "ask", **to("site", "fire", kind="consult"), **branches)
    taken = {"action_id": "supplement", "base": "supplement"}
    save(browser, f"{process}/buoc/appraise/them-hanh-dong", "Thêm hành động", **taken)
    add_action(browser, process, "site", "done", **{"way": "join", "target-0-step": "conclude"})
    asks = {**to("fire", kind="consult"), "way": "consult"}
    add_action(browser, process, "conclude", "more", **asks)
    shared = {"action_id": "draft", "base": "draft"}
    save(browser, f"{process}/buoc/conclude/them-hanh-dong", "Thêm hành động", **shared)
    save(browser, f"{process}/buoc/conclude/them-hanh-dong", "Thêm hành động", action_id="reject", base="reject")
    timers = {
        "timer-0-number": "8",
        "timer-0-unit": "d",
        "timer-0-effect": "remind",
        "timer-1-number": "12",
        "timer-1-unit": "d",
        "timer-1-silence": "consent",
        "timer-1-way": "join:conclude",
    }
    opinion = {"sign_name_vi": "Ký ý kiến", "sign_name_en": "Sign", "stop_vi": "Góp ý", "stop_en": "Opinion"}
    where = {"level": "city", "function": "fire_police", "hours": "32", "sign_hours": "8", "join": "conclude",
             "same_office": "skip"}  # fmt: skip
    save(browser, f"{process}/buoc/fire", **opinion, **where, **timers)
    save(browser, f"{process}/khung", "Lưu khung", first="appraise", drafters=["conclude"])
    assert draft().mistakes == 0, words_of(browser.get(process))
    written = load(draft().source, "x.yaml").process
    assert [branch.step for branch in written.steps["appraise"].actions[0].branches] == ["site", "fire"]
    assert written.steps["fire_sign"].timers[1].silence == "consent"
    assert (written.steps["fire"].same_office, written.steps["fire_sign"].same_office) == ("skip", None)
    assert [field.id for field in written.steps["conclude"].action("more").form] == ["agencies", "question"]
    assert draft().source.endswith("        draft:\n        reject:\n")


def test_a_step_that_is_changed_leaves_everything_else_to_the_character(as_official: AsOfficial) -> None:
    browser = as_official(FIRST)
    process = process_of(browser)
    save(browser, f"{process}/buoc/site", hours="20")
    assert draft().source == PERMIT.replace("      hours: 24\n", "      hours: 20\n")
    save(browser, f"{process}/buoc/site/hanh-dong/done", "Lưu hành động", label_en="Write down the inspection")
    changed = PERMIT.replace("      hours: 24\n", "      hours: 20\n")
    assert draft().source == changed.replace("en: Record the inspection}", "en: Write down the inspection}")


def test_saving_without_a_change_changes_nothing(as_official: AsOfficial) -> None:
    browser = as_official(FIRST)
    process = process_of(browser)
    save(browser, f"{process}/buoc/fire")
    save(browser, f"{process}/buoc/appraise/hanh-dong/supplement", "Lưu hành động")
    save(browser, f"{process}/khung", "Lưu khung", drafters=["appraise", "conclude"])
    assert draft().source == PERMIT
    assert draft().revision == 1


def test_a_new_name_is_known_everywhere(as_official: AsOfficial) -> None:
    browser = as_official(FIRST)
    process = process_of(browser)
    assert "Phép thử T1" in words_of(browser.get(f"{process}/buoc/fire/doi-ma"))
    save(browser, f"{process}/buoc/fire/doi-ma", "Đổi mã", new_id="pccc")
    renamed = re.sub(r"\bfire(_sign)?\b(?=[:.,+)] ?)", r"pccc\1", PERMIT)
    assert draft().source == renamed
    assert draft().mistakes == 0
    taken = submit(browser, f"{process}/buoc/pccc/doi-ma", {"new_id": "site"}, button="Đổi mã")
    assert taken.status_code == 422
    assert "Đã có site. Chọn mã khác." in words_of(taken)
    save(browser, f"{process}/buoc/site/hanh-dong/done/doi-ma", "Đổi mã", new_id="seen")
    assert draft().source.count("site.seen, ") == 4
    assert draft().mistakes == 0


def test_a_step_that_others_lead_to_stays(as_official: AsOfficial) -> None:
    browser = as_official(FIRST)
    process = process_of(browser)
    said = words_of(browser.get(f"{process}/buoc/land/bo"))
    assert "Duyệt văn bản hỏi ý kiến: Duyệt và gửi văn bản" in said
    assert "Phép thử T1" in said
    refused = browser.post(f"{process}/buoc/land/bo", data=token(browser, f"{process}/buoc/land/bo"))
    assert refused.status_code == 422
    assert "Chưa bỏ được" in words_of(refused)
    assert draft().source == PERMIT
    add_step(browser, process, "spare", "Bước thừa")
    assert draft().source != PERMIT
    save(browser, f"{process}/buoc/spare/bo", "Bỏ")
    assert draft().source == PERMIT


def test_a_broken_condition_is_told_at_its_box_and_not_kept(as_official: AsOfficial) -> None:
    browser = as_official(FIRST)
    process = process_of(browser)
    action = f"{process}/buoc/appraise/hanh-dong/ask"
    fields = {"mode": "if", "condition": "form.floors_abov >= 7"}
    refused = submit(browser, action, fields, button="Lưu hành động")
    assert refused.status_code == 422
    assert error_at(refused, "condition").startswith("Lỗi: Biểu thức nhắc đến form.floors_abov, không có trường này")
    target = {"target-1-step": "site", "target-1-mode": "unless", "target-1-condition": "form.use =="}
    refused = submit(browser, action, target, button="Lưu hành động")
    assert "Biểu thức dừng giữa chừng" in error_at(refused, "target-1-condition")
    assert draft().source == PERMIT


def test_who_saves_later_is_told_and_keeps_what_was_typed(as_official: AsOfficial) -> None:
    browser = as_official(FIRST)
    process = process_of(browser)
    old = token(browser, f"{process}/buoc/site")
    save(browser, f"{process}/buoc/site", hours="20")
    fields = {**old, "name_vi": "Ra thực địa lần nữa"}
    refused = browser.post(f"{process}/buoc/site", data=fields)
    assert refused.status_code == 422
    assert "Bản soạn vừa đổi lúc" in words_of(refused)
    assert "Ra thực địa lần nữa" in refused.text
    assert "hours: 20" in draft().source


def test_the_picture_follows_what_is_typed_and_keeps_nothing(as_official: AsOfficial) -> None:
    browser = as_official(FIRST)
    process = process_of(browser)
    typed = {**token(browser, f"{process}/buoc/site"), "name_vi": "Đo đạc tại chỗ", "picture": "yes"}
    drawn = browser.post(f"{process}/buoc/site", data=typed)
    assert drawn.status_code == 200
    picture = (drawn.json or {})["picture"]
    assert "Đo đạc tại chỗ" in picture
    assert "<html" not in picture
    assert "route__row--chosen" in picture
    assert browser.post(f"{process}/buoc/site", data={**typed, "name_vi": ""}).status_code == 422
    assert draft().source == PERMIT


def test_mistakes_are_told_at_their_step_with_the_way_that_leads_there(as_official: AsOfficial) -> None:
    browser = as_official(FIRST)
    # The report of the site visit leads back to itself: whoever comes there can never go on.
    trap = PERMIT.replace(
        "          join: conclude\n        supplement: # the loop stays in its branch\n", "          to: site\n"
    )
    process = process_of(browser, trap)
    said = words_of(browser.get(process))
    assert "Từ bước “Soạn ý kiến về PCCC”, hồ sơ không kết thúc được" in said
    assert "Thẩm định hồ sơ: Hỏi ý kiến và kiểm tra thực địa › Duyệt văn bản hỏi ý kiến" in said
    assert "hồ sơ không kết thúc được" in words_of(browser.get(f"{process}/buoc/fire"))
    assert "hồ sơ không kết thúc được" not in words_of(browser.get(f"{process}/buoc/appraise"))


def test_an_unfinished_process_has_a_table_and_a_picture(as_official: AsOfficial) -> None:
    browser = as_official(FIRST)
    broken = PERMIT.replace("          to: ask_ok\n", "          to: nowhere\n").replace("hours: 24", "hours: many")
    page = browser.get(process_of(browser, broken))
    said = words_of(page)
    assert "→ nowhere" in said
    assert "Không có bước nowhere." in said
    assert any("route__row" in (element.get("class") or "") for element in page_of(page).iter("li"))


def test_tests_and_their_coverage_stand_below_the_table(as_official: AsOfficial) -> None:
    browser = as_official(FIRST)
    process = process_of(browser, PERMIT.replace("    ends: done\n    outcome: rejected", "    ends: refused"))
    said = words_of(browser.get(process))
    assert "Kết thúc là done" in said
    figure = coverage_of(load(PERMIT, "x.yaml"))
    taken, every = len(figure.taken), len(figure.taken) + len(figure.never)
    sentence = f"Các phép thử đi qua {taken} trên {every} hành động ({figure.percent} %)."
    assert sentence in said
    assert "Kiểm tra thực địa: Yêu cầu bổ sung" in said
    assert sentence in words_of(browser.get("/quan-tri/thu-tuc/1.009994/1/quy-trinh"))


def test_the_order_of_steps_and_actions_changes(as_official: AsOfficial) -> None:
    browser = as_official(FIRST)
    process = process_of(browser)
    sent = {**token(browser, process), "by": "len"}
    assert browser.post(f"{process}/buoc/site/chuyen", data=sent).status_code == 303
    steps = list(load(draft().source, "x.yaml").process.steps)
    assert steps.index("site") < steps.index("ask_ok")
    assert browser.post(f"{process}/buoc/ask_ok/chuyen", data={**sent, "revision": "2"}).status_code == 303
    assert draft().source == PERMIT
    sent = {**token(browser, process), "by": "xuong"}
    assert browser.post(f"{process}/buoc/ask_ok/hanh-dong/send/chuyen", data=sent).status_code == 303
    actions = load(draft().source, "x.yaml").process.steps["ask_ok"].actions
    assert [action.id for action in actions] == ["return", "send"]


def test_an_entry_is_written_as_yaml(as_official: AsOfficial) -> None:
    browser = as_official(FIRST)
    process = process_of(browser)
    page = f"{process}/yaml/buoc.site"
    written = submit(browser, page, {"source": "name: {vi: A\n"}, button="Lưu")
    assert written.status_code == 422
    assert draft().source == PERMIT
    save(browser, f"{process}/yaml/tests", "Lưu")
    assert draft().source == PERMIT
    assert browser.get(f"{process}/yaml/pages").status_code == 404


def test_others_look_and_do_not_change(as_official: AsOfficial) -> None:
    address = send(as_official(FIRST), PERMIT.replace("hours: 24", "hours: 20"))
    second = as_official(SECOND)
    page = second.get(f"{address}/quy-trinh")
    assert "Kiểm tra thực địa" in words_of(page)
    assert "Thêm bước" not in words_of(page)
    assert second.get(f"{address}/quy-trinh/buoc/site").status_code == 403
    assert second.get(f"{address}/quy-trinh/khung").status_code == 403


def test_every_page_opens(as_official: AsOfficial) -> None:
    browser = as_official(FIRST)
    process = process_of(browser)
    for page in (
        "",
        "/khung",
        "/ket-thuc",
        "/them",
        "/buoc/appraise",
        "/buoc/fire",
        "/buoc/fire/doi-ma",
        "/buoc/fire/bo",
        "/buoc/appraise/them-hanh-dong",
        "/buoc/ask_ok/hanh-dong/send",
        "/buoc/appraise/hanh-dong/supplement",
        "/buoc/appraise/hanh-dong/ask/doi-ma",
        "/buoc/appraise/hanh-dong/ask/bo",
        "/yaml/buoc.fire",
        "/yaml/process.with",
        "/yaml/tests",
    ):
        assert browser.get(process + page).status_code == 200, page
        assert browser.get("/en" + process + page).status_code == 200, page


def token(browser: PageClient, url: str) -> dict[str, str]:
    """What the form of the page would send as it stands."""
    main = next(page_of(browser.get(url)).iter("main"))
    form = next(form for form in main.iter("form") if form.get("method") == "post")
    return dict(html.fields_of(form))


def error_at(answer: TestResponse, field: str) -> str:
    return next(html.words(element) for element in page_of(answer).iter("p") if element.get("id") == f"{field}-error")
