"""The events of a record as a time line."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from portal.catalogue.types import Field, FieldType
from portal.core import clock
from portal.core.text import masked_name, masked_number, with_full_stop
from portal.core.wording import day, moment
from portal.records.collecting import NOT_KEPT
from portal.records.desk import Desk
from portal.records.late_opinions import OPINION_LATE, answer_of
from portal.records.models import RecordEvent
from portal.records.record_view import WayChange
from portal.web.languages import current_language, localized
from portal.web.official.answer_tables import shown_value
from portal.web.official.event_notes import event_notes
from portal.web.person_names import person_name
from portal.web.record_timeline import TimelineItem
from portal.web.translation import Words
from portal.web.translation import gettext as _
from portal.web.translation import lazy_gettext as __
from portal.web.way_words import change_words
from portal.workflow.definition import Action

KINDS: dict[str, Words] = {
    "record_submitted": __("Người nộp gửi hồ sơ"),
    "record_withdrawn": __("Người nộp rút hồ sơ"),
    "record_stopped": __("Dừng giải quyết hồ sơ"),
    "timer_fired": __("Hết hạn"),
    "action_undone": __("Hoàn tác"),
    "question_recalled": __("Rút câu hỏi"),
    "opinion_late": __("Ý kiến đến muộn"),
    "task_claimed": __("Nhận việc"),
    "task_assigned": __("Giao việc"),
    "task_reminded": __("Nhắc việc sắp hết hạn"),
    "task_escalated": __("Báo lãnh đạo việc quá hạn"),
    "applicant_reminded": __("Nhắc người nộp"),
    "archived_result_given": __("Trả kết quả từ lưu"),
    "way_changed": __("Đổi cách nhận kết quả"),
    "parcel_ordered": __("Lập đơn gửi bưu điện"),
    "parcel_cancelled": __("Hủy đơn gửi bưu điện"),
    "parcel_sent": __("Giao kết quả cho bưu điện"),
    "parcel_out": __("Bưu tá đang phát"),
    "parcel_failed": __("Phát chưa được"),
    "parcel_returning": __("Không phát được, bưu gửi đang về quầy"),
    "parcel_back": __("Nhận lại bưu gửi"),
    "parcel_refused": __("Bưu điện không nhận gửi"),
    "parcel_lost": __("Bưu điện báo thất lạc"),
    "paper_arrived": __("Đã nhận bản giấy"),
    "paper_none": __("Không có bản giấy đi kèm"),
    "paper_late": __("Bản giấy chưa tới đúng hạn"),
    "task_released": __("Việc được đưa lại cho đơn vị phân người khác"),
    "booking_made": __("Đặt hẹn đến quầy"),
    "booking_moved": __("Đổi giờ hẹn"),
    "booking_cancelled": __("Bỏ hẹn đến quầy"),
    "booking_kept": __("Người nộp đã đến theo hẹn"),
    "booking_missed": __("Người nộp lỡ hẹn"),
    "booking_near": __("Nhắc người nộp giờ hẹn"),
    "scan_compared": __("Đối chiếu bản chụp với bản chính"),
    "consent_given": __("Người nộp cho lấy dữ liệu"),
    "consent_withdrawn": __("Người nộp thôi cho lấy dữ liệu"),
    "fee_paid": __("Đã thu lệ phí"),
    "fee_returned": __("Đã hoàn phí, lệ phí"),
    "correction_asked": __("Mở lại hồ sơ để đính chính kết quả"),
    "result_revoked": __("Thu hồi kết quả"),
    "result_replaced": __("Thay kết quả bằng văn bản khác"),
    "result_extended": __("Gia hạn kết quả"),
    "result_expiring": __("Nhắc người nộp kết quả sắp hết hạn"),
    "lateness_foreseen": __("Báo trước sẽ không kịp hẹn, soạn thư xin lỗi"),
    "apology_signed": __("Xin lỗi và hẹn lại ngày trả"),
    "version_changed": __("Chuyển sang bản khác của thủ tục"),
    "version_restored": __("Chuyển lại bản trước của thủ tục"),
}
"""Events that are not an action of the definition."""


def happenings(desk: Desk) -> list[TimelineItem]:
    """What happened, newest first."""
    return [_happening(desk, event) for event in reversed(desk.file.events)]


def _happening(desk: Desk, event: RecordEvent) -> TimelineItem:
    action = _action(desk, event)
    return TimelineItem(
        title=_title(desk, event, action),
        by=_by(desk, event),
        at=moment(event.at, language=current_language()),
        datetime=clock.local(event.at).isoformat(timespec="minutes"),
        text=" ".join(_sentences(desk, event)),
    )


def _by(desk: Desk, event: RecordEvent) -> str:
    return ", ".join(part for part in (person_name(event.actor_name), _unit(desk, event.unit_id)) if part)


def _unit(desk: Desk, unit_id: UUID | str | None) -> str:
    return localized(desk.grounds.directory.unit(UUID(str(unit_id)))) if unit_id else ""


def _action(desk: Desk, event: RecordEvent) -> Action | None:
    step = desk.grounds.procedure.process.steps.get(event.step or "")
    return next((action for action in step.actions if action.id == event.action), None) if step else None


def _title(desk: Desk, event: RecordEvent, action: Action | None) -> str:
    words = str(KINDS.get(event.kind, ""))
    if action is not None and event.kind == "action_taken":
        return localized(action.label)
    step = desk.grounds.procedure.process.steps.get(event.step or "")
    name = localized(step.name) if step else event.step_name
    return f"{words}: {name}" if words and name else words or name


def _sentences(desk: Desk, event: RecordEvent) -> list[str]:
    found = []
    if event.reason and event.kind != "timer_fired":  # the title says that the time is up
        found.append(_("Lý do: %(reason)s", reason=with_full_stop(event.reason)))
    found += [f"{label}: {with_full_stop(value)}" for label, value in filled_in(desk, event)]
    if event.details.get("was_due_at") and event.details.get("due_at"):
        was, due = (_day(event.details[name]) for name in ("was_due_at", "due_at"))
        found.append(_("Ngày hẹn trả dời từ %(was)s sang %(due)s.", was=was, due=due))
    found += event_notes(desk, event)
    if event.kind == "way_changed":
        change, directory = WayChange.of(event.details), desk.grounds.directory
        found.append(change_words(change, directory, language=current_language()))
    if event.kind in ("task_claimed", "task_assigned") and event.details.get("from"):
        found.append(_("Trước đó do %(name)s giữ.", name=event.details["from"]))
    if event.kind == "task_assigned" and event.details.get("to"):
        found.append(_("Người làm: %(name)s.", name=event.details["to"]))
    if event.opened:
        steps = ", ".join(_opened(desk, step) for step in event.opened)
        found.append(_("Tiếp theo: %(steps)s.", steps=steps))
    return found


def filled_in(desk: Desk, event: RecordEvent, *, without: Collection[str] = ()) -> list[tuple[str, str]]:
    """What the form of the action said, under its labels."""
    action, given = _filled_action(desk, event), event.details.get("form") or {}
    return [
        (localized(field.label), _masked(field, shown_value(field, given[field.id], desk.grounds.directory)))
        for field in (action.form if action else ())
        if given.get(field.id) not in (None, "", []) and field.id not in without
    ]


def _masked(field: Field, value: str) -> str:
    """Of an authorised person the history shows no more than what tells two of them apart."""
    if field.id not in NOT_KEPT or field.type is FieldType.CHOICE:
        return value
    return masked_name(value) if field.kind == "person_name" else masked_number(value)


def _filled_action(desk: Desk, event: RecordEvent) -> Action | None:
    """The action whose form the event holds: a late opinion is filled in as the agency would have answered."""
    if event.kind == OPINION_LATE:
        consultation = desk.grounds.procedure.process.step(event.step or "").consultation
        found = answer_of(desk.grounds.procedure.process, consultation or "")
        return found[1] if found else None
    return _action(desk, event)


def _day(stored: str) -> str:
    return day(datetime.fromisoformat(stored), language=current_language())


def _opened(desk: Desk, opened: Mapping[str, Any]) -> str:
    step = desk.grounds.procedure.process.steps.get(opened["step"])
    name = localized(step.name) if step else str(opened["name"])
    unit = _unit(desk, opened.get("unit_id"))
    return f"{name} ({unit})" if unit else name
