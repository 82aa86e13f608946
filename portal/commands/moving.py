"""`portal procedures migrate`: records in flight to another version of their procedure, and back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import click

from portal.commands.application import application
from portal.core import clock
from portal.core.actor import SYSTEM
from portal.core.unit_of_work import reading, unit_of_work

if TYPE_CHECKING:
    from portal.catalogue.mapping import VersionMapping
    from portal.catalogue.queries import PublishedProcedure
    from portal.records.moving_queries import Refusal

MAPPING = click.option(
    "--mapping",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file that says which step, field and paper becomes which; without it the proposal is used.",
)


@click.command()
@click.argument("code")
@click.option("--from", "old_number", type=int, required=True)
@click.option("--to", "new_number", type=int, required=True)
@MAPPING
@click.option("--dry-run", is_flag=True, help="Only say which records would stay, and why.")
def migrate(code: str, old_number: int, new_number: int, mapping: Path | None, dry_run: bool) -> None:
    """Move the open records of CODE from one version to another, in the background."""
    from portal.catalogue import queries  # inside the function: it loads the models
    from portal.catalogue.mapping import MappingError
    from portal.core.errors import Conflict, NotFound
    from portal.records import moving
    from portal.records.moving_plan import Versions

    with application():
        try:
            with reading(SYSTEM) as session:
                old, new = (queries.get_version(session, code, number) for number in (old_number, new_number))
                versions = Versions(old, new, _mapping(old, new, mapping))
                if dry_run:
                    count, refusals = moving.rehearse(session, versions, now=clock.now())
                    _rehearsed(count, refusals)
                    return
            with unit_of_work(SYSTEM) as session:
                moving_id = moving.start_moving(session, versions, actor=SYSTEM, now=clock.now())
        except MappingError as error:
            raise click.ClickException("The mapping cannot be used:\n" + "\n".join(error.sentences)) from error
        except NotFound as error:
            raise click.ClickException(f"{code} has no such version.") from error
        except Conflict as error:
            raise click.ClickException("No record is left to move, or a move of this procedure still runs.") from error
    click.echo(f"{moving_id}: the records are being moved; `portal procedures migration {moving_id}` tells how far")


@click.command()
@click.argument("code")
@click.option("--from", "old_number", type=int, required=True)
@click.option("--to", "new_number", type=int, required=True)
def mapping(code: str, old_number: int, new_number: int) -> None:
    """Print the proposed mapping between two versions, to be corrected and given to `migrate --mapping`."""
    from portal.catalogue import queries  # inside the function: it loads the models
    from portal.catalogue.mapping import propose, written

    with application(), reading(SYSTEM) as session:
        old, new = (queries.get_version(session, code, number).procedure for number in (old_number, new_number))
    proposed = propose(old, new)
    for step in old.process.steps:
        if step not in proposed.steps:
            click.echo(f"# step {step} has no counterpart: records there stay", err=True)
    click.echo(written(proposed), nl=False)


@click.command()
@click.argument("moving_id", type=click.UUID)
@click.option("--stop", is_flag=True, help="Move nothing more; what was moved stays so.")
@click.option("--revert", is_flag=True, help="Lead back every record that has not gone on since.")
def migration(moving_id: UUID, stop: bool, revert: bool) -> None:
    """Tell how far a move of records has come, and which records stay; or stop or revert it."""
    from portal.core.errors import Conflict, NotFound  # inside the function: it loads the models
    from portal.records import moving
    from portal.records.moving_queries import get_report

    with application():
        try:
            if stop:
                with unit_of_work(SYSTEM) as session:
                    moving.stop_moving(session, moving_id, actor=SYSTEM, now=clock.now())
            if revert:
                with unit_of_work(SYSTEM) as session:
                    moving.revert_moving(session, moving_id, actor=SYSTEM, now=clock.now())
            with reading(SYSTEM) as session:
                found = get_report(session, moving_id)
        except (NotFound, Conflict) as error:
            raise click.ClickException(
                f"{moving_id}: no such move, or it still runs, or it has been stopped or reverted."
            ) from error
    counts = ("total", "waiting", "moved", "refused", "gone", "reverted", "kept")
    click.echo(", ".join(f"{name} {getattr(found, name)}" for name in counts))
    _refusals(found.refusals)


def _mapping(old: PublishedProcedure, new: PublishedProcedure, file: Path | None) -> VersionMapping:
    from portal.catalogue.mapping import propose, read_mapping  # inside the function: it loads the models

    return read_mapping(file.read_text(encoding="utf-8")) if file else propose(old.procedure, new.procedure)


def _rehearsed(count: int, refusals: tuple[Refusal, ...]) -> None:
    click.echo(f"{count} records would be moved, {len(refusals)} would stay; nothing was changed")
    _refusals(refusals)


def _refusals(refusals: tuple[Refusal, ...]) -> None:
    for refusal in refusals:
        click.echo(f"{refusal.code}: {' '.join(reason.in_language('en') for reason in refusal.reasons)}")
