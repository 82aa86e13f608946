"""Constructs of the grammar that no shipped definition uses all of, carried through the services."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text

from portal.catalogue.service import PROCEDURES, publish
from portal.core.actor import SYSTEM
from portal.core.errors import Conflict
from portal.core.unit_of_work import reading, unit_of_work
from portal.demonstration.walking import Walk
from portal.records import service
from portal.records.desk import get_desk_of_task
from portal.records.limits import TIME_IS_UP
from portal.records.replay import differences
from portal.workflow.deadlines import WorkingCalendar
from portal.workflow.working_time import VIETNAM
from tests.integration.records.arranging import NOW, PERMIT, at_desk, official, task_of

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("database")]

SHIPPED = (PROCEDURES / f"{PERMIT}.yaml").read_text(encoding="utf-8").partition("\ntests:")[0] + "\n"
"""Without its own tests, which tell the way as it is shipped."""

APPRAISER = "nk.qldt.sp1"


@pytest.fixture
def changed() -> Callable[[str, str], None]:
    """Publish the construction permit with another text in it, before a record is handed in."""

    def publish_with(old: str, new: str) -> None:
        assert old in SHIPPED
        with unit_of_work(SYSTEM) as session:
            publish(session, SHIPPED.replace(old, new, 1), actor=SYSTEM, now=NOW)

    return publish_with


Publish = Callable[[str, str], None]


def test_a_record_goes_on_when_enough_agencies_have_answered(changed: Publish) -> None:
    changed("    conclude:\n", "    conclude:\n      opens_after: 1\n")
    walk = at_desk().go("appraise.ask", "ask_ok.send")
    others = {task.step for task in walk.file().open_tasks} - {"site"}
    walk.go("site.done")
    file = walk.file()
    assert [task.step for task in file.open_tasks] == ["conclude"]
    assert {task.step for task in file.tasks if task.outcome == "cancelled"} == others != set()
    assert file.record.state == "in_progress"
    assert differences(file) == []
    walk.go("conclude.draft")
    assert differences(walk.file()) == []


def supplement_within(changed: Publish, length: str) -> Walk:
    changed("        supplement:\n", f"        supplement: {{as: supplement, within: {length}}}\n")
    return at_desk()


def test_an_action_with_a_limit_is_refused_after_its_last_day(changed: Publish) -> None:
    walk = supplement_within(changed, "3wd")
    task = task_of(walk, "appraise")
    end = datetime(2026, 11, 12, 17, tzinfo=VIETNAM)  # Thursday, three working days after Monday
    with reading(official(APPRAISER)) as session:
        met = get_desk_of_task(session, task.id, actor=official(APPRAISER), now=walk.now).open_tasks[0]
    assert met.limits == {"supplement": end}
    walk.now = end + timedelta(minutes=1)
    with pytest.raises(Conflict) as refused:
        walk.supplement("appraise")
    assert (refused.value.sentence, refused.value.details) == (TIME_IS_UP, {"day": end.date()})
    assert task_of(walk, "appraise").closed_at is None
    assert differences(walk.file()) == []


def test_until_its_last_day_the_action_is_there(changed: Publish) -> None:
    walk = supplement_within(changed, "3wd")
    walk.now = datetime(2026, 11, 12, 16, tzinfo=VIETNAM)
    assert "supplement" in walk.supplement("appraise").file().record.state


def jobs_of(walk: Walk, step: str) -> list[datetime]:
    with reading(SYSTEM) as session:
        rows = session.execute(
            text(
                "SELECT due_at FROM job WHERE kind = 'task_timer' AND arguments ->> 'task_id' = :task "
                "ORDER BY arguments ->> 'timer'"
            ),
            {"task": str(task_of(walk, step).id)},
        )
        return list(rows.scalars())


def with_timers(changed: Publish, timers: str) -> Walk:
    given = "      role: specialist\n      hours: 3\n"
    changed(given, f"{given}      timers: {timers}\n")
    return at_desk()


def test_a_timer_rings_before_the_step_is_due(changed: Publish) -> None:
    walk = with_timers(changed, "[{before_due: 2h, effect: remind}]")
    [rings] = jobs_of(walk, "appraise")
    due = task_of(walk, "appraise").due_at
    assert WorkingCalendar().working_hours_between(rings, due) == Decimal(2)


def test_a_task_is_taken_out_of_the_hands_that_let_it_lie(changed: Publish) -> None:
    walk = with_timers(changed, "[{after: 8h, effect: reassign}]")
    task = task_of(walk, "appraise")
    assert task.assignee_id is not None
    for _ in range(2):  # a job may run twice
        with unit_of_work(SYSTEM) as session:
            assert service.fire_timer(session, task.id, 0, now=walk.now + timedelta(days=1)) is None
    after = walk.file()
    [now_free] = [one for one in after.open_tasks if one.id == task.id]
    assert now_free.assignee_id is None
    assert [(event.kind, event.details.get("from")) for event in after.events if event.kind == "task_released"] == [
        ("task_released", task.assignee_name)
    ]
    assert differences(after) == []
    with unit_of_work(official(APPRAISER)) as session:
        service.claim_task(session, task.id, actor=official(APPRAISER), now=walk.now + timedelta(days=2))


def test_a_timer_of_a_day_that_has_passed_rings_as_soon_as_the_step_opens(changed: Publish) -> None:
    walk = with_timers(changed, "[{on: form.birth_date, effect: remind}]")
    assert jobs_of(walk, "appraise") == [task_of(walk, "appraise").opened_at]
