"""What happened in a trial, line by line, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from portal.catalogue.types import Procedure
from portal.core import wording
from portal.records.types import RecordState
from portal.trials.fees import PretendedFee
from portal.trials.happenings import Happening, HappeningKind, Trial
from portal.trials.people import Pretended
from portal.web.languages import current_language, localized
from portal.web.state_words import Tag, state_tag
from portal.web.translation import gettext as _
from portal.web.translation import lazy_gettext as __
from portal.workflow.definition import Timer, TimerEffect


@dataclass(frozen=True)
class Message:
    """What somebody would be told, in its own words."""

    to: str
    subject: str
    body: str


@dataclass(frozen=True)
class Line:
    """One thing that happened. `moves` is what stepping back to it keeps; None for the last line."""

    title: str
    at: str
    who: str
    notes: tuple[str, ...]
    message: Message | None
    moves: int | None


def lines_of(trial: Trial, procedure: Procedure) -> list[Line]:
    """Newest first."""
    last = trial.happenings[-1].moves
    return [
        Line(
            title=_title(happening),
            at=said_moment(happening.at),
            who=said_person(happening.who) if happening.kind in _BY_SOMEBODY else "",
            notes=tuple(_notes(happening, procedure)),
            message=_message(happening),
            moves=happening.moves if happening.moves < last and _is_last_of_move(trial, index) else None,
        )
        for index, happening in reversed(list(enumerate(trial.happenings)))
        if not _waits_on(trial, index)
    ]


_BY_SOMEBODY = frozenset(
    {
        HappeningKind.ACTED,
        HappeningKind.ENDED,
        HappeningKind.SUBMITTED,
        HappeningKind.PAID,
        HappeningKind.APOLOGISED,
        HappeningKind.SAID_LATE,
    }
)


def said_person(who: Pretended) -> str:
    """Post and unit."""
    return f"{who.name}, {localized(who.unit)}" if who.unit else who.name


def said_moment(moment: datetime) -> str:
    return wording.moment(moment, language=current_language())


def said_state(state: str) -> Tag:
    """The tag of a state; a word that the portal does not know is shown as it is."""
    return state_tag(state) if state in set(RecordState) else Tag(state, "grey")


def said_timer(timer: Timer) -> str:
    """What happens when the timer rings."""
    if timer.effect is TimerEffect.REMIND:
        return _("nhắc người làm")
    if timer.effect is TimerEffect.REMIND_APPLICANT:
        return _("nhắc người nộp")
    if timer.effect is TimerEffect.ESCALATE:
        return _("báo cấp trên")
    if timer.effect is TimerEffect.REASSIGN:
        return _("cần người khác nhận")
    return localized(timer.action.label) if timer.action else _("tự chuyển")


def _waits_on(trial: Trial, index: int) -> bool:
    """Whether the clock only moved on, and again after that: the last of such lines says when it is."""
    following = trial.happenings[index : index + 2]
    return len(following) > 1 and all(happening.kind is HappeningKind.WAITED for happening in following)


def _is_last_of_move(trial: Trial, index: int) -> bool:
    """Of all that one move brought about, only the end of it can be stepped back to."""
    return trial.happenings[index + 1].moves != trial.happenings[index].moves


_TOLD_BY_TIMERS = {
    HappeningKind.REMINDED: __("nhắc người làm"),
    HappeningKind.APPLICANT_REMINDED: __("nhắc người nộp"),
    HappeningKind.ESCALATED: __("báo cấp trên"),
    HappeningKind.RELEASED: __("cần người khác nhận"),
}


def _title(happening: Happening) -> str:
    step = localized(happening.step.name) if happening.step else ""
    match happening.kind:
        case HappeningKind.SUBMITTED:
            return _("Nộp hồ sơ")
        case HappeningKind.WAITED:
            return _("Đồng hồ chạy đến đây")
        case HappeningKind.PAID:
            return _("Nộp phí")
        case HappeningKind.FORESEEN:
            return _("Sẽ không kịp hẹn")
        case HappeningKind.APOLOGISED:
            return _("Ký thư xin lỗi, hẹn lại ngày trả")
        case HappeningKind.SAID_LATE:
            return _("%(step)s: ý kiến đến muộn", step=step)
    if happening.kind in _TOLD_BY_TIMERS:
        return f"{step}: {_TOLD_BY_TIMERS[happening.kind]}"
    label = localized(happening.action.label) if happening.action else ""
    if happening.kind is HappeningKind.RANG:
        return _("%(step)s: hết hạn. %(label)s", step=step, label=label)
    return f"{step}: {label}" if step not in ("", label) else label


def _notes(happening: Happening, procedure: Procedure) -> Iterator[str]:
    if happening.reason:
        yield _("Lý do: %(reason)s", reason=happening.reason)
    if happening.opened:
        names = [localized(procedure.process.step(step).name) for step in happening.opened]
        yield _("Mở bước: %(steps)s", steps=", ".join(names))
    if happening.documents:
        names = [localized(name) for name in happening.documents]
        yield _("Văn bản được tạo: %(names)s", names="; ".join(names))
    if happening.paper_due:
        yield _("Bản giấy phải tới trước %(due)s", due=said_moment(happening.paper_due))
    yield from _of_the_clock(happening)
    yield from _of_money(happening)
    if happening.kind is HappeningKind.FORESEEN and happening.day:
        yield _("Thư xin lỗi soạn sẵn, đề nghị hẹn lại %(day)s", day=said_day(happening.day))


def _of_money(happening: Happening) -> Iterator[str]:
    for fee in happening.fees:
        yield _("Phải nộp: %(fee)s", fee=said_fee(fee))
    if happening.amount:
        yield _("Đã nộp %(amount)s", amount=wording.vnd(happening.amount, language=current_language()))
    for fee in happening.given_back:
        yield _("Phải trả lại: %(fee)s", fee=said_fee(fee))


def said_fee(fee: PretendedFee) -> str:
    """Name and amount, and why it is nothing."""
    amount = wording.vnd(fee.amount, language=current_language())
    note = localized(fee.note)
    return f"{localized(fee.name)}, {amount}" + (f" ({note})" if note else "")


def said_day(day: date) -> str:
    return wording.day(day, language=current_language())


def _message(happening: Happening) -> Message | None:
    told = happening.told
    if told is None:
        return None
    officials = happening.kind is HappeningKind.FORESEEN
    to = _("Nhắn trưởng đơn vị và lãnh đạo") if officials else _("Nhắn người nộp")
    return Message(to, localized(told.subject), localized(told.body))


_MOVING_DATES = frozenset({HappeningKind.ACTED, HappeningKind.RANG, HappeningKind.APOLOGISED})


def _of_the_clock(happening: Happening) -> Iterator[str]:
    if happening.pauses:
        yield _("Thời hạn tạm dừng")
    if happening.resumes:
        yield _("Thời hạn chạy tiếp")
    before, after = happening.due_before, happening.due_after
    if after is None or before == after or happening.kind not in _MOVING_DATES:
        return
    due = wording.day(after, language=current_language())
    if before is None:
        yield _("Hẹn trả %(due)s", due=due)
    else:
        yield _("Hẹn trả dời từ %(was)s sang %(due)s", was=wording.day(before, language=current_language()), due=due)
