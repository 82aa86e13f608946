"""A worker in a process of its own, so that a test can kill it: `python -m … ADDRESS`."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import text

from portal.core.actor import SYSTEM
from portal.core.database import engine, sessions
from portal.core.unit_of_work import unit_of_work, use
from portal.jobs.drain import drain


def leave_an_effect(arguments: Mapping[str, str], *, now: datetime) -> None:
    """Write one row, once, however often it is called; then, if told so, stay long enough to be killed."""
    with unit_of_work(SYSTEM) as session:
        session.execute(
            text(
                "INSERT INTO audit_entry (id, at, kind, details) VALUES (cast(:id AS uuid), :at, 'effect', '{}') "
                "ON CONFLICT (id) DO NOTHING"
            ),
            {"id": arguments["effect"], "at": now},
        )
    if arguments.get("then") == "stay":
        sys.stdout.write("staying\n")
        sys.stdout.flush()
        time.sleep(60)


def die(arguments: Mapping[str, str], *, now: datetime) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    use(sessions(engine(sys.argv[1])))
    drain("messages", {"effect": leave_an_effect, "die": die})
