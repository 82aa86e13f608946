"""Processes for tests that kill them: `python -m … web|worker|stay`, settings in the environment.

web     a WSGI server for gunicorn: POST /send/<draft>/<person> and /accept/<draft>/<person>.
worker  works off both queues, again and again.
stay    accepts a record and stays, before or after COMMIT, long enough to be killed.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import text

from portal.config import Settings
from portal.core.actor import SYSTEM, Actor
from portal.core.unit_of_work import reading, unit_of_work
from portal.jobs.types import DOCUMENTS, MESSAGES
from portal.records import service
from portal.wiring import wire
from tests.integration.records.arranging import NOW, RECEIPT_KEY, person

_TASK = text(
    "SELECT task.id FROM task JOIN record ON record.id = record_id WHERE draft_id = :draft AND step = 'receive'"
)


def send(draft_id: UUID, actor: Actor) -> str:
    with unit_of_work(actor) as session:
        sent = service.submit_record(session, draft_id, actor=actor, now=NOW, receipt_key=RECEIPT_KEY)
    return sent.code


def accept(draft_id: UUID, actor: Actor) -> str:
    with reading(SYSTEM) as session:
        task_id = session.scalars(_TASK, {"draft": draft_id}).one()
    with unit_of_work(actor) as session:
        moved = service.act_on_task(session, task_id, "accept", actor=actor, now=NOW)
    return str(moved.event_id)


DOES = {"send": send, "accept": accept}


def web() -> Callable[..., Iterable[bytes]]:
    """For gunicorn: `tests.integration.records.killed:web()`."""
    wire(Settings.from_environment())

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        verb, draft_id, person_id = environ["PATH_INFO"].strip("/").split("/")
        said = DOES[verb](UUID(draft_id), person(UUID(person_id)))
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [said.encode()]

    return answer


def work() -> None:
    from portal import worker  # draws documents: the others need not wait for that to be loaded

    while True:
        for queue in (MESSAGES, DOCUMENTS):
            worker.drain(queue)
        say("rested")
        time.sleep(0.05)


def stay(task_id: UUID, person_id: UUID, *, until_committed: bool) -> None:
    actor = person(person_id)
    with unit_of_work(actor) as session:
        service.act_on_task(session, task_id, "accept", actor=actor, now=NOW)
        if not until_committed:
            say("staying")
            time.sleep(60)
    say("staying")
    time.sleep(60)


def say(word: str) -> None:
    sys.stdout.write(word + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    wire(Settings.from_environment())
    if sys.argv[1] == "worker":
        say("ready")
        work()
    else:
        stay(UUID(sys.argv[2]), UUID(sys.argv[3]), until_committed=sys.argv[4] == "committed")
