"""What is owed is done: once, by one worker, however often bells are lost and workers die."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from portal.core.actor import SYSTEM
from portal.core.database import engine, sessions
from portal.core.unit_of_work import reading, unit_of_work, use
from portal.jobs import service
from portal.jobs.drain import WORKER_ENDED, drain, work_off
from portal.jobs.models import Job
from portal.jobs.sweeper import sweep_once
from portal.jobs.types import LEASE, MOST_ATTEMPTS, GiveUp, Lease, RetryLater
from tests.cluster import DatabaseUrls
from tests.harness.waits import count_waits
from tests.integration.jobs import worker_process

pytestmark = pytest.mark.committed

NOW = datetime(2026, 3, 9, 2, 0, tzinfo=UTC)
Outcome = Callable[[Session, Lease], bool]


@pytest.fixture(autouse=True)
def rung(database_urls: DatabaseUrls) -> Iterator[list[str]]:
    """The bells that rang."""
    bind = engine(database_urls.app)
    rung: list[str] = []
    use(sessions(bind), bell=lambda *queues: rung.extend(queues))
    yield rung
    bind.dispose()


def owe(
    kind: str = "note", *, due_at: datetime | None = None, natural_key: str | None = None, **arguments: str
) -> None:
    with unit_of_work(SYSTEM) as session:
        service.owe(session, kind, arguments=arguments, now=NOW, due_at=due_at, natural_key=natural_key)


def lease() -> Lease:
    with unit_of_work(SYSTEM) as session:
        taken = service.lease_next(session, "messages")
    assert taken is not None
    return taken


def nothing_is_due() -> bool:
    with unit_of_work(SYSTEM) as session:
        return service.lease_next(session, "messages") is None


def the_job(kind: str = "note") -> Job:
    with reading(SYSTEM) as session:
        return session.scalars(select(Job).where(Job.kind == kind)).one()


def let_time_pass(*, seconds: float) -> None:
    """As if so much time had gone by: due dates and leases follow the database's clock."""
    with unit_of_work(SYSTEM) as session:
        session.execute(
            text(
                "UPDATE job SET due_at = due_at - :gone * interval '1 second', "
                "lease_until = lease_until - :gone * interval '1 second'"
            ),
            {"gone": seconds},
        )


def seconds_until_due() -> float:
    with reading(SYSTEM) as session:
        return float(session.scalar(select(func.extract("epoch", Job.due_at - func.clock_timestamp()))) or 0)


def failing(error: Exception) -> Callable[..., None]:
    def handler(arguments: Mapping[str, str], *, now: datetime) -> None:
        raise error

    return handler


def noting(done: list[str]) -> Callable[..., None]:
    def handler(arguments: Mapping[str, str], *, now: datetime) -> None:
        done.append(arguments["name"])

    return handler


def test_every_owed_job_is_done_once_and_oldest_first() -> None:
    for number in range(20):
        owe(name=f"{number:02d}", due_at=NOW + timedelta(seconds=number))
    done: list[str] = []
    assert drain("messages", {"note": noting(done)}) == 20
    assert done == [f"{number:02d}" for number in range(20)]
    assert drain("messages", {"note": noting(done)}) == 0
    assert len(done) == 20


def test_what_became_due_just_now_does_not_wait_for_the_end_of_a_backlog() -> None:
    right_now = datetime.now(UTC)
    for name, hours in (("old", 30), ("older", 50), ("fresh", 0)):
        owe(name=name, due_at=right_now - timedelta(hours=hours))
    done: list[str] = []
    drain("messages", {"note": noting(done)})
    assert done == ["fresh", "older", "old"]


def test_a_worker_leaves_the_jobs_of_another_queue_alone() -> None:
    with unit_of_work(SYSTEM) as session:
        service.owe(session, "note", arguments={"name": "a"}, now=NOW, queue="documents")
    assert drain("messages", {}) == 0
    done: list[str] = []
    assert drain("documents", {"note": noting(done)}) == 1


def test_what_was_undone_is_not_owed_and_rings_no_bell(rung: list[str]) -> None:
    with pytest.raises(ValueError, match="undone"), unit_of_work(SYSTEM) as session:
        service.owe(session, "note", arguments={}, now=NOW)
        raise ValueError("undone")
    assert rung == []
    assert nothing_is_due()


def test_a_job_for_later_rings_no_bell_and_waits(rung: list[str]) -> None:
    owe(due_at=datetime.now(UTC) + timedelta(hours=1))
    assert rung == []
    assert nothing_is_due()
    let_time_pass(seconds=3601)
    assert lease().kind == "note"


def test_with_a_natural_key_a_job_is_owed_once_even_after_it_was_done() -> None:
    owe(natural_key="receipt:1", name="a")
    owe(natural_key="receipt:1", name="b")
    done: list[str] = []
    assert drain("messages", {"note": noting(done)}) == 1
    owe(natural_key="receipt:1", name="c")
    assert drain("messages", {"note": noting(done)}) == 0
    assert done == ["a"]


def test_workers_that_lease_at_one_moment_hold_different_jobs() -> None:
    for _ in range(4):
        owe()
    with ExitStack() as open_at_once:
        held = [service.lease_next(open_at_once.enter_context(unit_of_work(SYSTEM)), "messages") for _ in range(5)]
    assert len({taken.id for taken in held if taken is not None}) == 4
    assert held[4] is None


def test_a_leased_job_is_nobody_elses_until_the_lease_has_passed() -> None:
    owe()
    first = lease()
    assert nothing_is_due()
    let_time_pass(seconds=LEASE.total_seconds() - 5)
    assert nothing_is_due()
    let_time_pass(seconds=6)
    second = lease()
    assert (second.id, second.fence, second.attempts) == (first.id, first.fence + 1, 2)


@pytest.mark.parametrize(
    "outcome",
    [
        service.finish,
        lambda session, held: service.postpone(session, held, error="Late"),
        lambda session, held: service.give_up(session, held, error="Late"),
    ],
)
@pytest.mark.parametrize("already_finished", [False, True])
def test_a_worker_whose_lease_was_taken_over_writes_nothing(outcome: Outcome, *, already_finished: bool) -> None:
    owe()
    zombie = lease()
    let_time_pass(seconds=LEASE.total_seconds() + 1)
    holder = lease()
    if already_finished:
        with unit_of_work(SYSTEM) as session:
            assert service.finish(session, holder)
    before = the_job()
    with unit_of_work(SYSTEM) as session:
        assert outcome(session, zombie) is False
    after = the_job()
    for column in Job.__table__.columns:
        assert getattr(after, column.name) == getattr(before, column.name), column.name


def test_a_worker_that_sleeps_through_its_lease_does_not_finish_the_job_of_the_next() -> None:
    owe()
    zombie = lease()

    def slow(arguments: Mapping[str, str], *, now: datetime) -> None:
        let_time_pass(seconds=LEASE.total_seconds() + 1)
        assert lease().fence == zombie.fence + 1

    outcome = work_off(zombie, {"note": slow})
    with unit_of_work(SYSTEM) as session:
        assert outcome(session) is False
    assert the_job().finished_at is None
    assert the_job().lease_until is not None


def test_what_came_of_a_job_is_noted_with_the_lease_of_the_next_and_of_the_last_too() -> None:
    for _ in range(3):
        owe()
    done: list[Mapping[str, str]] = []

    def note(arguments: Mapping[str, str], *, now: datetime) -> None:
        done.append(arguments)

    with count_waits() as waits:
        assert drain("messages", {"note": note}, most=2) == 2
    assert len(done) == 2
    assert waits.seen.count("commit") == 3  # one for each job, and one to begin with
    assert drain("messages", {"note": note}) == 1
    assert nothing_is_due()


def test_a_failing_job_pauses_longer_each_time_and_is_given_up_after_five_attempts() -> None:
    owe()
    pauses = []
    for _ in range(MOST_ATTEMPTS - 1):
        assert drain("messages", {"note": failing(RetryLater("the gateway is away"))}) == 1
        pauses.append(round(seconds_until_due()))
        let_time_pass(seconds=pauses[-1] + 1)
    assert pauses == [10, 40, 90, 160]
    assert the_job().given_up_at is None
    drain("messages", {"note": failing(RetryLater())})
    job = the_job()
    assert job.given_up_at is not None
    assert (job.attempts, job.finished_at, job.lease_until) == (5, None, None)
    let_time_pass(seconds=100_000)
    assert nothing_is_due()


def test_a_hopeless_job_is_given_up_at_once() -> None:
    owe()
    drain("messages", {"note": failing(GiveUp())})
    assert the_job().given_up_at is not None
    assert the_job().attempts == 1


def test_of_an_error_its_class_is_kept_and_never_its_words() -> None:
    owe()
    drain("messages", {"note": failing(ValueError("092085001234 is not the number of Nguyễn Văn A"))})
    assert the_job().last_error == "ValueError"


@pytest.mark.parametrize("poison", [{}, {"poison": failing(ZeroDivisionError())}])
def test_a_poison_job_does_not_stop_the_others(poison: dict[str, Callable[..., None]]) -> None:
    owe("poison", due_at=NOW - timedelta(hours=1))
    owe(name="a")
    owe(name="b")
    done: list[str] = []
    assert drain("messages", {"note": noting(done), **poison}) == 3
    assert sorted(done) == ["a", "b"]
    assert the_job("poison").last_error in ("KeyError", "ZeroDivisionError")


def test_the_sweeper_rings_for_what_is_due_and_for_nothing_else() -> None:
    rung: list[str] = []
    assert sweep_once(rung.append) == {}
    owe(due_at=datetime.now(UTC) + timedelta(hours=1))
    assert sweep_once(rung.append) == {}
    let_time_pass(seconds=3601)
    owe()
    assert sweep_once(rung.append) == {"messages": 2}
    held = [lease(), lease()]
    assert sweep_once(rung.append) == {}
    let_time_pass(seconds=LEASE.total_seconds() + 1)
    assert sweep_once(rung.append) == {"messages": 2}
    assert rung == ["messages", "messages"]
    held = [lease(), lease()]
    with unit_of_work(SYSTEM) as session:
        assert service.finish(session, held[0])
        assert service.give_up(session, held[1], error="Test")
    let_time_pass(seconds=LEASE.total_seconds() + 1)
    assert sweep_once(rung.append) == {}


def start_worker(urls: DatabaseUrls) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", worker_process.__name__, urls.app], stdout=subprocess.PIPE, text=True
    )


def effects(urls: DatabaseUrls) -> int:
    with psycopg.connect(urls.app) as connection:
        return len(connection.execute("SELECT 1 FROM audit_entry WHERE kind = 'effect'").fetchall())


def test_a_worker_killed_in_mid_job_leaves_one_effect_after_another_has_taken_over(database_urls: DatabaseUrls) -> None:
    owe("effect", effect=str(uuid4()), then="stay")
    owe("effect", effect=str(uuid4()), due_at=NOW + timedelta(seconds=1))
    with start_worker(database_urls) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "staying\n"
        worker.kill()
    handlers = {
        "effect": lambda arguments, now: worker_process.leave_an_effect({"effect": arguments["effect"]}, now=now)
    }
    assert drain("messages", handlers) == 1, "what the dead worker did not hold is not held up"
    let_time_pass(seconds=LEASE.total_seconds() + 1)
    assert drain("messages", handlers) == 1
    assert effects(database_urls) == 2
    with reading(SYSTEM) as session:
        assert session.scalar(select(func.count()).where(Job.finished_at.is_not(None))) == 2


def test_a_job_that_kills_its_worker_is_given_up_and_takes_no_other_with_it(database_urls: DatabaseUrls) -> None:
    owe("die", due_at=NOW - timedelta(hours=1))
    owe("effect", effect=str(uuid4()))
    for _ in range(MOST_ATTEMPTS):
        with start_worker(database_urls) as worker:
            pass
        let_time_pass(seconds=LEASE.total_seconds() + 1)
    assert worker.returncode == -9
    assert (effects(database_urls), the_job("effect").attempts) == (0, 0)
    with start_worker(database_urls) as worker:
        pass
    assert worker.returncode == 0
    assert the_job("die").given_up_at is not None
    assert the_job("die").last_error == WORKER_ENDED
    assert (effects(database_urls), the_job("effect").attempts) == (1, 1)
