"""`portal procedures`: definitions of procedures, checked and published."""

from __future__ import annotations

from pathlib import Path

import click

from portal.commands.application import application
from portal.core import clock
from portal.core.actor import SYSTEM
from portal.core.unit_of_work import unit_of_work

FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))


@click.group()
def procedures() -> None:
    """Definitions of procedures: YAML files in, immutable versions out."""


@procedures.command()
@FILE
def check(file: Path) -> None:
    """Report every mistake of a definition with its line; changes nothing.

    Calls `portal.catalogue.service.check_definition(file)`, which gives a list of mistakes whose `str` is
    `line N: reason`.
    """
    from portal.catalogue.service import check_definition  # inside the function: it loads the models

    with application():
        mistakes = check_definition(file)
    for mistake in mistakes:
        click.echo(f"{file}: {mistake}", err=True)
    if mistakes:
        raise click.ClickException(f"{len(mistakes)} mistakes; the definition cannot be published.")
    click.echo(f"{file}: no mistakes")


@procedures.command()
@FILE
def publish(file: Path) -> None:
    """Publish a definition as a new version; a broken one changes nothing.

    Calls `portal.catalogue.service.publish_definition(session, file, actor=..., now=...)` in a unit of work of the
    system; it raises `portal.core.errors.Refused` with the mistakes, and gives the version (`code`, `number`).
    """
    with application():
        from portal.catalogue.service import publish_definition  # inside the function: it loads the models

        with unit_of_work(SYSTEM) as session:
            version = publish_definition(session, file, actor=SYSTEM, now=clock.now())
            click.echo(f"{version.code}: version {version.number} is published")
