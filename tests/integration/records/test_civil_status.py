"""Civil status: many communes asked, letters from outside, drafts that are corrected, an office that is named."""

from __future__ import annotations

from typing import Any

import pytest

from portal.core.actor import SYSTEM
from portal.core.errors import InvalidInput
from portal.core.unit_of_work import reading, unit_of_work
from portal.demonstration.walking import Walk
from portal.records import service
from portal.records.contents.builders import BUILDERS
from portal.records.contents.gathering import writing_of
from portal.records.replay import differences
from portal.records.types import ActionAnswers, TaskRow
from portal.units import queries as units
from tests.integration.records.arranging import act, citizen, draft, handed_in, send, task_of
from tests.integration.records.further_forms import BIRTH, CAI_KHE, EXTRACT, MARITAL, TAN_AN

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("database")]

XUAN_KHANH, NINH_KIEU = "31144", "916"
PERIODS = [
    {"where": "cantho", "commune": CAI_KHE, "from": "2019-01-01", "to": "2026-11-01"},
    {"where": "cantho", "commune": TAN_AN, "from": "2008-01-01", "to": "2012-06-30"},
    {"where": "cantho", "commune": XUAN_KHANH, "from": "2012-07-01", "to": "2018-12-31"},
]
EARLIER = {**PERIODS[1], "from": "2005-01-01", "to": "2007-12-31"}
ELSEWHERE = [{"where": "other", "elsewhere": "Phường 1, Vĩnh Long", "from": "2008-01-01", "to": "2018-12-31"}]


def far(code: str, *steps: tuple[str, str], **changed: Any) -> Walk:
    walk = handed_in(code, **changed)
    for step, action in (("receive", "accept"), ("forward", "hand_over"), *steps):
        act(walk, step, action)
    return walk


def place_of(task: TaskRow) -> str:
    assert task.unit_id is not None
    with reading(SYSTEM) as session:
        return units.directory(session).unit(task.unit_id).place


def content(walk: Walk, kind: str) -> dict[str, Any]:
    document = next(one for one in reversed(walk.file().documents) if one.kind == kind)
    with reading(SYSTEM) as session:
        return dict(BUILDERS[document.template](writing_of(session, walk.record_id, document.id, now=walk.now)))


def test_each_other_commune_is_asked_once_and_the_own_one_not() -> None:
    walk = far(MARITAL, ("check", "ask"), ("ask_ok", "sign"), periods=[*PERIODS, EARLIER])
    asked = [task for task in walk.file().open_tasks if task.step == "verify"]
    assert sorted(place_of(task) for task in asked) == [TAN_AN, XUAN_KHANH]
    assert {task.split for task in asked} == {f"ask_ok[{TAN_AN}]", f"ask_ok[{XUAN_KHANH}]"}
    assert sorted(content(walk, "letter")["addressees"]) == ["UBND phường Tân An", "UBND phường Xuân Khánh"]


def test_the_signature_of_one_commune_makes_only_its_own_opinion_final() -> None:
    walk = far(MARITAL, ("check", "ask"), ("ask_ok", "sign"), periods=PERIODS)
    act(walk, "verify", "answer")
    act(walk, "verify", "answer")
    act(walk, "verify_sign", "sign")
    opinions = walk.file().opinions
    assert sorted(opinion.final_at is None for opinion in opinions) == [False, True]
    assert all(opinion.text.startswith("Không có đăng ký kết hôn") for opinion in opinions)
    assert [task.step for task in walk.file().open_tasks] == ["verify_sign"]
    act(walk, "verify_sign", "sign")
    assert [task.step for task in walk.file().open_tasks] == ["conclude"]
    assert differences(walk.file()) == []


def test_the_clock_stands_still_while_others_are_asked_and_they_have_three_days() -> None:
    walk = far(MARITAL, ("check", "ask"), ("ask_ok", "sign"), periods=PERIODS)
    file = walk.file()
    assert (file.record.state, file.record.paused_at is not None) == ("consulting", True)
    assert {f"{task.due_at:%d/%m}" for task in file.open_tasks} == {"12/11"}


def test_an_answer_from_outside_is_entered_with_its_letter() -> None:
    walk = far(MARITAL, ("check", "ask"), ("ask_ok", "sign"), periods=ELSEWHERE)
    task = task_of(walk, "elsewhere")
    assert place_of(task) == CAI_KHE
    with pytest.raises(InvalidInput, match="số văn bản"):
        walk.go("elsewhere.answer", answers=ActionAnswers(form={"verdict": "none"}))
    letter = {"verdict": "none", "letter_no": "12/UBND", "letter_date": "2026-11-11"}
    walk.go("elsewhere.answer", answers=ActionAnswers(form=letter))
    (opinion,) = walk.file().opinions
    assert opinion.unit_name == "UBND nơi từng thường trú ngoài thành phố"
    assert opinion.text.endswith("Văn bản số 12/UBND ngày 2026-11-11.")
    assert opinion.final_at is not None
    assert [task.step for task in walk.file().open_tasks] == ["conclude"]


def test_silence_leads_to_a_declaration_of_the_applicant() -> None:
    walk = far(MARITAL, ("check", "ask"), ("ask_ok", "sign"), periods=PERIODS[:2])
    walk.go("verify.⏰")
    assert walk.file().record.state == "applicant_confirms"
    walk.go("pledge.submit", answers=ActionAnswers(form={"words": "Tôi chưa kết hôn với ai."}))
    assert content(walk, "pledge")["words"] == "Tôi chưa kết hôn với ai."
    assert [task.step for task in walk.file().open_tasks] == ["conclude"]


def correct(walk: Walk, **form: Any) -> None:
    actor = citizen()
    with unit_of_work(actor) as session:
        task = task_of(walk, "confirm")
        answers = ActionAnswers(form=form)
        service.act_on_task(session, task.id, "correct", actor=actor, now=walk.now, answers=answers)


def test_a_corrected_draft_goes_back_to_the_desk_with_what_was_changed() -> None:
    walk = far(BIRTH, ("check", "ready"))
    assert walk.file().record.state == "applicant_confirms"
    correct(walk, given="Khánh", dob="2026-10-21", ethnicity="Khmer")
    file = walk.file()
    assert (file.record.answers["given"], file.record.answers["ethnicity"]) == ("Khánh", "Khmer")
    assert file.events[-1].details["form"] == {"given": "Khánh", "ethnicity": "Khmer"}
    assert file.events[-1].details["before"] == {"given": "Khang", "ethnicity": "Kinh"}
    assert [task.step for task in file.open_tasks] == ["check"]


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"given": "Khang"}, "Sửa ít nhất một mục"),
        ({"dob": "2027-01-01"}, "không được sau ngày nộp"),
        ({"surname": ""}, "Nhập họ của trẻ"),
        ({"copies": "9", "commune": TAN_AN}, "Sửa ít nhất một mục"),
    ],
    ids=["nothing", "a day to come", "an empty name", "what may not be corrected"],
)
def test_a_correction_must_change_something_and_fit(form: dict[str, Any], sentence: str) -> None:
    walk = far(BIRTH, ("check", "ready"))
    with pytest.raises(InvalidInput) as refused:
        correct(walk, **form)
    assert sentence in refused.value.sentence
    assert [task.step for task in walk.file().open_tasks] == ["confirm"]


def test_copies_come_with_the_certificate_under_a_number_of_their_own() -> None:
    walk = far(BIRTH, ("check", "ready"))
    walk.go("confirm.⏰", "person_id.ok", "sign.sign", "stamp.issue")
    file = walk.file()
    certificate = next(one for one in file.documents if one.kind == "result")
    (copy,) = (one for one in file.documents if one.kind == "further_result")
    assert (certificate.reference, copy.reference, copy.for_applicant) == ("01/KS", "01/TLKS-BS", True)
    assert content(walk, "further_result")["facts"][-1] == {"label": "Số đăng ký", "value": "01/KS"}
    assert content(walk, "further_result")["signature"]["name"] != ""


def test_a_registration_without_copies_has_one_paper() -> None:
    walk = far(BIRTH, ("check", "ready"), copies="0")
    walk.go("confirm.⏰", "person_id.ok", "sign.sign", "stamp.issue")
    assert [one.kind for one in walk.file().documents if "result" in one.kind] == ["result"]


def test_one_of_several_papers_is_enough_and_none_is_not() -> None:
    walk = far(BIRTH)
    assert [paper.slot for paper in walk.file().papers] == ["birth_paper"]

    owner = citizen()
    with pytest.raises(InvalidInput) as refused:
        send(draft(BIRTH, owner=owner, papers=()), owner=owner)
    faults: Any = refused.value.details["faults"]
    (fault,) = faults
    assert fault.sentence.vi.startswith("Tải lên một trong các giấy: Giấy chứng sinh; Văn bản người làm chứng")
    send(draft(BIRTH, owner=owner, papers=("witness",)), owner=owner)


def test_the_office_that_registered_the_event_does_the_work() -> None:
    walk = far(EXTRACT)
    assert place_of(task_of(walk, "search")) == TAN_AN
    walk.go("search.not_here")
    assert place_of(task_of(walk, "duplicate")) == NINH_KIEU
    walk.go("duplicate.found", "search.found")
    assert (task_of(walk, "sign").role, place_of(task_of(walk, "sign"))) == ("leader", TAN_AN)


def test_in_a_district_the_head_of_its_office_signs_and_the_office_issues() -> None:
    walk = far(EXTRACT, registered_at=NINH_KIEU)
    walk.go("search.found")
    sign = task_of(walk, "sign")
    assert (sign.role, sign.function, place_of(sign)) == ("head", "justice", NINH_KIEU)
    walk.go("sign.sign", "stamp.issue")
    result = walk.file().result
    assert result is not None
    with reading(SYSTEM) as session:
        assert units.directory(session).unit(result.unit_id).name == "Phòng Tư pháp quận Ninh Kiều"
