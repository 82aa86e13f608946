"""States of records and opinions of agencies as tags of officials' pages."""

from __future__ import annotations

from dataclasses import dataclass

from portal.records.types import RecordState
from portal.web.languages import localized
from portal.web.record_states import STATES
from portal.web.translation import Words, gettext
from portal.web.translation import lazy_gettext as __


@dataclass(frozen=True)
class Tag:
    """What components/tag.html prints."""

    text: str
    colour: str


def state_tag(state: str) -> Tag:
    words = STATES[RecordState(state)]
    return Tag(localized(words.label), words.colour)


VERDICTS: dict[str, tuple[Words, str]] = {
    "agree": (__("Đồng ý"), "green"),
    "agree_with_conditions": (__("Đồng ý kèm điều kiện"), "yellow"),
    "disagree": (__("Không đồng ý"), "red"),
    "silent": (__("Không trả lời, coi như đồng ý"), "grey"),
}


def verdict_tag(verdict: str) -> Tag:
    """The opinion of an asked agency."""
    if verdict not in VERDICTS:
        return Tag(gettext("Đã trả lời"), "grey")
    words, colour = VERDICTS[verdict]
    return Tag(str(words), colour)
