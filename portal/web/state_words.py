"""States of records and opinions of agencies as tags of officials' pages."""

from __future__ import annotations

from dataclasses import dataclass

from portal.web.languages import localized
from portal.web.record_states import words_of
from portal.web.translation import gettext
from portal.workflow.definition import Text


@dataclass(frozen=True)
class Tag:
    """What components/tag.html prints."""

    text: str
    colour: str


def state_tag(state: str, *, before: str | None = None) -> Tag:
    """`before`: the state from which a record ended, where that is known."""
    words = words_of(state, before=before)
    return Tag(localized(words.label), words.colour)


VERDICTS: dict[str, tuple[Text, str]] = {
    "agree": (Text("Đồng ý", "Agreed"), "green"),
    "agree_with_conditions": (Text("Đồng ý kèm điều kiện", "Agreed with conditions"), "yellow"),
    "disagree": (Text("Không đồng ý", "Disagreed"), "red"),
    "consent": (Text("Không trả lời, coi như đồng ý", "No answer, taken as consent"), "grey"),
    "refusal": (Text("Không trả lời, coi như không đồng ý", "No answer, taken as refusal"), "grey"),
}
"""What an asked agency answered, or what its silence is taken for."""


def verdict_tag(verdict: str) -> Tag:
    """The opinion of an asked agency."""
    if verdict not in VERDICTS:
        return Tag(gettext("Đã trả lời"), "grey")
    words, colour = VERDICTS[verdict]
    return Tag(localized(words), colour)
