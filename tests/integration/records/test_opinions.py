"""Asking other agencies: who is named as asked, what the letters say, and when an answer becomes a letter."""

from __future__ import annotations

import pytest

from portal.core import clock
from portal.core.actor import SYSTEM
from portal.core.unit_of_work import reading, unit_of_work
from portal.demonstration.walking import Walk
from portal.notifications import queries
from portal.records import positions
from portal.records.contents.builders import BUILDERS
from portal.records.contents.gathering import writing_of
from portal.records.facts import facts_of
from portal.records.record_file import DocumentView, list_tasks
from portal.units.queries import directory
from portal.workflow.definition import Text
from tests.integration.records.arranging import act, at_desk

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("database")]


@pytest.fixture
def asked() -> Walk:
    """A permit in a planning zone: one agency is asked, and the office's own people go to the site."""
    walk = at_desk()
    act(walk, "appraise", "ask")
    act(walk, "ask_ok", "send")
    return walk


def documents(walk: Walk, kind: str) -> list[DocumentView]:
    return [document for document in walk.file().documents if document.kind == kind]


def content(walk: Walk, kind: str) -> dict[str, object]:
    (document,) = documents(walk, kind)
    with reading(SYSTEM) as session:
        writing = writing_of(session, walk.record_id, document.id, now=clock.now())
        return dict(BUILDERS[document.template](writing))


def test_the_message_names_the_agency_and_not_the_office_that_asks(asked: Walk) -> None:
    with reading(SYSTEM) as session:
        told = queries.message_due(session, asked.file().events[-1].id)
    assert told is not None
    assert told.kind == "consulting"
    assert told.about.asked == Text("Sở Xây dựng thành phố Cần Thơ", "Department of Construction of Cần Thơ City")


def test_the_letter_goes_to_the_agency_with_the_question_of_its_drafter(asked: Walk) -> None:
    letter = content(asked, "letter")
    question = next(event for event in asked.file().events if event.action == "ask").details["form"]["question"]
    assert letter["addressees"] == ["Sở Xây dựng thành phố Cần Thơ"]
    assert question in letter["paragraphs"]  # type: ignore[operator]


def test_an_opinion_is_numbered_when_its_head_signs_it(asked: Walk) -> None:
    act(asked, "plan", "answer")
    assert documents(asked, "opinion") == []
    act(asked, "plan_sign", "sign")
    (opinion,) = documents(asked, "opinion")
    assert opinion.reference == "01/SXD"
    assert content(asked, "opinion")["addressees"] == ["Phòng Quản lý đô thị quận Ninh Kiều"]
    assert content(asked, "opinion")["signature"]["name"] == opinion_signer(asked)  # type: ignore[index]


def test_conditions_find_the_verdict_once_it_is_signed(asked: Walk) -> None:
    act(asked, "plan", "answer")
    assert outcomes(asked)["plan"] == "answer"
    act(asked, "plan_sign", "sign")
    assert {outcomes(asked)[step] for step in ("plan", "plan_sign")} == {"agree"}


def outcomes(walk: Walk) -> dict[str, str]:
    """As an action finds them: beside the locked record."""
    with unit_of_work(SYSTEM) as session:
        record, position = positions.lock_record(session, walk.record_id, now=clock.now())
        today, units = clock.local_day(clock.now()), directory(session)
        found: dict[str, str] = facts_of(record, position.tasks, directory=units, today=today)["outcomes"]
        again = facts_of(record, list_tasks(session, walk.record_id), directory=units, today=today)["outcomes"]
    assert found == again
    return found


def opinion_signer(walk: Walk) -> str:
    return next(event.actor_name for event in walk.file().events if event.step == "plan_sign")


def test_the_minutes_say_what_was_found_on_the_site(asked: Walk) -> None:
    act(asked, "site", "done")
    form = next(event for event in asked.file().events if event.step == "site").details["form"]
    facts = content(asked, "minutes")["facts"]
    assert {"label": "Ghi nhận tại thực địa", "value": form["findings"]} in facts  # type: ignore[operator]
    assert {"label": "Hiện trạng so với hồ sơ", "value": "Đúng như hồ sơ"} in facts  # type: ignore[operator]
