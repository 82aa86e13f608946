"""`portal due`: when a term ends, and why."""

from __future__ import annotations

from datetime import datetime

import click

from portal.commands.application import application
from portal.core import clock
from portal.core.actor import SYSTEM
from portal.core.unit_of_work import reading


@click.command()
@click.option("--from", "start", type=click.DateTime(["%Y-%m-%dT%H:%M"]), required=True, help="2026-11-20T09:00")
@click.option("--working-days", type=click.IntRange(min=1), help="Term in working days.")
@click.option("--days", type=click.IntRange(min=1), help="Term in calendar days.")
@click.option("--explain", is_flag=True, help="Print each day, counted or skipped, with the reason.")
def due(start: datetime, working_days: int | None, days: int | None, explain: bool) -> None:
    """Print the due date of a term that starts at --from, local time."""
    if (working_days is None) == (days is None):
        raise click.UsageError("Give the term either as --working-days or as --days.")
    with application():
        from portal.calendars.service import due_of_term  # inside the function: it loads the models

        with reading(SYSTEM) as session:
            term = due_of_term(session, start=start, working_days=working_days, days=days, now=clock.now())
    for day in term.days if explain else ():
        click.echo(str(day))
    click.echo(f"{term.due_at:%Y-%m-%dT%H:%M}")
