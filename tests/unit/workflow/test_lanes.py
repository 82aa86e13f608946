"""The lane picture: which stops there are, what they say, and that the drawing is sound."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial
from itertools import combinations
from typing import Any

import pytest

from portal.workflow.lane_rails import Row
from portal.workflow.lane_shapes import Drawing
from portal.workflow.lane_text import shorten, width, wrap
from portal.workflow.lanes import APPLICANT, Expected, LanePicture, StopState, Visit, journey_of, map_of
from tests.unit.workflow.lane_examples import (
    APPRAISED,
    ASKED,
    DUE,
    LEVELS,
    NOW,
    OFFICE,
    PROCEDURES,
    RECEIVED,
    SUBMITTED,
    SUPPLEMENTED,
    VISITS,
    WAITING,
    at,
    expected_after,
    permit,
    shipped,
    visit,
)

CODES = sorted(file.stem for file in PROCEDURES.glob("*.yaml"))


def drawn_map(code: str, *, language: str = "vi", every_step: bool = False) -> LanePicture:
    procedure = shipped(code)
    return map_of(
        procedure.process, levels=LEVELS, language=language, receiver=procedure.receivers[0],
        minutes=procedure.minutes, every_step=every_step,
    )  # fmt: skip


def journey(
    visits: Sequence[Visit] = VISITS, expected: Sequence[Expected] | None = None, *, language: str = "vi", **more: Any
) -> LanePicture:
    expected = expected_after("plan", language=language) if expected is None else expected
    return journey_of(visits, expected=expected, levels=LEVELS, language=language, now=NOW, due_at=DUE, **more)


def drawing_of(picture: LanePicture) -> Drawing:
    assert picture.drawing is not None
    return picture.drawing


def names(picture: LanePicture) -> list[str]:
    return [row.name for row in picture.rows]


def states(picture: LanePicture) -> list[str]:
    return [row.state.value for row in picture.rows]


def row(picture: LanePicture, name: str) -> Row:
    return next(row for row in picture.rows if row.name == name)


def test_the_map_of_the_permit_shows_stops_and_not_steps() -> None:
    picture = drawn_map("1.009994")
    assert names(picture) == [
        "Nộp hồ sơ", "Kiểm tra, tiếp nhận", "Thẩm định", "Ra thực địa", "Góp ý về PCCC", "Góp ý về quy hoạch",
        "Góp ý về đất đai", "Soạn và ký giấy phép", "Nhận kết quả",
    ]  # fmt: skip
    assert set(states(picture)) == {"plan"}
    assert [lane.id for lane in drawing_of(picture).lanes] == ["city", "district", "commune", APPLICANT]
    assert [gateway.plus for gateway in drawing_of(picture).gateways] == [True, True]


def test_the_map_says_how_long_and_what_silence_means() -> None:
    picture = drawn_map("1.009994")
    assert row(picture, "Kiểm tra, tiếp nhận").details[0] == "Phường Xuân Khánh: trong 8 giờ làm việc"
    assert row(picture, "Góp ý về PCCC").details == (
        "Thành phố: tối đa 12 ngày", "Không trả lời thì coi như đồng ý", "Tùy hồ sơ", "Cùng lúc với: Ra thực địa",
    )  # fmt: skip
    assert "Còn thiếu thì báo bổ sung, thời hạn tạm dừng" in row(picture, "Thẩm định").details


def test_a_supplement_is_a_dashed_way_aside() -> None:
    drawing = drawing_of(drawn_map("1.009994"))
    aside = [box for box in drawing.boxes if box.words[-1].text == "chỉ khi còn thiếu"]
    assert [box.words[0].text for box in aside] == ["Bổ sung", "Bổ sung"]
    assert all(box.state is StopState.NEXT for box in aside)


def test_officials_see_every_step() -> None:
    picture = drawn_map("1.009994", every_step=True)
    assert names(picture)[1:4] == ["Tiếp nhận, kiểm tra hồ sơ", "Số hóa, chuyển hồ sơ", "Phân công người xử lý"]
    assert picture.drawing is None  # more columns than a screen can show


def test_the_journey_is_told_in_order_of_time() -> None:
    picture = journey()
    assert names(picture) == [
        "Nộp hồ sơ", "Kiểm tra, tiếp nhận", "Thẩm định", "Bổ sung", "Thẩm định", "Góp ý về quy hoạch",
        "Góp ý về phòng cháy", "Soạn và ký giấy phép", "Nhận kết quả",
    ]  # fmt: skip
    assert states(picture) == ["past"] * 5 + ["waiting", "past"] + ["next"] * 2
    assert row(picture, "Thẩm định").details == (OFFICE, "9/11 – 12/11/2026, mất 3 ngày trên 3,5 ngày")
    assert row(picture, "Góp ý về quy hoạch").details == (
        "Sở Xây dựng, từ 18/11", "Hạn thứ Sáu 27/11, đã dùng 1 ngày trên 6 ngày",
    )  # fmt: skip
    assert row(picture, "Nhận kết quả").details == ("Hẹn thứ Năm 3/12/2026",)
    assert picture.description.startswith("Đã qua 6 chặng. Đang ở: Góp ý về quy hoạch, Sở Xây dựng, từ 18/11")


def test_the_journey_speaks_english() -> None:
    picture = journey(language="en")
    assert row(picture, "Góp ý về quy hoạch").details[1] == "Due Friday 27 November, 1 day of 6 days used"
    assert picture.here == "It is here"
    assert [rail.short for rail in picture.rails] == ["City", "District", "Ward", "You"]


def test_officials_see_every_visit_with_its_person() -> None:
    visits = [*VISITS[:3], replace(VISITS[3], person="Trần Văn Lộc"), *VISITS[4:]]
    picture = journey(visits, (), every_step=True)
    assert len(picture.rows) == len(VISITS)
    assert row(picture, "Phân công (bước)").details[0] == f"{OFFICE}, Trần Văn Lộc"


def test_a_late_task_says_by_how_much() -> None:
    late = replace(WAITING, due_at=at("2026-11-18T17:00"), late_by=Decimal(10))
    picture = journey((*VISITS[:-2], late))
    assert row(picture, "Góp ý về quy hoạch").late == "quá 1,5 ngày"
    [box] = [box for box in drawing_of(picture).boxes if box.late]
    assert box.words[-1].text == "quá 1,5 ngày"
    assert box.words[-1].kind == "late"
    overnight = replace(late, late_by=Decimal(0))
    assert row(journey((*VISITS[:-2], overnight)), "Góp ý về quy hoạch").late == "quá hạn"


def test_what_follows_at_the_same_level_belongs_to_the_stop_where_the_record_is() -> None:
    now = visit("conclude", "Soạn và ký giấy phép", OFFICE, "district", "2026-11-20T08:00", state=StopState.NOW,
                due_at=at("2026-11-20T16:00"), drafts=True)  # fmt: skip
    picture = journey((SUBMITTED, *RECEIVED, *APPRAISED, *ASKED[1:], now), expected_after("conclude"))
    assert names(picture)[-2:] == ["Soạn và ký giấy phép", "Nhận kết quả"]
    assert row(picture, "Soạn và ký giấy phép").details[1] == "Hạn hôm nay, 16:00"
    [box] = [box for box in drawing_of(picture).boxes if box.state is StopState.NOW]
    assert [word.text for word in box.words] == ["Soạn và ký", "giấy phép", "hạn 16:00"]


def test_a_paused_record_is_with_the_applicant() -> None:
    waiting = visit(
        "fix", "Bổ sung", "", APPLICANT, "2026-11-19T10:00", state=StopState.NOW, due_at=at("2026-12-19T17:00")
    )
    expected = expected_after("fix", asker="appraise")
    picture = journey((SUBMITTED, *RECEIVED, *APPRAISED, waiting), expected)
    assert [lane.id for lane in drawing_of(picture).lanes if lane.current] == [APPLICANT]
    assert names(picture)[4:] == ["Thẩm định", "Ra thực địa", "Soạn và ký giấy phép", "Nhận kết quả"]


def test_several_open_tasks_each_have_their_flag() -> None:
    both = (WAITING, replace(WAITING, step_id="fire", unit_name="Công an thành phố", stop="Góp ý về phòng cháy"))
    picture = journey((SUBMITTED, *RECEIVED, *APPRAISED, *both))
    assert states(picture).count("waiting") == 2
    assert sum(box.state is StopState.WAITING for box in drawing_of(picture).boxes) == 2


def test_a_level_without_a_lane_is_a_fault_of_the_caller() -> None:
    with pytest.raises(ValueError, match="city"):
        map_of(permit(), levels=LEVELS[1:], language="vi", receiver="commune")


def test_two_levels_are_drawn_as_well_as_three() -> None:
    visits = [replace(item, level="city") if item.level == "district" else item for item in VISITS]
    expected = [replace(item, level="city") if item.level == "district" else item for item in expected_after("plan")]
    picture = journey(visits, expected)
    assert [lane.id for lane in drawing_of(picture).lanes] == ["city", "commune", APPLICANT]
    assert sum(rail.width for rail in picture.rails) == 152
    assert_sound(picture)


PICTURES: dict[str, Callable[[], LanePicture]] = {
    **{f"{code} {language}": partial(drawn_map, code, language=language)
       for code in CODES for language in ("vi", "en")},
    "journey": journey,
    "journey en": lambda: journey(language="en"),
    "short": lambda: journey((SUBMITTED, *RECEIVED, *APPRAISED, *SUPPLEMENTED), ()),
    "asked": lambda: journey((SUBMITTED, *RECEIVED, *APPRAISED, *ASKED)),
}  # fmt: skip


@pytest.mark.parametrize("name", PICTURES)
def test_nothing_overflows_overlaps_or_crosses(name: str) -> None:
    picture = PICTURES[name]()
    assert_sound(picture)


def assert_sound(picture: LanePicture) -> None:
    drawing = drawing_of(picture)
    lanes = {lane.id: lane for lane in drawing.lanes}
    assert list(lanes)[-1] == APPLICANT
    for box in drawing.boxes:
        assert box.x > 0
        assert box.right <= drawing.width - 15 + 0.1
        assert any(lane.y < box.y and box.y + box.height < lane.y + lane.height for lane in lanes.values())
        for word in box.words:
            wide = width(word.text, size=13 if word.kind == "name" else 12, bold=word.kind != "note")
            assert wide <= box.width - 10, word.text
            assert box.y < word.y - 9
            assert word.y < box.y + box.height - 3
    for one, other in combinations(drawing.boxes, 2):
        beside = one.right <= other.x or other.right <= one.x
        assert beside or one.y + one.height <= other.y or other.y + other.height <= one.y, (one.words, other.words)
    for line in drawing.lines:
        for x, top, bottom in uprights(line.path):
            assert not any(box.x < x < box.right and box.y < bottom - 2 and top + 2 < box.y + box.height
                           for box in drawing.boxes), line  # fmt: skip


def uprights(path: str) -> Iterator[tuple[float, float, float]]:
    """The vertical stretches of a path: x, upper and lower end."""
    x = y = 0.0
    for letter, numbers in re.findall(r"([MHVQ])([-\d. ]+)", path):
        values = [float(number) for number in numbers.split()]
        if letter == "V":
            yield x, min(y, values[0]), max(y, values[0])
            y = values[0]
        elif letter == "H":
            x = values[0]
        else:
            x, y = values[-2:]


def test_a_long_name_takes_two_lines_and_is_cut_at_a_word() -> None:
    lines = wrap("Tổng hợp ý kiến của các cơ quan và dự thảo giấy phép xây dựng", most=116, size=13, bold=True)
    assert len(lines) == 2
    assert all(width(line, size=13, bold=True) <= 116 for line in lines)
    assert lines[-1].endswith("…")
    assert wrap("Kiểm tra, tiếp nhận", most=100, size=13, bold=True) == ("Kiểm tra,", "tiếp nhận")
    assert wrap("Sở Xây dựng", most=100, size=13, bold=True) == ("Sở Xây dựng",)
    assert shorten("Vănphòngđăngkýđấtđai", most=60, size=13) == "Vănph…"


def test_marks_do_not_make_a_letter_wider() -> None:
    assert width("Ế", size=10) == width("Ê", size=10) == width("E", size=10)
    assert width("ợ", size=10) == width("ơ", size=10)
    assert width("ợ", size=10) == width("ợ", size=10)
