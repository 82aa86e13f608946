"""The sample records as `data/records.yaml` tells them, and when each of their steps happened."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from portal.demonstration.applicants import MOST
from portal.records.types import SupplementItem
from portal.workflow.deadlines import WorkingCalendar, duration_after
from portal.workflow.definition import Process, TimerEffect

FILE = Path(__file__).parent / "data" / "records.yaml"

SHARE = Decimal("0.4")
"""How much of its quota an official usually needs for a step."""
LONGEST = Decimal(4)
APPLICANT_TAKES = Decimal(6)
"""Working hours."""
ONE_DAY_TERM = Decimal("0.1")
POSTING = "post"
"""Stands before what happens to a parcel: post.order."""


@dataclass(frozen=True)
class Story:
    """One record: who submits what where, its steps so far, and since when it has lain where it is."""

    number: int
    procedure: str
    who: str
    place: str
    counter: str
    steps: tuple[str, ...]
    since: Decimal  # working hours
    form: Mapping[str, Any]
    is_paid: bool
    channel: str = "online"
    pages: int | None = None  # of a draft: how many are filled in


@cache
def stories() -> tuple[Story, ...]:
    """The records that are sent."""
    return tuple(_story(number, row) for number, row in enumerate(_told()["records"], start=1))


@cache
def drafts() -> tuple[Story, ...]:
    """The records that are not sent yet."""
    return tuple(_story(number, row) for number, row in enumerate(_told()["drafts"], start=500))


def waiting_for_signature(count: int, *, after: int) -> Iterator[Story]:
    """A busy day of the chair of Cái Khế. `after`: numbers that are taken; each applicant has some of the records."""
    rows = _told()["to_sign"]
    for number in range(after + 1, after + count + 1):
        yield _story(number, {"who": number % MOST + 1, "since": 0, **rows[number % len(rows)]})


def asked_items(procedure_code: str) -> tuple[SupplementItem, ...]:
    """What a request for a supplement names."""
    return tuple(SupplementItem(**item) for item in _told()["asks"][procedure_code])


def moments(story: Story, process: Process, *, calendar: WorkingCalendar, now: datetime) -> tuple[datetime, ...]:
    """When the record was submitted and when each step was done: within working hours, the last one `since` ago."""
    end = hours_before(now, story.since, calendar=calendar)
    start = end - timedelta(days=90)
    for _ in range(4):
        last = _from(start, story, process, calendar)[-1]
        start = calendar.add_working_hours(start, max(calendar.working_hours_between(last, end), Decimal(0)))
    while (found := _from(start, story, process, calendar))[-1] > end:
        start = hours_before(start, Decimal(8), calendar=calendar)
    return found


def hours_before(moment: datetime, hours: Decimal, *, calendar: WorkingCalendar) -> datetime:
    """The moment from which so many working hours lead to this one."""
    early = moment - timedelta(days=14 + int(hours) // 3)
    return calendar.add_working_hours(early, calendar.working_hours_between(early, moment) - hours)


def _from(start: datetime, story: Story, process: Process, calendar: WorkingCalendar) -> tuple[datetime, ...]:
    found = [calendar.add_working_hours(start, ONE_DAY_TERM)]
    for index, step in enumerate(story.steps):
        step_id, _, action = step.partition(".")
        if action.startswith("⏰"):
            found.append(_timer_end(found, story.steps[:index], step_id, process, calendar))
        else:
            found.append(calendar.add_working_hours(found[-1], _takes(story, step_id, action, process)))
    return tuple(found)


def _takes(story: Story, step_id: str, action: str, process: Process) -> Decimal:
    """Working hours from the step before to this one."""
    if action in ("", "claim") or step_id == POSTING:
        return ONE_DAY_TERM
    step = process.step(step_id)
    usual = APPLICANT_TAKES if step.role == "applicant" else min(step.quota * SHARE, LONGEST)
    spread = Decimal(80 + zlib.crc32(f"{story.number}{step_id}".encode()) % 41) / 100
    return round(max(usual * spread, Decimal("0.05")), 2)


def _timer_end(
    found: list[datetime], done: tuple[str, ...], step_id: str, process: Process, calendar: WorkingCalendar
) -> datetime:
    """Just after the time of the step has run out, counted from the action that opened it."""
    opened = max(index for index, step in enumerate(done) if _opens(process, step, step_id))
    timer = next(timer for timer in process.step(step_id).timers if timer.effect is TimerEffect.ACT)
    return max(duration_after(found[opened + 1], timer.after, calendar=calendar), found[-1]) + timedelta(minutes=1)


def _opens(process: Process, done: str, step_id: str) -> bool:
    before, _, action = done.partition(".")
    if action.startswith("⏰") or action in ("", "claim") or before == POSTING:
        return False
    return any(branch.step == step_id for branch in process.step(before).action(action).branches)


def _story(number: int, row: Mapping[str, Any]) -> Story:
    return Story(
        number=row.get("number", number),
        procedure=row["procedure"],
        who=str(row["who"]),
        place=row["place"],
        counter=row.get("counter", "commune"),
        steps=tuple(_steps(row.get("walk", ""))),
        since=Decimal(str(row["since"])),
        form=row.get("form", {}),
        is_paid=row.get("fee") != "unpaid",
        channel=row.get("channel", "online"),
        pages=row.get("pages"),
    )


def _steps(walk: str) -> Iterator[str]:
    for word in re.split(r"\s+", walk.strip()):
        if word.startswith("@"):
            yield from _steps(_told()["ways"][word[1:]])
        elif word:
            yield word


@cache
def _told() -> Mapping[str, Any]:
    told: Mapping[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return told
