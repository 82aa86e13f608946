"""`portal demo`: the demonstration city."""

from __future__ import annotations

import gc

import click

from portal.commands.application import application
from portal.core import clock
from portal.core.errors import NotAllowed

GARBAGE = 50_000
"""Objects after which it is looked for; ten times as many as usual, as a load needs its memory for a moment only."""


@click.group()
def demo() -> None:
    """The demonstration city and its accounts; refused unless PORTAL_DEMONSTRATION=1."""


@demo.command()
@click.option("--if-empty", is_flag=True, help="Do nothing when the database already holds a city.")
def load(if_empty: bool) -> None:
    """Load units, people, procedures and records."""
    with application() as settings:
        from portal.demonstration.loading import load_demonstration  # inside the function: it imports every domain

        gc.freeze()  # the weeks that are replayed make much garbage, and what was imported is none of it
        gc.set_threshold(GARBAGE)
        try:
            load_demonstration(settings, now=clock.now(), if_empty=if_empty)
        except NotAllowed as refused:
            raise click.ClickException(refused.sentence) from refused


@demo.command()
@click.option("--count", type=click.IntRange(1, 1000), default=100, show_default=True, help="How many records.")
def to_sign(count: int) -> None:
    """Bring many records to the signature of the chair of Cái Khế (ck.lr1), while the portal runs."""
    with application() as settings:
        from portal.demonstration.records import bring_to_sign  # inside the function: it imports every domain

        if not settings.demonstration:
            raise click.ClickException("This is no demonstration: PORTAL_DEMONSTRATION is not 1.")
        bring_to_sign(count, receipt_key=settings.receipt_key.encode(), now=clock.now())


@demo.command()
def accounts() -> None:
    """Print who can sign in."""
    from portal.demonstration import PASSWORD  # inside the function: a production image has no use for it
    from portal.demonstration.accounts import list_accounts

    click.echo(f"Accounts, all with the password {PASSWORD}")
    for name, description in list_accounts():
        click.echo(f"  {name:<24} {description}")
