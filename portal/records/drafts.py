"""Drafts: what an applicant has typed and uploaded so far. Everything goes to the server; nothing typed is lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.catalogue import queries as catalogue
from portal.catalogue.queries import PublishedProcedure
from portal.core import clock
from portal.core.actor import Actor
from portal.core.errors import Conflict, NotAllowed, NotFound
from portal.core.references import new_id
from portal.records.models import Draft, DraftPaper
from portal.records.provenance import Provenance, of_row

KEPT_DAYS = 30
NOTHING_KNOWN = Provenance()


@dataclass(frozen=True)
class DraftView:
    """A draft as pages show it."""

    id: UUID
    owner_id: UUID
    version_id: UUID
    procedure_code: str
    place: str
    received_unit_id: UUID
    answers: Mapping[str, Any]
    consented_at: datetime | None
    pages_done: tuple[str, ...]
    last_page: str | None
    updated_at: datetime
    expires_on: date
    submitted_at: datetime | None
    papers: tuple[PaperView, ...]

    def papers_of(self, slot: str) -> tuple[PaperView, ...]:
        return tuple(paper for paper in self.papers if paper.slot == slot)


@dataclass(frozen=True)
class PaperView:
    """A file in a slot."""

    id: UUID
    slot: str
    position: int
    digest: str
    file_name: str
    at: datetime
    known: Provenance = NOTHING_KNOWN


def start_draft(
    session: Session,
    published: PublishedProcedure,
    *,
    place: str,
    received_unit_id: UUID,
    answers: Mapping[str, Any],
    actor: Actor,
    now: datetime,
    organisation_id: UUID | None = None,
    has_consent: bool = False,
) -> UUID:
    """Begin filling in. `answers` are those already known (name, number, address of the person signed in).

    has_consent: the applicant lets registers be asked for papers; its moment is kept.
    """
    if actor.person_id is None:
        raise NotAllowed("Đăng nhập để làm hồ sơ.")
    draft_id = new_id()
    session.add(
        Draft(
            id=draft_id,
            owner_id=actor.person_id,
            organisation_id=organisation_id,
            version_id=published.version_id,
            procedure_code=published.procedure.code,
            place=place,
            received_unit_id=received_unit_id,
            answers=dict(answers),
            consented_at=now if has_consent else None,
            pages_done=[],
            created_at=now,
            updated_at=now,
            expires_on=clock.local_day(now) + timedelta(days=KEPT_DAYS),
        )
    )
    return draft_id


def save_page(
    session: Session,
    draft_id: UUID,
    page_id: str,
    answers: Mapping[str, Any],
    *,
    is_done: bool,
    actor: Actor,
    now: datetime,
) -> None:
    """Keep the answers of one page, right or wrong; `is_done` when nothing on it needs mending.

    Raises NotFound, and Conflict when the draft has been submitted.
    """
    draft = _mine(session, draft_id)
    draft.answers = {**draft.answers, **answers}
    done = [page for page in draft.pages_done if page != page_id]
    draft.pages_done = [*done, page_id] if is_done else done
    draft.last_page = page_id
    _touch(draft, now)


def set_places(
    session: Session, draft_id: UUID, *, place: str, received_unit_id: UUID, actor: Actor, now: datetime
) -> None:
    """Where the matter lies and which counter receives it."""
    draft = _mine(session, draft_id)
    draft.place = place
    draft.received_unit_id = received_unit_id
    _touch(draft, now)


def set_consent(session: Session, draft_id: UUID, *, has_consent: bool, actor: Actor, now: datetime) -> None:
    """Let registers be asked for papers, or no longer. A consent that stands keeps its moment. Safe to repeat.

    Raises NotFound, and Conflict when the draft has been submitted.
    """
    draft = _mine(session, draft_id)
    if has_consent != (draft.consented_at is not None):
        draft.consented_at = now if has_consent else None
    _touch(draft, now)


def add_paper(
    session: Session,
    draft_id: UUID,
    slot: str,
    *,
    digest: str,
    file_name: str,
    most: int,
    actor: Actor,
    now: datetime,
    known: Provenance = NOTHING_KNOWN,
) -> UUID:
    """Put a stored file into a slot. The same file in the same slot is there once.

    Raises NotFound, and Conflict when the slot is full or the draft has been submitted.
    """
    draft = _mine(session, draft_id)
    papers = session.scalars(
        select(DraftPaper).where(DraftPaper.draft_id == draft_id, DraftPaper.slot == slot).order_by(DraftPaper.position)
    ).all()
    for paper in papers:
        if paper.file_digest == digest:
            return paper.id
    if len(papers) >= most:
        raise Conflict("Mục này đã đủ %(count)s tệp. Xóa bớt một tệp rồi tải lên.", count=most)
    paper_id = new_id()
    session.add(
        DraftPaper(
            id=paper_id,
            draft_id=draft_id,
            owner_id=draft.owner_id,
            slot=slot,
            position=(papers[-1].position + 1) if papers else 1,
            file_digest=digest,
            file_name=file_name,
            uploaded_at=now,
            **known.as_columns(),
        )
    )
    _touch(draft, now)
    return paper_id


def remove_paper(session: Session, draft_id: UUID, paper_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Take a file out of its slot; the stored content stays until nothing refers to it."""
    _touch(_mine(session, draft_id), now)
    session.execute(delete(DraftPaper).where(DraftPaper.id == paper_id, DraftPaper.draft_id == draft_id))


def delete_draft(session: Session, draft_id: UUID, *, actor: Actor) -> None:
    """Throw the draft away, as its owner asked."""
    _mine(session, draft_id)
    session.execute(delete(DraftPaper).where(DraftPaper.draft_id == draft_id))
    session.execute(delete(Draft).where(Draft.id == draft_id))


def get_draft(session: Session, draft_id: UUID) -> DraftView:
    """The draft with its papers; NotFound when it is not the actor's (row-level security)."""
    draft = session.get(Draft, draft_id)
    if draft is None:
        raise NotFound("Không thấy bản nháp này.")
    papers = session.scalars(
        select(DraftPaper).where(DraftPaper.draft_id == draft_id).order_by(DraftPaper.slot, DraftPaper.position)
    )
    return _view(draft, tuple(_paper(paper) for paper in papers))


def list_drafts(session: Session, *, actor: Actor) -> list[DraftView]:
    """The drafts the actor has not sent yet, newest first."""
    rows = session.scalars(
        select(Draft)
        .where(Draft.owner_id == actor.person_id, Draft.submitted_at.is_(None))
        .order_by(Draft.updated_at.desc(), Draft.id)
    )
    return [_view(draft, ()) for draft in rows]


def procedure_of(session: Session, draft: DraftView) -> PublishedProcedure:
    """The version that the draft was begun with."""
    return catalogue.version(session, draft.version_id)


def _mine(session: Session, draft_id: UUID) -> Draft:
    draft = session.scalars(select(Draft).where(Draft.id == draft_id).with_for_update()).one_or_none()
    if draft is None:
        raise NotFound("Không thấy bản nháp này.")
    if draft.submitted_at is not None:
        raise Conflict("Hồ sơ này đã gửi. Mở Hồ sơ của tôi để xem.")
    return draft


def _touch(draft: Draft, now: datetime) -> None:
    draft.updated_at = now
    draft.expires_on = clock.local_day(now) + timedelta(days=KEPT_DAYS)


def _paper(paper: DraftPaper) -> PaperView:
    return PaperView(
        paper.id, paper.slot, paper.position, paper.file_digest, paper.file_name, paper.uploaded_at, of_row(paper)
    )


def _view(draft: Draft, papers: tuple[PaperView, ...]) -> DraftView:
    return DraftView(
        id=draft.id,
        owner_id=draft.owner_id,
        version_id=draft.version_id,
        procedure_code=draft.procedure_code,
        place=draft.place,
        received_unit_id=draft.received_unit_id,
        answers=draft.answers,
        consented_at=draft.consented_at,
        pages_done=tuple(draft.pages_done),
        last_page=draft.last_page,
        updated_at=draft.updated_at,
        expires_on=draft.expires_on,
        submitted_at=draft.submitted_at,
        papers=papers,
    )
