"""`portal units`: the tree of units."""

from __future__ import annotations

from pathlib import Path

import click

from portal.commands.application import application
from portal.core import clock
from portal.core.actor import SYSTEM
from portal.core.unit_of_work import unit_of_work


@click.group()
def units() -> None:
    """The dated tree of units."""


@units.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_file(file: Path) -> None:
    """Load units from a JSON file; safe to repeat."""
    with application():
        from portal.units.service import import_units  # inside the function: it loads the models

        with unit_of_work(SYSTEM) as session:
            count = import_units(session, file, actor=SYSTEM, now=clock.now())
    click.echo(f"{count} units added or changed")
