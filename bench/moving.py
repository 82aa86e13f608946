"""(g) Ten thousand open records moved to the next version of their procedure by two workers, and led back."""

from __future__ import annotations

import multiprocessing
import os
import resource
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from bench.carrying import COMMUNE, citizen
from bench.ground import CITY, PAPER, Ground
from bench.rounds import table, title, verdict
from bench.submission import ANSWERS, PERMIT
from portal.catalogue import queries as catalogue
from portal.catalogue.mapping import propose
from portal.catalogue.queries import PublishedProcedure
from portal.catalogue.service import PROCEDURES, publish
from portal.core import clock
from portal.core.actor import SYSTEM
from portal.core.database import engine, sessions
from portal.core.unit_of_work import reading, unit_of_work, use
from portal.demonstration.walking import submit
from portal.jobs.drain import drain
from portal.jobs.types import MESSAGES
from portal.records import moving, moving_approval, moving_jobs
from portal.records.moving_plan import Versions
from portal.records.moving_queries import MovingReport, get_report
from portal.schema import load_all

WORKERS = 2
MOST_SECONDS = 120
NAME = "bench_moving"

_COPIES = ("record_event", "record_paper")
_MULTIPLY = """
SET session_replication_role = replica;
CREATE TEMP TABLE made AS SELECT number, uuidv7() AS new_id FROM generate_series(1, {records} - 1) AS number;
CREATE TEMP TABLE one AS SELECT * FROM record LIMIT 1;
INSERT INTO record SELECT (jsonb_populate_record(one, jsonb_build_object('id', new_id, 'draft_id', new_id,
    'code', one.code || number, 'receipt_digest', 'r' || number, 'token_digest', 't' || number))).* FROM one, made;
"""
_MULTIPLY_TASKS = """
CREATE TEMP TABLE of_task AS SELECT * FROM task;
CREATE TEMP TABLE made_task AS SELECT of_task.id AS old_id, uuidv7() AS new_task, new_id FROM of_task, made;
INSERT INTO task
  SELECT (jsonb_populate_record(of_task, jsonb_build_object('id', new_task, 'record_id', new_id))).*
  FROM of_task JOIN made_task ON made_task.old_id = of_task.id;
DELETE FROM job WHERE kind <> 'task_timer';
CREATE TEMP TABLE of_job AS SELECT * FROM job;
INSERT INTO job
  SELECT (jsonb_populate_record(of_job, jsonb_build_object('id', uuidv7(),
    'natural_key', replace(natural_key, old_id::text, new_task::text),
    'arguments', jsonb_set(arguments, '{task_id}', to_jsonb(new_task))))).*
  FROM of_job JOIN made_task ON made_task.old_id::text = arguments ->> 'task_id';
"""
"""Timers are found by the keys of their tasks."""
_MULTIPLY_CHILDREN = """
CREATE TEMP TABLE of_{table} AS SELECT * FROM {table};
INSERT INTO {table}
  SELECT (jsonb_populate_record(of_{table}, jsonb_build_object('id', uuidv7(), 'record_id', new_id))).*
  FROM of_{table}, made;
"""


def measure(ground: Ground, *, records: int) -> None:
    old, new = _records(ground, records)
    versions = Versions(old, new, propose(old.procedure, new.procedure))
    with unit_of_work(SYSTEM) as session:
        rehearsal_id = moving_approval.ask_rehearsal(session, versions, actor=SYSTEM, now=clock.now())
    rehearsed = _spent(ground, lambda: _work(ground))
    _assert(_report(rehearsal_id).fits, records)
    with unit_of_work(SYSTEM) as session:
        moving_id = moving.start_moving(session, versions, actor=SYSTEM, now=clock.now())
    moved = _spent(ground, lambda: _work(ground))
    _assert(_report(moving_id).moved, records)
    with unit_of_work(SYSTEM) as session:
        moving.revert_moving(session, moving_id, actor=SYSTEM, now=clock.now())
    restored = _spent(ground, lambda: _work(ground))
    _assert(_report(moving_id).reverted, records)
    title(f"(g) {records:,} open records to the next version, a step and an answer renamed, by {WORKERS} workers")
    rows = [
        (name, f"{spent.seconds:.1f}", f"{spent.workers:.1f}", f"{spent.server:.1f}", f"{_each(spent, records):.2f}")
        for name, spent in (("rehearsed", rehearsed), ("moved", moved), ("led back", restored))
    ]
    table(("what", "seconds", "CPU s workers", "CPU s server", "CPU ms a record"), rows)
    limit = MOST_SECONDS * records / 10_000
    verdict(f"moved in under {limit:.0f} s", moved.seconds < limit)


@dataclass(frozen=True)
class Spent:
    """Seconds by the clock, and of processors: what the workers took, and what the database server took for them."""

    seconds: float
    workers: float
    server: float


def _each(spent: Spent, records: int) -> float:
    return (spent.workers + spent.server) / records * 1000


def _report(moving_id: UUID) -> MovingReport:
    with reading(SYSTEM) as session:
        return get_report(session, moving_id)


def _records(ground: Ground, records: int) -> tuple[PublishedProcedure, PublishedProcedure]:
    """One record at its parallel opinions, as many times as asked for, and the version that they are to go to."""
    ground.fresh(NAME, template=CITY)
    ground.wire(NAME)
    now = clock.now()
    walk = submit(
        PERMIT, owner=citizen(), answers=ANSWERS, papers=[("land", PAPER), ("drawings", PAPER)], place=COMMUNE,
        level="commune", receipt_key=b"k" * 32, now=now,
    )  # fmt: skip
    walk.go("receive.accept", "forward.hand_over", "assign.assign", "appraise.ask", "ask_ok.send")
    with ground.superuser(NAME) as connection, connection.transaction():
        connection.execute(_MULTIPLY.format(records=records).encode())
        for name in _COPIES:
            connection.execute(_MULTIPLY_CHILDREN.format(table=name).encode())
        connection.execute(_MULTIPLY_TASKS.encode())
        connection.execute("ANALYZE record, task, record_event, record_paper, job")
    source = (PROCEDURES / f"{PERMIT}.yaml").read_text(encoding="utf-8")
    changed = source.replace("appraise", "examine").replace("      months:\n", "      work_months:\n")
    changed = changed.replace("{after: 12d,", "{after: 10d,").replace("⏰12d", "⏰10d")
    with unit_of_work(SYSTEM) as session:
        old = catalogue.get_procedure(session, PERMIT)
        return old, publish(session, changed, actor=SYSTEM, now=now)


def _work(ground: Ground) -> None:
    """The workers, each a process of its own, until nothing is owed."""
    spawn = multiprocessing.get_context("spawn")
    workers = [spawn.Process(target=_drain, args=(ground.url(NAME),)) for _ in range(WORKERS)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


def _drain(url: str) -> None:
    load_all()
    use(sessions(engine(url)))
    while drain(MESSAGES, {**moving_jobs.KINDS, "move_drafts": _nothing}):
        pass


def _nothing(arguments: Mapping[str, str], *, now: datetime) -> None:
    """There are no drafts here."""


def _spent(ground: Ground, work: Callable[[], None]) -> Spent:
    started, children, server = time.perf_counter(), _children(), _server(ground)
    work()
    return Spent(time.perf_counter() - started, _children() - children, _server(ground) - server)


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _server(ground: Ground) -> float:
    """Processor seconds of the server's processes, those that have ended too."""
    with ground.superuser(NAME) as connection:
        row = connection.execute("SELECT pg_read_file('postmaster.pid')").fetchone()
    first = int(str(row[0] if row else "").split()[0])
    ticks = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(folder.name) == first:
            ticks += sum(map(int, fields[11:15]))
        elif int(fields[1]) == first:
            ticks += sum(map(int, fields[11:13]))
    return ticks / os.sysconf("SC_CLK_TCK")


def _assert(found: int, wanted: int) -> None:
    if found != wanted:
        raise AssertionError(f"{found} of {wanted} records")
