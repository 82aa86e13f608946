"""`portal worker` and `portal sweep`: what works off the job table, and what rings for it again."""

from __future__ import annotations

import click

from portal.commands.application import environment
from portal.config import Settings
from portal.jobs.types import QUEUES


@click.command()
@click.option("--queue", type=click.Choice(QUEUES), required=True, help="The jobs to work off.")
def worker(queue: str) -> None:
    """Work off jobs when the bell rings."""
    from portal.worker import run  # inside the function: it loads the models and, but for messages, WeasyPrint

    run(Settings.from_environment(environment()), queue=queue)


@click.command()
def sweep() -> None:
    """Ring again, every few seconds, for jobs that are still owed."""
    # Inside the function: they load the models and Flask.
    from portal.core import unit_of_work
    from portal.core.database import engine, sessions
    from portal.extensions import Bell
    from portal.jobs.sweeper import run
    from portal.worker import PERIODIC

    settings = Settings.from_environment(environment())
    unit_of_work.use(sessions(engine(settings.database_url, pool_size=1)))
    run(Bell(settings.redis_url), periodic=PERIODIC)
