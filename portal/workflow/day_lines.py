"""A due date explained: each day in words of both languages, and the day bar that draws the same days."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from portal.workflow.deadlines import (
    CountedDay,
    DayReason,
    DueChange,
    Pause,
    PauseRule,
    Term,
    WorkingCalendar,
    counted_days,
    local,
)
from portal.workflow.definition import Text
from portal.workflow.terms import SAME_DAY

LONGEST_CELLS = 30
"""Above so many cells the day bar is drawn as one continuous bar."""


@dataclass(frozen=True)
class DayLine:
    """One day of the explanation. `number` is 0 for a day that is not counted; `is_due` marks the last."""

    day: date
    counted: bool
    number: int
    reason: DayReason
    text: Text
    source: str = ""
    hours: Decimal | None = None
    stage: int = 0
    is_due: bool = False


def explain(
    term: Term,
    *,
    accepted_at: datetime,
    calendar: WorkingCalendar,
    pauses: Iterable[Pause] = (),
    rule: PauseRule | str = PauseRule.ADD,
    changes: Iterable[DueChange] = (),
    now: datetime | None = None,
) -> tuple[DayLine, ...]:
    """Each day from acceptance to the due date, counted or skipped, with its reason."""
    days = counted_days(
        term, accepted_at=accepted_at, calendar=calendar, pauses=pauses, rule=rule, changes=changes, now=now
    )
    names = _later_stages(term, days)
    lines = tuple(
        _line(item, calendar, term.cutoff, names.get(item.stage, Text("")), is_due=item is days[-1]) for item in days
    )
    if lines and lines[0].counted and (term.stages or (term,))[0].unit == SAME_DAY:
        return (replace(lines[0], text=_in_time(lines[0].text, term.cutoff)), *lines[1:])
    return lines


def _in_time(counted: Text, cutoff: str) -> Text:
    return Text(
        f"{counted.vi}: nhận đến {cutoff} thì trả trong ngày",
        f"{counted.en}: accepted by {cutoff}, due the same day",
    )


def _later_stages(term: Term, days: Sequence[CountedDay]) -> dict[int, Text]:
    """What the stages are called that the term itself does not have."""
    appointed = {item.stage for item in days if item.reason is DayReason.APPOINTED}
    extended = {item.stage for item in days} - appointed - set(range(len(term.stages or (term,))))
    return dict.fromkeys(extended, _EXTENSION) | dict.fromkeys(appointed, _APPOINTMENT)


def _line(item: CountedDay, calendar: WorkingCalendar, cutoff: str, stage: Text, *, is_due: bool) -> DayLine:
    special = calendar.special.get(item.day)
    if item.reason is DayReason.DAY_OFF and special:
        text = special.name
    elif item.counted:
        text = _counted_text(item, Text("", "") if item.reason is DayReason.COUNTED or not special else special.name)
        if stage.vi:
            text = Text(f"{stage.vi}: {_lowered(text.vi)}", f"{stage.en}: {_lowered(text.en)}")
    else:
        text = _REASONS[item.reason]
        text = Text(text.vi.format(cutoff=cutoff), text.en.format(cutoff=cutoff))
    source = special.source if special and item.reason in (DayReason.DAY_OFF, DayReason.SWAPPED) else ""
    return DayLine(
        item.day, item.counted, item.number, item.reason, text, source, item.hours, item.stage, is_due=is_due
    )


def _lowered(words: str) -> str:
    return words[:1].lower() + words[1:]


_EXTENSION = Text("Gia hạn", "Extension")
_APPOINTMENT = Text("Hẹn lại", "New appointment")

_REASONS = {
    DayReason.ACCEPTED: Text("Ngày tiếp nhận, chưa tính", "Day of acceptance, not counted"),
    DayReason.LATE_IN_DAY: Text(
        "Nhận sau {cutoff} hoặc ngoài ngày làm việc", "Accepted after {cutoff} or on a day off"
    ),
    DayReason.RESTARTED: Text("Đã nhận bổ sung, tính lại từ đầu", "Supplement received, counted again from the start"),
    DayReason.APPOINTED: Text("Đã xin lỗi và hẹn lại, chưa tính", "Apology and new appointment, not counted"),
    DayReason.WEEKEND: Text("Ngày nghỉ cuối tuần", "Weekend"),
    DayReason.DAY_OFF: Text("Ngày nghỉ", "Day off"),
    DayReason.PAUSED: Text("Thời hạn tạm dừng", "The term is paused"),
    DayReason.ROLLED: Text("Thay cho ngày cuối rơi vào ngày nghỉ", "Takes the place of a last day that is a day off"),
}


def _counted_text(item: CountedDay, why: Text) -> Text:
    if item.hours is not None:
        vi, en = f"Tính {_number(item.hours, ',')} giờ làm việc", f"{_number(item.hours, '.')} working hours counted"
    else:
        vi, en = f"Ngày thứ {item.number}", f"Day {item.number}"
    if why.vi:
        return Text(f"{vi}, {_lowered(why.vi)}", f"{en}, {(why.en or why.vi)}")
    return Text(vi, en)


def _number(value: Decimal, point: str) -> str:
    rounded = f"{value:.2f}".rstrip("0").rstrip(".")
    return rounded.replace(".", point)


class CellKind(StrEnum):
    USED = "used"
    PAUSED = "paused"
    TODAY = "today"
    LEFT = "left"
    LATE = "late"


@dataclass(frozen=True)
class DayCell:
    """One counted, paused or late day. `is_today` holds beside the kind when today is paused or late."""

    day: date
    kind: CellKind
    is_today: bool = False


@dataclass(frozen=True)
class Segment:
    """Neighbouring cells of one kind, for the continuous bar: `start` and `length` in cells."""

    kind: CellKind
    start: int
    length: int


@dataclass(frozen=True)
class DayBar:
    """The cells of a term, with the sums that its legend names. `left` includes today while the term runs."""

    cells: tuple[DayCell, ...]
    total: int
    used: int
    paused: int
    left: int
    late: int
    today: date | None

    @property
    def continuous(self) -> bool:
        return len(self.cells) > LONGEST_CELLS

    @property
    def segments(self) -> tuple[Segment, ...]:
        found: list[Segment] = []
        for index, cell in enumerate(self.cells):
            if found and found[-1].kind is cell.kind:
                found[-1] = Segment(cell.kind, found[-1].start, found[-1].length + 1)
            else:
                found.append(Segment(cell.kind, index, 1))
        return tuple(found)


def day_bar(
    lines: Sequence[DayLine], *, now: datetime, calendar: WorkingCalendar, ended_at: datetime | None = None
) -> DayBar:
    """The bar of an explanation as it stands at `now`; `ended_at` stops the clock where the result was issued.

    A day is used once it is over; a late day is a working day after the due day up to now.
    """
    stopped = local(ended_at or now).date()
    shown = [line for line in lines if line.counted or line.reason is DayReason.PAUSED]
    cells = [_cell(line, stopped, ended=ended_at is not None) for line in shown]
    due_day = lines[-1].day if lines else stopped
    cells += [
        DayCell(day, CellKind.LATE, day == stopped and ended_at is None) for day in _late(due_day, stopped, calendar)
    ]
    kinds = [cell.kind for cell in cells]
    total = sum(line.counted for line in shown)
    used = kinds.count(CellKind.USED)
    return DayBar(
        cells=tuple(cells),
        total=total,
        used=used,
        paused=kinds.count(CellKind.PAUSED),
        left=total - used,
        late=kinds.count(CellKind.LATE),
        today=next((cell.day for cell in cells if cell.is_today), None),
    )


def _cell(line: DayLine, stopped: date, *, ended: bool) -> DayCell:
    is_today = line.day == stopped and not ended
    if line.reason is DayReason.PAUSED:
        return DayCell(line.day, CellKind.PAUSED, is_today)
    if is_today:
        return DayCell(line.day, CellKind.TODAY, is_today)
    return DayCell(line.day, CellKind.USED if line.day <= stopped else CellKind.LEFT)


def _late(due_day: date, stopped: date, calendar: WorkingCalendar) -> list[date]:
    days = (due_day + timedelta(days=offset) for offset in range(1, (stopped - due_day).days + 1))
    return [day for day in days if calendar.is_working_day(day)]
