"""`portal worker` and `portal sweep`: what works off the job table, and what rings for it again."""

from __future__ import annotations

import click

from portal.commands.application import environment
from portal.config import Settings


@click.command()
@click.option("--queue", type=click.Choice(["messages", "documents"]), required=True, help="The jobs to work off.")
def worker(queue: str) -> None:
    """Work off jobs when the bell rings: `portal.worker.run(settings, queue=...)`."""
    from portal.worker import run  # inside the function: it loads the models and, for documents, WeasyPrint

    run(Settings.from_environment(environment()), queue=queue)


@click.command()
def sweep() -> None:
    """Ring again for jobs that are still owed: `portal.jobs.sweeper.run(settings)`."""
    from portal.jobs.sweeper import run  # inside the function: it loads the models

    run(Settings.from_environment(environment()))
