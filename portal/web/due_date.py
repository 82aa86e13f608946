"""Why this date: each day counted or skipped, what moved the date, and every other deadline of the record.

The same for its owner and for officials; as a page, or as JSON for whoever asks for `application/json`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue

from portal.calendars.book import CalendarBook
from portal.catalogue.types import Procedure
from portal.core import wording
from portal.records.clocks import ClockKind, RecordClock, clocks_of, due_by_todays_calendar, record_standing
from portal.records.due_changes import stored_changes
from portal.records.journey import days, explained
from portal.records.pauses import paused_since
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
    lines = explained(view, asked.procedure, asked.book, now=asked.now)
    return render_template(
        template,
        form=None,
        code=view.code,
        due=view.due_at,
        accepted=view.accepted_at,
        paused=paused_since(view.pauses),
        if_resumed=_if_resumed(view, lines),
        rows=[_day_row(line, is_paused=view.is_paused) for line in lines],
        days=days(view, asked.procedure, asked.book, now=asked.now, language=language),
        would_be=would_be,
        moves=_moves(asked),
        clocks=[_clock_row(asked, clock) for clock in _clocks(asked)],
        **context,
    )


def as_data(asked: Asked) -> dict[str, Any]:
    """Everything that the page says, and the numbers behind it. Moments are ISO 8601, lengths working hours."""
    view, procedure = asked.view, asked.procedure
    standing = record_standing(view, asked.book, now=asked.now)
    lines = explained(view, procedure, asked.book, now=asked.now)
    if_resumed = _if_resumed(view, lines)
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
        "days": [_day(line) for line in lines],
        "due_day_if_resumed_tomorrow": if_resumed.isoformat() if if_resumed else None,
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


def _if_resumed(view: RecordView, lines: Sequence[DayLine]) -> date | None:
    """While the clock stands: the day to which the date would move, if counting went on tomorrow."""
    return lines[-1].day if view.is_paused and lines else None


def _moves(asked: Asked) -> list[str]:
    """Each promise and each pause, in the order in which they came."""
    told = {event.at: _promise(asked, event, promised, before) for event, promised, before in promises(asked.view)}
    for paused, resumed in asked.view.pauses:
        told.setdefault(paused, _("%(at)s: tạm dừng tính thời hạn.", at=_moment(paused)))
        if resumed is not None:
            told.setdefault(resumed, _("%(at)s: hết tạm dừng, ngày hẹn giữ nguyên.", at=_moment(resumed)))
    return [told[moment] for moment in sorted(told)]


def _moment(moment: datetime) -> str:
    return wording.moment(moment, language=current_language())


def _promise(asked: Asked, event: EventView, promised: datetime, before: datetime | None) -> str:
    language = current_language()
    at, due = _moment(event.at), wording.day(promised, language=language)
    if before is None:
        return _("%(at)s: tiếp nhận, hẹn trả %(due)s.", at=at, due=due)
    was = wording.day(before, language=language)
    if event.kind == "apology_signed":
        return _("%(at)s: xin lỗi vì trễ hẹn, dời từ %(was)s sang %(due)s.", at=at, was=was, due=due)
    if any(change.at == event.at for change in asked.view.due_changes):
        return _("%(at)s: gia hạn, dời từ %(was)s sang %(due)s.", at=at, was=was, due=due)
    return _("%(at)s: hết tạm dừng, dời từ %(was)s sang %(due)s.", at=at, was=was, due=due)


def _clocks(asked: Asked) -> tuple[RecordClock, ...]:
    found = clocks_of(asked.view, asked.procedure, asked.book, now=asked.now)
    return tuple(clock for clock in found if asked.every_step or clock.kind is not ClockKind.STEP)


def _clock_row(asked: Asked, clock: RecordClock) -> dict[str, Any]:
    return {
        "name": localized(clock.name),
        "who": _unit(asked, clock) or str(KINDS[clock.kind]),
        "due": _moment(clock.due_at),
        "tag": standing_tag(clock.judged),
    }


def _unit(asked: Asked, clock: RecordClock) -> str:
    return localized(asked.directory.unit(clock.unit_id)) if clock.unit_id else ""


def _day_row(line: DayLine, *, is_paused: bool) -> list[str]:
    language = current_language()
    reason = line.text.in_language(language) + (f" ({cited(line.source)})" if line.source else "")
    counted = _("Tính") if line.counted else _("Không tính")
    day = wording.day(line.day, language=language)
    if line.is_due:
        due = _("%(day)s, hẹn trả nếu tính tiếp từ ngày mai", day=day) if is_paused else _("%(day)s, hẹn trả", day=day)
        return [due, counted, reason]
    return [day, counted, reason]


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
