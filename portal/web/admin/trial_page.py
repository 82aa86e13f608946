"""The page of a trial: the clock, the open steps with their pretended officials, the way so far, what happened."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from flask import url_for

from portal.core import clock, wording
from portal.records.journey import days, journey
from portal.trials.fees import PretendedFee
from portal.trials.happenings import OpenTask, Trial
from portal.trials.stage import TrialGround
from portal.web.admin.trial_forms import needs_page
from portal.web.admin.trial_words import (
    Line,
    lines_of,
    said_day,
    said_fee,
    said_moment,
    said_person,
    said_state,
    said_timer,
)
from portal.web.languages import current_language, localized
from portal.web.official.act_box import RARE, Choice
from portal.web.official.deadlines import deadline_tag
from portal.web.state_words import Tag
from portal.web.translation import gettext as _
from portal.workflow.day_words import DrawnDays
from portal.workflow.deadlines import VIETNAM, CalendarEnds, WorkingCalendar
from portal.workflow.definition import Action
from portal.workflow.lanes import LanePicture

HOUR, DAY, NEXT, CHOSEN = "gio", "ngay", "han", "chon"
"""What the buttons of the clock send."""
EIGHT = time(8)


@dataclass(frozen=True)
class Box:
    """An open step, and what its pretended official may do."""

    number: int
    step: str
    who: str
    deadline: Tag
    due: str
    buttons: tuple[Choice, ...]
    links: tuple[Choice, ...]
    limits: tuple[str, ...]
    timers: tuple[str, ...]


@dataclass(frozen=True)
class FeeLine:
    """A fee of the record: its name with the amount, and how it stands."""

    text: str
    state: Tag


@dataclass(frozen=True)
class Waiting:
    """A button of the clock: where it moves to."""

    value: str
    text: str
    note: str


@dataclass(frozen=True)
class TrialPage:
    now: str
    state: Tag
    place: str
    due: str
    has_days: bool
    boxes: tuple[Box, ...]
    endings: tuple[Choice, ...]
    fees: tuple[FeeLine, ...]
    owes: str
    waits: tuple[Waiting, ...]
    picture: LanePicture
    days: DrawnDays | None
    lines: tuple[Line, ...]
    made: int
    ended: str
    outcome: str


def trial_page(draft_id: UUID, ground: TrialGround, trial: Trial) -> TrialPage:
    """What templates/admin/trial/walk.html prints."""
    view, language = trial.view, current_language()
    calendar = ground.book.as_known(trial.now)
    picture = journey(
        view, ground.procedure, ground.directory, calendar, now=trial.now, language=language, every_step=True
    )
    return TrialPage(
        now=said_moment(trial.now),
        state=said_state(view.state),
        place=localized(ground.directory.place(view.place)),
        due=said_moment(view.due_at) if view.due_at else "",
        has_days=view.accepted_at is not None,
        boxes=tuple(_box(draft_id, trial, met, calendar) for met in trial.open_tasks),
        endings=tuple(_endings(draft_id, trial)),
        fees=tuple(_fee_line(fee) for fee in trial.fees),
        owes=wording.vnd(view.unpaid, language=language) if view.unpaid and trial.end is None else "",
        waits=tuple(_waits(trial, calendar)) if trial.open_tasks else (),
        picture=picture,
        days=days(view, ground.procedure, ground.book, now=trial.now, language=language),
        lines=tuple(lines_of(trial, ground.procedure)),
        made=trial.happenings[-1].moves,
        ended=said_state(trial.end.state).text if trial.end else "",
        outcome=_outcome(trial),
    )


def moment_of(button: str, trial: Trial, calendar: WorkingCalendar, *, day: date | None = None) -> datetime | None:
    """Where a button of the clock leads; None for one that is not offered."""
    if button == CHOSEN and day is not None:
        return _morning(calendar, day)
    found = {HOUR: _next_hour(trial.now, calendar), DAY: _next_day(trial.now, calendar)}
    following = _next_deadline(trial)
    if following is not None:
        found[NEXT] = following[0]
    return found.get(button)


def _box(draft_id: UUID, trial: Trial, met: OpenTask, calendar: WorkingCalendar) -> Box:
    choices = [(action, _choice(draft_id, met, action)) for action in met.actions]
    task = met.task
    return Box(
        number=met.number,
        step=localized(met.step.name),
        who=said_person(met.who),
        deadline=deadline_tag(task.due_at, now=trial.now, calendar=calendar, paused=_stands_still(trial, met)),
        due=_("Hạn %(moment)s", moment=said_moment(task.due_at)),
        buttons=tuple(choice for action, choice in choices if action.kind not in RARE),
        links=(*(choice for action, choice in choices if action.kind in RARE), *_recall(draft_id, met)),
        limits=tuple(
            _("%(label)s: đến hết %(day)s", label=localized(action.label), day=said_day(clock.local_day(limit)))
            for action in met.actions
            if (limit := met.limits.get(action.id)) is not None
        ),
        timers=tuple(
            _("%(moment)s: %(what)s", moment=said_moment(armed.due), what=said_timer(armed.timer))
            for armed in met.timers
        ),
    )


def _stands_still(trial: Trial, met: OpenTask) -> bool:
    """A desk whose step is counted waits while the clock of the record does; timers run on."""
    return trial.view.is_paused and not met.timers


def _choice(draft_id: UUID, met: OpenTask, action: Action) -> Choice:
    href = url_for("admin_trials.act", draft_id=draft_id, task=met.number, action_id=action.id)
    return Choice(localized(action.label), href, needs_page(action))


def _recall(draft_id: UUID, met: OpenTask) -> Iterator[Choice]:
    if met.recall is not None:
        href = url_for("admin_trials.recall", draft_id=draft_id, task=met.number)
        yield Choice(localized(met.recall.label), href, has_page=True)


def _endings(draft_id: UUID, trial: Trial) -> Iterator[Choice]:
    if trial.signer is not None:
        words = _("%(who)s: %(label)s", who=said_person(trial.signer), label=_("Ký thư xin lỗi, hẹn lại ngày trả"))
        yield Choice(words, url_for("admin_trials.apologise", draft_id=draft_id), has_page=True)
    for late in trial.late:
        words = _("%(who)s: %(label)s", who=said_person(late.who), label=_("Gửi ý kiến muộn"))
        yield Choice(words, url_for("admin_trials.say_late", draft_id=draft_id, task=late.number), has_page=True)
    for action, who in trial.always:
        words = _("%(who)s: %(label)s", who=said_person(who), label=localized(action.label))
        yield Choice(words, url_for("admin_trials.end", draft_id=draft_id, action_id=action.id), has_page=True)


def _fee_line(fee: PretendedFee) -> FeeLine:
    if fee.is_given_back:
        return FeeLine(said_fee(fee), Tag(_("Phải trả lại"), "yellow"))
    if fee.is_unpaid:
        return FeeLine(said_fee(fee), Tag(_("Chưa nộp"), "yellow"))
    return FeeLine(said_fee(fee), Tag(_("Đã nộp") if fee.amount else _("Được miễn"), "green"))


def _waits(trial: Trial, calendar: WorkingCalendar) -> Iterator[Waiting]:
    yield Waiting(HOUR, _("Đến giờ làm việc kế tiếp"), said_moment(_next_hour(trial.now, calendar)))
    yield Waiting(DAY, _("Thêm một ngày làm việc"), said_moment(_next_day(trial.now, calendar)))
    following = _next_deadline(trial)
    if following is not None:
        moment, what = following
        yield Waiting(NEXT, _("Đến hạn kế tiếp"), _("%(what)s, %(moment)s", what=what, moment=said_moment(moment)))


def _next_hour(now: datetime, calendar: WorkingCalendar) -> datetime:
    """Out of hours the beginning of work, else an hour of work later."""
    begins = [start for start, end in calendar.sessions_on(clock.local_day(now)) if start > now or end > now]
    if begins and begins[0] <= now:
        return calendar.add_working_hours(now, 1)
    return begins[0] if begins else _morning(calendar, clock.local_day(now) + timedelta(days=1))


def _next_day(now: datetime, calendar: WorkingCalendar) -> datetime:
    local = clock.local(now)
    day = calendar.add_working_days(local.date(), days=1)
    return datetime.combine(day, local.time(), local.tzinfo)


def _morning(calendar: WorkingCalendar, day: date) -> datetime:
    """When work begins that day; at eight on a day off, and on one that the calendar does not reach."""
    try:
        sessions = calendar.sessions_on(day)
    except CalendarEnds:
        sessions = ()
    return sessions[0][0] if sessions else datetime.combine(day, EIGHT, VIETNAM)


def _next_deadline(trial: Trial) -> tuple[datetime, str] | None:
    """The soonest of timers, steps and the record itself, and what it is."""
    found = [
        (armed.due, _("%(step)s: %(what)s", step=localized(met.step.name), what=said_timer(armed.timer)))
        for met in trial.open_tasks
        for armed in met.timers
    ]
    found += [(met.task.due_at, _("hết hạn bước %(step)s", step=localized(met.step.name))) for met in trial.open_tasks]
    if trial.view.due_at is not None and trial.view.finished_at is None:
        found.append((trial.view.due_at, _("ngày hẹn trả")))
    coming = [(moment, what) for moment, what in found if moment > trial.now]
    return min(coming, default=None, key=lambda pair: pair[0])


def _outcome(trial: Trial) -> str:
    known: dict[str | None, Any] = {"granted": _("Được cấp"), "rejected": _("Không được cấp")}
    return str(known.get(trial.view.outcome, ""))
