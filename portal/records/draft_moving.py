"""Drafts follow their procedure to its newest version: every answer that still fits stays, the rest is asked again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from portal.catalogue import queries as catalogue
from portal.catalogue.mapping import VersionMapping, fields_of, propose
from portal.catalogue.types import Field, Page, Procedure
from portal.core import clock
from portal.core.actor import SYSTEM
from portal.core.unit_of_work import reading, unit_of_work
from portal.jobs import service as jobs
from portal.records.answers import faults_of_page, fits
from portal.records.facts import facts_of_answers
from portal.records.models import Draft, DraftPaper

BATCH = 200
"""Drafts of one job."""


@dataclass(frozen=True)
class MovedDraft:
    """The draft as it will be; `slots` are the papers that stay, under their new names."""

    answers: Mapping[str, Any]
    pages_done: tuple[str, ...]
    slots: Mapping[str, str]


def moved_draft(
    answers: Mapping[str, Any],
    pages_done: Iterable[str],
    old: Procedure,
    new: Procedure,
    mapping: VersionMapping,
    *,
    facts: Mapping[str, Any],
) -> MovedDraft:
    """A page stays done when it asks what it asked before, and the answers are right. `facts` say what day it is."""
    fields = fields_of(new)
    kept = {
        mapping.fields[name]: value
        for name, value in answers.items()
        if name in mapping.fields and fits(fields[mapping.fields[name]], value)
    }
    answered = facts_of_answers(kept)
    facts = {**facts, "form": answered["form"], "applicant": answered["applicant"]}
    before = {
        mapping.fields[name]: replace(item, id=mapping.fields[name])
        for name, item in fields_of(old).items()
        if name in mapping.fields
    }
    done = set(pages_done)
    return MovedDraft(
        answers=kept,
        pages_done=tuple(page.id for page in new.pages if page.id in done and _is_the_same(page, before, kept, facts)),
        slots=mapping.papers,
    )


def _is_the_same(page: Page, before: Mapping[str, Field], answers: Mapping[str, Any], facts: Mapping[str, Any]) -> bool:
    asked_alike = all(before.get(item.id) == item for item in page.fields)
    return asked_alike and not any(not fault.warns for fault in faults_of_page(page, answers, facts))


def move_drafts(arguments: Mapping[str, str], *, now: datetime) -> None:
    """The job: bring drafts of a procedure to its newest version, some at a time."""
    with reading(SYSTEM) as session:
        named = catalogue.version(session, UUID(arguments["version_id"]))
        newest = catalogue.get_procedure(session, named.procedure.code)
        waiting = (
            select(Draft.id)
            .where(
                Draft.procedure_code == newest.procedure.code,
                Draft.version_id != newest.version_id,
                Draft.submitted_at.is_(None),
            )
            .order_by(Draft.id)
        )
        draft_ids = session.scalars(waiting.limit(BATCH + 1)).all()
    for draft_id in draft_ids[:BATCH]:
        with unit_of_work(SYSTEM) as session:
            _move(session, draft_id, newest, now=now)
    if len(draft_ids) > BATCH:
        with unit_of_work(SYSTEM) as session:
            jobs.owe(
                session, "move_drafts", arguments=arguments, now=now, natural_key=f"{newest.version_id}:{draft_ids[-1]}"
            )


def _move(session: Session, draft_id: UUID, newest: catalogue.PublishedProcedure, *, now: datetime) -> None:
    draft = session.scalars(select(Draft).where(Draft.id == draft_id).with_for_update()).one_or_none()
    if draft is None or draft.submitted_at is not None or draft.version_id == newest.version_id:
        return
    old = catalogue.version(session, draft.version_id).procedure
    mapping = propose(old, newest.procedure)
    facts = facts_of_answers({}, today=clock.local_day(now))
    found = moved_draft(draft.answers, draft.pages_done, old, newest.procedure, mapping, facts=facts)
    draft.version_id = newest.version_id
    draft.answers = dict(found.answers)
    draft.pages_done = list(found.pages_done)
    draft.last_page = draft.last_page if draft.last_page in {page.id for page in newest.procedure.pages} else None
    session.execute(
        delete(DraftPaper).where(DraftPaper.draft_id == draft_id, DraftPaper.slot.not_in(list(found.slots)))
    )
    for slot, renamed in found.slots.items():
        if slot != renamed:
            paper = (DraftPaper.draft_id == draft_id, DraftPaper.slot == slot)
            session.execute(update(DraftPaper).where(*paper).values(slot=renamed))


KINDS = {"move_drafts": move_drafts}
