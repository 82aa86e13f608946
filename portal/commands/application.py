"""The portal's application, for commands that work on its data."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import click

from portal.commands.data_folder import DataFolder
from portal.config import Settings


def environment() -> Mapping[str, str]:
    """Ours; where it names no database, completed by what `portal run` left in the data folder."""
    if os.environ.get("PORTAL_DATABASE_URL"):
        return os.environ
    folder = DataFolder(Path(os.environ.get("PORTAL_DATA_DIR") or "var").absolute())
    return {**folder.kept_environment(), **os.environ}


@contextmanager
def application() -> Iterator[Settings]:
    """Run the body inside the application: `reading` and `unit_of_work` work there."""
    # Inside the function: Flask and the models cost half a second, which only commands on data pay.
    from sqlalchemy.exc import OperationalError

    from portal import create_app

    settings = Settings.from_environment(environment())
    try:
        app = create_app(settings)
    except OperationalError as away:
        raise click.ClickException(
            "The database does not answer. Start the portal first, or name a database in PORTAL_DATABASE_URL."
        ) from away
    with app.app_context():
        yield settings
