"""Tasks that can be done many on one page: documents to be signed, to be numbered and sealed, records to be listed."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.catalogue import queries as catalogue
from portal.core.actor import Actor
from portal.documents.models import Document
from portal.documents.symbols import reference
from portal.records.further_results import FURTHER
from portal.records.lateness import LEADING
from portal.records.making import RESULT
from portal.records.models import Record, Task
from portal.records.queue_conditions import is_of_post
from portal.workflow.definition import Action, ActionKind, Step, Text

BY_KEY = frozenset({ActionKind.SIGN, ActionKind.ISSUE})
"""Acts that put an electronic signature on a result."""

MOST = 200
"""So many tasks are looked at, those due soonest first; the rest come when these are done."""


@dataclass(frozen=True)
class SeenDocument:
    """A document whose PDF is looked at; `file_digest` (SHA-256) is none while that is being made."""

    id: UUID
    title: Text
    file_digest: str | None


@dataclass(frozen=True)
class WaitingDocument:
    """A task with the action that is asked for, and its documents; without one yet when none is made."""

    task_id: UUID
    unit_id: UUID | None
    step_id: str
    step_name: Text
    action_id: str
    action: Text
    record_code: str
    applicant_name: str
    procedure_name: Text
    due_at: datetime
    paused: bool
    documents: tuple[SeenDocument, ...]  # the result, or a form; then what is signed and sealed with the result
    title: Text
    needs_key: bool  # where this portal signs electronically, the action puts a signature on the document
    is_own_draft: bool  # four eyes: the person who drafted may not sign
    is_own_hand: bool  # nor who initialled; and who signed may not seal
    checklist: tuple[Text, ...]  # of the step

    @property
    def key(self) -> UUID:
        """Of what is ticked."""
        return self.task_id

    @property
    def has_files(self) -> bool:
        return bool(self.documents) and all(document.file_digest is not None for document in self.documents)


@dataclass(frozen=True)
class WaitingLetter:
    """A letter that has its number, and waits to be signed and sealed by its agency."""

    key: UUID
    record_code: str
    applicant_name: str
    procedure_name: Text
    since: datetime
    documents: tuple[SeenDocument, ...]


Wanted = Callable[[Action], bool]
_Asked = tuple[Task, Text, Step, Action]
"""A task, the name of its procedure, its step, and the action that is asked for."""


def is_of_kind(kind: ActionKind) -> Wanted:
    """Actions of that kind; those that list their records have a page of their own."""
    return lambda action: action.kind is kind and action.batch is None


def lists_records(action: Action) -> bool:
    """Whether the action may be taken for many records, with one list of them."""
    return action.batch is not None


def list_waiting(
    session: Session, *, actor: Actor, wanted: Wanted, first: Collection[UUID] = ()
) -> list[WaitingDocument]:
    """The actor's open tasks that offer a wanted action, due soonest first; `first`: tasks that are looked at first."""
    if not actor.unit_ids:
        return []
    tasks = session.scalars(
        select(Task)
        .where(
            Task.unit_id.in_(sorted(actor.unit_ids)),
            Task.closed_at.is_(None),
            is_of_post(actor.posts),
            or_(Task.assignee_id.is_(None), Task.assignee_id == actor.person_id),
        )
        .order_by(Task.id.in_(first).desc(), Task.due_at, Task.id)
        .limit(MOST)
    ).all()
    versions = _versions_of(session, [task.record_id for task in tasks])
    asked = [_asked(session, task, versions[task.record_id], wanted) for task in tasks if task.record_id in versions]
    offered = [found for found in asked if found is not None]
    documents = _documents_of(session, [task.record_id for task, *_rest in offered])
    return [
        _waiting(found, _documents_for(found[0], found[2], documents.get(found[0].record_id, [])), actor)
        for found in sorted(offered, key=lambda found: (found[0].due_at, found[0].id))
    ]


def list_letters(session: Session, *, actor: Actor, first: Collection[UUID] = ()) -> list[WaitingLetter]:
    """Letters of the units that the actor leads, the longest waiting first; `first`: letters that come before those."""
    leads = sorted({post.unit_id for post in actor.posts if post.role in LEADING})
    if not leads:
        return []
    rows = session.execute(
        select(Document, Record.code, Record.applicant_name, Record.version_id)
        .join(Record, Record.id == Document.record_id)
        .where(Document.unit_id.in_(leads), Document.awaits_signature_since.is_not(None))
        .order_by(Document.id.in_(first).desc(), Document.awaits_signature_since, Document.id)
        .limit(MOST)
    ).all()
    return [
        WaitingLetter(
            key=letter.id,
            record_code=code,
            applicant_name=name,
            procedure_name=catalogue.version(session, version_id).procedure.everyday_name,
            since=letter.awaits_signature_since or letter.created_at,
            documents=(SeenDocument(letter.id, _title(letter), letter.file_digest),),
        )
        for letter, code, name, version_id in rows
    ]


def _versions_of(session: Session, record_ids: list[UUID]) -> dict[UUID, UUID]:
    """By key, not joined: before a join PostgreSQL would ask the policy about every record there is."""
    rows = session.execute(select(Record.id, Record.version_id).where(Record.id.in_(record_ids)))
    return {record_id: version_id for record_id, version_id in rows}


def _asked(session: Session, task: Task, version_id: UUID, wanted: Wanted) -> _Asked | None:
    procedure = catalogue.version(session, version_id).procedure
    step = procedure.process.step(task.step)
    return next(((task, procedure.everyday_name, step, action) for action in step.actions if wanted(action)), None)


def _documents_of(session: Session, record_ids: list[UUID]) -> dict[UUID, list[Document]]:
    found: dict[UUID, list[Document]] = {}
    if record_ids:
        is_shown = or_(Document.number.is_not(None), Document.ended_at.is_(None))
        wanted = select(Document).where(Document.record_id.in_(record_ids), is_shown)
        wanted = wanted.order_by(Document.created_at, Document.id)
        for document in session.scalars(wanted):
            found.setdefault(document.record_id, []).append(document)
    return found


def _documents_for(task: Task, step: Step, documents: list[Document]) -> list[Document]:
    """The newest document of the unit inside a consultation, else the result that is not issued and what goes with it,
    else the newest."""
    if step.consultation is not None:
        return [found for found in reversed(documents) if found.unit_id == task.unit_id][:1]
    drafts = [found for found in documents if found.kind in (RESULT, FURTHER) and found.issued_at is None]
    result = next((found for found in reversed(drafts) if found.kind == RESULT and not found.row), None)
    if result is None:
        return documents[-1:]
    beside = [found for found in drafts if found.kind == FURTHER or found.row]
    return [result, *sorted(beside, key=lambda found: (found.kind == FURTHER, found.row or 0, found.title))]


def _waiting(found: _Asked, documents: list[Document], actor: Actor) -> WaitingDocument:
    task, procedure_name, step, action = found
    document = documents[0] if documents else None
    drafted_by = document.drafted_by if document else None
    hand_before = _hand_before(document, action) if document else None
    return WaitingDocument(
        task_id=task.id,
        unit_id=task.unit_id,
        step_id=step.id,
        step_name=step.name,
        action_id=action.id,
        action=action.label,
        record_code=task.record_code,
        applicant_name=task.applicant_name,
        procedure_name=procedure_name,
        due_at=task.due_at,
        paused=task.paused,
        documents=tuple(SeenDocument(one.id, _title(one), one.file_digest) for one in documents),
        title=_title(document) if document else step.name,
        needs_key=document is not None and action.kind in BY_KEY and _is_result(step, document),
        checklist=step.checklist,
        is_own_draft=bool(step.differs_from) and drafted_by is not None and drafted_by == actor.person_id,
        is_own_hand=hand_before is not None and hand_before == actor.person_id,
    )


def _is_result(step: Step, document: Document) -> bool:
    """An agency that is asked signs its opinion in the portal; results are signed as documents."""
    return step.consultation is None and document.kind == RESULT and document.number is None


def _hand_before(document: Document, action: Action) -> UUID | None:
    """Who did what comes before this act on the document."""
    if action.kind is ActionKind.SIGN:
        return document.initialled_by
    return document.signed_by if action.kind is ActionKind.ISSUE else None


def _title(document: Document) -> Text:
    """A list that has its number already is told from others by it."""
    number = f" {reference(document.number, document.series or '')}" if document.number is not None else ""
    return Text(document.title + number, document.title_en + number if document.title_en else "")
