"""Reading batches: how far one has come, and what came of each row. They belong to who ticked them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from portal.core.errors import NotFound
from portal.workflow.definition import Text

_BATCH = text(
    "SELECT purpose, title, title_en, person_id, requested_at, finished_at, signing_session_id "
    "FROM batch WHERE id = :wanted"
)
_ROWS = text("""
SELECT batched_task.id, task_id, document_id, action AS action_id, batched_task.outcome, reason,
  coalesce(task.record_code, record.code), coalesce(task.applicant_name, record.applicant_name),
  coalesce(task.procedure_name, record.procedure_name), shown_digest,
  (SELECT json_agg(json_build_array(taken.number, taken.series)
      ORDER BY taken.kind DESC, taken.row NULLS FIRST, taken.id)
    FROM document AS taken
    WHERE taken.record_id = task.record_id AND taken.issued_at = batched_task.at AND taken.number IS NOT NULL
      AND taken.kind IN ('result', 'further_result'))
FROM batched_task LEFT JOIN task ON task.id = task_id LEFT JOIN document ON document.id = document_id
  LEFT JOIN record ON record.id = document.record_id
WHERE batched_task.batch_id = :wanted ORDER BY batched_task.number
""")
_LIST = text("""
SELECT document.id, title, title_en, number, series, file_digest IS NOT NULL AS has_file, record.code AS record_code
FROM document JOIN record ON record.id = document.record_id
WHERE document.batch_id = :wanted ORDER BY document.id LIMIT 1
""")
_LISTED = text("""
SELECT record.code, record.applicant_name, record.subject
FROM document JOIN record ON record.id = document.record_id
WHERE document.batch_id = (SELECT batch_id FROM document WHERE id = :wanted) ORDER BY document.id
""")


@dataclass(frozen=True)
class BatchRow:
    """One ticked task, or letter. `reason`: sentence and details of a refusal. The names are those that the reader may
    see."""

    id: UUID
    task_id: UUID | None
    document_id: UUID | None
    action_id: str
    outcome: str | None
    reason: Mapping[str, Any] | None
    record_code: str | None
    applicant_name: str | None
    procedure_name: str | None
    shown_digest: str | None  # of the files that were shown to be signed
    numbers: Sequence[tuple[int, str]] | None  # with their symbols: what was sealed with it

    @property
    def key(self) -> UUID | None:
        """Of what was ticked."""
        return self.task_id or self.document_id

    @property
    def shown(self) -> frozenset[str]:
        """SHA-256 of each of them."""
        return frozenset((self.shown_digest or "").split())


@dataclass(frozen=True)
class BatchList:
    """The list of those that went; it has a number once the batch is done, and a file soon after."""

    id: UUID
    title: str
    title_en: str
    number: int | None
    series: str | None
    has_file: bool
    record_code: str  # of a record on which it hangs


@dataclass(frozen=True)
class BatchView:
    id: UUID
    purpose: str
    title: Text
    person_id: UUID | None
    requested_at: datetime
    finished_at: datetime | None
    rows: tuple[BatchRow, ...]
    document: BatchList | None
    signing_session_id: UUID | None

    @property
    def waiting(self) -> tuple[BatchRow, ...]:
        return tuple(row for row in self.rows if row.outcome is None)

    @property
    def done(self) -> tuple[BatchRow, ...]:
        return tuple(row for row in self.rows if row.outcome == "done")

    @property
    def refused(self) -> tuple[BatchRow, ...]:
        return tuple(row for row in self.rows if row.outcome == "refused")


@dataclass(frozen=True)
class ListedRecord:
    """A row of a list: which record, whose, and what it is about."""

    code: str
    name: str
    subject: str


def get_batch(session: Session, batch_id: UUID) -> BatchView:
    """Raises NotFound when there is none, or it is somebody else's."""
    wanted = {"wanted": batch_id}
    batch = session.execute(_BATCH, wanted).one_or_none()
    if batch is None:
        raise NotFound("Không thấy lần làm này. Mở lại danh sách việc.")
    listed = session.execute(_LIST, wanted).one_or_none()
    return BatchView(
        id=batch_id,
        purpose=batch.purpose,
        title=Text(batch.title, batch.title_en),
        person_id=batch.person_id,
        requested_at=batch.requested_at,
        finished_at=batch.finished_at,
        rows=tuple(BatchRow(*row) for row in session.execute(_ROWS, wanted)),
        document=BatchList(*listed) if listed else None,
        signing_session_id=batch.signing_session_id,
    )


def first_of_list(session: Session, batch_id: UUID) -> UUID | None:
    """The document that carries number and file of the list for the others; None when no record went."""
    listed = session.execute(_LIST, {"wanted": batch_id}).first()
    return listed.id if listed else None


def listed_records(session: Session, document_id: UUID) -> tuple[ListedRecord, ...]:
    """The records that stand in the same list as the one on which this document hangs."""
    return tuple(ListedRecord(*row) for row in session.execute(_LISTED, {"wanted": document_id}))
