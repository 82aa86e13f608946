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

MOST_SHOWN = 20


@dataclass(frozen=True)
class MovedDates:
    """What components of the page show: how many there are, and the first of them as rows of a table."""

    count: int
    rows: list[list[Cell]]
    of_steps: bool
    """Of one unit the dates of its steps, otherwise those of results."""


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
    return MovedDates(len(moved), [_row(other) for other in moved[:MOST_SHOWN]], unit_id is not None)


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
