"""What applicants are told: whole sentences in two languages, nothing that nobody knows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from portal.notifications.queries import OTHER_EVENTS, SILENT_STATES, kind_of
from portal.notifications.texts import TEXTS
from portal.notifications.types import About, MessageKind
from portal.notifications.writing import message_for
from portal.records.types import RecordState
from portal.workflow.definition import Text

EVERYTHING = About(
    code="H13.31135-241118-0007",
    on=date(2024, 11, 20),
    unit=Text("UBND phường Xuân Khánh", "People's Committee of Xuân Khánh ward"),
    place=Text("bộ phận một cửa quận Ninh Kiều", "the counter of Ninh Kiều district"),
    asked=Text("Phòng Cảnh sát PCCC", "Fire police division"),
    reason="bản vẽ thiếu kích thước. ",
    reception_due_at=datetime(2024, 11, 19, 1, 12, tzinfo=UTC),
    due_at=datetime(2024, 12, 10, 10, 0, tzinfo=UTC),
    answer_by=date(2024, 12, 14),
    items=(Text("Bản vẽ móng", "Foundation drawing"), Text("Diện tích", "Area")),
    amount=75_000,
)
VISITING = replace(
    EVERYTHING,
    visit_at=datetime(2024, 11, 21, 1, 30, tzinfo=UTC),
    was_visit_at=datetime(2024, 11, 20, 1, 30, tzinfo=UTC),
    way=Text("qua bưu điện", "by post"),
)
NOTHING = About(code="H13.31135-241118-0007", on=date(2024, 11, 20))
FORBIDDEN = ("hệ thống", "chúng tôi", "quý khách", "vui lòng", "thành công", "!", "None", "{", "}", "  ", "..")


@pytest.mark.parametrize("kind", MessageKind)
@pytest.mark.parametrize("about", [VISITING, NOTHING], ids=["known", "unknown"])
def test_every_message_is_whole_sentences_in_both_languages(kind: MessageKind, about: About) -> None:
    message = message_for(kind, about)
    for text in (message.subject, message.body):
        for language in (text.vi, text.en):
            assert not [word for word in FORBIDDEN if word in language or word in language.lower()]
    assert about.code in message.subject.vi
    assert about.code in message.subject.en
    if about is VISITING:
        assert message.body.vi.endswith(".")
        assert message.body.en.endswith(".")


@pytest.mark.parametrize(
    ("kind", "vi", "en"),
    [
        (
            MessageKind.SUBMITTED,
            "Chưa phải làm gì. UBND phường Xuân Khánh trả lời trước 08:12, thứ Ba 19/11/2024. "
            "Còn phải nộp 75.000 đồng.",
            "Nothing to do for now. People's Committee of Xuân Khánh ward answers before "
            "08:12, Tuesday 19 November 2024. 75,000 VND is still to be paid.",
        ),
        (
            MessageKind.SUPPLEMENT,
            "Bổ sung 2 mục trước thứ Bảy 14/12/2024. Các mục: Bản vẽ móng; Diện tích. "
            "Thời hạn giải quyết đang tạm dừng. Còn phải nộp 75.000 đồng.",
            "Supply 2 items before Saturday 14 December 2024. Items: Foundation drawing; Area. "
            "The time limit stands still. 75,000 VND is still to be paid.",
        ),
        (
            MessageKind.REFUSED,
            "UBND phường Xuân Khánh không tiếp nhận hồ sơ này. Lý do: bản vẽ thiếu kích thước. "
            "Sửa rồi nộp lại, hoặc khiếu nại.",
            "People's Committee of Xuân Khánh ward does not accept this record. Reason: bản vẽ thiếu kích thước. "
            "Correct it and submit again, or lodge a complaint.",
        ),
    ],
)
def test_a_message_says_who_and_until_when(kind: MessageKind, vi: str, en: str) -> None:
    body = message_for(kind, EVERYTHING).body
    assert (body.vi, body.en) == (vi, en)


def test_what_is_not_known_is_not_said() -> None:
    assert message_for(MessageKind.ACCEPTED, NOTHING).body.vi == "Chưa phải làm gì."
    assert message_for(MessageKind.SUPPLEMENT, NOTHING).body.vi == "Thời hạn giải quyết đang tạm dừng."


def test_braces_in_a_reason_are_only_braces() -> None:
    about = About(code="{unit}", on=date(2024, 11, 20), reason="{due} {0} %s")
    assert "Lý do: {due} {0} %s." in message_for(MessageKind.STOPPED, about).body.vi


def test_every_state_of_a_record_has_a_message_or_is_silent_on_purpose() -> None:
    for state in RecordState:
        kind = kind_of("action_taken", before="draft", after=state)
        assert (kind is None) == (state in SILENT_STATES)
    assert set(TEXTS) == set(MessageKind)


@pytest.mark.parametrize(
    ("event", "before", "after", "kind"),
    [
        ("record_submitted", None, "submitted", MessageKind.SUBMITTED),
        ("action_taken", "accepted", "in_progress", None),
        ("action_taken", "in_progress", "in_progress", None),
        ("action_taken", "supplement", "in_progress", MessageKind.SUPPLEMENT_RECEIVED),
        ("action_taken", "supplement_before_acceptance", "submitted", MessageKind.SUPPLEMENT_RECEIVED),
        ("fee_paid", "in_progress", "in_progress", MessageKind.PAID),
        ("timer_fired", "supplement", "expired", MessageKind.EXPIRED),
        ("timer_fired", "fee_due", "expired", MessageKind.EXPIRED_UNPAID),
    ],
)
def test_an_event_is_told_for_what_it_is(event: str, before: str | None, after: str, kind: MessageKind | None) -> None:
    assert kind_of(event, before=before, after=after) is kind


def test_other_events_have_texts() -> None:
    assert set(OTHER_EVENTS.values()) <= set(TEXTS)
