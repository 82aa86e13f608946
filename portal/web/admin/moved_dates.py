"""Taking a decision about the calendar, or only looking which promised dates it would make others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import request
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.actor import SYSTEM
from portal.core.errors import InvalidInput
from portal.core.unit_of_work import unit_of_work
from portal.core.wording import short_day
from portal.records.promises import OtherPromise, would_move
from portal.web.admin.layout import Cell
from portal.web.errors import tell
from portal.web.fields import BaseForm
from portal.web.languages import current_language, localized
from portal.web.sign_in import actor
from portal.web.translation import ngettext

MOST_SHOWN = 10


@dataclass(frozen=True)
class MovedPart:
    """Dates of one kind: results, open steps, opinions. How many in words, and the first of them as rows of a table."""

    id: str
    title: str
    rows: list[list[Cell]]
    more: bool


@dataclass(frozen=True)
class MovedDates:
    """What a page shows of the dates that would be others; no part when none would."""

    parts: list[MovedPart]


def decided(
    form: BaseForm, decide: Callable[[Session], object], *, unit_id: UUID | None, now: datetime
) -> tuple[bool, MovedDates | None]:
    """Whether the decision was taken, or what it would move when only that was asked; the form tells a refusal."""
    if not form.is_valid_submission():
        return False, None
    try:
        if "look" in request.form:
            return False, moved_by(decide, unit_id=unit_id, now=now)
        with unit_of_work(actor()) as session:
            decide(session)
    except InvalidInput as refused:
        tell(form, refused)
        return False, None
    return True, None


def moved_by(decide: Callable[[Session], object], *, unit_id: UUID | None, now: datetime) -> MovedDates:
    """Of the whole city, whoever asks: only codes and dates are shown, which are no secret. Raises InvalidInput."""
    with unit_of_work(SYSTEM) as session:
        moved = would_move(session, decide, unit_id=unit_id, now=now)
    results = [other for other in moved if other.step is None]
    steps = [other for other in moved if other.step is not None and not other.is_opinion]
    opinions = [other for other in moved if other.is_opinion]
    said = [("ket-qua", _results(len(results)), results), ("buoc", _steps(len(steps)), steps)]
    said.append(("y-kien", _opinions(len(opinions)), opinions))
    return MovedDates(
        [
            MovedPart(f"se-khac-{name}", title, [_row(other) for other in found[:MOST_SHOWN]], len(found) > MOST_SHOWN)
            for name, title, found in said
            if found
        ]
    )


def _results(count: int) -> str:
    return ngettext(
        "%(num)s hồ sơ sẽ hẹn ngày khác nếu hẹn hôm nay", "%(num)s hồ sơ sẽ hẹn ngày khác nếu hẹn hôm nay", count
    )


def _steps(count: int) -> str:
    return ngettext(
        "%(num)s bước đang mở sẽ có hạn khác nếu mở hôm nay",
        "%(num)s bước đang mở sẽ có hạn khác nếu mở hôm nay",
        count,
    )


def _opinions(count: int) -> str:
    return ngettext(
        "%(num)s ý kiến đang chờ sẽ có hạn khác nếu hỏi hôm nay",
        "%(num)s ý kiến đang chờ sẽ có hạn khác nếu hỏi hôm nay",
        count,
    )


def _row(other: OtherPromise) -> list[Cell]:
    note = f"{localized(other.step)}, {other.procedure_name}" if other.step else other.procedure_name
    return [
        {"text": other.code, "note": note},
        {"text": _moment(other, other.due_at), "num": True},
        {"text": _moment(other, other.would_be), "num": True},
    ]


def _moment(other: OtherPromise, moment: datetime) -> str:
    """A result is due by the end of its day, a step to the minute."""
    day = short_day(clock.local_day(moment), language=current_language())
    return f"{clock.local(moment):%H:%M}, {day}" if other.step else day
