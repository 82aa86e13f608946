"""Ways of the map that only some records take: past a step, and back to who did it before."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from portal.catalogue.types import Procedure
from portal.web.lane_views import procedure_map
from portal.workflow.definition import Action, ActionKind, At, Branch, Condition, Step, Text, Where
from portal.workflow.lanes import LanePicture
from tests.unit.workflow.lane_examples import shipped
from tests.unit.workflow.test_lanes import assert_sound, drawing_of

TALL = Condition("form.floors_above >= 7", lambda facts: False)


def with_review(level: str) -> Procedure:
    """Setting up a household business, in which some records are reviewed elsewhere between appraisal and tax code."""
    procedure = shipped("1.001612")
    review = Step(
        "review_design",
        Text("Thẩm tra thiết kế", "Review the design"),
        At(Where.PLACE, level, "planning"),
        "specialist",
        (
            Action("ok", ActionKind.ADVANCE, Text("Đạt"), branches=(Branch("tax"),)),
            Action("back", ActionKind.SEND_BACK, Text("Trả lại"), branches=(Branch("appraise"),)),
        ),
        quota=Decimal(16),
    )
    steps = dict(procedure.process.steps)
    chosen = tuple(
        replace(action, branches=(Branch("review_design", TALL), Branch("tax")), choice=True)
        if action.id == "pass"
        else action
        for action in steps["appraise"].actions
    )
    steps |= {"appraise": replace(steps["appraise"], actions=chosen), "review_design": review}
    return replace(procedure, process=replace(procedure.process, steps=steps))


def drawn(procedure: Procedure, language: str = "vi") -> LanePicture:
    return procedure_map(procedure, language=language)


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("level", ["city", "district"])
def test_a_step_that_only_some_records_have_is_passed_by_after_a_plain_diamond(level: str, language: str) -> None:
    picture = drawn(with_review(level), language)
    assert_sound(picture)
    drawing = drawing_of(picture)
    choices = [gateway for gateway in drawing.gateways if not gateway.plus]
    assert len(choices) == 1
    box = next(box for box in drawing.boxes if box.optional)
    starts = [float(line.path[1:].split()[0]) for line in drawing.lines if not line.reached]
    assert any(choices[0].x <= start <= choices[0].x + 8.1 for start in starts)
    assert choices[0].x < box.x
    assert any(row.name.startswith(("Thẩm tra", "Review")) for row in picture.rows)


def test_the_choice_stands_in_the_lane_of_whoever_decides() -> None:
    drawing = drawing_of(drawn(with_review("city")))
    choice = next(gateway for gateway in drawing.gateways if not gateway.plus)
    district = next(lane for lane in drawing.lanes if lane.id == "district")
    assert district.y < choice.y < district.y + district.height


def test_what_is_sent_back_to_another_level_has_a_dashed_line_and_words() -> None:
    picture = drawn(shipped("1.010803"))
    assert_sound(picture)
    said = {row.name: row.details for row in picture.rows}
    assert "Chưa đạt thì trả lại: Xác nhận đơn" in said["Kiểm tra hồ sơ"]
    assert "Chưa đạt thì trả lại: Kiểm tra hồ sơ" in said["Đối chiếu, quyết định"]
    boxes = {box.words[0].text: box for box in drawing_of(picture).boxes}
    target = boxes["Xác nhận đơn"]
    ends = [line.head for line in drawing_of(picture).lines if not line.reached and line.head]
    assert any(target.x < float(head[1:].split()[0]) < target.right for head in ends)


def test_what_is_sent_back_inside_one_office_is_not_drawn() -> None:
    picture = drawn(shipped("2.000815"))
    assert not any("trả lại" in detail for row in picture.rows for detail in row.details)
