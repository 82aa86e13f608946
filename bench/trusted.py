"""A token with an agency's key, and authorities in a process of their own, for signatures that are measured."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from secrets import token_hex
from signal import SIGKILL
from tempfile import TemporaryDirectory
from urllib.error import HTTPError
from urllib.request import urlopen

from bench.children import PATIENCE
from portal.commands.data_folder import free_port
from portal.core import clock
from portal.processes import die_with_parent
from portal.signing import enrolment
from portal.signing.pades import TrustServices
from portal.signing.summaries import LABEL
from portal.signing.token import Token
from portal.simulators import trust

AGENCY = "UBND quận Ninh Kiều"
SEALER = "unit"
"""The label of the agency's key."""


@dataclass(frozen=True)
class Trusted:
    """SOFTHSM2_CONF names `configuration` in every process that signs."""

    configuration: Path
    token: Token
    services: TrustServices

    def use(self) -> None:
        """Let this process find the token."""
        os.environ[enrolment.CONFIGURED_BY] = str(self.configuration)


@contextmanager
def trusted_agency() -> Iterator[Trusted]:
    """Raises CannotEnrol where SoftHSM 2 is not installed."""
    token = Token(enrolment.software_module(), "bench", token_hex(8))
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with TemporaryDirectory() as made:
        folder = Path(made)
        with enrolment.software_token(folder, token=token, supervisor_pin=token.pin):
            keys = enrolment.make_keys(token, [SEALER, LABEL])
            now = clock.now()
            subjects = {SEALER: trust.Subject.of(AGENCY, AGENCY, keys[SEALER], now=now)}
            enrolment.keep_certificates(token, trust.prepare(folder / "trust", url=url, subjects=subjects, now=now))
        services = TrustServices(folder / "trust" / trust.ROOTS, url + trust.TSA_PATH)
        with _authorities(folder / "trust", port=port):
            yield Trusted(folder / enrolment.CONFIGURATION, token, services)


@contextmanager
def _authorities(folder: Path, *, port: int) -> Iterator[None]:
    process = get_context("spawn").Process(target=_answer, args=(folder, port, os.getpid()), daemon=True)
    process.start()
    try:
        _wait_for(f"http://127.0.0.1:{port}/", process)
        yield
    finally:
        process.kill()
        process.join()


def _answer(folder: Path, port: int, parent_id: int) -> None:
    die_with_parent(SIGKILL, parent_id=parent_id)
    trust.run(folder, port=port)


def _wait_for(address: str, process: BaseProcess) -> None:
    gives_up_at = time.monotonic() + PATIENCE
    while True:
        try:
            urlopen(address, timeout=PATIENCE).close()  # noqa: S310 - an address of our own
        except HTTPError:
            return  # whoever refuses is there
        except OSError as silent:
            if not process.is_alive():
                raise RuntimeError("the authorities ended by themselves") from silent
            if time.monotonic() > gives_up_at:
                raise TimeoutError(f"nobody answers at {address}") from silent
            time.sleep(0.05)
        else:
            return
