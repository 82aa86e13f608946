"""A decision for each row of a repeating answer: this tree may be felled, that one not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from portal.core.errors import InvalidInput
from portal.records.changes import Change, Situation

DECISIONS = "decisions"
"""Where they stand in what was filled in: a list of {granted, reason}, one for each row, in the order of the rows."""


def decide(situation: Situation, change: Change) -> None:
    """Keep the decisions. Raises InvalidInput when a row has none, a refusal no reason, or nothing is granted."""
    rows = rows_of(situation.record.answers, situation.action.decide_each)
    decisions = list(situation.answers.form.get(DECISIONS) or ())
    if len(decisions) != len(rows):
        raise InvalidInput("Quyết định từng mục.", field=DECISIONS)
    for number, decision in enumerate(decisions):
        if not decision.get("granted") and not str(decision.get("reason") or "").strip():
            raise InvalidInput("Ghi lý do không cấp cho mục này.", field=f"reason_{number}")
    if not any(decision.get("granted") for decision in decisions):
        raise InvalidInput("Không mục nào được cấp thì chọn việc đề nghị không cấp.", field="granted_0")
    change.details.setdefault("form", {})[DECISIONS] = decisions


def rows_of(answers: Mapping[str, Any], group: str | None) -> Sequence[Mapping[str, Any]]:
    """The rows that are decided one by one."""
    return list(answers.get(group or "") or ())


def decisions_of(forms: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The decisions in force: the newest of what was filled in (`forms`, newest first)."""
    return next((list(form[DECISIONS]) for form in forms if form.get(DECISIONS)), [])
