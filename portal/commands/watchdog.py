"""`portal watchdog`: records that stand still."""

from __future__ import annotations

import sys
from decimal import Decimal

import click

from portal.commands.application import application
from portal.core import clock
from portal.core.actor import SYSTEM
from portal.core.unit_of_work import reading


@click.command()
@click.option("--hours", type=click.IntRange(min=1), help="Working hours without an event; 24 by default.")
def watchdog(hours: int | None) -> None:
    """List records on which nobody has to act and no timer runs (exit 1 when there is one), and those without an
    event for so many working hours. No personal data is printed.
    """
    with application():
        from portal.records import watchdog as watching  # inside the function: it loads the models

        now = clock.now()
        with reading(SYSTEM) as session:
            stuck = watching.stuck_records(session, now=now)
            still = watching.still_records(session, now=now, hours=Decimal(hours or watching.STILL_FOR))
    for one in stuck:
        click.echo(f"stuck  {one.code}  {one.state}  since {clock.local(one.last_at):%Y-%m-%d %H:%M}")
    for one in still:
        steps = ", ".join(one.steps)
        waiting = "  waits for the applicant" if one.waits_for_applicant else ""
        click.echo(f"still  {one.code}  {one.state}  since {clock.local(one.last_at):%Y-%m-%d %H:%M}  {steps}{waiting}")
    click.echo(f"{len(stuck)} stuck, {len(still)} still")
    sys.exit(1 if stuck else 0)
