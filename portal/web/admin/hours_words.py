"""Hours of work as the pages of the calendar list them: sessions of one decision together, weekdays that are alike
together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from portal.calendars.book import Hours, SessionRow
from portal.calendars.explain import WEEKDAY_NAMES
from portal.core.text import sort_key
from portal.core.wording import short_day
from portal.units.resolution import Directory
from portal.web.languages import current_language, localized
from portal.web.translation import gettext as _
from portal.workflow.working_time import USUAL_WEEK, Session

Week = Sequence[Sequence[Session]]


@dataclass(frozen=True)
class HoursRow:
    """Sessions of one kind that a document set for the city or a unit, between two days."""

    unit_id: UUID | None
    unit: str
    hours: Hours
    kind: str
    days: str
    lines: list[str]
    source: str
    end_source: str
    """The document that ended them, when that is another one."""
    is_open: bool
    """Whether they can still be ended."""


def usual_hours() -> HoursRow:
    """What holds where nothing was decided."""
    return HoursRow(
        None, _("cả thành phố"), Hours.STATUTORY, kind_name(Hours.STATUTORY), _("khi chưa có quyết định"),
        week_lines(USUAL_WEEK), "", end_source="", is_open=False,
    )  # fmt: skip


def hours_rows(rows: Iterable[SessionRow], directory: Directory) -> list[HoursRow]:
    """The city first, then the units by name; statutory hours before those of the counter, the earliest first."""
    groups: dict[tuple[UUID | None, Hours, date, date | None, str, str], list[SessionRow]] = {}
    for row in rows:
        key = (row.unit_id, row.hours, row.valid_from, row.valid_to, row.source, row.end_source)
        groups.setdefault(key, []).append(row)
    ordered = sorted(groups.values(), key=lambda group: _place_in_list(group[0], directory))
    return [_row(group, directory) for group in ordered]


def _place_in_list(row: SessionRow, directory: Directory) -> tuple[bool, str, bool, date]:
    name = unit_name(directory, row.unit_id)
    return (row.unit_id is not None, sort_key(name), row.hours is Hours.COUNTER, row.valid_from)


def unit_name(directory: Directory, unit_id: UUID | None) -> str:
    return directory.unit(unit_id).in_language(current_language()) if unit_id else _("cả thành phố")


def kind_name(hours: Hours) -> str:
    return _("Giờ làm việc") if hours is Hours.STATUTORY else _("Giờ mở quầy")


def week_lines(week: Week) -> list[str]:
    """Weekdays with the same sessions stand together: `thứ Hai đến thứ Sáu: 07:00–11:00, 13:00–17:00`."""
    lines: list[tuple[list[int], str]] = []
    for weekday, sessions in enumerate(week):
        said = ", ".join(f"{one.starts:%H:%M}–{one.ends:%H:%M}" for one in sessions) or _("nghỉ")
        if lines and lines[-1][1] == said:
            lines[-1][0].append(weekday)
        else:
            lines.append(([weekday], said))
    return [f"{_days_named(weekdays)}: {said}" for weekdays, said in lines]


def _days_named(weekdays: list[int]) -> str:
    first, last = localized(WEEKDAY_NAMES[weekdays[0]]), localized(WEEKDAY_NAMES[weekdays[-1]])
    return first if len(weekdays) == 1 else _("%(start)s đến %(end)s", start=first, end=last)


def _row(group: Sequence[SessionRow], directory: Directory) -> HoursRow:
    one = group[0]
    ordered = sorted(group, key=lambda row: row.starts)
    week = [[Session(row.starts, row.ends) for row in ordered if row.weekday == weekday] for weekday in range(7)]
    return HoursRow(
        one.unit_id, unit_name(directory, one.unit_id), one.hours, kind_name(one.hours), _between(one),
        week_lines(week), one.source, end_source=one.end_source, is_open=one.valid_to is None,
    )  # fmt: skip


def _between(row: SessionRow) -> str:
    first = short_day(row.valid_from, language=current_language())
    if row.valid_to is None:
        return _("từ %(start)s", start=first)
    return _("%(start)s đến %(end)s", start=first, end=short_day(row.valid_to, language=current_language()))
