"""What a BPMN model says beside the names of the definition, in the two languages."""

from __future__ import annotations

from portal.workflow.definition import Duration, DurationUnit, Process, Step, Text, TimerEffect

_PHRASES = {
    "sent": Text("Người nộp gửi hồ sơ", "The applicant sends the record"),
    "outcome": Text("Kết quả?", "Outcome?"),
    "which": Text("Trường hợp nào?", "Which case?"),
    "needed": Text("Có cần?", "Needed?"),
    "asker": Text("Ai đã trình?", "Who asked?"),
    "remember": Text("Nhớ nơi trình: {name}", "Remember who asked: {name}"),
    "if": Text("khi {condition}", "if {condition}"),
    "ticked": Text("khi được chọn", "if ticked"),
    "other_office": Text("là cơ quan khác", "another office"),
    "unless": Text("không cần", "not needed"),
    "otherwise": Text("còn lại", "otherwise"),
    "closed": Text("Không rút, dừng được nữa", "No withdrawal or stop from here"),
    "remind": Text("Nhắc việc", "Remind"),
    "remind_applicant": Text("Nhắc người nộp", "Remind the applicant"),
    "escalate": Text("Báo lãnh đạo", "Tell the leader"),
    "reassign": Text("Đổi người làm", "Give it to a colleague"),
    "before_due": Text("{length} trước hạn", "{length} before it is due"),
    "on_day": Text("Ngày {day}", "On the day {day}"),
    "until": Text("{action}: chỉ trong {length} từ khi tiếp nhận.", "{action}: only within {length} of acceptance."),
    "time_up": Text("{length}: {meaning}", "{length}: {meaning}"),
    "hours": Text("Định mức {hours} giờ làm việc.", "Quota: {hours} working hours."),
    "calls": Text("Hỏi: {call}.", "Asks: {call}."),
    "paper": Text(
        "{action}: bản giấy theo sau trong {days} ngày làm việc, giao sau {cutoff} thì sáng ngày làm việc kế tiếp.",
        "{action}: the paper follows within {days} working days, after {cutoff} the next working morning.",
    ),
    "apart": Text("Người làm bước này khác người làm: {names}.", "Not by whoever did: {names}."),
    "one_timer": Text(
        "Thời hạn tính chung cho cả lần hỏi ý kiến, từ bước đầu.",
        "One time over the whole opinion, from its first step.",
    ),
    "each": Text("Một nhánh cho mỗi giá trị khác nhau: {source}.", "One branch for each different value: {source}."),
    "some": Text("Đủ {enough} nhánh", "{enough} branches are enough"),
    "some_of": Text(
        "Một lượt cho mỗi nhánh: {names}. Xong {enough} nhánh thì đi tiếp, các nhánh khác dừng.",
        "One run for each branch: {names}. Once {enough} are done it goes on, and the others stop.",
    ),
    "counted_back": Text("Đếm lùi từ hạn của bước.", "Counted back from when the step is due."),
    "asked": Text("Bắt đầu một nhánh", "One branch begins"),
    "answered": Text("Nhánh xong", "The branch is done"),
    "working_time": Text("Tính theo giờ làm việc.", "Counted in working time."),
}
_LENGTHS = {
    DurationUnit.CALENDAR_DAYS: Text("{value} ngày", "{value} days"),
    DurationUnit.WORKING_DAYS: Text("{value} ngày làm việc", "{value} working days"),
    DurationUnit.WORKING_HOURS: Text("{value} giờ làm việc", "{value} working hours"),
}
_STATES = {
    "returned": Text("Đã trả kết quả", "Result returned"),
    "archived": Text("Đã lưu, chưa đến nhận", "Archived, not collected"),
    "refused": Text("Đã từ chối tiếp nhận", "Refused"),
    "withdrawn": Text("Đã rút", "Withdrawn"),
    "expired": Text("Hết hạn chờ người nộp", "Expired"),
    "stopped": Text("Đã dừng", "Stopped"),
}
EFFECTS: dict[TimerEffect, str] = {effect: str(effect) for effect in TimerEffect if effect is not TimerEffect.ACT}


def say(key: str, language: str, **values: object) -> str:
    return _PHRASES[key].in_language(language).format(**values)


def length(duration: Duration, language: str) -> str:
    """12 ngày, 4 giờ làm việc."""
    return _LENGTHS[duration.unit].in_language(language).format(value=f"{duration.value.normalize():f}")


def iso(duration: Duration) -> str:
    """As BPMN writes it: P12D, PT4H. That days or hours are working time BPMN cannot say."""
    value = f"{duration.value.normalize():f}"
    return f"PT{value}H" if duration.unit is DurationUnit.WORKING_HOURS else f"P{value}D"


def end_name(end_id: str, state: str, language: str) -> str:
    found = _STATES.get(state)
    return found.in_language(language) if found else end_id


def documentation(step: Step, process: Process, language: str) -> str:
    """What no element of the standard says of a step, in sentences, one a line."""
    parts = [say("hours", language, hours=f"{step.quota.normalize():f}")] if step.quota else []
    parts += [say("calls", language, call=step.automatic.call)] if step.automatic else []
    others = [process.step(other).name.in_language(language) for other in step.differs_from]
    parts += [say("apart", language, names=", ".join(others))] if others else []
    labels = [(action, action.label.in_language(language)) for action in step.actions]
    parts += [
        say("until", language, action=label, length=length(action.within, language))
        for action, label in labels
        if action.within is not None
    ]
    parts += [
        say("paper", language, action=label, days=action.paper_within, cutoff=action.cutoff)
        for action, label in labels
        if action.paper_within is not None
    ]
    parts += [f"– {item.in_language(language)}" for item in step.checklist]
    return "\n".join(parts)
