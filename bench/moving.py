"""(g) Ten thousand open records moved to the next version of their procedure by two workers, and led back."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Mapping
from datetime import datetime

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
from portal.records import moving
from portal.records.moving_queries import MovingReport, get_report
from portal.schema import load_all

WORKERS = 2
MOST_SECONDS = 120
NAME = "bench_moving"

_COPIES = ("task", "record_event", "record_paper")
_MULTIPLY = """
SET session_replication_role = replica;
CREATE TEMP TABLE made AS SELECT number, uuidv7() AS new_id FROM generate_series(1, {records} - 1) AS number;
CREATE TEMP TABLE one AS SELECT * FROM record LIMIT 1;
INSERT INTO record SELECT (jsonb_populate_record(one, jsonb_build_object('id', new_id, 'draft_id', new_id,
    'code', one.code || number, 'receipt_digest', 'r' || number, 'token_digest', 't' || number))).* FROM one, made;
"""
_MULTIPLY_CHILDREN = """
CREATE TEMP TABLE of_{table} AS SELECT * FROM {table};
INSERT INTO {table}
  SELECT (jsonb_populate_record(of_{table}, jsonb_build_object('id', uuidv7(), 'record_id', new_id))).*
  FROM of_{table}, made;
"""


def measure(ground: Ground, *, records: int) -> None:
    old, new = _records(ground, records)
    rehearsed = _timed(lambda: _rehearse(old, new, records))
    with unit_of_work(SYSTEM) as session:
        mapping = propose(old.procedure, new.procedure)
        moving_id = moving.start_moving(session, old, new, mapping, actor=SYSTEM, now=clock.now())
    moved = _timed(lambda: _work(ground))
    with reading(SYSTEM) as session:
        _assert(get_report(session, moving_id).moved, records)
    with unit_of_work(SYSTEM) as session:
        moving.revert_moving(session, moving_id, actor=SYSTEM, now=clock.now())
    restored = _timed(lambda: _work(ground))
    with reading(SYSTEM) as session:
        report: MovingReport = get_report(session, moving_id)
    _assert(report.reverted, records)
    title(f"(g) {records:,} open records to the next version, a step and an answer renamed, by {WORKERS} workers")
    measured = (("rehearsed, one process", rehearsed), ("moved", moved), ("led back", restored))
    rows = [(name, f"{took:.1f}", f"{took / records * 1000:.2f}") for name, took in measured]
    table(("what", "seconds", "ms a record"), rows)
    verdict(f"moved in under {MOST_SECONDS * records // 10_000} s", moved < MOST_SECONDS * records / 10_000)


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
        connection.execute("DELETE FROM job")
    source = (PROCEDURES / f"{PERMIT}.yaml").read_text(encoding="utf-8")
    changed = source.replace("appraise", "examine").replace("      months:\n", "      work_months:\n")
    changed = changed.replace("{after: 12d,", "{after: 10d,").replace("⏰12d", "⏰10d")
    with unit_of_work(SYSTEM) as session:
        old = catalogue.get_procedure(session, PERMIT)
        return old, publish(session, changed, actor=SYSTEM, now=now)


def _rehearse(old: PublishedProcedure, new: PublishedProcedure, records: int) -> None:
    with reading(SYSTEM) as session:
        mapping = propose(old.procedure, new.procedure)
        count, _ = moving.rehearse(session, old, new, mapping, now=clock.now())
    _assert(count, records)


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
    while drain(MESSAGES, {**moving.KINDS, "move_drafts": _nothing}):
        pass


def _nothing(arguments: Mapping[str, str], *, now: datetime) -> None:
    """There are no drafts here."""


def _timed(work: Callable[[], None]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _assert(found: int, wanted: int) -> None:
    if found != wanted:
        raise AssertionError(f"{found} of {wanted} records")
