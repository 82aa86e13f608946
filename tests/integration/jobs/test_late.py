"""When a job counts as late: what is told of the past was due before anybody could have done it."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Connection, text

from portal.core import clock
from portal.core.actor import SYSTEM
from portal.core.unit_of_work import reading, unit_of_work
from portal.jobs import service
from portal.jobs.queries import JobState, count_jobs, count_kinds, list_jobs

WEEK = timedelta(days=7)


def counted(kind: str, state: JobState, *, after: timedelta = timedelta()) -> list[int]:
    with reading(SYSTEM) as session:
        return [one.count for one in count_kinds(session, state, now=clock.now() + after) if one.kind == kind]


def test_a_job_owed_for_the_past_is_late_only_once_it_could_have_been_done(city: Connection) -> None:
    now = clock.now()
    with unit_of_work(SYSTEM) as session:
        service.owe(session, "of_the_past", arguments={}, now=now, due_at=now - WEEK)
    assert counted("of_the_past", JobState.LATE) == []
    assert counted("of_the_past", JobState.WAITING) == [1]
    later = timedelta(minutes=11)
    assert counted("of_the_past", JobState.LATE, after=later) == [1]
    with reading(SYSTEM) as session:
        late = list_jobs(session, JobState.LATE, now=now + later)
        (job,) = [one for one in late if one.kind == "of_the_past"]
        assert count_jobs(session, now=now + later)[JobState.LATE] >= 1
    assert abs(job.due_at - now) < timedelta(minutes=1), "it has been owed since now, not for a week"


def test_a_job_that_was_owed_long_ago_is_late_from_its_due_time_on(city: Connection) -> None:
    now = clock.now()
    with unit_of_work(SYSTEM) as session:
        service.owe(session, "of_old", arguments={}, now=now, due_at=now - timedelta(hours=1))
        session.execute(text("UPDATE job SET owed_at = :then WHERE kind = 'of_old'"), {"then": now - WEEK})
    assert counted("of_old", JobState.LATE) == [1]
