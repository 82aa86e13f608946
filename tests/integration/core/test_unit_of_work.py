"""One accepted action is everything or nothing, and the database always knows who acts."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from uuid import UUID, uuid4

import psycopg
import pytest
from sqlalchemy import Engine, bindparam, func, select, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from portal.core.actor import PUBLIC, SYSTEM, Actor, ActorKind
from portal.core.database import engine, sessions, sessions_inside
from portal.core.direct import Question
from portal.core.errors import Conflict, OutcomeUnknown
from portal.core.unit_of_work import Ask, asked_alone, in_one_trip, one_message, reading, recognise, unit_of_work, use
from portal.jobs.models import Job
from tests.cluster import DatabaseUrls
from tests.harness.waits import count_waits

pytestmark = pytest.mark.committed

NOW = datetime(2026, 3, 9, 2, 0, tzinfo=UTC)
FIRST = Actor(kind=ActorKind.CITIZEN, person_id=uuid4(), name="Nguyễn Văn A")
SECOND = Actor(kind=ActorKind.OFFICIAL, person_id=uuid4(), name="Trần Thị B")

ADD = text(
    "INSERT INTO job (id, queue, kind, arguments, natural_key, due_at, fence, attempts) "
    "VALUES (:id, 'messages', :kind, '{}', :key, now(), 0, 0)"
)


class Bell:
    """Keeps what rang, and how many rows somebody else saw at that moment."""

    def __init__(self, urls: DatabaseUrls) -> None:
        self.urls = urls
        self.rung: list[tuple[str, int]] = []

    def __call__(self, *queues: str) -> None:
        self.rung += [(queue, rows(self.urls)) for queue in queues]


@pytest.fixture
def one_connection(database_urls: DatabaseUrls) -> Iterator[Engine]:
    """A pool of one: whoever comes next gets the connection of whoever was before."""
    bind = engine(database_urls.app, pool_size=1)
    use(sessions(bind))
    yield bind
    bind.dispose()


@pytest.fixture
def bell(one_connection: Engine, database_urls: DatabaseUrls) -> Bell:
    bell = Bell(database_urls)
    use(sessions(one_connection), bell=bell)
    return bell


def add(session: Session, *, key: str | None = None, kind: str = "test") -> None:
    session.execute(ADD, {"id": uuid4(), "kind": kind, "key": key})


def held_back(*, key: str | None = None, kind: str | None = "test") -> dict[str, object]:
    return {"id": uuid4(), "kind": kind, "key": key}


def rows(urls: DatabaseUrls) -> int:
    with psycopg.connect(urls.app) as connection:
        found = connection.execute("SELECT count(*) FROM job").fetchone()
    assert found is not None
    return int(found[0])


def told(session: Session) -> tuple[UUID | None, bool]:
    person, system = session.execute(text("SELECT app.person(), app.is_system()")).one()
    return person, system


def cut(session: Session, urls: DatabaseUrls) -> None:
    """End the server's side of the session's connection, as a crash or a broken cable does."""
    end(server_process(session), urls)


def server_process(session: Session) -> int:
    return int(session.scalar(text("SELECT pg_backend_pid()")) or 0)


def end(process_id: int, urls: DatabaseUrls) -> None:
    with psycopg.connect(urls.superuser) as connection:
        assert connection.execute("SELECT pg_terminate_backend(%s, 5000)", [process_id]).fetchone() == (True,)


def test_what_was_written_is_kept_after_the_end_and_unseen_before(
    one_connection: Engine, database_urls: DatabaseUrls
) -> None:
    with unit_of_work(FIRST) as session:
        add(session)
        assert rows(database_urls) == 0
    assert rows(database_urls) == 1


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_an_error_leaves_nothing_behind_and_stays_the_error_it_was(
    one_connection: Engine, database_urls: DatabaseUrls, error: type[BaseException]
) -> None:
    with pytest.raises(error), unit_of_work(FIRST) as session:
        add(session)
        raise error
    assert rows(database_urls) == 0
    assert one_connection.pool.checkedout() == 0  # type: ignore[attr-defined]


def test_the_same_natural_key_twice_is_a_conflict_that_names_the_constraint(
    one_connection: Engine, database_urls: DatabaseUrls
) -> None:
    with unit_of_work(FIRST) as session:
        add(session, key="once")
    with pytest.raises(Conflict) as conflict, unit_of_work(SECOND) as session:
        add(session)
        add(session, key="once")
    assert conflict.value.details == {"constraint": "uq_job_natural_key"}
    assert rows(database_urls) == 1


def test_a_natural_key_that_only_the_last_flush_breaks_is_a_conflict_too(
    one_connection: Engine, database_urls: DatabaseUrls
) -> None:
    for attempt in range(2):
        job = Job(queue="messages", kind="test", arguments={}, natural_key="once", due_at=NOW)
        if attempt == 0:
            with unit_of_work(FIRST) as session:
                session.add(job)
        else:
            with pytest.raises(Conflict), unit_of_work(FIRST) as session:
                session.add(job)
    assert rows(database_urls) == 1


def test_another_broken_rule_is_no_conflict(one_connection: Engine) -> None:
    with pytest.raises(DBAPIError, match="null value"), unit_of_work(FIRST) as session:
        session.execute(ADD, {"id": None, "kind": "test", "key": None})


def test_each_transaction_of_a_shared_connection_is_told_its_own_actor(one_connection: Engine) -> None:
    seen = []
    for actor in (FIRST, SYSTEM, SECOND, PUBLIC):
        with unit_of_work(actor) as session:
            first = told(session)
            session.rollback()
            assert told(session) == first
            seen.append(first)
        with reading(actor, consistent=True) as session:
            assert told(session) == first
    assert seen == [(FIRST.person_id, False), (None, True), (SECOND.person_id, False), (None, False)]


def test_who_asks_one_question_alone_is_told_and_leaves_the_connection_as_it_was(one_connection: Engine) -> None:
    who: Question = ("SELECT app.person()::text, app.is_system()::text", {})
    for actor, expected in (
        (SYSTEM, (None, "true")),
        (FIRST, (str(FIRST.person_id), "false")),
        (PUBLIC, (None, "false")),
    ):
        assert asked_alone(actor, who) == expected
        assert asked_alone(actor, ("SELECT 1 WHERE false", {})) is None
        with pytest.raises(psycopg.errors.DivisionByZero):
            asked_alone(actor, ("SELECT 1/0", {}))
        for opened in (unit_of_work(SECOND), reading(SECOND)):
            with opened as session:
                assert told(session) == (SECOND.person_id, False)
        assert one_connection.pool.checkedout() == 0  # type: ignore[attr-defined]


def test_a_reader_never_reads_as_the_one_before_him(one_connection: Engine) -> None:
    for actor, expected in (
        *((SYSTEM, (None, True)), (PUBLIC, (None, False)), (FIRST, (FIRST.person_id, False))),
        *((SECOND, (SECOND.person_id, False)), (PUBLIC, (None, False))),
    ):
        with reading(actor) as session:
            assert told(session) == expected
            assert told(session) == expected


def test_a_writer_between_two_readers_changes_nothing_for_them(one_connection: Engine) -> None:
    for outcome in ("commit", "rollback"):
        with reading(FIRST) as session:
            assert told(session) == (FIRST.person_id, False)
        with unit_of_work(SYSTEM) as session:
            assert told(session) == (None, True)
            if outcome == "rollback":
                session.rollback()
        with reading(FIRST) as session:
            assert told(session) == (FIRST.person_id, False)
        with reading(PUBLIC) as session:
            assert told(session) == (None, False)


def test_a_reader_on_a_new_connection_is_told_again(one_connection: Engine, database_urls: DatabaseUrls) -> None:
    with reading(FIRST) as session:
        cut(session, database_urls)
    with reading(FIRST) as session:
        assert told(session) == (FIRST.person_id, False)


def test_a_connection_that_the_server_closed_in_the_pool_is_replaced_before_anybody_meets_it(
    one_connection: Engine, database_urls: DatabaseUrls
) -> None:
    ways: list[Callable[[], AbstractContextManager[Session]]] = [
        lambda: reading(FIRST),
        lambda: reading(FIRST, consistent=True),
        lambda: unit_of_work(FIRST),
    ]
    for session_of_next in ways:
        with reading(SECOND) as session:
            before = server_process(session)
        end(before, database_urls)
        with session_of_next() as session:
            assert told(session) == (FIRST.person_id, False)
            assert server_process(session) != before


def test_a_connection_that_lives_is_kept_and_not_asked_for_it(one_connection: Engine) -> None:
    with reading(FIRST) as session:
        before = server_process(session)
    with count_waits() as waits, reading(FIRST) as session:
        assert server_process(session) == before
    assert waits.seen == ["statement"]


def test_whoever_is_recognised_reads_without_being_told_again(one_connection: Engine) -> None:
    with reading(SECOND) as session:
        told(session)
    assert recognise(as_first) == FIRST
    with count_waits() as waits, reading(FIRST) as session:
        assert told(session) == (FIRST.person_id, False)
    assert waits.seen == ["statement"]
    with reading(SECOND) as session:
        assert told(session) == (SECOND.person_id, False)


def test_a_recognition_that_ends_in_nothing_leaves_nobody_to_the_next_reader(one_connection: Engine) -> None:
    def lost(ask: Ask) -> Actor | None:
        as_first(ask)
        raise LookupError("after the database was told")

    with pytest.raises(LookupError):
        recognise(lost)
    with reading(SECOND) as session:
        assert told(session) == (SECOND.person_id, False)
    assert recognise(lambda ask: None) is None
    with reading(PUBLIC) as session:
        assert told(session) == (None, False)


def as_first(ask: Ask) -> Actor:
    """What `accounts.queries.actor_of` does, without people."""
    ask(("SELECT set_config('app.person', %(key)s, false)", {"key": FIRST.key}))
    ask(("SELECT set_config('app.kind', %(kind)s, false)", {"kind": FIRST.kind.value}))
    return FIRST


def test_inside_the_transaction_of_a_test_too_each_session_acts_as_its_own_actor(one_connection: Engine) -> None:
    with one_connection.connect() as connection, connection.begin() as outer:
        use(sessions_inside(connection))
        for actor, expected in ((SYSTEM, (None, True)), (FIRST, (FIRST.person_id, False)), (PUBLIC, (None, False))):
            with unit_of_work(actor) as session:
                assert told(session) == expected
            with reading(SECOND) as session:
                assert told(session) == (SECOND.person_id, False)
            with unit_of_work(actor) as session:
                assert told(session) == expected
        outer.rollback()


def test_a_consistent_reader_sees_one_moment_and_cannot_write(
    one_connection: Engine, database_urls: DatabaseUrls
) -> None:
    with reading(FIRST, consistent=True) as session:
        before = session.scalar(text("SELECT count(*) FROM job"))
        with psycopg.connect(database_urls.app) as other:
            other.execute(str(ADD).replace(":id", "gen_random_uuid()").replace(":kind", "'x'").replace(":key", "NULL"))
        assert session.scalar(text("SELECT count(*) FROM job")) == before
        with pytest.raises(DBAPIError, match="read-only"):
            add(session)
    with reading(FIRST) as session:
        assert session.scalar(text("SELECT count(*) FROM job")) == 1


def test_one_trip_keeps_all_of_its_statements(one_connection: Engine, database_urls: DatabaseUrls) -> None:
    with unit_of_work(FIRST) as session, in_one_trip(session):
        for _ in range(20):
            add(session)
    assert rows(database_urls) == 20


def test_a_trip_leaves_in_one_message_at_its_end(one_connection: Engine, database_urls: DatabaseUrls) -> None:
    with unit_of_work(FIRST) as session, psycopg.connect(database_urls.app, autocommit=True) as other:
        held = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 2026"
        with one_message(session) as send:
            send(select(func.pg_advisory_xact_lock(bindparam("key"))), {"key": 2026})
            second = send.ask(("SELECT 1 + 1", {}))
            time.sleep(0.2)
            assert other.execute(held).fetchone() == (0,)
        assert other.execute(held).fetchone() == (1,)
        assert second.fetchall() == [(2,)]


def test_an_error_in_the_middle_of_a_trip_is_that_error_and_leaves_the_connection_usable(
    one_connection: Engine, database_urls: DatabaseUrls
) -> None:
    with pytest.raises(Exception, match="no_such_table"), unit_of_work(FIRST) as session, in_one_trip(session):
        add(session)
        session.execute(text("UPDATE no_such_table SET a = 1"))
        add(session)
    assert rows(database_urls) == 0
    with unit_of_work(SECOND) as session:
        add(session)
        assert told(session) == (SECOND.person_id, False)
    assert rows(database_urls) == 1


def test_the_same_natural_key_in_the_middle_of_a_trip_is_a_conflict(
    one_connection: Engine, database_urls: DatabaseUrls
) -> None:
    with unit_of_work(FIRST) as session:
        add(session, key="once")
    with pytest.raises(Conflict) as conflict, unit_of_work(FIRST) as session, in_one_trip(session):
        add(session)
        add(session, key="once")
        add(session)
    assert conflict.value.details == {"constraint": "uq_job_natural_key"}
    assert rows(database_urls) == 1


def test_a_connection_cut_before_the_answer_of_commit_leaves_the_outcome_unknown_and_rings_no_bell(
    bell: Bell, database_urls: DatabaseUrls
) -> None:
    with pytest.raises(OutcomeUnknown), unit_of_work(FIRST) as session:
        add(session)
        session.info["bells"].add("messages")
        cut(session, database_urls)
    assert rows(database_urls) == 0
    assert bell.rung == []
    with unit_of_work(FIRST) as session:
        add(session)
    assert rows(database_urls) == 1


def test_a_server_that_dies_while_it_commits_leaves_the_outcome_unknown(
    one_connection: Engine, database_urls: DatabaseUrls
) -> None:
    with psycopg.connect(database_urls.superuser, autocommit=True) as connection:
        connection.execute(
            "CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS "
            "$$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(5); RETURN NULL; END $$"
        )
        connection.execute(
            "CREATE CONSTRAINT TRIGGER dies AFTER INSERT ON job DEFERRABLE INITIALLY DEFERRED "
            "FOR EACH ROW EXECUTE FUNCTION die()"
        )
    with pytest.raises(OutcomeUnknown), unit_of_work(FIRST) as session:
        add(session)


def test_a_connection_cut_in_mid_action_is_no_unknown_outcome(
    one_connection: Engine, database_urls: DatabaseUrls
) -> None:
    with pytest.raises(OperationalError), unit_of_work(FIRST) as session:
        add(session)
        cut(session, database_urls)
        add(session)
    assert rows(database_urls) == 0


def test_the_bell_rings_once_for_each_queue_and_only_when_others_see_the_rows(
    bell: Bell, database_urls: DatabaseUrls
) -> None:
    with unit_of_work(FIRST) as session:
        add(session)
        session.info["bells"] |= {"messages", "documents"}
        session.info["bells"].add("messages")
    assert bell.rung == [("documents", 1), ("messages", 1)]


def test_no_bell_rings_for_what_was_undone(bell: Bell) -> None:
    with pytest.raises(ValueError, match="undone"), unit_of_work(FIRST) as session:
        session.info["bells"].add("messages")
        raise ValueError("undone")
    assert bell.rung == []


def test_the_last_writes_travel_with_commit_and_what_is_read_before_sees_them(
    one_connection: Engine, database_urls: DatabaseUrls
) -> None:
    with unit_of_work(FIRST):  # the connection is there
        pass
    with count_waits() as waits, unit_of_work(FIRST) as session, one_message(session) as send:
        send(ADD, held_back())
    assert (waits.seen, rows(database_urls)) == (["trip"], 1)
    with unit_of_work(FIRST) as session:
        with one_message(session) as send:
            send(ADD, held_back())
        assert session.scalar(text("SELECT count(*) FROM job")) == 2
        assert told(session) == (FIRST.person_id, False)
    assert rows(database_urls) == 2


def test_what_was_held_back_goes_with_a_rollback(one_connection: Engine, database_urls: DatabaseUrls) -> None:
    def fail() -> None:
        with unit_of_work(FIRST) as session:
            with one_message(session) as send:
                send(ADD, held_back())
            raise RuntimeError

    for _ in range(2):
        with pytest.raises(RuntimeError):
            fail()
        with unit_of_work(FIRST):
            pass
    assert rows(database_urls) == 0


def test_an_error_that_travels_with_commit_is_that_error(one_connection: Engine, database_urls: DatabaseUrls) -> None:
    for expected in (1, 1):
        with contextlib.suppress(Conflict), unit_of_work(FIRST) as session, one_message(session) as send:
            send(ADD, held_back(key="once"))
        assert rows(database_urls) == expected
    with pytest.raises(Conflict) as conflict, unit_of_work(FIRST) as session, one_message(session) as send:
        send(ADD, [held_back(), held_back(key="once")])
    assert conflict.value.details == {"constraint": "uq_job_natural_key"}
    with pytest.raises(psycopg.errors.NotNullViolation), unit_of_work(FIRST) as session, one_message(session) as send:
        send(ADD, held_back(kind=None))
    assert rows(database_urls) == 1


def test_a_connection_cut_while_the_last_writes_travel_leaves_the_outcome_unknown(
    bell: Bell, database_urls: DatabaseUrls
) -> None:
    with pytest.raises(OutcomeUnknown), unit_of_work(FIRST) as session:
        process_id = server_process(session)
        with one_message(session) as send:
            send(ADD, held_back())
        end(process_id, database_urls)
    assert rows(database_urls) == 0
    with unit_of_work(FIRST) as session:
        add(session)
    assert rows(database_urls) == 1


def test_statements_stay_prepared_until_a_rollback_and_are_prepared_anew_after_it(
    one_connection: Engine, database_urls: DatabaseUrls
) -> None:
    for turn in range(3):
        for _ in range(7):
            with unit_of_work(FIRST) as session:
                session.execute(text("SELECT 1"))  # psycopg's own preparing: it deallocates all with a ROLLBACK
                with one_message(session) as send:
                    send(ADD, held_back())
                with session.begin_nested() as savepoint:
                    savepoint.rollback()
        with contextlib.suppress(RuntimeError), unit_of_work(FIRST) as session:
            told(session)
            raise RuntimeError
        assert rows(database_urls) == 7 * (turn + 1)
