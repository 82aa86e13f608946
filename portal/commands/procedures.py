"""`portal procedures`: definitions of procedures, checked and published."""

from __future__ import annotations

from collections.abc import Sized
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from portal.catalogue.types import Procedure

from portal.commands.application import application
from portal.commands.moving import mapping, migrate, migration
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
        raise click.ClickException(f"{_counted(mistakes)}; the definition cannot be published.")
    for line in lines:
        click.echo(line)
    click.echo(f"{file}: no mistakes")


def _counted(mistakes: Sized) -> str:
    return "1 mistake" if len(mistakes) == 1 else f"{len(mistakes)} mistakes"


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
            raise click.ClickException(f"{_counted(error.findings)}; the definition is not published.") from error
    click.echo(f"{published.procedure.code}: version {published.number} is in force")


@procedures.command()
@click.argument("procedure")
@click.option("--language", type=click.Choice(["vi", "en"]), default="vi", show_default=True)
def bpmn(procedure: str, language: str) -> None:
    """Print the process of PROCEDURE, a file or the code of a published one, as BPMN 2.0 XML."""
    from portal.catalogue.process_model import process_model  # inside the function: it loads the models
    from portal.workflow.bpmn import NotExportable

    try:
        defined, number = _definition(procedure)
        click.echo(process_model(defined, language=language, number=number), nl=False)
    except NotExportable as error:
        raise click.ClickException(f"One BPMN model cannot say what this process does. {error}") from error


def _definition(procedure: str) -> tuple[Procedure, int | None]:
    """The procedure of a file, or the published one of that code with its version."""
    from portal.catalogue import loader, queries  # inside the function: it loads the models
    from portal.catalogue.findings import DefinitionError
    from portal.core.errors import NotFound

    file = Path(procedure)
    try:
        if file.is_file():
            return loader.load(file.read_text(encoding="utf-8"), file.name), None
        with application(), reading(SYSTEM) as session:
            published = queries.get_procedure(session, procedure)
            return published.procedure, published.number
    except DefinitionError as error:
        raise click.ClickException(str(error)) from error
    except NotFound as error:
        raise click.ClickException(f"{procedure} is neither a file nor the code of a published procedure.") from error


@procedures.command()
@click.argument("code")
@click.option("--number", type=int, help="The version; without it the one in force.")
def export(code: str, number: int | None) -> None:
    """Print a published definition as YAML: `publish` takes it in another installation, after the same check."""
    from portal.catalogue import exchange  # inside the function: it loads the models
    from portal.core.errors import NotFound

    with application():
        try:
            with reading(SYSTEM) as session:
                click.echo(exchange.export_version(session, code, number).text, nl=False)
        except NotFound as error:
            raise click.ClickException(f"There is no such version of {code}.") from error


for _command in (migrate, mapping, migration):
    procedures.add_command(_command)
