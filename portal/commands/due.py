"""`portal due`: when a term ends, and why."""

from __future__ import annotations

from datetime import datetime, time
from decimal import Decimal

import click

from portal.commands.application import application
from portal.core import clock
from portal.core.actor import SYSTEM
from portal.core.unit_of_work import reading
from portal.workflow.definition import DurationUnit
from portal.workflow.terms import SAME_DAY, TermLength


@click.command()
@click.option("--from", "start", type=click.DateTime(["%Y-%m-%dT%H:%M"]), required=True, help="2026-11-20T09:00")
@click.option("--working-days", type=click.IntRange(min=1), help="Term in working days.")
@click.option("--days", type=click.IntRange(min=1), help="Term in calendar days.")
@click.option("--working-hours", type=click.IntRange(min=1), help="Term in working hours.")
@click.option("--same-day", "cutoff", metavar="15:00", help="Term of the same day, when accepted by this hour.")
@click.option("--explain", is_flag=True, help="Print each day, counted or skipped, with the reason.")
def due(
    start: datetime, working_days: int | None, days: int | None, working_hours: int | None, cutoff: str | None,
    explain: bool,
) -> None:  # fmt: skip
    """Print the due date of a term that starts at --from, local time."""
    lengths = (
        (working_days, DurationUnit.WORKING_DAYS),
        (days, DurationUnit.CALENDAR_DAYS),
        (working_hours, DurationUnit.WORKING_HOURS),
    )
    terms = [TermLength(Decimal(value), unit) for value, unit in lengths if value is not None]
    terms += [TermLength(Decimal(1), SAME_DAY, _clock(cutoff))] if cutoff is not None else []
    if len(terms) != 1:
        raise click.UsageError("Give the term as one of --working-days, --days, --working-hours and --same-day.")
    with application():
        from portal.calendars.service import due_of_term  # inside the function: it loads the models

        with reading(SYSTEM) as session:
            term = due_of_term(session, terms[0], start=start, now=clock.now())
    for day in term.days if explain else ():
        click.echo(str(day))
    click.echo(f"{term.due_at:%Y-%m-%dT%H:%M}")


def _clock(cutoff: str) -> str:
    try:
        return f"{time.fromisoformat(cutoff):%H:%M}"
    except ValueError:
        raise click.UsageError(f"{cutoff!r} is no hour of the day; write it like 15:00.") from None
