"""`portal procedures`: definitions of procedures, checked and published."""

from __future__ import annotations

from pathlib import Path

import click

from portal.commands.application import application
from portal.core import clock
from portal.core.actor import SYSTEM
from portal.core.unit_of_work import reading, unit_of_work

FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))


@click.group()
def procedures() -> None:
    """Definitions of procedures: YAML files in, immutable versions out."""


@procedures.command()
@FILE
def check(file: Path) -> None:
    """Report every mistake of a definition with its line, or its figures when there is none; changes nothing."""
    with application():
        from portal.catalogue.service import check_definition, figures_of  # inside the function: it loads the models

        with reading(SYSTEM) as session:
            mistakes = check_definition(session, file, now=clock.now())
            lines = figures_of(session, file, now=clock.now()) if not mistakes else []
    for mistake in mistakes:
        click.echo(str(mistake), err=True)
    if mistakes:
        raise click.ClickException(f"{len(mistakes)} mistakes; the definition cannot be published.")
    for line in lines:
        click.echo(line)
    click.echo(f"{file}: no mistakes")


@procedures.command()
@FILE
def publish(file: Path) -> None:
    """Publish a definition as a new version; a broken one changes nothing."""
    with application():
        from portal.catalogue.findings import DefinitionError  # inside the function: it loads the models
        from portal.catalogue.service import publish_file

        try:
            with unit_of_work(SYSTEM) as session:
                published = publish_file(session, file, actor=SYSTEM, now=clock.now())
        except DefinitionError as error:
            click.echo(str(error), err=True)
            raise click.ClickException(f"{len(error.findings)} mistakes; the definition is not published.") from error
    click.echo(f"{published.procedure.code}: version {published.number} is in force")
