"""`portal serve`: the web process."""

from __future__ import annotations

import os
import sys

import click

from portal.config import Settings


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--workers", default=2, show_default=True, help="Processes that answer requests.")
def serve(host: str, workers: int) -> None:
    """Serve the portal's pages with gunicorn, at PORTAL_PORT."""
    settings = Settings.from_environment()
    sys.stdout.flush()
    options = ["--config", "python:portal.commands.web_server", "--bind", f"{host}:{settings.port}"]
    words = [sys.executable, "-m", "gunicorn", *options, "--workers", str(workers), "portal.wsgi:app"]
    os.execv(sys.executable, words)  # noqa: S606 - our own words; the process keeps its id, so signals reach gunicorn
