"""Timers of tasks: they remind, they count silence once, they end what nobody answered."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select, text

from portal.core import clock
from portal.core.actor import SYSTEM
from portal.core.unit_of_work import reading, unit_of_work
from portal.demonstration.walking import Walk
from portal.records import service
from portal.records.jobs import KINDS
from portal.records.models import Task
from portal.records.replay import differences
from portal.records.types import Moved, TaskRow
from portal.workflow.definition import TimerEffect
from tests.integration.records.arranging import PERMIT, at_desk, procedure, task_of
from tests.integration.records.test_two_at_once import at_the_same_moment, ready

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("database")]


def asked() -> Walk:
    """A permit whose plan has been sent to the planning office for an opinion."""
    return at_desk().go("appraise.ask", "ask_ok.send")


def timer_of(step: str, effect: TimerEffect) -> int:
    timers = procedure(PERMIT).process.step(step).timers
    return next(index for index, timer in enumerate(timers) if timer.effect is effect)


def fire(walk: Walk, task: TaskRow, effect: TimerEffect) -> Moved | None:
    with unit_of_work(SYSTEM) as session:
        return service.fire_timer(session, task.id, timer_of(task.step, effect), now=walk.now)


def test_every_timer_of_an_opened_task_is_owed_once() -> None:
    walk = asked()
    with reading(SYSTEM) as session:
        owed = session.execute(
            text("SELECT arguments, due_at FROM job WHERE kind = 'task_timer' AND arguments ->> 'task_id' = :task"),
            {"task": str(task_of(walk, "plan").id)},
        ).all()
    assert sorted(row.arguments["timer"] for row in owed) == ["0", "1"]
    opened_at = task_of(walk, "plan").opened_at
    assert max(row.due_at for row in owed) > opened_at + timedelta(days=11)


def test_silence_counts_once_however_often_the_timer_fires() -> None:
    walk = asked()
    task = task_of(walk, "plan")
    answers = at_the_same_moment(*[lambda: fire(walk, task, TimerEffect.ACT)] * 4)
    assert sum(isinstance(answer, Moved) for answer in answers) == 1
    assert fire(walk, task, TimerEffect.ACT) is None
    file = walk.file()
    assert [(opinion.verdict, opinion.text) for opinion in file.opinions] == [("silent", "consent")]
    closed = next(closed for closed in file.tasks if closed.id == task.id)
    assert (closed.outcome, closed.closed_by) == ("silent", None)
    assert [event.kind for event in file.events].count("timer_fired") == 1
    assert differences(file) == []


def test_an_answer_and_the_timer_at_one_moment_count_once() -> None:
    walk = asked()
    task = task_of(walk, "plan")
    fired, answered = at_the_same_moment(lambda: fire(walk, task, TimerEffect.ACT), ready(walk, "plan", "answer"))
    assert isinstance(fired, Moved) is not isinstance(answered, Moved)
    assert len(walk.file().opinions) == 1
    assert differences(walk.file()) == []


def test_a_timer_of_a_closed_task_does_nothing() -> None:
    walk = asked()
    task = task_of(walk, "plan")
    walk.go("plan.answer")
    before = walk.file()
    for effect in (TimerEffect.ACT, TimerEffect.REMIND):
        assert fire(walk, task, effect) is None
    after = walk.file()
    assert (after.record.version, len(after.events)) == (before.record.version, len(before.events))


def test_a_reminder_is_news_for_the_desk_and_nothing_moves() -> None:
    walk = asked()
    task = task_of(walk, "plan")
    before = walk.file()
    assert fire(walk, task, TimerEffect.REMIND) is None
    after = walk.file()
    assert {task.id for task in after.open_tasks} == {task.id for task in before.open_tasks}
    assert [event.kind for event in after.events[len(before.events) :]] == ["task_reminded"]
    assert not after.events[-1].for_applicant
    assert differences(after) == []


def test_the_worker_fires_a_timer_by_its_job_alone() -> None:
    walk = asked()
    task = task_of(walk, "plan")
    arguments = {"task_id": str(task.id), "timer": str(timer_of("plan", TimerEffect.ACT))}
    for _ in range(2):
        KINDS["task_timer"](arguments, now=walk.now)
    assert len(walk.file().opinions) == 1


def promised_day(walk: Walk) -> date:
    due_at = walk.file().record.due_at
    assert due_at is not None
    return clock.local_day(due_at)


def open_rows(walk: Walk) -> list[Task]:
    with reading(SYSTEM) as session:
        wanted = select(Task).where(Task.record_id == walk.record_id, Task.closed_at.is_(None))
        return list(session.scalars(wanted))


def test_the_clock_stands_still_during_a_supplement_and_goes_on_after_it() -> None:
    walk = at_desk()
    assert promised_day(walk) == date(2026, 11, 25)  # fifteen days, and the 24th is a holiday
    walk.supplement("appraise")
    paused = walk.file()
    assert paused.record.paused_at is not None
    assert paused.record.state == "supplement"
    walk.now += timedelta(days=7)
    walk.answer()
    resumed = walk.file()
    assert resumed.record.paused_at is None
    assert promised_day(walk) == date(2026, 11, 30)  # the 10th to the 15th did not count
    assert {task.record_due_at for task in open_rows(walk)} == {resumed.record.due_at}
    assert resumed.record.supplements == 1
    assert differences(resumed) == []


def test_a_supplement_that_is_never_answered_ends_the_record() -> None:
    walk = at_desk().supplement("appraise")
    step = walk.file().open_tasks[0].step
    walk.go(f"{step}.⏰30d")
    file = walk.file()
    assert (file.record.state, file.open_tasks) == ("expired", ())
    assert file.record.closed_at == file.events[-1].at == walk.now
    assert file.record.paused_at is None
    assert file.events[-1].actor_id is None
    assert differences(file) == []
    with reading(SYSTEM) as session:
        told = session.scalars(
            text("SELECT count(*) FROM job WHERE kind = 'tell_applicant' AND natural_key = :event"),
            {"event": str(file.events[-1].id)},
        ).one()
    assert told == 1
