"""Processes that are killed, and a Redis that forgets: zero or one effect, and nothing that was promised is lost."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from itertools import cycle
from pathlib import Path
from uuid import UUID

import pytest
from redis import Redis
from sqlalchemy import Engine, text

from portal.commands.data_folder import free_port, is_free
from portal.core import clock
from portal.core.actor import SYSTEM, Actor
from portal.core.database import sessions
from portal.core.unit_of_work import reading, unit_of_work, use
from portal.extensions import Bell
from portal.files.store import the_store
from portal.jobs.drain import drain
from portal.jobs.sweeper import sweep_once
from portal.records import service
from portal.records.record_file import get_record_file_by_id
from portal.records.replay import differences
from portal.worker import HANDLERS
from tests.cluster import DatabaseUrls
from tests.integration.records.arranging import (
    RECEIPT_KEY,
    SIGNATURE,
    citizen,
    draft,
    handed_in,
    official,
    send,
    task_of,
)

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("database")]


def count(question: str) -> int:
    with reading(SYSTEM) as session:
        return int(session.scalars(text(question)).one())


def numbers() -> list[int]:
    with reading(SYSTEM) as session:
        return sorted(int(code.rpartition("-")[2]) for code in session.scalars(text("SELECT code FROM record")))


KILLS = 5
UNDONE = "SELECT count(*) FROM job WHERE finished_at IS NULL AND kind <> 'task_timer'"


def test_a_redis_that_forgets_during_a_hundred_submissions_loses_nothing(database: Engine, own_redis_url: str) -> None:
    bell = Bell(own_redis_url)
    use(sessions(database), bell=bell)
    owners = [citizen(number) for number in range(3)]
    drafts = [(draft(SIGNATURE, owner=owners[number % 3]), owners[number % 3]) for number in range(100)]
    with Redis.from_url(own_redis_url) as redis, ThreadPoolExecutor(4) as browsers:
        sending = [browsers.submit(send, draft_id, owner=owner, now=clock.now()) for draft_id, owner in drafts]
        for sent in sending:
            sent.result()
            redis.flushall()
    assert count(UNDONE) == 200
    assert sweep_once(bell) == {"messages": 100, "documents": 100}
    printed: list[str] = []

    def every_tenth(arguments: Mapping[str, str], *, now: datetime) -> None:
        if len(printed) % 10 == 0:  # drawing a hundred receipts would prove nothing more
            HANDLERS["make_document"](arguments, now=now)
        printed.append(arguments["document_id"])

    assert drain("documents", {**HANDLERS, "make_document": every_tenth}) == 100
    assert drain("messages", HANDLERS) == 100
    assert sweep_once(bell) == {}
    assert count(UNDONE) == 0
    assert len(set(printed)) == count("SELECT count(*) FROM record") == 100
    assert count("SELECT count(*) FROM document WHERE file_digest IS NOT NULL") == 10
    assert count("SELECT count(DISTINCT record_id) FROM message") == 100
    assert numbers() == list(range(1, 101))


@pytest.fixture
def environment(own_database: DatabaseUrls, tmp_path: Path) -> dict[str, str]:
    nowhere = f"http://127.0.0.1:{free_port()}"
    return {
        **os.environ,
        "PORTAL_DATABASE_URL": own_database.app,
        "PORTAL_REDIS_URL": f"redis://127.0.0.1:{free_port()}/0",
        "PORTAL_SECRET_KEY": "s",
        "PORTAL_RECEIPT_KEY": RECEIPT_KEY.decode(),
        "PORTAL_PAYMENT_SECRET": "p",
        "PORTAL_REGISTERS_SECRET": "q",
        "PORTAL_REGISTERS_URL": nowhere,
        "PORTAL_PAYMENT_URL": nowhere,
        "PORTAL_PUBLIC_URL": nowhere,
        "PORTAL_FILES_DIR": str(tmp_path / "files"),
        "PORTAL_DEMONSTRATION": "1",
    }


@contextmanager
def started(*words: str, environment: Mapping[str, str]) -> Iterator[subprocess.Popen[str]]:
    """A process of its own; killed at the end if it lives still."""
    process = subprocess.Popen([sys.executable, *words], env=dict(environment), stdout=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def heard(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


@pytest.mark.parametrize(("when", "effects"), [("open", 0), ("committed", 1)])
def test_a_process_killed_in_an_action_leaves_nothing_or_everything(
    when: str, effects: int, environment: dict[str, str]
) -> None:
    walk, clerk = handed_in(), official("ck.ju1")
    task = task_of(walk, "receive")
    words = ("-m", "tests.integration.records.killed", "stay", str(task.id), str(clerk.person_id), when)
    with started(*words, environment=environment) as process:
        assert heard(process) == "staying"
        process.kill()
        process.wait()
    assert [event.kind for event in walk.file().events].count("action_taken") == effects
    assert count("SELECT count(*) FROM document WHERE kind = 'form01'") == effects
    accept_again(walk.record_id, task.id, clerk)
    assert [event.kind for event in walk.file().events].count("action_taken") == 1
    assert count("SELECT count(*) FROM document WHERE kind = 'form01'") == 1
    assert differences(walk.file()) == []


def accept_again(record_id: UUID, task_id: UUID, clerk: Actor) -> None:
    with unit_of_work(clerk) as session:
        moved = service.act_on_task(session, task_id, "accept", actor=clerk, now=clock.now())
    assert moved.record_id == record_id


def children(process: subprocess.Popen[str]) -> list[int]:
    listed = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text(encoding="ascii")
    return [int(word) for word in listed.split()]


def posted(port: int, path: str) -> str:
    """Send it until it is answered, as a browser does whose answer was lost."""
    for _ in range(400):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            connection.request("POST", path)
            answer = connection.getresponse()
            said = answer.read().decode()
            if answer.status == 200:
                return said
        except (OSError, http.client.HTTPException):
            time.sleep(0.02)
        finally:
            connection.close()
    pytest.fail(f"{path} was never answered")


def test_web_processes_killed_again_and_again_leave_each_acknowledged_record_once(environment: dict[str, str]) -> None:
    owner, clerk = citizen(), official("ck.ju1")
    drafts = [draft(SIGNATURE, owner=owner) for _ in range(24)]
    port = free_port()
    server = "tests.integration.records.killed:web()"
    words = ("-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--workers", "2", "--log-level", "critical")
    pauses = cycle((0.03, 0.11, 0.07))

    def hand_in(draft_id: UUID) -> tuple[str, str]:
        code = posted(port, f"/send/{draft_id}/{owner.person_id}")
        return code, posted(port, f"/accept/{draft_id}/{clerk.person_id}")

    with started(*words, "--no-control-socket", server, environment=environment) as process:
        while is_free(port):
            assert process.poll() is None
            time.sleep(0.05)
        with ThreadPoolExecutor(4) as browsers:
            handing_in = [browsers.submit(hand_in, draft_id) for draft_id in drafts]
            killed = 0
            while not all(each.done() for each in handing_in):
                time.sleep(next(pauses))
                if killed < KILLS and (victims := children(process)):
                    os.kill(victims[killed % len(victims)], signal.SIGKILL)
                    killed += 1
            answers = [each.result() for each in handing_in]
        process.terminate()
        process.wait(20)
    assert killed == KILLS
    assert len({code for code, _ in answers}) == len({event for _, event in answers}) == 24
    assert numbers() == list(range(1, 25))
    with reading(SYSTEM) as session:
        for record_id in session.scalars(text("SELECT id FROM record")).all():
            file = get_record_file_by_id(session, record_id)
            assert [event.kind for event in file.events] == ["record_submitted", "action_taken"]
            assert sorted(document.kind for document in file.documents) == ["form01", "receipt"]
            assert differences(file) == []
    assert count("SELECT count(*) FROM job WHERE kind = 'tell_applicant'") == 48
    assert count("SELECT count(*) FROM job WHERE kind = 'make_document'") == 48


def test_a_worker_killed_again_and_again_does_everything_once(environment: dict[str, str]) -> None:
    owner = citizen()
    for _ in range(4):
        send(draft(SIGNATURE, owner=owner), owner=owner, now=clock.now())
    for moment in (0.2, 0.7):  # in the middle of messages, then of drawing
        with started("-m", "tests.integration.records.killed", "worker", environment=environment) as process:
            assert heard(process) == "ready"
            time.sleep(moment)
            process.kill()
            process.wait()
        with unit_of_work(SYSTEM) as session:  # as if two minutes had passed
            session.execute(text("UPDATE job SET lease_until = clock_timestamp() WHERE finished_at IS NULL"))
    with started("-m", "tests.integration.records.killed", "worker", environment=environment) as process:
        assert [heard(process), heard(process)] == ["ready", "rested"]
    assert count(UNDONE) == count("SELECT count(*) FROM job WHERE given_up_at IS NOT NULL") == 0
    assert count("SELECT count(*) FROM message") == count("SELECT count(DISTINCT record_id) FROM message") == 4
    with reading(SYSTEM) as session:
        digests = session.scalars(text("SELECT file_digest FROM document")).all()
    assert len(digests) == 4
    for digest in digests:
        with the_store().opened(digest) as content:
            assert content.read(4) == b"%PDF"
