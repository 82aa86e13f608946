"""What pages say about an action: what was done, what follows, what to heed."""

from __future__ import annotations

from datetime import datetime

from portal.catalogue.consulting import ASKED
from portal.core import clock
from portal.core.wording import moment, short_day
from portal.records.desk import Desk
from portal.records.models import Record, RecordEvent
from portal.records.reopening import ASKED as CORRECTION_ASKED
from portal.records.types import TaskRow
from portal.web.languages import current_language, localized
from portal.web.official.happenings import filled_in
from portal.web.translation import Words
from portal.web.translation import gettext as _
from portal.web.translation import lazy_gettext as __
from portal.workflow.definition import ASKER, Action, ActionKind, Where
from portal.workflow.engine import InvalidTransition, TaskClosed, Token, after

DONE: dict[ActionKind, Words] = {
    ActionKind.ACCEPT: __("Đã tiếp nhận hồ sơ của %(name)s. Giấy hẹn đang được tạo."),
    ActionKind.SUPPLEMENT: __("Đã lập phiếu yêu cầu bổ sung hồ sơ của %(name)s."),
    ActionKind.REFUSE: __("Đã trình đề nghị từ chối hồ sơ của %(name)s."),
    ActionKind.REJECT: __("Đã trình đề nghị không cấp cho %(name)s."),
    ActionKind.SEND_BACK: __("Đã trả lại hồ sơ của %(name)s kèm lý do."),
    ActionKind.ASSIGN: __("Đã phân công hồ sơ của %(name)s."),
    ActionKind.CONSULT: __("Đã trình nội dung hỏi ý kiến về hồ sơ của %(name)s."),
    ActionKind.ANSWER: __("Đã trình ý kiến về hồ sơ của %(name)s."),
    ActionKind.DRAFT: __("Đã trình dự thảo kết quả cho %(name)s."),
    ActionKind.INITIAL: __("Đã ký nháy hồ sơ của %(name)s."),
    ActionKind.SIGN: __("Đã ký văn bản về hồ sơ của %(name)s."),
    ActionKind.ISSUE: __("Đã lấy số và đóng dấu kết quả cho %(name)s."),
    ActionKind.HAND_OVER: __("Đã chuyển hồ sơ của %(name)s."),
    ActionKind.GIVE: __("Đã trả kết quả cho %(name)s."),
    ActionKind.EXTEND: __("Đã gia hạn hồ sơ của %(name)s. Người nộp được báo ngày mới."),
    ActionKind.DECLINE: __("Kết quả của %(name)s giữ nguyên. Người nộp được báo, kèm lý do."),
    ActionKind.APPROVE: __("Đã duyệt hồ sơ của %(name)s."),
}

SENT = __("Đã gửi câu hỏi về hồ sơ của %(name)s đến cơ quan được chọn.")


def done_sentence(action: Action, record: Record) -> str:
    """What the notice says after the action."""
    words = SENT if action.consults else DONE.get(action.kind, __("Đã xử lý hồ sơ của %(name)s."))
    return str(words) % {"name": record.applicant_name}


def following_steps(desk: Desk, task: TaskRow, action: Action) -> list[str]:
    """The steps that the action opens, as far as the record is known now."""
    process = desk.grounds.procedure.process
    if action.consults:
        return []  # whom it opens is ticked on the page
    tokens = [Token(other.id, other.step, other.split, other.origin) for other in desk.file.open_tasks]
    try:
        move = after(process, tokens, task.id, action.id, desk.facts)
    except (InvalidTransition, TaskClosed):
        return []
    return [localized(process.step(opening.step).name) for opening in move.opens]


def warning_of(desk: Desk, action: Action) -> str:
    """What to heed before a further request: the law wants one that names all (Decree 61/2018/NĐ-CP, article 17)."""
    asked = desk.file.record.supplements
    if action.kind is not ActionKind.SUPPLEMENT or not asked:
        return ""
    if _goes_to_applicant(desk, action):
        return _("Đã yêu cầu bổ sung %(count)s lần. Nêu đủ mọi mục trong lần này.", count=asked)
    return _("Đã yêu cầu bổ sung %(count)s lần. Lần này phải được duyệt trước khi gửi.", count=asked)


def question_of(desk: Desk, task: TaskRow, action: Action) -> list[str]:
    """What an asked agency is asked: by whom and when, the question, until when, and what its silence means. At a
    correction: who asked for it, and what is said to be wrong.
    """
    if action.corrects or action.kind is ActionKind.DECLINE:
        return _wrong_in(desk)
    if action.kind is not ActionKind.ANSWER:
        return []
    asked = next((event for event in reversed(desk.file.events) if _asks(event)), None)
    said = []
    if asked is not None:
        unit = localized(desk.grounds.directory.unit(asked.unit_id)) if asked.unit_id else asked.unit_name
        said.append(_("%(unit)s hỏi ngày %(day)s:", unit=unit, day=_day(asked.at)))
        said += [value for name, value in filled_in(desk, asked, without=(ASKED,))]
    said.append(_("Trả lời trước %(moment)s.", moment=moment(task.due_at, language=current_language())))
    silences = {timer.silence for timer in desk.grounds.procedure.process.step(task.step).timers}
    if "consent" in silences:
        said.append(_("Không trả lời thì coi như đồng ý."))
    elif "refusal" in silences:
        said.append(_("Không trả lời thì coi như không đồng ý."))
    return said


def _wrong_in(desk: Desk) -> list[str]:
    asked = next((event for event in reversed(desk.file.events) if event.kind == CORRECTION_ASKED), None)
    if asked is None:
        return []
    return [_("%(name)s đề nghị đính chính ngày %(day)s:", name=asked.actor_name, day=_day(asked.at)), asked.reason]


def _asks(event: RecordEvent) -> bool:
    return event.details.get("action_kind") == ActionKind.CONSULT


def _day(at: datetime) -> str:
    return short_day(clock.local_day(at), language=current_language())


def _goes_to_applicant(desk: Desk, action: Action) -> bool:
    steps = desk.grounds.procedure.process.steps
    return any(steps[branch.step].at.where is Where.APPLICANT for branch in action.branches if branch.step != ASKER)
