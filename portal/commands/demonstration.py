"""`portal demo`: the demonstration city."""

from __future__ import annotations

import click

from portal.commands.application import application
from portal.core import clock


@click.group()
def demo() -> None:
    """The demonstration city and its accounts; refused unless PORTAL_DEMONSTRATION=1."""


@demo.command()
@click.option("--if-empty", is_flag=True, help="Do nothing when the database already holds a city.")
def load(if_empty: bool) -> None:
    """Load units, people, procedures and records: `portal.demonstration.load(now=..., if_empty=...)`."""
    with application() as settings:
        if not settings.demonstration:
            raise click.ClickException(
                "The demonstration city is loaded only where PORTAL_DEMONSTRATION=1: its password is public."
            )
        from portal.demonstration import load as load_city  # inside the function: it imports every domain

        load_city(now=clock.now(), if_empty=if_empty)


@demo.command()
def accounts() -> None:
    """Print who can sign in: `portal.demonstration.list_accounts()` gives (sign-in name, what the person is)."""
    from portal.demonstration import PASSWORD, list_accounts  # inside the function: it imports every domain

    click.echo(f"Accounts, all with the password {PASSWORD}")
    for name, description in list_accounts():
        click.echo(f"  {name:<24} {description}")
