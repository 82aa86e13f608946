"""What a test or a mistake calls by ids is said in the names of steps and actions."""

from __future__ import annotations

from flask import Flask

from portal.catalogue.loader import load
from portal.catalogue.service import PROCEDURES
from portal.web.admin.process_names import taken_words

PERMIT = load((PROCEDURES / "1.009994.yaml").read_text(encoding="utf-8"), "1.009994.yaml").process


def test_whom_a_consulting_action_asks_is_named(in_a_page: Flask) -> None:
    words = taken_words(PERMIT, "conclude", "ask_more(fire+plan)")
    fire, plan = (PERMIT.steps[name].name.vi for name in ("fire", "plan"))
    assert words.endswith(f"({fire}, {plan})")
    assert "ask_more" not in words


def test_what_a_timer_does_is_called_by_its_time(in_a_page: Flask) -> None:
    assert "sau 12 ngày" in taken_words(PERMIT, "plan", "after_12d")
    assert taken_words(PERMIT, "plan", "after_12d") == taken_words(PERMIT, "plan", "⏰12d")
