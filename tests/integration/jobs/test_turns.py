"""Jobs that come again and again: owed once for every turn, whoever sweeps."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import Connection, text

from portal.commands import main, watchdog
from portal.jobs.sweeper import Turns
from portal.worker import HANDLERS, PERIODIC

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
EVERY = {"watch_due_dates": timedelta(minutes=10)}


def owed(city: Connection) -> int:
    return int(city.execute(text("SELECT count(*) FROM job WHERE kind = 'watch_due_dates'")).scalar_one())


def test_each_turn_is_owed_once_by_however_many_sweepers(city: Connection) -> None:
    sweepers = [Turns(EVERY), Turns(EVERY)]
    for minutes in (0, 0, 1, 9, 10, 19, 25):
        for sweeper in sweepers:
            sweeper.owe(now=NOW + timedelta(minutes=minutes))
    assert owed(city) == 3


def test_every_turn_has_somebody_who_does_it() -> None:
    assert PERIODIC.keys() <= HANDLERS.keys()


def test_the_watchdog_says_what_it_found_and_ends_well_when_nothing_is_stuck(
    city: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watchdog, "application", nullcontext)
    result = CliRunner().invoke(main, ["watchdog", "--hours", "8"])
    assert (result.exit_code, result.output) == (0, "0 stuck, 0 still\n")
