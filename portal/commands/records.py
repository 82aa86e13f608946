"""`portal record`: one record, for the operator."""

from __future__ import annotations

import click

from portal.commands.application import application
from portal.core.actor import SYSTEM
from portal.core.unit_of_work import reading


@click.group()
def record() -> None:
    """What is known of one record."""


@record.command()
@click.argument("code")
def show(code: str) -> None:
    """Print the state, open tasks and events of a record, without personal data."""
    with application():
        from portal.records.queries import describe_record  # inside the function: it loads the models

        with reading(SYSTEM) as session:
            lines = describe_record(session, code, actor=SYSTEM)
    if lines is None:
        raise click.ClickException(f"There is no record {code}.")
    for line in lines:
        click.echo(line)
