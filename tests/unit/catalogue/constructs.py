"""Tiny definitions for the table of constructs in docs/procedures.md, and the register of what proves which row.

A definition is written here as the YAML of its steps or its card would be, in Python: JSON is YAML too.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from portal.calendars.book import CalendarBook
from portal.calendars.rules import standard_calendar
from portal.catalogue import loader
from portal.catalogue.sequences import Game
from portal.catalogue.types import Procedure

CALENDAR = standard_calendar(first_year=2026, last_year=2027)
BOOK = CalendarBook((), (), (2026, 2027))

Test = TypeVar("Test", bound=Callable[..., object])


class Proofs:
    """Which rows the tests of one module prove, in the order in which they are written down."""

    def __init__(self) -> None:
        self.tests: dict[str, list[str]] = {}

    def row(self, row: str) -> Callable[[Test], Test]:
        """The test below proves this row."""

        def note(test: Test) -> Test:
            self.tests.setdefault(row, []).append(test.__name__)
            return test

        return note

    def elsewhere(self, row: str, *tests: str) -> None:
        """Tests elsewhere prove this row, "file::name": they are not written a second time."""
        self.tests.setdefault(row, []).extend(tests)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of November 2026 in Cần Thơ; the 9th is a Monday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))


def said(text: str) -> dict[str, str]:
    return {"vi": text, "en": text}


def action(**keys: Any) -> dict[str, Any]:
    return {"label": said("Làm"), **keys}


def step(*, level: str = "commune", **keys: Any) -> dict[str, Any]:
    """A step of a specialist, an hour of work; `actions` are by name."""
    place = {"level": level, "function": "justice"}
    return {"name": said("Bước"), "stop": said("Bước"), "at": place, "role": "specialist", "hours": 1, **keys}


LAST = step(actions={"end": action(end="done")})
ENDS = {"done": {"state": "returned", "codes": [9, 10]}, "over": {"state": "expired", "closes_all": True}}
FIELDS: dict[str, Any] = {
    "office": {"type": "unit", "label": said("Nơi"), "level": "commune", "required": True},
    "floors": {"type": "integer", "label": said("Số tầng")},
    "copies": {"type": "integer", "label": said("Số bản")},
    "from": {"type": "date", "label": said("Từ ngày")},
    "number": {"type": "text", "label": said("Số giấy phép")},
    "rows": {
        "type": "group",
        "label": said("Dòng"),
        "row_name": said("dòng"),
        "fields": {"place": {"type": "unit", "label": said("Nơi"), "level": "commune"}},
    },
}


def text(process: Mapping[str, Any], **card: Any) -> str:
    """The definition as a file."""
    names = ("name", "everyday_name", "summary", "field_name", "decided_by", "subject")
    whole = {
        "code": "9.000001",
        **dict.fromkeys(names, said("Thử")),
        "field": "trial",
        "competent_level": "commune",
        "receivers": ["commune"],
        "place_field": "form.office",
        "term": {"value": 10, "unit": "working_days"},
        "result": {"template": "allowance_decision", "name": said("Quyết định"), "series": "QĐ"},
        "pages": {"about": {"title": said("Thử"), "fields": FIELDS}},
        "process": process,
        **card,
    }
    return json.dumps(whole, ensure_ascii=False)


def procedure(
    steps: Mapping[str, Any] | None = None, *, process: Mapping[str, Any] | None = None, **card: Any
) -> Procedure:
    """A process of its own with these steps, the first of which opens first, and a `last` one that ends the record."""
    steps = {**(steps or {}), "last": LAST} if "last" not in (steps or {}) else dict(steps or {})
    own = {"start": next(iter(steps)), "steps": steps, "ends": ENDS, **(process or {})}
    return loader.load(text(own, **card), "x.yaml")


def shared_text(steps: Mapping[str, Any] | None = None, **bound: Any) -> str:
    """The shared process with one step of its own (or these); `bound` goes into `with`, `card` into the card."""
    card = bound.pop("card", {})
    drafted = {"work": step(at="$owner", actions={"draft": None, "supplement": None, "reject": None})}
    values = {
        "owner": {"level": "district", "function": "justice"},
        "hours": {"forward": 1, "sign": 1, "stamp": 1},
        "first": "work",
        "drafters": ["work"],
        **bound,
    }
    return text({"use": "one_stop", "with": values, "steps": steps or drafted}, **card)


def shared(steps: Mapping[str, Any] | None = None, **bound: Any) -> Procedure:
    return loader.load(shared_text(steps, **bound), "x.yaml")


def play(procedure: Procedure, *items: str, **facts: Any) -> Game:
    """A record that has gone this way: "step.action", "step.⏰12d"."""
    game = Game(procedure.process, facts)
    for item in items:
        game.act(item)
    return game
