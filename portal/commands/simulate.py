"""`portal simulate`: outside systems, as processes of their own."""

from __future__ import annotations

from pathlib import Path

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


@simulate.command()
@click.option("--port", type=int, required=True, help="Port that takes letters.")
@click.option("--page-port", type=int, required=True, help="Port of the page that shows them.")
def mail(port: int, page_port: int) -> None:
    """Play the mail server; show the letters, and deliver none."""
    from portal.simulators.mail import run  # inside the function: no other command may load a simulator

    run(Settings.from_environment(environment()).data_dir, port=port, page_port=page_port)


@simulate.command()
@click.option("--port", type=int, required=True, help="Port to listen on.")
def post(port: int) -> None:
    """Play the postal operator."""
    from portal.simulators.post import run  # inside the function: no other command may load a simulator

    run(Settings.from_environment(environment()), port=port)


@simulate.command()
@click.option("--port", type=int, required=True, help="Port to listen on.")
def trust(port: int) -> None:
    """Play the certification and time-stamping authorities; first give everybody who signs a key and a certificate."""
    # Inside the function: no other command may load a simulator.
    from portal.core import clock
    from portal.demonstration.signers import enrol_signers
    from portal.signing.enrolment import CannotEnrol
    from portal.signing.token import Token
    from portal.simulators.trust import run
    from portal.wiring import wire

    settings = Settings.from_environment(environment())
    wire(settings).dispose(close=False)
    folder = Path(settings.signing_roots).parent.parent
    token = Token(settings.signing_module, settings.signing_token, settings.signing_pin())
    try:
        enrol_signers(folder, token=token, url=f"http://127.0.0.1:{port}", now=clock.now())
    except CannotEnrol as missing:
        raise click.ClickException(str(missing)) from missing
    run(folder / "trust", port=port)
