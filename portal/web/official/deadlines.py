"""Deadlines of tasks and records as officials read them: "Quá 1 ngày", "Hôm nay, 16:00", "Còn 3 ngày"."""

from __future__ import annotations

from datetime import datetime

from portal.core import clock
from portal.core.wording import desk_day, time_of_day
from portal.web.languages import current_language
from portal.web.state_words import Tag
from portal.web.translation import gettext as _
from portal.web.translation import ngettext
from portal.workflow.date_words import working_length
from portal.workflow.deadlines import WorkingCalendar, remaining

SOON = 2
"""Working days from which a deadline is yellow."""


def deadline_tag(due: datetime, *, now: datetime, calendar: WorkingCalendar, paused: bool = False) -> Tag:
    """How long is left of a task."""
    if paused:
        return Tag(_("Tạm dừng"), "purple")
    left = remaining(due, now=now, calendar=calendar)
    if left.late and left.working_days:
        return Tag(ngettext("Quá %(num)s ngày", "Quá %(num)s ngày", left.working_days), "red")
    if left.late and left.hours * 60 < 1:  # no working minute has passed since
        return Tag(_("Quá hạn"), "red")
    if left.late:
        return Tag(_("Quá %(length)s", length=working_length(left.hours, current_language())), "red")
    if left.today:
        return Tag(_("Hôm nay, %(time)s", time=time_of_day(due)), "orange")
    days = ngettext("Còn %(num)s ngày", "Còn %(num)s ngày", left.working_days)
    return Tag(days, "yellow" if left.working_days <= SOON else "grey")


def promise_tag(due: datetime | None, *, now: datetime, calendar: WorkingCalendar, paused: bool) -> Tag | None:
    """How long is left of the statutory term, with the promised day; None before the record is accepted."""
    if due is None:
        return None
    tag = deadline_tag(due, now=now, calendar=calendar, paused=paused)
    if paused:
        return tag
    return Tag(_("%(left)s, hẹn %(day)s", left=tag.text, day=shown_day(due, now=now)), tag.colour)


def shown_day(moment: datetime, *, now: datetime) -> str:
    """20/11, with the year when it is another one."""
    return desk_day(moment, today=clock.local_day(now), language=current_language())
