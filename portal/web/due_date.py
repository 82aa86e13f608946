"""Why this date: each day counted or skipped, what moved the date, and every other deadline of the record.

The same for its owner and for officials; as a page, or as JSON for whoever asks for `application/json`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue

from portal.calendars.book import CalendarBook
from portal.catalogue.types import Procedure
from portal.core import wording
from portal.records.clocks import ClockKind, RecordClock, clocks_of, due_by_todays_calendar, record_standing
from portal.records.due_changes import stored_changes
from portal.records.journey import days, explained
from portal.records.record_view import EventView, RecordView
from portal.units.resolution import Directory
from portal.web.citations import cited
from portal.web.languages import current_language, localized
from portal.web.standing_words import standing_tag
from portal.web.translation import Words
from portal.web.translation import gettext as _
from portal.web.translation import lazy_gettext as __
from portal.workflow.day_lines import DayLine
from portal.workflow.standing import Judged

JSON = "application/json"

KINDS: dict[ClockKind, Words] = {
    ClockKind.RECEPTION: __("Trả lời tiếp nhận"),
    ClockKind.STEP: __("Bước giải quyết"),
    ClockKind.OPINION: __("Góp ý"),
    ClockKind.APPLICANT: __("Người nộp"),
}


@dataclass(frozen=True)
class Asked:
    """The record whose date is asked about, with everything that it is counted with."""

    view: RecordView
    procedure: Procedure
    directory: Directory
    book: CalendarBook
    now: datetime
    every_step: bool = False  # officials see the agencies' inner steps; citizens what concerns them


def answer(asked: Asked, template: str, **context: Any) -> ResponseReturnValue:
    """The explanation, in the form that the caller prefers."""
    if request.accept_mimetypes.best_match(["text/html", JSON], default="text/html") == JSON:
        response = jsonify(as_data(asked))
    else:
        response = make_response(_page(asked, template, **context))
    response.vary.add("Accept")
    return response


def _page(asked: Asked, template: str, **context: Any) -> str:
    view, language = asked.view, current_language()
    would_be = due_by_todays_calendar(view, asked.procedure, asked.book, now=asked.now)
    return render_template(
        template,
        form=None,
        code=view.code,
        due=view.due_at,
        accepted=view.accepted_at,
        rows=[_day_row(line) for line in explained(view, asked.procedure, asked.book, now=asked.now)],
        days=days(view, asked.procedure, asked.book, now=asked.now, language=language),
        would_be=would_be,
        moves=list(_moves(asked)),
        clocks=[_clock_row(asked, clock) for clock in _clocks(asked)],
        **context,
    )


def as_data(asked: Asked) -> dict[str, Any]:
    """Everything that the page says, and the numbers behind it. Moments are ISO 8601, lengths working hours."""
    view, procedure = asked.view, asked.procedure
    standing = record_standing(view, asked.book, now=asked.now)
    would_be = due_by_todays_calendar(view, procedure, asked.book, now=asked.now)
    return {
        "record": view.code,
        "submitted_at": view.submitted_at.isoformat(),
        "accepted_at": _iso(view.accepted_at),
        "due_at": _iso(view.due_at),
        "finished_at": _iso(view.finished_at),
        "term": {
            "value": str(procedure.term.value),
            "unit": str(procedure.term.unit),
            "cutoff": procedure.term.cutoff,
            "stages": [{"value": str(stage.value), "unit": str(stage.unit)} for stage in procedure.term.stages],
        },
        "pause_rule": str(procedure.supplement.clock),
        "standing": _judged(standing) if standing else None,
        "days": [_day(line) for line in explained(view, procedure, asked.book, now=asked.now)],
        "pauses": [{"paused_at": paused.isoformat(), "resumed_at": _iso(resumed)} for paused, resumed in view.pauses],
        "changes": stored_changes(view.due_changes),
        "promises": [
            {
                "event": event.number,
                "at": event.at.isoformat(),
                "due_at": due.isoformat(),
                "was_due_at": _iso(before),
            }
            for event, due, before in promises(view)
        ],
        "deadlines": [
            {
                "kind": clock.kind,
                "name": localized(clock.name),
                "unit": _unit(asked, clock),
                "opened_at": clock.opened_at.isoformat(),
                "due_at": clock.due_at.isoformat(),
                "ended_at": _iso(clock.ended_at),
                **_judged(clock.judged),
            }
            for clock in _clocks(asked)
        ],
        "due_at_by_todays_calendar": _iso(would_be),
    }


def promises(view: RecordView) -> Iterator[tuple[EventView, datetime, datetime | None]]:
    """The events at which the date was promised or moved, each with the new date and the one before it."""
    before: datetime | None = None
    for event in view.events:
        if event.due_at is not None and event.due_at != before:
            yield event, event.due_at, before
            before = event.due_at


def _moves(asked: Asked) -> Iterator[str]:
    language = current_language()
    for event, promised, before in promises(asked.view):
        at, due = wording.moment(event.at, language=language), wording.day(promised, language=language)
        if before is None:
            yield _("%(at)s: tiếp nhận, hẹn trả %(due)s.", at=at, due=due)
            continue
        was = wording.day(before, language=language)
        if event.kind == "apology_signed":
            yield _("%(at)s: xin lỗi vì trễ hẹn, dời từ %(was)s sang %(due)s.", at=at, was=was, due=due)
        elif any(change.at == event.at for change in asked.view.due_changes):
            yield _("%(at)s: gia hạn, dời từ %(was)s sang %(due)s.", at=at, was=was, due=due)
        else:
            yield _("%(at)s: hết tạm dừng, dời từ %(was)s sang %(due)s.", at=at, was=was, due=due)


def _clocks(asked: Asked) -> tuple[RecordClock, ...]:
    found = clocks_of(asked.view, asked.procedure, asked.book, now=asked.now)
    return tuple(clock for clock in found if asked.every_step or clock.kind is not ClockKind.STEP)


def _clock_row(asked: Asked, clock: RecordClock) -> dict[str, Any]:
    return {
        "name": localized(clock.name),
        "who": _unit(asked, clock) or str(KINDS[clock.kind]),
        "due": wording.moment(clock.due_at, language=current_language()),
        "tag": standing_tag(clock.judged),
    }


def _unit(asked: Asked, clock: RecordClock) -> str:
    return localized(asked.directory.unit(clock.unit_id)) if clock.unit_id else ""


def _day_row(line: DayLine) -> list[str]:
    language = current_language()
    reason = line.text.in_language(language) + (f" ({cited(line.source)})" if line.source else "")
    counted = _("Tính") if line.counted else _("Không tính")
    day = wording.day(line.day, language=language)
    return [_("%(day)s, hẹn trả", day=day) if line.is_due else day, counted, reason]


def _day(line: DayLine) -> dict[str, Any]:
    return {
        "day": line.day.isoformat(),
        "counted": line.counted,
        "number": line.number,
        "hours": str(line.hours) if line.hours is not None else None,
        "stage": line.stage,
        "reason": line.reason,
        "text": line.text.in_language(current_language()),
        "source": cited(line.source),
        "is_due": line.is_due,
    }


def _judged(found: Judged) -> dict[str, str]:
    return {"standing": found.standing, "working_hours": f"{round(found.hours, 2):f}"}


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
