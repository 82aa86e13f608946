"""What the components print: well-formed, the same in both forms, and nothing that the content policy refuses."""

from collections.abc import Callable, Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

import html5lib
import pytest
from jinja2 import Environment, FileSystemLoader

from portal.calendars.rules import standard_calendar
from portal.catalogue.levels import record_levels, record_parts
from portal.paths import TEMPLATES
from portal.web.lane_views import procedure_map
from portal.web.presentation import LaneMarkup
from portal.workflow.day_lines import day_bar, explain
from portal.workflow.day_words import DrawnDays, in_words
from portal.workflow.deadlines import Pause, TermLength
from portal.workflow.definition import Text
from portal.workflow.lanes import LanePicture, journey_of
from tests.unit.workflow.lane_examples import DUE, NOW, VISITS, at, expected_after, shipped

XHTML = "{http://www.w3.org/1999/xhtml}"
SVG = "{http://www.w3.org/2000/svg}"


Macros = Callable[[str], Callable[..., str]]


@pytest.fixture(scope="module")
def macros() -> Macros:
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.globals["_"] = lambda text, **values: text % values if values else text
    environment.globals["lanes"] = LaneMarkup(environment)
    return lambda name: getattr(environment.get_template(f"components/{name}.html").module, name)


def parsed(markup: object) -> Any:
    return html5lib.HTMLParser(strict=True).parseFragment(str(markup))


def permit_journey(**more: Any) -> LanePicture:
    procedure = shipped("1.009994")
    levels = record_levels({"district": Text("Quận Ninh Kiều")}, parts=record_parts(procedure))
    return journey_of(
        VISITS, expected=expected_after("plan"), levels=levels, language="vi", now=NOW, due_at=DUE, **more
    )


def texts(elements: Iterable[Any]) -> list[str]:
    return ["".join(element.itertext()).strip() for element in elements]


def test_the_picture_is_sound_markup_without_styles(macros: Macros) -> None:
    tree = parsed(macros("lane_picture")(permit_journey()))
    ids = [element.get("id") for element in tree.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    assert not [element for element in tree.iter() if element.get("style") or (element.get("onclick"))]
    [drawing] = [svg for svg in tree.iter(f"{SVG}svg") if svg.get("role") == "img"]
    assert set(drawing.get("aria-labelledby").split()) == set(ids)
    assert texts(drawing.iter(f"{SVG}title")) == ["Đường đi của hồ sơ"]


def test_the_list_reads_as_the_way(macros: Macros) -> None:
    tree = parsed(macros("lane_picture")(permit_journey()))
    lists = list(tree.iter(f"{XHTML}ol"))
    assert len(lists) == 2
    rows = list(lists[0])
    words = texts(rows)
    assert words == texts(list(lists[1]))
    assert words[0].startswith("Đã xong: Nộp hồ sơ")
    assert words[5].startswith("Đang ở đây")
    assert words[-1].startswith("Dự kiến: Nhận kết quả")
    assert [row.get("aria-current") for row in rows] == [None] * 5 + ["step"] + [None] * 3


def test_a_long_way_is_a_list_alone(macros: Macros) -> None:
    tree = parsed(macros("lane_picture")(permit_journey(every_step=True)))
    assert len(list(tree.iter(f"{XHTML}ol"))) == 1
    assert not list(tree.iter(f"{XHTML}details"))


def test_the_page_of_a_procedure_says_what_each_level_does() -> None:
    picture = procedure_map(shipped("1.009994"), language="vi")
    assert picture.drawing is not None
    assert [[word.text for word in lane.words] for lane in picture.drawing.lanes] == [
        ["Thành phố", "góp ý"], ["Quận, huyện", "quyết định"], ["Phường, xã", "tiếp nhận"], ["Người nộp"],
    ]  # fmt: skip


def days(number: int, now: str = "2026-11-20T10:00", language: str = "vi") -> DrawnDays:
    calendar = standard_calendar()
    pauses = [Pause(at("2026-11-12T10:00"), at("2026-11-16T09:30"))]
    moment: datetime = at(now)
    term = TermLength(Decimal(number), "working_days")
    lines = explain(term, accepted_at=at("2026-11-09T10:40"), calendar=calendar, pauses=pauses, now=moment)
    return in_words(day_bar(lines, now=moment, calendar=calendar), language)


def test_the_day_bar_has_a_cell_a_day_and_a_legend(macros: Macros) -> None:
    tree = parsed(macros("day_bar")(days(15)))
    assert len([span for span in tree.iter(f"{XHTML}span")]) == 17
    assert texts(tree.iter(f"{XHTML}li")) == [
        "Đã dùng 6 trên 15 ngày", "Tạm dừng 2 ngày", "Hôm nay, thứ Sáu 20/11", "Còn 9 ngày, kể cả hôm nay",
    ]  # fmt: skip
    assert days(15, language="en").legend[2].text == "Today, Friday 20 November"


def test_a_long_term_is_one_bar(macros: Macros) -> None:
    tree = parsed(macros("day_bar")(days(45)))
    widths = [float(part.get("width")) for part in tree.iter(f"{SVG}rect")]
    assert widths == [2, 2, 4, 1, 38]
    assert not list(tree.iter(f"{XHTML}span"))


def test_a_late_record_says_so() -> None:
    assert days(15, now="2026-12-07T09:00").legend[-1].text == "Quá hạn 2 ngày"
