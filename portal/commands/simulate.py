"""`portal simulate`: outside systems, as processes of their own."""

from __future__ import annotations

import click

from portal.commands.application import environment
from portal.config import Settings


@click.group()
def simulate() -> None:
    """Play an outside system, on this machine only."""


@simulate.command()
@click.option("--port", type=int, required=True, help="Port to listen on.")
def payments(port: int) -> None:
    """Play the payment gateway."""
    from portal.simulators.payments import run  # inside the function: no other command may load a simulator

    run(Settings.from_environment(environment()), port=port)


@simulate.command()
@click.option("--port", type=int, required=True, help="Port to listen on.")
def registers(port: int) -> None:
    """Play the state registers."""
    from portal.simulators.registers import run  # inside the function: no other command may load a simulator

    settings = Settings.from_environment(environment())
    run(settings.data_dir, secret=settings.registers_secret, port=port)
