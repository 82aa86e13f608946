"""States of records in words and colours (ux/README section 5), for the tags of all pages."""

from __future__ import annotations

from dataclasses import dataclass

from portal.records.types import RecordState
from portal.web.translation import Words, gettext
from portal.web.translation import lazy_gettext as __


@dataclass(frozen=True)
class Tag:
    """What components/tag.html prints."""

    text: str
    colour: str


RECORD_STATES: dict[RecordState, tuple[Words, str]] = {
    RecordState.SUBMITTED: (__("Chờ tiếp nhận"), "blue"),
    RecordState.SUPPLEMENT_BEFORE_ACCEPTANCE: (__("Cần bổ sung"), "orange"),
    RecordState.REFUSED: (__("Không tiếp nhận"), "red"),
    RecordState.ACCEPTED: (__("Đã tiếp nhận"), "blue"),
    RecordState.IN_PROGRESS: (__("Đang giải quyết"), "blue"),
    RecordState.CONSULTING: (__("Chờ cơ quan góp ý"), "purple"),
    RecordState.APPLICANT_CONFIRMS: (__("Chờ xác nhận"), "orange"),
    RecordState.SUPPLEMENT: (__("Cần bổ sung"), "orange"),
    RecordState.FEE_DUE: (__("Chờ nộp phí"), "orange"),
    RecordState.STOPPED: (__("Tạm dừng"), "purple"),
    RecordState.GRANTED: (__("Đã có kết quả"), "green"),
    RecordState.NOT_GRANTED: (__("Không được cấp"), "red"),
    RecordState.RETURNED: (__("Đã trả kết quả"), "green"),
    RecordState.WITHDRAWN: (__("Đã rút"), "grey"),
    RecordState.EXPIRED: (__("Hết hạn bổ sung"), "grey"),
}


def state_tag(state: str) -> Tag:
    words, colour = RECORD_STATES[RecordState(state)]
    return Tag(str(words), colour)


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
