"""Reading records: lists of their owner, the public look-up, one task."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.core.references import id_of_token, is_possible_secret, lookup_token, tidy_code, tidy_secret
from portal.core.text import masked_name
from portal.core.unit_of_work import asked_alone
from portal.records.models import Record, Task
from portal.records.record_file import file_of
from portal.records.replay import differences
from portal.records.submission import digest_of

_BY_RECEIPT = text("SELECT app.find_by_receipt(:code, :digest)")
_BY_TOKEN = "SELECT stamp, words::text FROM app.find_by_token(%(wanted)s, %(digest)s, %(seen)s)"  # noqa: S105 - a statement


@dataclass(frozen=True)
class RecordRow:
    """A record in a list."""

    id: UUID
    code: str
    subject: str
    procedure_name: str
    state: str
    submitted_at: datetime
    due_at: datetime | None
    closed_at: datetime | None


@dataclass(frozen=True)
class TaskView:
    """A task with what a page needs to know of its record."""

    id: UUID
    record_id: UUID
    record_code: str
    step: str
    step_name: str
    unit_id: UUID | None
    version: int
    closed_at: datetime | None
    closed_by_name: str
    applicant_name: str
    procedure_name: str


@dataclass(frozen=True)
class LookupKey:
    """What opens one record in the public look-up: the digest of the token that its receipt carries now."""

    record_id: UUID
    digest: str


@dataclass(frozen=True)
class Told:
    """What the database says to the holder of a key."""

    stamp: str
    """The same as long as nothing has changed that the look-up shows."""
    words: str | None
    """All of it, in JSON, with names that the page does not show; None when the stamp is the one that was seen."""


def list_my_records(session: Session, *, actor: Actor) -> list[RecordRow]:
    """The actor's own records, newest first."""
    rows = session.execute(
        select(
            Record.id,
            Record.code,
            Record.subject,
            Record.procedure_name,
            Record.state,
            Record.submitted_at,
            Record.due_at,
            Record.closed_at,
        )
        .where(Record.owner_id == actor.person_id)
        .order_by(Record.submitted_at.desc(), Record.id)
    )
    return [RecordRow(*row) for row in rows]


def get_task(session: Session, task_id: UUID) -> TaskView:
    """The task, for an actor whose unit (or whose record) it is; NotFound otherwise."""
    row = session.execute(
        select(
            Task.id,
            Task.record_id,
            Task.record_code,
            Task.step,
            Task.step_name,
            Task.unit_id,
            Task.version,
            Task.closed_at,
            Task.closed_by_name,
            Task.applicant_name,
            Task.procedure_name,
        ).where(Task.id == task_id)
    ).one_or_none()
    if row is None:
        raise NotFound("Không thấy việc này. Có thể việc đã chuyển sang cơ quan khác.")
    return TaskView(*row)


def task_in_hands(session: Session, task_ids: Collection[UUID], *, actor: Actor) -> UUID | None:
    """The one of these tasks that is open and in the actor's own hands, if there is one."""
    if not task_ids:
        return None
    return session.scalars(
        select(Task.id)
        .where(Task.id.in_(task_ids), Task.closed_at.is_(None), Task.assignee_id == actor.person_id)
        .order_by(Task.due_at, Task.id)
        .limit(1)
    ).one_or_none()


def find_by_receipt(session: Session, *, code: str, secret: str) -> Mapping[str, Any] | None:
    """What the holder of both codes may see; None for every kind of failure alike. One statement, always."""
    digest = digest_of(tidy_secret(secret)) if is_possible_secret(secret) else ""
    found = session.execute(_BY_RECEIPT, {"code": tidy_code(code), "digest": digest}).scalar_one_or_none()
    return _without_persons(found) if found else None


def find_by_key(key: LookupKey, *, actor: Actor, seen: str | None = None) -> Told | None:
    """What the database says to the holder of the key; None when it fits nothing, or fits no longer.

    `seen` is the stamp of what the reader was shown before. `told` reads the words. One statement, and no session for
    it.
    """
    row = asked_alone(actor, (_BY_TOKEN, {"wanted": key.record_id, "digest": key.digest, "seen": seen}))
    return Told(*row) if row else None


def told(words: str) -> Mapping[str, Any]:
    """The words of `find_by_key`, as far as the holder of the key may see them."""
    found: dict[str, Any] = json.loads(words)
    return _without_persons(found)


def _without_persons(found: dict[str, Any]) -> Mapping[str, Any]:
    """Whoever holds a receipt need not be the applicant: the name is masked, answers to a request are left out."""
    found["record"]["applicant_name"] = masked_name(found["record"]["applicant_name"])
    for item in (found["supplement"] or {}).get("items", ()):
        item.pop("answer", None)
    return found


def key_of_token(token: str) -> LookupKey | None:
    """What the token of a QR code claims to open; None when no receipt was ever printed with it."""
    record_id = id_of_token(token)
    return LookupKey(record_id, digest_of(token)) if record_id else None


def key_of_answer(found: Mapping[str, Any], *, receipt_key: bytes) -> LookupKey:
    """The key to a record that both codes have just opened."""
    record_id = UUID(found["record"]["id"])
    token = lookup_token(record_id, key=receipt_key, version=found["record"]["secret_version"])
    return LookupKey(record_id, digest_of(token))


def code_of_draft(session: Session, draft_id: UUID) -> str | None:
    """The code of the record that the draft became, if it was sent."""
    return session.scalars(select(Record.code).where(Record.draft_id == draft_id)).one_or_none()


def id_of_code(session: Session, code: str) -> UUID:
    """The key of a record that the actor may see; NotFound otherwise."""
    found = session.scalars(select(Record.id).where(Record.code == code)).one_or_none()
    if found is None:
        raise NotFound("Không thấy hồ sơ này. Xem lại mã hồ sơ.")
    return found


def describe_record(session: Session, code: str, *, actor: Actor) -> list[str] | None:
    """State, open tasks and events of a record in lines for the operator, and where its history tells otherwise.

    None for an unknown code.
    """
    record = session.scalars(select(Record).where(Record.code == tidy_code(code))).one_or_none()
    if record is None:
        return None
    file = file_of(session, record)
    lines = [f"{record.code}  {record.procedure_code}  {record.state}  {_day(record.submitted_at)}"]
    lines.append(f"accepted {_day(record.accepted_at)}  due {_day(record.due_at)}  closed {_day(record.closed_at)}")
    lines += [f"open  {task.step}  due {_day(task.due_at)}" for task in file.open_tasks]
    lines += [
        "  ".join([f"{e.number:3}", _day(e.at), e.kind, e.step or "", e.action or "", e.state_after])
        for e in file.events
    ]
    return lines + [f"stored and history differ  {name}" for name in differences(file)]


def _day(moment: datetime | None) -> str:
    return clock.local(moment).strftime("%Y-%m-%d %H:%M") if moment else "-"
