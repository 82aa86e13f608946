"""`portal run`: the whole portal on one machine, for demonstration and development."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import click

from portal.commands.data_folder import CannotRun, DataFolder, is_free
from portal.commands.embedded import Postgres, Valkey
from portal.commands.supervisor import MARK, STOPS, Child, Supervisor, end_leftovers
from portal.config import DEMONSTRATION, SIGNING, Settings, SettingsError
from portal.payments.vnpay import PAY_AT
from portal.signing.enrolment import CONFIGURATION, CONFIGURED_BY, SUMMARY_KEYS, CannotEnrol, software_module

TIME_PATH = "/cantho/tsa/tsa"
"""Of the simulated time-stamping authority."""

ANSWERS_WITHIN = 300.0
"""Seconds from the start of the web process to its first answer, on a machine that has much else to do. A web process
that ends is told at once."""

CHILDREN = {
    "web": ["serve"],
    "messages": ["worker", "--queue", "messages"],
    "documents": ["worker", "--queue", "documents"],
    "signatures": ["worker", "--queue", "signatures"],
    "sweep": ["sweep"],
    "payments": ["simulate", "payments", "--port", "{payments_port}"],
    "registers": ["simulate", "registers", "--port", "{registers_port}"],
    "mail": ["simulate", "mail", "--port", "{mail_port}", "--page-port", "{mail_page_port}"],
    "post": ["simulate", "post", "--port", "{post_port}"],
    "trust": ["simulate", "trust", "--port", "{trust_port}"],
}
"""Name -> the words of its command, in the order of their start."""


@click.command()
@click.option("--empty", is_flag=True, help="Do not load the demonstration city.")
def run(empty: bool) -> None:
    """Start everything: databases, web, workers, simulators. Ctrl-C stops it."""
    folder = DataFolder.open(Path(os.environ.get("PORTAL_DATA_DIR") or "var"))
    port = Settings.port_of(os.environ)
    address = f"http://127.0.0.1:{port}"
    with folder.locked(address), stopped_by_signals():
        supervisor = Supervisor()
        end_leftovers(str(folder.path))
        if not is_free(port):
            raise CannotRun(f"Port {port} is in use by another program: set PORTAL_PORT to a free one.")
        try:
            start(supervisor, folder, address=address, with_city=not empty)
            supervisor.watch()
        except KeyboardInterrupt:
            pass
        finally:
            click.echo("Stopping.")
            signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)
            supervisor.stop()


def start(supervisor: Supervisor, folder: DataFolder, *, address: str, with_city: bool) -> None:
    """Bring everything up, in order; raises CannotRun when a part does not come up."""
    environment = {**os.environ, **own_settings(folder, address=address)}
    environment.update(servers(supervisor, folder))
    owner_url = environment.pop("PORTAL_OWNER_DATABASE_URL")
    folder.keep_environment({name: environment[name] for name in environment if name.startswith("PORTAL_")})
    environment[MARK] = str(folder.path)
    carry_out(["database", "migrate"], {**environment, "PORTAL_OWNER_DATABASE_URL": owner_url})
    if with_city:
        carry_out(["demo", "load", "--if-empty"], environment)
    letters_port = folder.port("mail_page")
    web, *others = children(folder, environment, letters_port=letters_port)
    supervisor.start(web)
    wait_for_answer(supervisor, f"{address}/healthz")
    for child in others:  # the first documents of the city would take the processors from the web
        supervisor.start(child)
    click.echo(f"The portal runs at {address}")
    if with_city:
        carry_out(["demo", "accounts"], environment)
    if not os.environ.get("PORTAL_MAIL_URL"):
        click.echo(f"Letters by e-mail are shown at http://127.0.0.1:{letters_port}, and go nowhere.")
    click.echo(f"Its data and logs are in {folder.path}. Ctrl-C stops it.")


def own_settings(folder: DataFolder, *, address: str) -> dict[str, str]:
    """The settings that a demonstration makes for itself; the caller's environment wins over secrets and places."""
    made = {
        "PORTAL_SECRET_KEY": folder.secret("secret_key"),
        "PORTAL_RECEIPT_KEY": folder.secret("receipt_key"),
        "PORTAL_PAYMENT_SECRET": folder.secret("payment_secret"),
        "PORTAL_PAYMENT_URL": f"http://127.0.0.1:{folder.port('payments')}{PAY_AT}",
        "PORTAL_MOBILE_URL": f"http://127.0.0.1:{folder.port('payments')}/mobile",
        "PORTAL_MOBILE_SECRET": folder.secret("mobile_secret"),
        "PORTAL_BANK_BIN": "970415",
        "PORTAL_BANK_NAME": "VietinBank",
        "PORTAL_BANK_ACCOUNT": "113366668888",
        "PORTAL_BANK_HOLDER": "TK THU PHI LE PHI TRINH DIEN",
        "PORTAL_BANK_SECRET": folder.secret("bank_secret"),
        "PORTAL_POST_URL": f"http://127.0.0.1:{folder.port('post')}",
        "PORTAL_POST_SECRET": folder.secret("post_secret"),
        "PORTAL_REGISTERS_URL": f"http://127.0.0.1:{folder.port('registers')}",
        "PORTAL_REGISTERS_SECRET": folder.secret("registers_secret"),
        "PORTAL_MAIL_URL": f"smtp://127.0.0.1:{folder.port('mail')}",
        "PORTAL_MAIL_SENDER": "khong-tra-loi@dichvucong.example",
        "PORTAL_PUBLIC_URL": address,
        "PORTAL_FILES_DIR": str(folder.path / "files"),
        **signing_settings(folder),
    }
    token = {name: value for name, value in made.items() if name == CONFIGURED_BY}  # of the token that is made here
    kept = {name: os.environ.get(name) or value for name, value in made.items()} | token
    if os.environ.get("PORTAL_PAYMENT_URL") and not os.environ.get("PORTAL_MOBILE_URL"):
        del kept["PORTAL_MOBILE_URL"], kept["PORTAL_MOBILE_SECRET"]  # no simulator runs that could play it
    return {**kept, "PORTAL_DATA_DIR": str(folder.path), "PORTAL_DEMONSTRATION": "1"}


def signing_settings(folder: DataFolder) -> dict[str, str]:
    """A token of software and simulated authorities; nothing when SoftHSM is not installed, and then says so."""
    if any(os.environ.get(name) for name in SIGNING.values()):
        return {}
    try:
        module = software_module()
    except CannotEnrol as missing:
        click.echo(f"Results will not be signed electronically. {missing}", err=True)
        return {}
    place = folder.path / "signing"
    place.mkdir(mode=0o700, exist_ok=True)
    pin = folder.path / "secrets" / "signing_pin"
    if not pin.exists():
        folder.write(pin, f"{DEMONSTRATION}-{secrets.token_urlsafe(24)}")
    return {
        CONFIGURED_BY: str(place / CONFIGURATION),
        "PORTAL_SIGNING_MODULE": module,
        "PORTAL_SIGNING_TOKEN": f"{DEMONSTRATION}-cantho",
        "PORTAL_SIGNING_PIN_FILE": str(pin),
        "PORTAL_SIGNING_ROOTS": str(place / "trust" / "roots.pem"),
        "PORTAL_SIGNING_TIME_URL": f"http://127.0.0.1:{folder.port('trust')}{TIME_PATH}",
        "PORTAL_SIGNING_PICTURES": str(place / "pictures"),
        "PORTAL_SIGNING_SUMMARY_KEYS": str(place / SUMMARY_KEYS),
    }


def servers(supervisor: Supervisor, folder: DataFolder) -> dict[str, str]:
    """The servers named in the environment, or embedded ones, started.

    Raises SettingsError when only one of the two database settings is there.
    """
    named = [name for name in ("PORTAL_DATABASE_URL", "PORTAL_OWNER_DATABASE_URL") if os.environ.get(name)]
    if len(named) == 1:
        raise SettingsError("Set PORTAL_DATABASE_URL and PORTAL_OWNER_DATABASE_URL both, or neither.")
    found = {}
    if not named:
        postgres = Postgres(folder=folder, port=folder.port("postgres"))
        postgres.prepare()
        postgres.start(supervisor)
        found["PORTAL_DATABASE_URL"] = postgres.url("portal_app", "portal")
        found["PORTAL_OWNER_DATABASE_URL"] = postgres.url("portal_owner", "portal")
    if not os.environ.get("PORTAL_REDIS_URL"):
        valkey = Valkey(folder=folder, port=folder.port("valkey"))
        supervisor.start(valkey.child())
        found["PORTAL_REDIS_URL"] = valkey.url
    return found


def children(folder: DataFolder, environment: Mapping[str, str], *, letters_port: int) -> list[Child]:
    """The portal's own processes; no simulator for an outside system that the environment names."""
    addresses = {
        "payments": "PORTAL_PAYMENT_URL",
        "registers": "PORTAL_REGISTERS_URL",
        "mail": "PORTAL_MAIL_URL",
        "post": "PORTAL_POST_URL",
        "trust": "PORTAL_SIGNING_TIME_URL",
    }
    ports = {f"{name}_port": urlsplit(environment.get(setting, "")).port for name, setting in addresses.items()}
    ports["mail_page_port"] = letters_port
    return [
        Child(
            name=name,
            command=[sys.executable, "-m", "portal", *(word.format(**ports) for word in words)],
            environment=environment,
            log=folder.log(name),
        )
        for name, words in CHILDREN.items()
        if name not in addresses or (environment.get(addresses[name]) and not os.environ.get(addresses[name]))
    ]


def carry_out(words: list[str], environment: Mapping[str, str]) -> None:
    """Run one `portal` command to its end.

    Raises CannotRun when it fails; the command itself has said why.
    """
    command = [sys.executable, "-m", "portal", *words]
    finished = subprocess.run(command, env=dict(environment), stdin=subprocess.DEVNULL, check=False)
    if finished.returncode != 0:
        raise CannotRun(f"`portal {' '.join(words)}` failed, so nothing was started.")


def wait_for_answer(supervisor: Supervisor, url: str) -> None:
    """Raises CannotRun when the web process does not answer."""
    web = next(running for running in supervisor.children if running.child.name == "web")
    gives_up_at = time.monotonic() + ANSWERS_WITHIN
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310 - our own address
                return
        except OSError as error:
            if web.process.poll() is not None or time.monotonic() > gives_up_at:
                raise CannotRun(f"The web process does not answer: the reason stands in {web.child.log}.") from error
            time.sleep(0.05)


@contextmanager
def stopped_by_signals() -> Iterator[None]:
    """Every request to stop is a KeyboardInterrupt, also where a script's `&` made the shell ignore Ctrl-C."""
    before = {number: signal.signal(number, signal.default_int_handler) for number in STOPS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
