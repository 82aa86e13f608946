"""Two administrators at the same moment, on connections of their own: one wins, the other is told who and when."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text

from portal.accounts.models import Person
from portal.accounts.queries import list_posts
from portal.catalogue import administration, drafting
from portal.catalogue.queries import PublishedProcedure
from portal.catalogue.service import PROCEDURES
from portal.core.actor import SYSTEM, Actor, ActorKind
from portal.core.clock import local_day
from portal.core.errors import Conflict
from portal.core.unit_of_work import reading, unit_of_work
from tests.integration.records.arranging import NOW
from tests.integration.records.conftest import database, own_database  # noqa: F401 - fixtures

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("database")]

CODE = "2.000884"
SIGNATURE = (PROCEDURES / f"{CODE}.yaml").read_text(encoding="utf-8")


def administrator(login: str) -> Actor:
    with reading(SYSTEM) as session:
        person_id, name = session.execute(select(Person.id, Person.full_name).where(Person.login == login)).one()
        posts = list_posts(session, person_id, day=local_day(NOW))
    return Actor(ActorKind.OFFICIAL, person_id=person_id, name=name, posts=posts)


def sent_by(writer: Actor, *, minutes: int) -> UUID:
    with unit_of_work(writer) as session:
        changed = SIGNATURE.replace("minutes: 5", f"minutes: {minutes}")
        draft_id = drafting.keep_definition(session, changed, actor=writer, now=NOW)
        drafting.send_definition(session, draft_id, actor=writer, now=NOW, seen_revision=1)
    return draft_id


def publishing(draft_id: UUID, *, by: Actor) -> Callable[[], PublishedProcedure]:
    def publish() -> PublishedProcedure:
        with unit_of_work(by) as session:
            return drafting.publish_definition(session, draft_id, actor=by, now=NOW, seen_revision=2, seen_number=1)

    return publish


def at_the_same_moment(*actions: Callable[[], Any]) -> list[Any]:
    together = Barrier(len(actions))

    def start(action: Callable[[], Any]) -> Any:
        together.wait()
        return action()

    with ThreadPoolExecutor(len(actions)) as people:
        started = [people.submit(start, action) for action in actions]
    return [each.exception() or each.result() for each in started]


def test_of_two_drafts_of_one_procedure_one_becomes_the_next_version() -> None:
    first, second = administrator("quantri"), administrator("quantri2")
    drafts = [sent_by(first, minutes=8), sent_by(second, minutes=9)]
    answers = at_the_same_moment(publishing(drafts[0], by=second), publishing(drafts[1], by=first))
    [won] = [answer for answer in answers if isinstance(answer, PublishedProcedure)]
    [lost] = [answer for answer in answers if isinstance(answer, Conflict)]
    assert won.number == 2
    assert lost.details["name"] in (first.name, second.name)
    assert (lost.details["number"], bool(lost.details["time"])) == (2, True)
    with reading(first) as session:
        states = {draft_id: administration.get_definition_draft(session, draft_id).state for draft_id in drafts}
        assert sorted(states.values()) == ["published", "sent"]
        assert [version.number for version in administration.list_versions(session, CODE)] == [2, 1]


def test_one_draft_is_published_or_given_back_and_never_both() -> None:
    first, second = administrator("quantri"), administrator("quantri2")
    draft_id = sent_by(first, minutes=8)

    def give_back() -> str:
        with unit_of_work(second) as session:
            drafting.return_definition(session, draft_id, reason="Sai số phút", actor=second, now=NOW, seen_revision=2)
        return "returned"

    answers = at_the_same_moment(publishing(draft_id, by=second), give_back)
    assert [isinstance(answer, Conflict) for answer in answers].count(True) == 1
    with reading(first) as session:
        draft = administration.get_definition_draft(session, draft_id)
        published = len(administration.list_versions(session, CODE)) == 2
    assert draft.state == ("published" if published else "returned")


def test_nobody_but_administrators_sees_a_draft_even_in_the_database() -> None:
    draft_id = sent_by(administrator("quantri"), minutes=8)
    leader = administrator("tp.lr1")
    with reading(leader) as session:
        assert administration.list_definition_drafts(session) == []
        assert session.execute(text("SELECT * FROM app.version_loads()")).all() == []
    with reading(administrator("quantri2")) as session:
        assert administration.get_definition_draft(session, draft_id).state == "sent"
