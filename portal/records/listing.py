"""An action that may be taken for many records at once: the list in which each of them stands."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, insert

from portal.catalogue.document_names import DOCUMENT_NAMES
from portal.core.actor import Actor
from portal.core.references import new_id
from portal.documents import statements as documents
from portal.documents import symbols
from portal.records.batch_models import Batch, BatchedTask
from portal.records.changes import Change, Situation
from portal.workflow.definition import Text

TEMPLATE = "record_list"

ADD_BATCH = insert(cast(Table, Batch.__table__))
ADD_BATCHED_TASK = insert(cast(Table, BatchedTask.__table__))


def list_record(situation: Situation, change: Change) -> None:
    """The record's copy of the list. It gets number and file when the batch is done; alone, it is a batch of one."""
    kind = situation.action.batch or ""
    batch_id = situation.answers.batch_id or _batch_of_one(situation, change)
    document_id, unit_id = new_id(), situation.task.unit_id or situation.record.received_unit_id
    title, title_en = DOCUMENT_NAMES[kind]
    change.write(
        documents.ADD_DOCUMENT,
        {
            "id": document_id,
            "record_id": situation.record.id,
            "owner_id": situation.record.owner_id,
            "unit_id": unit_id,
            "kind": kind,
            "template": TEMPLATE,
            "title": title,
            "title_en": title_en,
            "content": {},
            "for_applicant": False,  # it names others
            "series": symbols.symbol(symbols.LIST, situation.directory.unit(unit_id).name),
            "drafted_by": situation.actor.person_id,
            "drafted_at": situation.now,
            "created_at": situation.now,
            "batch_id": batch_id,
        },
    )
    change.details.setdefault("documents", []).append({"id": str(document_id), "kind": kind})


def batch_row(batch_id: UUID, purpose: str, title: Text, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """The row of a batch that is to be done."""
    return {
        "id": batch_id,
        "purpose": purpose,
        "title": title.vi,
        "title_en": title.en,
        "person_id": actor.person_id,
        "requested_at": now,
    }


def _batch_of_one(situation: Situation, change: Change) -> UUID:
    batch_id, now = new_id(), situation.now
    row = batch_row(batch_id, "list", situation.action.label, actor=situation.actor, now=now)
    task = {"batch_id": batch_id, "number": 1, "task_id": situation.task.id, "action": situation.action.id}
    change.write(ADD_BATCH, row)
    change.write(ADD_BATCHED_TASK, {"id": new_id(), **task, "outcome": "done", "at": now})
    arguments = {"batch_id": str(batch_id)}
    change.owe("carry_batch", arguments=arguments, due_at=now, natural_key=str(batch_id))
    return batch_id
