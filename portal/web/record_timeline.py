"""What happened to a record, for its applicant: a title for each kind of event, and nothing about desk work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from portal.catalogue import giving
from portal.catalogue.types import Procedure
from portal.core import clock, wording
from portal.core.text import lowered
from portal.records.record_view import EventView, RecordView
from portal.records.timers import SILENT
from portal.units.resolution import Directory
from portal.web.state_words import VERDICTS
from portal.web.way_words import change_words
from portal.workflow.definition import Action, ActionKind, Step, Text, TimerEffect

NEWEST = 3
"""Milestones that show before the rest is opened."""

_APPLICANT = Text("Người nộp", "The applicant")
_REASON = Text("Lý do: {reason}", "Reason: {reason}")
_DUE = Text("Hẹn trả {due}.", "Due {due}.")
_MOVED = Text("Ngày hẹn trả dời từ {before} sang {due}.", "The due date moves from {before} to {due}.")
_DONE = Text("Xong bước: {step}", "Step done: {step}")
_OPINION = Text("{step}: đã có ý kiến", "{step}: the opinion is there")
_SAID = Text("{step}: {verdict}", "{step}: {verdict}")

_BY_KIND: Mapping[str, Text] = {
    "record_submitted": Text("Đã gửi hồ sơ", "Record submitted"),
    "action_undone": Text("Cơ quan rút lại việc vừa làm", "The office took its last act back"),
    "booking_made": Text("Đã đặt hẹn đến quầy", "Appointment made"),
    "booking_moved": Text("Đã đổi giờ hẹn", "Appointment changed"),
    "booking_cancelled": Text("Đã bỏ hẹn", "Appointment cancelled"),
    "booking_kept": Text("Đã đến theo hẹn", "Came to the appointment"),
    "booking_missed": Text("Lỡ hẹn", "Appointment missed"),
    "booking_near": Text("Đã nhắc giờ hẹn", "Reminded of the appointment"),
    "consent_given": Text("Cho lấy dữ liệu của Nhà nước", "Registers may be asked"),
    "consent_withdrawn": Text("Thôi cho lấy dữ liệu của Nhà nước", "Registers may no longer be asked"),
    "correction_asked": Text("Xem lại kết quả để đính chính", "Result looked at again, to be put right"),
    "result_revoked": Text("Kết quả bị thu hồi", "The result was revoked"),
    "result_replaced": Text("Kết quả được thay bằng văn bản khác", "Another document stands for the result"),
    "result_extended": Text("Kết quả được gia hạn", "The result was prolonged"),
    "result_expiring": Text("Đã nhắc kết quả sắp hết hạn", "Reminded that the result expires"),
    "archived_result_given": Text("Đã trả bản giấy từ lưu", "The paper was given from the archive"),
    "way_changed": Text("Đã đổi cách nhận kết quả", "How to receive the result was changed"),
    "parcel_sent": Text("Đã giao kết quả cho bưu điện", "The result was handed to the post"),
    "parcel_out": Text("Bưu tá đang phát", "The postman is delivering"),
    "parcel_failed": Text("Phát chưa được, bưu tá sẽ quay lại", "Not delivered yet, the postman comes again"),
    "parcel_returning": Text("Không phát được, đang chuyển về quầy", "Undeliverable, on its way back"),
    "parcel_back": Text("Bưu gửi đã về quầy", "The parcel is back at the counter"),
    "parcel_refused": Text("Bưu điện không nhận gửi", "The post does not take it"),
    "parcel_lost": Text("Bưu điện báo thất lạc", "The post says that it is lost"),
    "applicant_reminded": Text("Đã nhắc người nộp", "The applicant was reminded"),
    "fee_paid": Text("Đã thu phí, lệ phí", "Fee paid"),
    "fee_returned": Text("Đã hoàn phí, lệ phí", "Fee paid back"),
    "apology_signed": Text("Xin lỗi vì trễ hẹn, hẹn lại ngày trả", "Apology for the delay, new date"),
}
_NEVER_SUPPLIED = Text("Hết hạn bổ sung", "The supplement did not come in time")
_BETWEEN_STATES: Mapping[tuple[str, str], Text] = {
    ("supplement", "in_progress"): Text("Đã nhận phần bổ sung", "Supplement received"),
    ("supplement", "fee_due"): Text("Đã gửi phần bổ sung, chờ nộp phí", "Supplement sent, its fee is due"),
    ("supplement_before_acceptance", "submitted"): Text("Đã nhận phần bổ sung", "Supplement received"),
    ("fee_due", "expired"): Text("Hết hạn nộp phí", "The fee was not paid in time"),
    ("supplement", "expired"): _NEVER_SUPPLIED,
    ("supplement_before_acceptance", "expired"): _NEVER_SUPPLIED,
}
_BY_STATE: Mapping[str, Text] = {
    "supplement_before_acceptance": Text("Đã yêu cầu bổ sung", "Supplement asked for"),
    "supplement": Text("Đã yêu cầu bổ sung", "Supplement asked for"),
    "refused": Text("Không tiếp nhận hồ sơ", "Record refused"),
    "accepted": Text("Đã tiếp nhận hồ sơ", "Record accepted"),
    "consulting": Text("Đã hỏi ý kiến cơ quan khác", "Other agencies asked"),
    "applicant_confirms": Text("Đã gửi bản dự thảo để xác nhận", "Draft sent to be confirmed"),
    "fee_due": Text("Đã báo phí phải nộp", "A fee is due"),
    "stopped": Text("Đã dừng giải quyết", "Record stopped"),
    "granted": Text("Đã có kết quả", "Result ready"),
    "not_granted": Text("Đã quyết định không cấp", "Decided not to grant"),
    "returned": Text("Đã trả kết quả", "Result returned"),
    "archived": Text("Đã đưa kết quả vào lưu", "The result went to the archive"),
    "withdrawn": Text("Đã rút hồ sơ", "Record withdrawn"),
    "expired": Text("Hết hạn chờ người nộp", "The applicant did not act in time"),
}
_BY_ACTION: Mapping[ActionKind, Text] = {
    ActionKind.ACCEPT: Text("Đã tiếp nhận hồ sơ", "Record accepted"),
    ActionKind.ASSIGN: Text("Đã phân công người giải quyết", "Assigned to an official"),
    ActionKind.HAND_OVER: Text("Đã chuyển hồ sơ", "Record handed over"),
    ActionKind.DRAFT: Text("Đã soạn dự thảo kết quả", "Result drafted"),
    ActionKind.SIGN: Text("Đã ký kết quả", "Result signed"),
    ActionKind.EXTEND: Text("Đã gia hạn", "Term extended"),
    ActionKind.DECLINE: Text("Kết quả giữ nguyên, không đính chính", "The result stays, nothing is corrected"),
}
"""Kinds that are not here are the office's own: drafts that go back and forth, initials, approvals."""

_CAME = {
    giving.SELF: Text("Người nộp đến nhận.", "The applicant came for it."),
    giving.AUTHORISED: Text("Người được ủy quyền đến nhận.", "An authorised person came for it."),
}
_FAILURES = frozenset({"parcel_failed", "parcel_returning", "parcel_back", "parcel_refused", "parcel_lost"})
_BOOKINGS = frozenset({"booking_made", "booking_moved", "booking_cancelled"})
_BY_APPLICANT = frozenset(
    {
        "record_submitted",
        "way_changed",
        "record_withdrawn",
        "consent_given",
        "consent_withdrawn",
        *_BOOKINGS,
    }
)
_WITH_REASON = frozenset({"refused", "not_granted", "stopped", "withdrawn"})
_EVENTS_WITH_REASON = frozenset({"correction_asked", *_BOOKINGS, *_FAILURES})


@dataclass(frozen=True)
class TimelineItem:
    """What `components/timeline.html` prints."""

    title: str
    by: str
    at: str
    datetime: str
    text: str


def timeline_of(
    view: RecordView, procedure: Procedure, directory: Directory, *, language: str
) -> tuple[TimelineItem, ...]:
    """The milestones of a record, newest first."""
    found: list[TimelineItem] = []
    due: datetime | None = None
    for event in view.events:
        step = procedure.process.steps.get(event.step or "")
        title = _title(event, step, view, language)
        if title:
            found.append(
                TimelineItem(
                    title=title,
                    by=_by(event, step, directory, language),
                    at=wording.moment(event.at, language=language),
                    datetime=clock.local(event.at).isoformat(timespec="minutes"),
                    text=_text(event, due, directory, language),
                )
            )
        due = event.due_at or due
    return tuple(reversed(found))


def _title(event: EventView, step: Step | None, view: RecordView, language: str) -> str:
    found = _BY_KIND.get(event.kind)
    if found is None and step is not None and step.consultation:
        return _opinion(event, step, view, language)
    action = _action(step, event.action) if step is not None else None
    if found is None and action is not None and action.kind is ActionKind.DECLINE:
        found = _BY_ACTION[ActionKind.DECLINE]
    if found is None and event.state_before != event.state_after:
        between = (event.state_before or "", event.state_after)
        found = _BETWEEN_STATES.get(between) or _BY_STATE.get(event.state_after)
    if found is None and step is not None:
        if action is not None and action.kind is ActionKind.ADVANCE and action.form:
            return _DONE.in_language(language).format(step=(step.stop or step.name).in_language(language))
        found = _BY_ACTION.get(action.kind) if action else None
    return found.in_language(language) if found else ""


def _opinion(event: EventView, step: Step, view: RecordView, language: str) -> str:
    """An asked agency's final word; its own drafts say nothing."""
    name = (step.stop or step.name).in_language(language)
    if event.kind == "timer_fired":
        silence = next((timer.silence for timer in step.timers if timer.effect is TimerEffect.ACT), None)
        said = VERDICTS.get(silence or "")
    else:
        action = _action(step, event.action)
        if action is None or action.joins is None:
            return ""
        given = [
            verdict.verdict
            for verdict in view.verdicts
            if verdict.consultation == step.consultation and verdict.given_at <= event.at and verdict.verdict != SILENT
        ]
        said = VERDICTS.get(given[-1]) if given else None
    if said is None:
        return _OPINION.in_language(language).format(step=name)
    return _SAID.in_language(language).format(step=name, verdict=lowered(said[0].in_language(language)))


def _by(event: EventView, step: Step | None, directory: Directory, language: str) -> str:
    if event.unit_id is not None:
        return directory.unit(event.unit_id).in_language(language)
    is_applicants = event.kind in _BY_APPLICANT or (step is not None and step.role == "applicant")
    if not is_applicants or event.kind == "timer_fired":
        return ""
    return event.actor_name or _APPLICANT.in_language(language)


def _text(event: EventView, due: datetime | None, directory: Directory, language: str) -> str:
    if event.way is not None:
        return change_words(event.way, directory, language=language)
    if event.came in _CAME:
        return _CAME[event.came].in_language(language)
    if event.reason and (event.state_after in _WITH_REASON or event.kind in _EVENTS_WITH_REASON):
        return _REASON.in_language(language).format(reason=event.reason)
    if event.due_at is None or event.due_at == due:
        return ""
    values = {"due": wording.day(event.due_at, language=language)}
    if due is None:
        return _DUE.in_language(language).format(**values)
    moved = _MOVED.in_language(language).format(**values, before=wording.day(due, language=language))
    if event.kind == "apology_signed" and event.reason:
        return f"{_REASON.in_language(language).format(reason=event.reason.rstrip('.'))}. {moved}"
    return moved


def _action(step: Step, action_id: str | None) -> Action | None:
    return next((action for action in step.actions if action.id == action_id), None)
