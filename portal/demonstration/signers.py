"""Keys and sample certificates for everybody who signs in the demonstration city, and for the seals of its agencies."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from portal.accounts import queries as accounts
from portal.accounts.types import Role
from portal.core.actor import SYSTEM
from portal.core.clock import local_day
from portal.core.unit_of_work import reading
from portal.signing import enrolment
from portal.signing.summaries import LABEL
from portal.signing.token import Token, of_person, of_unit
from portal.simulators import trust
from portal.units import queries as units

SIGNERS = (Role.LEADER, Role.HEAD, Role.COUNTER_LEADER)
DONE = "enrolled"

Named = tuple[str, str]
"""Name and agency."""


def enrol_signers(folder: Path, *, token: Token, url: str, now: datetime) -> None:
    """Make the token of a demonstration, or bring it up to date; does nothing when nobody is new.

    Raises CannotEnrol.
    """
    with reading(SYSTEM) as session:
        wanted = dict(_wanted(session, now=now))
    told = hashlib.sha256(json.dumps([url, token.label, wanted, LABEL], sort_keys=True).encode()).hexdigest()
    done = folder / DONE
    if done.exists() and done.read_text(encoding="ascii") == told:
        enrolment.configure(folder)
        return
    with enrolment.software_token(folder, token=token, supervisor_pin=token.pin):
        keys = enrolment.make_keys(token, [*sorted(wanted), LABEL])
        enrolment.keep_public_key(folder / enrolment.SUMMARY_KEYS, keys[LABEL])
        subjects = {label: trust.Subject.of(*wanted[label], keys[label], now=now) for label in wanted}
        enrolment.keep_certificates(token, trust.prepare(folder / "trust", url=url, subjects=subjects, now=now))
    done.write_text(told, encoding="ascii")


def _wanted(session: Session, *, now: datetime) -> Iterator[tuple[str, Named]]:
    """Whoever leads a unit, and the unit itself: label, name and agency."""
    day = local_day(now)
    for unit in units.directory(session).units(day=day):
        officials = [one for one in accounts.list_officials(session, unit.id, day=day) if one.role in SIGNERS]
        if officials:
            yield of_unit(unit.id), (unit.name, unit.name)
        for official in officials:
            yield of_person(official.person_id), (official.name, unit.name)
