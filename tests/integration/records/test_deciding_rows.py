"""Trees are granted or refused one by one."""

from __future__ import annotations

from typing import Any

import pytest

from portal.core.actor import SYSTEM
from portal.core.errors import InvalidInput
from portal.core.unit_of_work import reading
from portal.demonstration.walking import Walk
from portal.records.contents.builders import BUILDERS
from portal.records.contents.gathering import writing_of
from portal.records.types import ActionAnswers
from tests.integration.records.arranging import act, at_desk
from tests.integration.records.further_forms import TREES

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("database")]

YES: dict[str, Any] = {"granted": True}
NO = {"granted": False, "reason": "Cây khỏe."}


@pytest.fixture
def concluding() -> Walk:
    walk = at_desk(TREES)
    walk.go("appraise.ask", "ask_ok.send", "site.done", "dist.⏰")
    return walk


def draft(walk: Walk, *decisions: dict[str, Any]) -> None:
    walk.go("conclude.draft", answers=ActionAnswers(form={"decisions": list(decisions)}))


def test_the_permit_lists_what_was_granted_and_what_not(concluding: Walk) -> None:
    draft(concluding, YES, YES, NO)
    result = concluding.file().result
    assert result is not None
    with reading(SYSTEM) as session:
        writing = writing_of(session, concluding.record_id, result.id, now=concluding.now)
        permit: Any = BUILDERS[result.template](writing)
        general: Any = BUILDERS["general_result"](writing)
    assert [(tree["species"], tree["granted"], tree["reason"]) for tree in permit["trees"]] == [
        ("Sao đen", True, ""),
        ("Lộc vừng", True, ""),
        ("Dầu rái", False, "Cây khỏe."),
    ]
    assert permit["trees"][1]["treatment"] == "dịch chuyển đến công viên Mẫu"
    assert {fact["label"]: fact["value"] for fact in general["facts"]}["Các cây"] == (
        "Sao đen, trước số 12, 14 m, 45 cm, Chặt hạ; Lộc vừng, trước số 14, 4,5 m, 18 cm, Dịch chuyển, công viên Mẫu"
    )


@pytest.mark.parametrize(
    ("decisions", "field"),
    [
        ((YES, YES), "decisions"),
        ((YES, YES, {"granted": False, "reason": " "}), "reason_2"),
        ((NO, NO, NO), "granted_0"),
    ],
    ids=["a row without a decision", "a refusal without a reason", "nothing granted"],
)
def test_every_row_needs_its_decision(concluding: Walk, decisions: tuple[dict[str, Any], ...], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        draft(concluding, *decisions)
    assert refused.value.field == field


def test_a_draft_that_comes_back_is_decided_anew(concluding: Walk) -> None:
    draft(concluding, YES, NO, NO)
    act(concluding, "review", "return")
    draft(concluding, YES, YES, YES)
    assert concluding.file().events[-1].details["form"]["decisions"] == [YES, YES, YES]
