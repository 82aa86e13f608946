"""The applicant's consent to asking registers, changed after sending: each change is an event of its own.

Law on the Protection of Personal Data 91/2025/QH15, article 4: whoever has consented may withdraw it. What was done
before stays done.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from portal.catalogue.types import Paper, Procedure
from portal.core import clock
from portal.core.actor import Actor
from portal.core.errors import Conflict, NotFound
from portal.jobs.service import owe
from portal.records import positions
from portal.records.answers import asked_papers, is_in_register
from portal.records.events import append_note
from portal.records.facts import facts_of
from portal.records.grounds import grounds_of
from portal.records.models import Record, RecordPaper
from portal.records.types import LockedRecord
from portal.workflow.definition import Facts

GIVEN, WITHDRAWN = "consent_given", "consent_withdrawn"
"""Kinds of the two events."""

ABOUT_PERSONS = frozenset({"population"})
"""Calls of registers that need the consent; without it the officials compare with the papers."""

_CHANGE = text("UPDATE record SET consented_at = :moment WHERE id = :wanted")


def spared_papers(procedure: Procedure, facts: Facts, *, slots: Collection[str]) -> tuple[Paper, ...]:
    """The papers that a register holds and that are not among those supplied: the consent speaks of these."""
    return tuple(paper for paper in asked_papers(procedure, facts) if is_in_register(paper) and paper.id not in slots)


def is_answered(procedure: Procedure, facts: Facts) -> bool:
    """Whether a register has told something about the applicant already."""
    return any(name in facts["outcomes"] for name in _questions(procedure))


def matters(record: Record | LockedRecord, procedure: Procedure, facts: Facts, *, slots: Collection[str]) -> bool:
    """Whether the consent still decides anything: there is no result, and a paper or a question is left."""
    if record.finished_at is not None or record.closed_at is not None:
        return False
    is_left = any(name not in facts["outcomes"] for name in _questions(procedure))
    return is_left or bool(spared_papers(procedure, facts, slots=slots))


def withdraw_consent(session: Session, record_id: UUID, *, actor: Actor, now: datetime) -> None:
    """No register is asked for this record any more; whoever has it on his desk is told. Safe to repeat.

    Raises NotFound for anybody but the applicant, Conflict when the consent decides nothing any more.
    """
    _change(session, record_id, consented_at=None, actor=actor, now=now)


def give_consent(session: Session, record_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Registers may be asked for this record from now on. Raises as `withdraw_consent` does."""
    _change(session, record_id, consented_at=now, actor=actor, now=now)


def _change(session: Session, record_id: UUID, *, consented_at: datetime | None, actor: Actor, now: datetime) -> None:
    record, position = positions.lock_record(session, record_id, now=now)
    if record.owner_id != actor.person_id:
        raise NotFound("Không thấy hồ sơ này. Xem lại mã hồ sơ.")
    before = session.scalar(select(Record.consented_at).where(Record.id == record_id))
    if (before is None) == (consented_at is None):
        return
    grounds = grounds_of(session, record, now=now)
    facts = facts_of(record, position.tasks, directory=grounds.directory, today=clock.local_day(now))
    slots = _slots(session, record_id)
    if not matters(record, grounds.procedure, facts, slots=slots):
        raise Conflict("Việc cho lấy dữ liệu không đổi được gì nữa. Mở lại hồ sơ để xem.")
    session.execute(_CHANGE, {"moment": consented_at, "wanted": record_id})
    holders = {task.assignee_id for task in position.open_tasks if task.unit_id and task.assignee_id}
    event_id = append_note(
        session,
        record,
        kind=GIVEN if consented_at else WITHDRAWN,
        actor=actor,
        now=now,
        details={
            "papers": [paper.id for paper in spared_papers(grounds.procedure, facts, slots=slots)],
            "told": sorted(str(person) for person in holders),
        },
        for_applicant=True,
    )
    told = {"record_id": str(record_id), "event_id": str(event_id)}
    owe(session, "tell_officials", arguments=told, natural_key=str(event_id), now=now)


def _slots(session: Session, record_id: UUID) -> frozenset[str]:
    """The papers that are in force."""
    wanted = select(RecordPaper.slot).where(RecordPaper.record_id == record_id, RecordPaper.replaced_at.is_(None))
    return frozenset(session.scalars(wanted))


def _questions(procedure: Procedure) -> tuple[str, ...]:
    """The automatic steps that ask a register about the applicant."""
    steps = procedure.process.steps.values()
    return tuple(step.id for step in steps if step.automatic and step.automatic.call in ABOUT_PERSONS)
