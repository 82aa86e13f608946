"""The day bar in words: its legend and the one sentence that a screen reader says."""

from __future__ import annotations

from dataclasses import dataclass

from portal.workflow.date_words import week_day
from portal.workflow.day_lines import CellKind, DayBar, Segment
from portal.workflow.definition import Text

_PHRASES = {
    CellKind.USED: Text("Đã dùng {used} trên {total} ngày", "{used} of {total} days used"),
    CellKind.PAUSED: Text("Tạm dừng {paused} ngày", "Paused for {paused} days"),
    CellKind.TODAY: Text("Hôm nay, {today}", "Today, {today}"),
    CellKind.LEFT: Text("Còn {left} ngày", "{left} days left"),
    CellKind.LATE: Text("Quá hạn {late} ngày", "{late} days late"),
}
_WITH_TODAY = Text("Còn {left} ngày, kể cả hôm nay", "{left} days left, today included")


@dataclass(frozen=True)
class LegendItem:
    kind: str
    text: str


@dataclass(frozen=True)
class DrawnDays:
    """What `templates/components/day_bar.html` prints. With `segments` the bar is one piece, `length` cells long."""

    cells: tuple[str, ...]
    legend: tuple[LegendItem, ...]
    label: str
    segments: tuple[Segment, ...] = ()
    length: int = 0


def in_words(bar: DayBar, language: str) -> DrawnDays:
    """The bar with its legend: only what it shows."""
    today = week_day(bar.today, language, today=bar.today) if bar.today else ""
    counts = {"used": bar.used, "total": bar.total, "paused": bar.paused, "left": bar.left, "late": bar.late}
    shown = {
        CellKind.USED: True,
        CellKind.PAUSED: bar.paused,
        CellKind.TODAY: any(cell.kind is CellKind.TODAY for cell in bar.cells),
        CellKind.LEFT: bar.left,
        CellKind.LATE: bar.late,
    }
    legend = tuple(
        LegendItem(kind, _phrase(kind, bar).in_language(language).format(today=today, **counts))
        for kind, is_shown in shown.items()
        if is_shown
    )
    return DrawnDays(
        cells=() if bar.continuous else tuple(cell.kind.value for cell in bar.cells),
        legend=legend,
        label=". ".join(item.text for item in legend),
        segments=bar.segments if bar.continuous else (),
        length=len(bar.cells),
    )


def _phrase(kind: CellKind, bar: DayBar) -> Text:
    counts_today = kind is CellKind.LEFT and any(cell.kind is CellKind.TODAY for cell in bar.cells)
    return _WITH_TODAY if counts_today else _PHRASES[kind]
