"""An action reads the open tasks and the last closed one of each kind, however long the record has been on its way."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text

from portal.core import clock
from portal.core.actor import PUBLIC, SYSTEM
from portal.core.unit_of_work import reading, unit_of_work
from portal.demonstration.walking import Walk
from portal.records import positions
from portal.records.facts import facts_of
from portal.records.types import Position
from portal.records.undoing import undo_action
from portal.units import queries as units
from tests.integration.records.arranging import (
    at_desk,
    citizen,
    handed_in,
    official,
    person,
    task_of,
    who_holds,
)

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("database")]

_STANDING = text("""
SELECT step, outcome, times, standing FROM task
WHERE record_id = :wanted AND step = ANY (ARRAY['appraise', 'extend_ok']) AND closed_at IS NOT NULL ORDER BY closed_at
""")


def passed_to_and_fro(times: int) -> Walk:
    """A record whose extension its leader has sent back so many times."""
    walk = at_desk()
    for _ in range(times):
        walk.go("appraise.extend", "extend_ok.return")
    return walk


def position_of(walk: Walk, step: str) -> tuple[dict[str, Any], Position]:
    with unit_of_work(who_holds(walk, step)) as session:
        record, position = positions.lock_task(session, task_of(walk, step).id, now=walk.now)
        directory = units.directory(session, version=record.directory_version)
    return facts_of(record, position.tasks, directory=directory, today=clock.local_day(walk.now)), position


def test_closed_tasks_that_are_alike_are_read_once_and_counted_all() -> None:
    walk = passed_to_and_fro(3)
    facts, position = position_of(walk, "appraise")
    looped = [task for task in position.tasks if task.step in ("appraise", "extend_ok") and not task.is_open]
    assert [(task.step, task.times) for task in looped] == [("appraise", 3), ("extend_ok", 3)]
    assert (facts["done"]["appraise.extend"], facts["done"]["extend_ok.return"]) == (3, 3)
    assert facts["outcomes"]["extend_ok"] == "return"
    with reading(SYSTEM) as session:
        rows = session.execute(_STANDING, {"wanted": walk.record_id}).all()
        assert [row.standing for row in rows] == [False] * 4 + [True] * 2
        assert len(session.execute(text("SELECT FROM app.tasks_of(:wanted)"), {"wanted": walk.record_id}).all()) > 6


def test_what_is_taken_back_counts_no_more_and_what_came_before_it_stands_again() -> None:
    walk = passed_to_and_fro(2)
    walk.go("appraise.extend")
    task = next(task for task in reversed(walk.file().tasks) if task.step == "appraise")
    assert task.closed_by is not None
    who = person(task.closed_by)
    with unit_of_work(who) as session:
        undo_action(session, task.id, actor=who, now=walk.now)
    assert position_of(walk, "appraise")[0]["done"]["appraise.extend"] == 2
    walk.go("appraise.extend", "extend_ok.return")
    facts, position = position_of(walk, "appraise")
    assert (facts["done"]["appraise.extend"], facts["done"]["extend_ok.return"]) == (3, 3)
    assert len([task for task in position.tasks if task.outcome == "extend"]) == 1


def test_a_stranger_is_told_of_no_tasks() -> None:
    walk = handed_in()
    asked = text("SELECT FROM app.position_of(:wanted, NULL, current_date)")
    seen = []
    for actor in (who_holds(walk, "receive"), official("nk.tckh.sp1"), citizen(1), PUBLIC):
        with reading(actor) as session:
            seen.append(len(session.execute(asked, {"wanted": walk.record_id}).all()))
    assert seen == [1, 0, 0, 0]
