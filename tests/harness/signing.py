"""A token, its authorities on this machine, and people who sign: made once for all tests of a process."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from portal.commands.data_folder import free_port
from portal.signing import enrolment
from portal.signing.pades import TrustServices
from portal.signing.service import Signing
from portal.signing.summaries import LABEL
from portal.signing.token import Token
from portal.simulators import trust

PIN = "a-pin-of-tests"


@dataclass(frozen=True)
class TrustedCity:
    """Who signs, by the label of the key, and how."""

    folder: Path
    token: Token
    services: TrustServices

    @property
    def signing(self) -> Signing:
        pin_file = self.folder / "pin"
        pin_file.write_text(PIN, encoding="utf-8")
        return Signing(
            module=self.token.module,
            token=self.token.label,
            pin_file=pin_file,
            services=self.services,
            pictures=lambda label, name: None,
        )


@contextmanager
def trusted_city(folder: Path, people: Mapping[str, tuple[str, str]]) -> Iterator[TrustedCity]:
    """Label -> name and agency. Labels that begin with `expired`, `later` or `revoked` have such a certificate."""
    now = datetime.now(UTC)
    token = Token(enrolment.software_module(), "tests", PIN)
    url = f"http://127.0.0.1:{free_port()}"
    before = os.environ.get(enrolment.CONFIGURED_BY, "")
    with enrolment.software_token(folder, token=token, supervisor_pin=PIN):
        keys = enrolment.make_keys(token, [*sorted(people), LABEL])
        enrolment.keep_public_key(folder / enrolment.SUMMARY_KEYS, keys[LABEL])
        subjects = {label: _subject(label, *people[label], keys[label], now) for label in people}
        certificates = trust.prepare(folder / "trust", url=url, subjects=subjects, now=now)
        enrolment.keep_certificates(token, certificates)
    server = trust.server(folder / "trust", port=int(url.rpartition(":")[2]))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield TrustedCity(folder, token, TrustServices(folder / "trust" / trust.ROOTS, url + trust.TSA_PATH))
    server.shutdown()
    server.server_close()
    thread.join()
    os.environ[enrolment.CONFIGURED_BY] = before  # a city that was there before goes on with its own token


def _subject(label: str, name: str, agency: str, key: str, now: datetime) -> trust.Subject:
    day = timedelta(days=1)
    if label.startswith("expired"):
        return trust.Subject(name, agency, key, now - 9 * day, now - day)
    if label.startswith("later"):
        return trust.Subject(name, agency, key, now + day, now + 9 * day)
    revoked_at = now - timedelta(hours=1) if label.startswith("revoked") else None
    return trust.Subject(name, agency, key, now - day, now + 9 * day, revoked_at)
