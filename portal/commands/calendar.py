"""`portal calendar`: days off, swaps and hours of work, each with its source; and what a decision would have moved."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from typing import TYPE_CHECKING
from uuid import UUID

import click

from portal.commands.application import application
from portal.core import clock
from portal.core.actor import SYSTEM
from portal.core.errors import PortalError
from portal.core.unit_of_work import reading, unit_of_work

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

DAY = click.DateTime(["%Y-%m-%d"])
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HOURS = click.Choice(["statutory", "counter"])

unit_option = click.option("--unit", "account_code", help="Short code of the unit; without it the whole city.")
source_option = click.option("--source", required=True, help="Number and date of the document that orders it.")
hours_option = click.option("--hours", default="statutory", type=HOURS, help="By which terms count, or doors alone.")


@click.group()
def calendar() -> None:
    """The working calendar."""


@calendar.command()
@click.option("--year", type=int, required=True)
@unit_option
def show(year: int, account_code: str | None) -> None:
    """Print what differs from the ordinary week in a year, and the hours in force, with source and key."""
    with application():
        from portal.calendars.queries import calendar_book  # inside the function: it loads the models

        now = clock.now()
        with reading(SYSTEM) as session:
            unit_id = _unit(session, account_code)
            book = calendar_book(session, now=now)
        days, sessions = book.in_force(now)
        keys = {(row.day, row.name.vi): row.id for row in days}
        for special in book.as_known(now, unit_id=unit_id).special_days:
            if special.day.year == year:
                key = keys.get((special.day, special.name.vi), "")
                click.echo(f"{special.day}  {special.kind:4}  {special.name.vi}  [{special.source}]  {key}".rstrip())
        for row in days:
            if row.day.year == year and row.hours == "counter" and row.unit_id in (None, unit_id):
                click.echo(f"{row.day}  {row.kind:4}  {row.name.vi}  [{row.source}]  counter  {row.id}")
        for session_row in sessions:
            if session_row.unit_id in (None, unit_id):
                until = session_row.valid_to or "..."
                click.echo(
                    f"{session_row.hours:9}  {WEEKDAYS[session_row.weekday]}  {session_row.starts:%H:%M}-"
                    f"{session_row.ends:%H:%M}  {session_row.valid_from} to {until}  [{session_row.source}]  "
                    f"{session_row.id}"
                )


@calendar.command()
@click.argument("day", type=DAY)
@click.option("--kind", type=click.Choice(["off", "work"]), required=True)
@click.option("--name", required=True)
@click.option("--name-en", default="", help="The same in English.")
@source_option
@unit_option
@hours_option
def add(day: datetime, kind: str, name: str, name_en: str, source: str, account_code: str | None, hours: str) -> None:
    """Decree a day off, or a rest day that is worked."""
    with _deciding() as session:
        from portal.calendars.book import Hours
        from portal.calendars.service import add_day
        from portal.workflow.definition import Text
        from portal.workflow.working_time import DayKind

        key = add_day(
            session,
            day.date(),
            kind=DayKind(kind),
            name=Text(name, name_en),
            source=source,
            unit_id=_unit(session, account_code),
            hours=Hours(hours),
            actor=SYSTEM,
            now=clock.now(),
        )
    click.echo(str(key))


@calendar.command()
@click.option("--off", type=DAY, required=True)
@click.option("--worked", type=DAY, required=True, help="The rest day that is worked instead.")
@click.option("--name", required=True)
@click.option("--name-en", default="", help="The same in English.")
@source_option
@unit_option
def swap(off: datetime, worked: datetime, name: str, name_en: str, source: str, account_code: str | None) -> None:
    """Decree that a rest day is worked instead of a working day."""
    with _deciding() as session:
        from portal.calendars.service import add_swap
        from portal.workflow.definition import Text

        keys = add_swap(
            session,
            off=off.date(),
            worked=worked.date(),
            name=Text(name, name_en),
            source=source,
            unit_id=_unit(session, account_code),
            actor=SYSTEM,
            now=clock.now(),
        )
    click.echo("\n".join(str(key) for key in keys))


@calendar.command()
@click.argument("sessions", nargs=-1, required=True)
@click.option("--from", "valid_from", type=DAY, required=True)
@click.option("--to", "valid_to", type=DAY)
@source_option
@unit_option
@hours_option
@click.option("--replacing", is_flag=True, help="The hours in force stand back meanwhile.")
def hours(
    sessions: tuple[str, ...],
    valid_from: datetime,
    valid_to: datetime | None,
    source: str,
    account_code: str | None,
    hours: str,
    *,
    replacing: bool,
) -> None:
    """Add sessions of work, for example: mon-fri=07:00-11:30 mon-fri=13:30-17:00 sat=07:00-11:00."""
    week = _week(sessions)
    with _deciding() as session:
        from portal.calendars.book import Hours
        from portal.calendars.service import add_hours

        keys = add_hours(
            session,
            week=week,
            hours=Hours(hours),
            valid_from=valid_from.date(),
            valid_to=valid_to.date() if valid_to else None,
            source=source,
            unit_id=_unit(session, account_code),
            replacing=replacing,
            actor=SYSTEM,
            now=clock.now(),
        )
    click.echo(f"{len(keys)} sessions added")


@calendar.command("end-hours")
@click.option("--last-day", type=DAY, required=True)
@source_option
@unit_option
@hours_option
def end(last_day: datetime, source: str, account_code: str | None, hours: str) -> None:
    """End the sessions of the city or of a unit after a day."""
    with _deciding() as session:
        from portal.calendars.book import Hours
        from portal.calendars.service import end_hours

        count = end_hours(
            session,
            hours=Hours(hours),
            last_day=last_day.date(),
            source=source,
            unit_id=_unit(session, account_code),
            actor=SYSTEM,
            now=clock.now(),
        )
    click.echo(f"{count} sessions ended")


@calendar.command()
@click.argument("key", type=click.UUID)
@source_option
def withdraw(key: UUID, source: str) -> None:
    """Take a decreed day back (of a swap both days), by its key."""
    with _deciding() as session:
        from portal.calendars.service import withdraw_day

        withdraw_day(session, key, source=source, actor=SYSTEM, now=clock.now())


@calendar.command()
@click.option("--off", type=DAY, multiple=True, help="As if this day were off (may be repeated).")
def promises(off: tuple[datetime, ...]) -> None:
    """List open records whose promised date would be another by today's calendar. Nothing is changed."""
    with application():
        from portal.calendars.service import calendar_with  # inside the function: it loads the models
        from portal.records.promises import other_promises
        from portal.workflow.definition import Text
        from portal.workflow.working_time import DayKind, SpecialDay

        now = clock.now()
        days = [SpecialDay(day.date(), DayKind.OFF, Text("")) for day in off]
        with reading(SYSTEM, consistent=True) as session:
            for other in other_promises(session, now=now, calendar=calendar_with(session, days, now=now)):
                click.echo(f"{other.code}  promised {_day(other.due_at)}  would be {_day(other.would_be)}")


@contextmanager
def _deciding() -> Iterator[Session]:
    with application():
        try:
            with unit_of_work(SYSTEM) as session:
                yield session
        except PortalError as refused:
            said = {name: _plain(value) for name, value in refused.details.items()}
            raise click.ClickException(refused.sentence % said) from refused


def _plain(value: object) -> object:
    return getattr(value, "vi", value)


def _unit(session: Session, account_code: str | None) -> UUID | None:
    if account_code is None:
        return None
    from portal.units.queries import directory  # inside the function: it loads the models

    return directory(session).unit_of_account(account_code, day=clock.local_day(clock.now())).id


def _week(sessions: tuple[str, ...]) -> dict[int, list[tuple[time, time]]]:
    week: dict[int, list[tuple[time, time]]] = {}
    for text in sessions:
        try:
            days, _, span = text.partition("=")
            first, _, last = days.partition("-")
            starts, ends = (time.fromisoformat(part) for part in span.split("-"))
            wanted = range(WEEKDAYS.index(first), WEEKDAYS.index(last or first) + 1)
        except ValueError as wrong:
            raise click.BadParameter(f"{text!r} is not like mon-fri=07:00-11:30") from wrong
        for weekday in wanted:
            week.setdefault(weekday, []).append((starts, ends))
    return week


def _day(moment: datetime) -> date:
    return clock.local_day(moment)
