"""Scans of originals at the counter: what was compared is what is certified, known by its SHA-256.

Decree 45/2020/NĐ-CP, article 10: whoever certifies compares the electronic copy with the original that is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from portal.catalogue import queries as catalogue
from portal.catalogue.types import Procedure
from portal.core.actor import Actor
from portal.core.errors import Conflict, InvalidInput, NotAllowed, NotFound
from portal.core.references import new_id
from portal.core.text import marked
from portal.files.types import KeptFile
from portal.records import policy, positions
from portal.records.changes import Situation
from portal.records.events import append_note
from portal.records.policy import Permission, Question
from portal.records.scan_models import RecordScan
from portal.records.types import LockedRecord, Position, TaskRow
from portal.records.visits import booking_field
from portal.units import queries as units
from portal.workflow.definition import ActionKind

MOST_PAGES = 30
"""Of a scan: the finished copy stays below what can be uploaded to be checked (20 MB)."""
MOST_MB = 20

COMPARED = "scan_compared"
"""Kind of the event."""

NO_SUCH_ROW = marked("Hồ sơ này không xin bản điện tử của giấy tờ đó.")
NOT_NOW = marked("Chỉ chụp và đối chiếu ở bước đối chiếu bản chính, do người đang giữ việc.")
ALREADY = marked("%(name)s đã đối chiếu bản chụp này. Cần đối chiếu lại thì chụp lại.")
ANOTHER = marked("Bản chụp vừa được thay. Xem bản mới rồi đối chiếu lại.")
TOO_LONG = marked("Bản chụp có hơn %(most)s trang. Tách thành nhiều giấy tờ.")
MISSING = marked("Còn %(count)s giấy tờ xin bản điện tử chưa chụp hoặc chưa đối chiếu. Mở mục Bản điện tử để làm.")

_REPLACE = text(
    "UPDATE record_scan SET replaced_at = :moment WHERE record_id = :record AND row = :row AND replaced_at IS NULL"
)
_COMPARE = text("""
UPDATE record_scan SET compared_by = :person, compared_by_name = :name, compared_at = :moment
WHERE record_id = :record AND row = :row AND replaced_at IS NULL AND file_digest = :digest AND compared_at IS NULL
""")
_IN_FORCE = select(
    RecordScan.row,
    RecordScan.file_digest,
    RecordScan.pages,
    RecordScan.scanned_by_name,
    RecordScan.scanned_at,
    RecordScan.compared_by,
    RecordScan.compared_by_name,
    RecordScan.compared_at,
).where(RecordScan.replaced_at.is_(None))


@dataclass(frozen=True)
class Scan:
    """The scan in force of one paper."""

    row: int
    digest: str
    pages: int
    scanned_by_name: str
    scanned_at: datetime
    compared_by: UUID | None
    compared_by_name: str
    compared_at: datetime | None


def scanned_rows(procedure: Procedure, answers: Mapping[str, Any]) -> dict[int, Mapping[str, Any]]:
    """The papers that become electronic copies, by their place among all; none where no scan is asked for."""
    result = procedure.result
    if result.scan is None or result.each is None:
        return {}
    rows = answers.get(result.each) or []
    return {number: row for number, row in enumerate(rows) if row.get(result.scan)}


def list_scans(session: Session, record_id: UUID) -> dict[int, Scan]:
    """The scans in force, by row. Row-level security shows them to the units of the record alone."""
    rows = session.execute(_IN_FORCE.where(RecordScan.record_id == record_id))
    return {row.row: Scan(*row) for row in rows}


def keep_scan(session: Session, record_id: UUID, row: int, kept: KeptFile, *, actor: Actor, now: datetime) -> None:
    """Put a stored PDF in the place of the paper's scan: it has to be compared anew.

    Raises NotFound, NotAllowed, and InvalidInput for a scan of too many pages.
    """
    record, _task = _at_the_counter(session, record_id, row, actor=actor, now=now)
    if kept.pages > MOST_PAGES:
        raise InvalidInput(TOO_LONG, field="file", most=MOST_PAGES)
    session.execute(_REPLACE, {"record": record_id, "row": row, "moment": now})
    session.execute(
        insert(RecordScan).values(
            id=new_id(),
            record_id=record_id,
            owner_id=record.owner_id,
            row=row,
            file_digest=kept.digest,
            file_name=kept.file_name,
            pages=kept.pages,
            scanned_by=actor.person_id,
            scanned_by_name=actor.name,
            scanned_at=now,
        )
    )


def compare_scan(session: Session, record_id: UUID, row: int, *, digest: str, actor: Actor, now: datetime) -> None:
    """Say that the scan with this SHA-256, and no other, agrees with the original. Saying it twice changes nothing.

    Raises NotFound, NotAllowed, and Conflict when the scan was replaced after it was shown, or another has compared it.
    """
    record, task = _at_the_counter(session, record_id, row, actor=actor, now=now)
    scan = list_scans(session, record_id).get(row)
    if scan is None or scan.digest != digest:
        raise Conflict(ANOTHER)
    if scan.compared_at is not None:
        if scan.compared_by == actor.person_id:
            return
        raise Conflict(ALREADY, name=scan.compared_by_name)
    said = {
        "record": record_id,
        "row": row,
        "digest": digest,
        "person": actor.person_id,
        "name": actor.name,
        "moment": now,
    }
    session.execute(_COMPARE, said)
    details = {"row": row, "digest": digest, "pages": scan.pages}
    unit = units.directory(session).unit(task.unit_id) if task.unit_id else None
    append_note(session, record, kind=COMPARED, actor=actor, now=now, details=details, unit=unit)


def require_scans(session: Session, situation: Situation) -> None:
    """Raises InvalidInput when a copy is to be certified of which the scan was not compared."""
    wanted = scanned_rows(situation.procedure, situation.record.answers)
    if situation.action.kind is not ActionKind.DRAFT or situation.action.outcome == "rejected" or not wanted:
        return
    scans = list_scans(session, situation.record.id)
    count = sum(row not in scans or scans[row].compared_at is None for row in wanted)
    if count:
        raise InvalidInput(MISSING, count=count)


def may_scan(open_tasks: Iterable[Any]) -> bool:
    """For a page: whether one of the open tasks that this official may act on drafts the result."""
    return any(met.may_act and any(action.kind is ActionKind.DRAFT for action in met.actions) for met in open_tasks)


def _at_the_counter(
    session: Session, record_id: UUID, row: int, *, actor: Actor, now: datetime
) -> tuple[LockedRecord, TaskRow]:
    record, position = positions.lock_record(session, record_id, now=now)
    procedure = catalogue.version(session, record.version_id).procedure
    if row not in scanned_rows(procedure, record.answers):
        raise NotFound(NO_SUCH_ROW)
    task = _own_task(record, position, procedure, actor)
    if task is None:
        raise NotAllowed(NOT_NOW)
    return record, task


def _own_task(record: LockedRecord, position: Position, procedure: Procedure, actor: Actor) -> TaskRow | None:
    """The task of drafting that is the actor's; where the applicant comes by appointment, at that counter alone."""
    is_visited = booking_field(procedure) is not None
    for task in position.open_tasks:
        if is_visited and task.unit_id != record.received_unit_id:
            continue
        step = procedure.process.step(task.step)
        question = Question(actor, position.posts, task, step.at.where, record.owner_id)
        if any(one.kind is ActionKind.DRAFT for one in step.actions) and policy.may(Permission.ACT, question):
            return task
    return None
