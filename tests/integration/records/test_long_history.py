"""An action reads the open tasks and the last closed one of each kind, however long the record has been on its way."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from portal.core import clock
from portal.core.actor import PUBLIC, SYSTEM
from portal.core.unit_of_work import reading, unit_of_work
from portal.records import positions
from portal.records.facts import facts_of
from portal.units import queries as units
from tests.integration.records.arranging import citizen, handed_in, official, task_of, who_holds

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("database")]

_AGAIN = text("""
INSERT INTO task SELECT (jsonb_populate_record(task, jsonb_build_object('id', gen_random_uuid(),
  'closed_at', task.closed_at - number * interval '1 day', 'closed_by', CASE WHEN number = 1 THEN person.id END))).*
FROM task, generate_series(1, :times) AS number, (SELECT id FROM person LIMIT 1) AS person
WHERE record_id = :wanted AND step = 'receive'
""")


def test_closed_tasks_that_are_alike_are_read_once_and_counted_all() -> None:
    walk = handed_in()
    walk.go("receive.accept")
    who = who_holds(walk, "forward")
    with unit_of_work(SYSTEM) as session:
        session.execute(_AGAIN, {"wanted": walk.record_id, "times": 6})
    with unit_of_work(who) as session:
        record, position = positions.lock_task(session, task_of(walk, "forward").id, now=walk.now)
        directory = units.directory(session, version=record.directory_version)
    received = [task for task in position.tasks if task.step == "receive"]
    assert len(position.open_tasks) == 1
    assert len(received) == 2  # the last that a person closed, and the last that nobody did
    assert sorted(task.times for task in received) == [2, 5]
    facts = facts_of(record, position.tasks, directory=directory, today=clock.local_day(walk.now))
    assert facts["done"]["receive.accept"] == 7
    with reading(who) as session:
        assert len(session.execute(text("SELECT FROM app.tasks_of(:wanted)"), {"wanted": walk.record_id}).all()) == 8


def test_a_stranger_is_told_of_no_tasks() -> None:
    walk = handed_in()
    asked = text("SELECT FROM app.standing_tasks(:wanted, :wanted)")
    seen = []
    for actor in (who_holds(walk, "receive"), official("nk.tckh.sp1"), citizen(1), PUBLIC):
        with reading(actor) as session:
            seen.append(len(session.execute(asked, {"wanted": walk.record_id}).all()))
    assert seen == [1, 0, 0, 0]
