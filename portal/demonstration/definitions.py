"""Definitions being written in the demonstration: one to mend, one to decide."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from portal.accounts.models import Person
from portal.accounts.queries import list_posts
from portal.catalogue import drafting
from portal.catalogue.administration import list_definition_drafts
from portal.catalogue.service import PROCEDURES
from portal.core.actor import SYSTEM, Actor, ActorKind
from portal.core.clock import local_day
from portal.core.unit_of_work import reading, unit_of_work

WRITER = "quantri"

SENT = (
    "2.000884",
    ("hint: {vi: Ví dụ 1, en: For example 1}", "hint: {vi: Mỗi văn bản một chữ ký, en: One signature a paper}"),
    ("        max: 50", "        max: 40"),
    ("    max_files: 20", "    max_files: 30"),
    ('{value: 1, unit: same_day, cutoff: "15:00"}', '{value: 1, unit: same_day, cutoff: "14:30"}'),
    ("      role: specialist\n      hours: 0.25", "      role: specialist\n      hours: 0.5"),
)
WITH_A_MISTAKE = (
    "2.000815",
    ("competent_level: commune", "competent_level: commune\nreciever: commune"),
)
"""Code of the procedure, then passages and what takes their place."""


def load_definitions(*, now: datetime) -> None:
    """Write both drafts as the first administrator, the day before; what is there already stays as it is."""
    with reading(SYSTEM) as session:
        if list_definition_drafts(session):
            return
    writer, then = _writer(now), now - timedelta(days=1)
    with unit_of_work(writer) as session:
        drafting.keep_definition(session, _text(*WITH_A_MISTAKE), actor=writer, now=then)
        draft_id = drafting.keep_definition(session, _text(*SENT), actor=writer, now=then)
        drafting.send_definition(session, draft_id, actor=writer, now=then, seen_revision=1)


def _writer(now: datetime) -> Actor:
    with reading(SYSTEM) as session:
        person_id, name = session.execute(select(Person.id, Person.full_name).where(Person.login == WRITER)).one()
        posts = list_posts(session, person_id, day=local_day(now))
    return Actor(kind=ActorKind.OFFICIAL, person_id=person_id, name=name, posts=posts)


def _text(code: str, *passages: tuple[str, str]) -> str:
    """Raises ValueError when a passage stands there no more: the demonstration would show nothing then."""
    text = (PROCEDURES / f"{code}.yaml").read_text(encoding="utf-8")
    for before, after in passages:
        if before not in text:
            raise ValueError(f"{code} has no {before!r} any more")
        text = text.replace(before, after)
    return text
