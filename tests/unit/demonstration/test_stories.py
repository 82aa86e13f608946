"""When sample records happen, whatever the moment of loading."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from portal.accounts import identity
from portal.catalogue.loader import load
from portal.catalogue.service import PROCEDURES
from portal.core.clock import CITY
from portal.delivery import operator
from portal.demonstration.applicants import MOST, Matter, answers_for, applicants, person_named
from portal.demonstration.papers import draw_paper, specimens
from portal.demonstration.stories import Story, moments, stories, waiting_for_signature
from portal.files.kinds import examine
from portal.records.answers import asked_papers, faults_of
from portal.records.facts import facts_of_answers
from portal.records.visits import booking_field
from portal.workflow.working_time import WorkingCalendar

CALENDAR = WorkingCalendar()
LOADED = {file.stem: load(file.read_text(encoding="utf-8"), file.name) for file in sorted(PROCEDURES.glob("*.yaml"))}
MOMENTS_OF_LOADING = [
    datetime(2026, 11, 22, 6, 35, tzinfo=CITY),  # a Sunday before dawn
    datetime(2026, 11, 23, 7, 1, tzinfo=CITY),  # the first minute of a week
    datetime(2026, 11, 25, 12, 10, tzinfo=CITY),  # at lunch
    datetime(2026, 11, 27, 16, 59, tzinfo=CITY),  # the last minute of a week
]


@pytest.mark.parametrize("now", MOMENTS_OF_LOADING)
def test_everything_happens_in_working_hours_in_order_and_before_now(now: datetime) -> None:
    for story in stories():
        found = moments(story, LOADED[story.procedure].process, calendar=CALENDAR, now=now)
        assert len(found) == len(story.steps) + 1
        assert list(found) == sorted(found)
        assert found[-1] <= now
        for moment, step in zip(found, ("", *story.steps), strict=True):
            if "⏰" not in step:
                sessions = CALENDAR.sessions_on(moment.date())
                assert any(starts <= moment <= ends for starts, ends in sessions), (story, step, moment)


def test_a_record_lies_where_it_is_as_long_as_the_story_says() -> None:
    now = datetime(2026, 11, 25, 15, 0, tzinfo=CITY)
    for story in stories():
        last = moments(story, LOADED[story.procedure].process, calendar=CALENDAR, now=now)[-1]
        lain = CALENDAR.working_hours_between(last, now)
        assert story.since <= lain < story.since + 9


@pytest.mark.parametrize(
    "story", [*stories(), *waiting_for_signature(3, after=900)], ids=lambda story: f"{story.number}-{story.procedure}"
)
def test_every_form_is_complete(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operator, "is_offered", lambda: story.form.get("return_by") == "post")
    procedure = LOADED[story.procedure]
    matter = Matter(person_named(story.who), story.place, story.number, datetime(2026, 11, 20, 9, tzinfo=CITY))
    answers = answers_for(story.procedure, matter, story.form)
    if booking := booking_field(procedure):  # the first free time of the counter, known when it is loaded
        answers[booking.id] = "2026-11-24T08:30"
    slots = [paper.id for paper in asked_papers(procedure, facts_of_answers(answers))]
    drawn = [slot for slot in slots if f"{story.procedure}.{slot}" in specimens()]
    faults = faults_of(procedure, answers, slots=drawn, today=date(2026, 11, 20))
    assert [fault for fault in faults if not fault.warns] == []
    assert answers["phone"] == identity.shown_phone(answers["phone"])  # as the form keeps what people type


def test_nobody_submits_who_could_be_somebody() -> None:
    people = list(applicants())
    assert len({person.id_number for person in people}) == len({person.phone for person in people}) == MOST
    assert all(" Mẫu " in person.name for person in people)


@pytest.mark.parametrize("name", sorted(specimens()))
def test_a_sample_paper_would_be_accepted_as_an_upload(name: str, tmp_path: Path) -> None:
    drawn = draw_paper(name, {"full_name": "Nguyễn Mẫu An", "floors_above": "3"})
    file = tmp_path / drawn.file_name
    file.write_bytes(drawn.content)
    examined = examine(file, file_name=drawn.file_name, formats=("pdf", "jpg"))
    assert (examined.media_type, examined.pages) == (drawn.media_type, drawn.pages)
    assert len(drawn.content) < 400_000


def test_agencies_are_asked_again_and_one_question_waits_for_its_approval() -> None:
    asked_more = [story.steps for story in stories() if "conclude.ask_more" in story.steps]
    assert sorted("more_ok.send" in steps for steps in asked_more) == [False, True]
    (again,) = (steps for steps in asked_more if "more_ok.send" in steps)
    assert again.count("fire.answer") == 2
