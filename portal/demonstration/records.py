"""Sample records in every state: the past weeks of the city, replayed in the order in which things happened.

All in one transaction: either every record is there or none, and what was owed in between has been done in its time.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from portal.accounts import queries as accounts
from portal.accounts.models import Person
from portal.calendars import queries as calendars
from portal.catalogue import queries as catalogue
from portal.catalogue.types import Procedure
from portal.core import clock
from portal.core.actor import SYSTEM, Actor, ActorKind
from portal.core.unit_of_work import all_or_nothing, reading, unit_of_work
from portal.delivery import operator
from portal.demonstration.applicants import Matter, answers_for, person_named
from portal.demonstration.papers import draw_paper, specimens
from portal.demonstration.plausible import REASONS, reason_for
from portal.demonstration.posting import WHOLE_WAY, carry
from portal.demonstration.replaying import Past, spare_drawings
from portal.demonstration.stories import (
    POSTING,
    Story,
    asked_items,
    drafts,
    hours_before,
    moments,
    stories,
    waiting_for_signature,
)
from portal.demonstration.walking import StoredPaper, Walk, fill_in, official_for, send
from portal.files import service as files
from portal.records import service
from portal.records.answers import asked_papers
from portal.records.delivering import ways_offered
from portal.records.facts import facts_of_answers
from portal.records.models import Record
from portal.records.transfers import list_transfers
from portal.records.types import ONLINE, POST, ActionAnswers
from portal.units import queries as units

log = logging.getLogger(__name__)

_ASKED_MORE = {
    "agencies": ["fire"],
    "question": "Nhà có kinh doanh ở tầng 1. Đề nghị cho ý kiến về lối thoát nạn và khoảng cách tới nhà bên cạnh.",
}
"""What more is asked, and of whom."""

SUBMITS, PAYS, PAPER = "submits", "pays", "paper"
PAYS_AFTER = timedelta(minutes=4)

CODES = {"tax_code": "32A8008{number:03d}", "personal_number": "092226900{number:03d}"}
"""What registers answer; no person has this number."""


@dataclass
class Telling:
    """A story being replayed."""

    story: Story
    procedure: Procedure
    owner: Actor
    organisation_id: UUID | None
    answers: dict[str, Any] = field(default_factory=dict)
    walk: Walk | None = None

    @property
    def started(self) -> Walk:
        if self.walk is None:
            raise LookupError("the record is not there yet")
        return self.walk


@dataclass(frozen=True)
class Happening:
    """What happened to a record at some time: submits, pays, or step.action."""

    at: datetime
    telling: Telling
    what: str


def load_records(*, receipt_key: bytes, now: datetime) -> int:
    """Make the sample records and drafts, unless there is a record already; returns how many records were made."""
    with reading(SYSTEM) as session:
        if session.scalar(select(func.count()).select_from(Record)):
            return 0
    past = Past()
    with all_or_nothing(), calendars.calendars_that_stay():
        for draft in drafts():
            _begin(_telling(draft), now=now)
        told = [story for story in stories() if operator.is_offered() or story.form.get("return_by") != POST]
        happenings = [happening for story in told for happening in _happenings(_telling(story), now=now)]
        for happening in sorted(happenings, key=lambda happening: happening.at):
            past.work_off(until=happening.at)
            _replay(happening, receipt_key=receipt_key)
        past.work_off(until=now)
        with unit_of_work(SYSTEM) as session:
            spare_drawings(session, now=now)
    return len(told)


def bring_to_sign(count: int, *, receipt_key: bytes, now: datetime) -> None:
    """Bring so many further records to the signature of a chair, in a city that is at work: each step for itself, all
    within the last minutes, so that their documents are drawn before any backlog."""
    with reading(SYSTEM) as session:
        known = session.scalar(select(func.count()).select_from(Record)) or 0
    for story in waiting_for_signature(count, after=known):
        telling, whole = _telling(story), (SUBMITS, PAYS, *story.steps)
        for left, what in zip(range(len(whole), 0, -1), whole, strict=True):
            _replay(Happening(now - timedelta(minutes=left), telling, what), receipt_key=receipt_key)


def _telling(story: Story) -> Telling:
    who = person_named(story.who)
    with reading(SYSTEM) as session:
        person = session.scalars(select(Person).where(Person.login == who.id_number)).one()
        organisations = accounts.list_organisations(session, person.id)
        procedure = catalogue.get_procedure(session, story.procedure).procedure
    return Telling(
        story=story,
        procedure=procedure,
        owner=Actor(kind=ActorKind.CITIZEN, person_id=person.id, name=person.full_name),
        organisation_id=organisations[0].id if organisations else None,
    )


def _happenings(telling: Telling, *, now: datetime) -> Iterator[Happening]:
    story = telling.story
    with reading(SYSTEM) as session:
        calendar = calendars.working_calendar(session, now=now)
    times = moments(story, telling.procedure.process, calendar=calendar, now=now)
    yield Happening(times[0], telling, SUBMITS)
    if story.is_paid and times[0] + PAYS_AFTER <= now:
        yield Happening(times[0] + PAYS_AFTER, telling, PAYS)
    for before, at, step in zip(times, times[1:], story.steps, strict=False):
        if step in ("give.give", f"{POSTING}.order"):
            yield Happening(max(before, at - PAYS_AFTER), telling, PAYS)
        yield Happening(at, telling, step)


def _replay(happening: Happening, *, receipt_key: bytes) -> None:
    telling, at = happening.telling, happening.at
    step, _, action = happening.what.partition(".")
    if happening.what == SUBMITS:
        draft_id = _begin(telling, now=at)
        telling.walk = send(
            draft_id, owner=telling.owner, receipt_key=receipt_key, now=at, channel=telling.story.channel
        )
        telling.walk.pace, telling.walk.turn = Decimal(0), telling.story.number
        return
    telling.started.now = at
    if happening.what == PAYS:
        telling.started.pay(number=telling.story.number)
    elif happening.what == PAPER:
        _confirm_paper(telling)
    elif step == POSTING:
        carry(telling.started, action, number=telling.story.number)
    elif happening.what == "give.give" and telling.answers["return_by"] == POST:
        carry(telling.started, *WHOLE_WAY, number=telling.story.number)
    elif action == "claim":
        _claim(telling, step)
    elif not action:
        telling.started.go(step)
    elif action == "submit":
        telling.started.answer(files=_new_papers(telling))
    elif not action.startswith("⏰"):  # what a time that has run out brings about was owed, and has been done
        telling.started.go(happening.what, answers=_given(telling, step, action))


def _begin(telling: Telling, *, now: datetime) -> UUID:
    """The draft, filled in as far as the story says, with its papers."""
    story = telling.story
    if story.pages is not None:
        with reading(SYSTEM) as session:
            now = hours_before(now, story.since, calendar=calendars.working_calendar(session, now=now))
    matter = Matter(person_named(story.who), story.place, story.number, now)
    telling.answers = answers_for(story.procedure, matter, story.form)
    if telling.answers["return_by"] not in ways_offered(telling.procedure, telling.answers, outcome=None):
        telling.answers["return_by"] = ONLINE  # an old paper is taken in with the result
    slots = [paper.id for paper in asked_papers(telling.procedure, facts_of_answers(telling.answers))]
    return fill_in(
        story.procedure,
        owner=telling.owner,
        answers=telling.answers,
        papers=[] if story.pages is not None else list(_papers(telling, slots, now=now).items()),
        place=story.place,
        level=story.counter,
        now=now,
        pages=story.pages,
        comes_after=timedelta(0) if story.steps else timedelta(days=2),
        organisation_id=telling.organisation_id if telling.answers["filer"] == "org" else None,
    )


def _papers(telling: Telling, slots: list[str], *, now: datetime) -> dict[str, StoredPaper]:
    with reading(SYSTEM) as session:
        place = units.directory(session).place(telling.story.place)
    answers = {**telling.answers, "commune_name": place.name}
    if "docs" in answers:
        answers["document"] = answers["docs"][0]["title"]
    kept = {}
    for slot in slots:
        name = f"{telling.story.procedure}.{slot}"
        if name in specimens():
            drawn = draw_paper(name, answers)
            stored = files.store_produced(drawn.content)
            with unit_of_work(SYSTEM) as session:
                files.write_row(session, stored, media_type=drawn.media_type, pages=drawn.pages, now=now)
            kept[slot] = StoredPaper(stored.digest, drawn.file_name)
    return kept


def _new_papers(telling: Telling) -> Mapping[str, StoredPaper]:
    """Papers that were asked for are supplied anew; they say of themselves that they complete the record."""
    slots = [item.id for item in asked_items(telling.story.procedure) if item.kind == "paper"]
    renewed = {**telling.answers, "full_name": f"{telling.answers['full_name']} (bổ sung)"}
    before, telling.answers = telling.answers, renewed
    papers = _papers(telling, slots, now=telling.started.now)
    telling.answers = before
    return papers


def _given(telling: Telling, step: str, action: str) -> ActionAnswers | None:
    """What this story fills in with an action; None for what anybody would."""
    if action == "supplement":
        return ActionAnswers(items=asked_items(telling.story.procedure))
    if telling.procedure.process.step(step).action(action).proposes:
        return ActionAnswers(form=dict(_ASKED_MORE))
    call = telling.procedure.process.step(step).automatic
    if call is None:
        return None
    if action in REASONS:
        return ActionAnswers(reason=reason_for(telling.procedure, telling.procedure.process.step(step).action(action)))
    if call.call not in CODES:
        return ActionAnswers()
    return ActionAnswers(form={"code": CODES[call.call].format(number=telling.story.number)})


def _confirm_paper(telling: Telling) -> None:
    """The desk that has the record says that its paper has come."""
    walk = telling.started
    task = walk.open_tasks()[0]
    with reading(SYSTEM) as session:
        actor = official_for(session, task, walk.record_id, day=clock.local_day(walk.now), turn=walk.turn)
        coming = [transfer for transfer in list_transfers(session, walk.record_id) if transfer.is_on_the_way]
    with unit_of_work(actor) as session:
        service.confirm_paper(session, coming[0].id, actor=actor, now=walk.now)


def _claim(telling: Telling, step: str) -> None:
    walk = telling.started
    task = next(task for task in walk.open_tasks() if task.step == step)
    with reading(SYSTEM) as session:
        actor = official_for(session, task, walk.record_id, day=clock.local_day(walk.now), turn=walk.turn)
    with unit_of_work(actor) as session:
        service.claim_task(session, task.id, actor=actor, now=walk.now)
