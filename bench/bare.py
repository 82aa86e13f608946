"""The floor: the rows of an action or a submission written with bare psycopg statements, one after another.

What the portal wrote once is read back and written again under new keys, so that both write the same rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb
from sqlalchemy.dialects.postgresql import JSONB

from bench.carrying import WAY, Hands, act, new_record, open_task
from bench.spent import Meter, Spent
from portal.core import clock
from portal.core.actor import Actor
from portal.core.database import Base
from portal.core.references import new_id

Row = dict[str, Any]
Statement = tuple[sql.Composed, tuple[str, ...]]

_TELL = "SELECT set_config('app.person', %s, true), set_config('app.kind', %s, true)"
_LOCK = """SELECT id, code, version_id, procedure_code, procedure_name, subject, applicant_name, owner_id, place,
  channel, received_unit_id, return_unit_id, return_by, unit_ids, answers, state, outcome, version, submitted_at,
  accepted_at, due_at, pauses, due_changes, finished_at, closed_at, supplements FROM record WHERE id = %s FOR UPDATE"""
_TASKS = """SELECT id, step, step_name, unit_id, function, role, split, origin, consultation, version, opened_at,
  anchored_at, due_at, assignee_id, assignee_name, closed_at, closed_by, closed_by_name, outcome
  FROM app.tasks_of(%s)"""
_POSTS = """SELECT unit_id, role, function FROM post
  WHERE person_id = %s AND valid_from <= %s AND (valid_to IS NULL OR valid_to >= %s)"""
_CLOSE = "UPDATE task SET closed_at = %s, closed_by = %s, closed_by_name = %s, outcome = %s WHERE id = %s"
_MOVE = """UPDATE record SET state = %s, outcome = %s, version = %s, unit_ids = %s, accepted_at = %s, due_at = %s,
  paused_at = %s, pauses = %s, due_changes = %s, finished_at = %s, closed_at = %s, supplements = %s WHERE id = %s"""
_MOVED = (
    "state", "outcome", "version", "unit_ids", "accepted_at", "due_at", "paused_at", "pauses", "due_changes",
    "finished_at",
)  # fmt: skip
_TELL_TASKS = "SELECT app.tell_tasks(%s, %s, %s)"


@dataclass(frozen=True)
class Written:
    """What one action of the sample record wrote."""

    step: str
    tasks: Sequence[Row]
    event: Row
    jobs: Sequence[Row]
    record: Row
    promises: bool


def insert_of(table: str) -> Statement:
    """INSERT of every column of a table, and the columns in its order."""
    columns = tuple(column.name for column in Base.metadata.tables[table].columns)
    statement = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
        sql.Identifier(table),
        sql.SQL(", ").join(map(sql.Identifier, columns)),
        sql.SQL(", ").join([sql.Placeholder()] * len(columns)),
    )
    return statement, columns


def json_columns(table: str) -> frozenset[str]:
    return frozenset(column.name for column in Base.metadata.tables[table].columns if isinstance(column.type, JSONB))


def rows_of(connection: psycopg.Connection[Any], table: str, where: str, key: object) -> list[Row]:
    """Rows as they are stored; JSON ready to be written again."""
    query = sql.SQL("SELECT * FROM {} WHERE {} = %s ORDER BY id").format(sql.Identifier(table), sql.Identifier(where))
    with connection.cursor(row_factory=dict_row) as cursor:
        found = cursor.execute(query, [key]).fetchall()
    wrapped = json_columns(table)
    return [{name: Jsonb(value) if name in wrapped else value for name, value in row.items()} for row in found]


def sample_walk(connection: psycopg.Connection[Any], hands: Hands) -> list[Written]:
    """Carry one record and note after each action what it wrote. `connection` sees every row."""
    record_id = new_record(hands.owner)
    known_jobs = _jobs_of(connection, record_id)
    due_before = None
    walk = []
    for step, action in WAY:
        act(open_task(record_id, step), action, hands.actors[step])
        (record,) = rows_of(connection, "record", "id", record_id)
        event = rows_of(connection, "record_event", "record_id", record_id)[-1]
        opened = [row for row in rows_of(connection, "task", "record_id", record_id) if row["opened_at"] == event["at"]]
        jobs = _jobs_of(connection, record_id)
        new = [row for key, row in jobs.items() if key not in known_jobs]
        walk.append(Written(step, _as_opened(opened), event, new, record, record["due_at"] != due_before))
        known_jobs, due_before = jobs, record["due_at"]
    return walk


def _as_opened(tasks: Iterable[Row]) -> list[Row]:
    return [{**task, "closed_at": None, "closed_by": None, "closed_by_name": "", "outcome": None} for task in tasks]


def _jobs_of(connection: psycopg.Connection[Any], record_id: UUID) -> dict[UUID, Row]:
    """Jobs of the record and of its tasks."""
    keys = [record_id, *(row["id"] for row in rows_of(connection, "task", "record_id", record_id))]
    with connection.cursor(row_factory=dict_row) as cursor:
        found = cursor.execute(
            """SELECT * FROM job
            WHERE arguments ->> 'record_id' = ANY(%(keys)s) OR arguments ->> 'task_id' = ANY(%(keys)s)""",
            {"keys": [str(key) for key in keys]},
        ).fetchall()
    return {row["id"]: {**row, "arguments": Jsonb(row["arguments"])} for row in found}


class BareActions:
    """The ten actions of the sample, done again on new records."""

    def __init__(self, connection: psycopg.Connection[Any], walk: Sequence[Written], hands: Hands) -> None:
        self.connection = connection
        self.meter = Meter([connection.info.backend_pid])
        self.walk = walk
        self.hands = hands
        self.inserts = {table: insert_of(table) for table in ("task", "record_event", "job")}

    def carried(self, records: int) -> Sequence[Spent]:
        """What each action took."""
        taken = []
        for _ in range(records):
            record_id = new_record(self.hands.owner)
            open_tasks = {"receive": open_task(record_id, "receive")}
            for written in self.walk:
                actor = self.hands.actors[written.step]
                taken.append(self.meter(partial(self.act, record_id, open_tasks, written, actor)))
        return taken

    def act(self, record_id: UUID, open_tasks: dict[str, UUID], written: Written, actor: Actor) -> None:
        send = self.connection.execute
        now = clock.now()
        today = clock.local_day(now)
        send("BEGIN")
        send(_TELL, [actor.key, actor.kind.value])
        record = send(_LOCK, [record_id]).fetchone()
        send(_TASKS, [record_id]).fetchall()
        send(_POSTS, [actor.person_id, today, today]).fetchall()
        closing = open_tasks.pop(written.step)
        send(_CLOSE, [now, actor.person_id, actor.name, written.event["action"], closing])
        for task in written.tasks:
            open_tasks[task["step"]] = new_id()
            self.insert("task", task, id=open_tasks[task["step"]], record_id=record_id, opened_at=now)
        if written.promises:
            send(_TELL_TASKS, [record_id, written.record["due_at"], False])
        self.insert("record_event", written.event, id=new_id(), record_id=record_id, at=now, task_id=closing)
        for job in written.jobs:
            self.insert("job", job, id=(job_id := new_id()), natural_key=str(job_id))
        moved = [written.record[name] for name in _MOVED]
        send(_MOVE, [*moved, written.record["closed_at"], written.record["supplements"], record_id])
        send("COMMIT")
        if record is None:
            raise AssertionError("the record is not visible to its official")

    def insert(self, table: str, row: Mapping[str, Any], **changed: Any) -> None:
        statement, columns = self.inserts[table]
        self.connection.execute(statement, [changed.get(name, row[name]) for name in columns])


def connected(url: str) -> psycopg.Connection[Any]:
    """A connection that sends BEGIN and COMMIT only when told."""
    return psycopg.connect(url, autocommit=True)
