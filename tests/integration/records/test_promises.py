"""The promised date of a record: what moves it, what never does, and who hears of it before it is missed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from portal.calendars import queries as calendars
from portal.calendars.service import add_day, calendar_with, withdraw_day
from portal.core import clock
from portal.core.actor import SYSTEM, Actor
from portal.core.errors import Conflict, InvalidInput, NotAllowed, NotFound
from portal.core.unit_of_work import reading, unit_of_work
from portal.demonstration.walking import Walk
from portal.documents.contents import storable
from portal.notifications.jobs import KINDS as NOTIFICATIONS
from portal.notifications.queries import list_messages
from portal.records import lateness, service
from portal.records.apologies import list_apologies
from portal.records.contents.builders import BUILDERS
from portal.records.contents.gathering import writing_of
from portal.records.jobs import KINDS
from portal.records.journey import explained
from portal.records.models import Apology, Task
from portal.records.promises import other_promises
from portal.records.record_view import view_of
from portal.records.replay import differences
from portal.records.types import ActionAnswers
from portal.workflow.definition import Text
from portal.workflow.working_time import VIETNAM, DayKind, SpecialDay
from tests.integration.records.arranging import COPIES, PERMIT, at_desk, citizen, handed_in, official, procedure
from tests.integration.records.test_two_at_once import at_the_same_moment

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("database", "fresh_calendar")]

STORM = date(2026, 11, 17)
PROMISED, DAY_BEFORE = date(2026, 11, 25), datetime(2026, 11, 23, 17, tzinfo=VIETNAM)
"""Fifteen days after Monday 9 November; Tuesday the 24th is a holiday, so a working day before is Monday evening."""

DECIDES, HEAD, STRANGER = "nk.lr1", "nk.qldt.hd1", "ck.lr1"
REASON = "Cơ quan được hỏi ý kiến trả lời chậm."


@pytest.fixture
def fresh_calendar() -> Any:
    calendars.forget_calendars()
    yield
    calendars.forget_calendars()


def decree(day: date, *, now: datetime, kind: DayKind = DayKind.OFF) -> Any:
    with unit_of_work(SYSTEM) as session:
        return add_day(session, day, kind=kind, name=Text("Nghỉ tránh bão"), source="12/CĐ", actor=SYSTEM, now=now)


def promised(walk: Walk) -> date:
    due_at = walk.file().record.due_at
    assert due_at is not None
    return clock.local_day(due_at)


def book(now: datetime) -> Any:
    with reading(SYSTEM) as session:
        return calendars.calendar_book(session, now=now)


def explained_days(walk: Walk, *, now: datetime) -> list[date]:
    lines: Any = explained(view_of(walk.file()), procedure(PERMIT), book(now), now=now)
    return [line.day for line in lines if line.counted]


def test_a_decision_moves_no_date_that_was_promised() -> None:
    walk = at_desk()
    before = explained_days(walk, now=walk.now)
    later = walk.now + timedelta(hours=1)
    decree(PROMISED, now=later)
    assert promised(walk) == PROMISED
    assert explained_days(walk, now=later) == before
    second = handed_in()
    second.now = later + timedelta(minutes=5)
    assert promised(second.go("receive.accept")) == date(2026, 11, 26)


def test_what_would_be_another_date_today_is_listed_and_nothing_changes() -> None:
    walk = at_desk()
    later = walk.now + timedelta(hours=1)
    with reading(SYSTEM) as session:
        tried = calendar_with(session, [SpecialDay(PROMISED, DayKind.OFF, Text("Bão"))], now=later)
        assert list(other_promises(session, now=later)) == []
        before = list(other_promises(session, now=later, calendar=tried))
    decree(PROMISED, now=later)
    with reading(SYSTEM) as session:
        [after] = other_promises(session, now=later)
    assert before == [after]
    assert (after.code, clock.local_day(after.due_at)) == (walk.file().record.code, PROMISED)
    assert clock.local_day(after.would_be) == date(2026, 11, 26)
    assert promised(walk) == PROMISED


def test_what_is_left_after_a_pause_is_promised_with_what_is_known_then() -> None:
    """Two storms are decreed during the pause: one before the answer, one after. Only the later one counts."""
    walk = at_desk().supplement("appraise")
    walk.now += timedelta(days=7)
    decree(date(2026, 11, 12), now=walk.now - timedelta(days=3))
    decree(date(2026, 11, 30), now=walk.now - timedelta(days=2))
    walk.answer()
    assert promised(walk) == date(2026, 12, 1)  # the 30th would have been the day
    storm = decree(date(2026, 12, 1), now=walk.now + timedelta(hours=1))
    assert promised(walk) == date(2026, 12, 1)
    assert max(explained_days(walk, now=walk.now + timedelta(days=1))) == date(2026, 11, 30)  # calendar days
    with unit_of_work(SYSTEM) as session:
        withdraw_day(session, storm, source="13/CĐ", actor=SYSTEM, now=walk.now + timedelta(hours=2))
    assert differences(walk.file()) == []


def test_steps_count_in_the_hours_of_their_unit() -> None:
    walk = handed_in()
    counter = walk.file().record.received_unit_id
    with unit_of_work(SYSTEM) as session:
        add_day(
            session, date(2026, 11, 10), kind=DayKind.OFF, name=Text("Mất điện"), source="1/TB", unit_id=counter,
            actor=SYSTEM, now=walk.now,
        )  # fmt: skip
    late = handed_in()
    due = {one.file().record.reception_due_at for one in (walk, late)}
    assert {clock.local(moment).strftime("%d %H:%M") for moment in due} == {"10 08:12", "11 08:12"}
    assert clock.local_day(late.file().open_tasks[0].due_at) == date(2026, 11, 11)


def test_an_extension_moves_the_date_once_and_says_so() -> None:
    walk = at_desk(COPIES, step="compare")
    before = promised(walk)
    walk.go("compare.longer")
    file = walk.file()
    assert (before, promised(walk)) == (date(2026, 11, 9), date(2026, 11, 11))
    event = file.events[-1]
    assert (event.details["was_due_at"][:10], event.details["due_at"][:10]) == ("2026-11-09", "2026-11-11")
    assert differences(file) == []
    assert {task.record_due_at for task in open_rows(walk)} == {file.record.due_at}
    with unit_of_work(SYSTEM) as session:
        told = session.execute(text("SELECT arguments FROM job WHERE natural_key = :event"), {"event": str(event.id)})
    [arguments] = told.scalars()
    NOTIFICATIONS["tell_applicant"](arguments, now=walk.now)
    with reading(citizen()) as session:
        newest = list_messages(session, actor=citizen())[0]
    assert newest.kind == "extended"
    assert "Ngày hẹn trả mới: thứ Tư 11/11/2026, trước là thứ Hai 9/11/2026." in newest.text.body.vi


def test_a_term_that_has_run_out_is_not_extended() -> None:
    walk = at_desk(COPIES, step="compare")
    walk.now += timedelta(days=2)
    with pytest.raises(InvalidInput, match="thư xin lỗi"):
        walk.go("compare.longer", answers=ActionAnswers(reason="Nhiều trang."))
    assert promised(walk) == date(2026, 11, 9)


def open_rows(walk: Walk) -> list[Task]:
    with reading(SYSTEM) as session:
        wanted = select(Task).where(Task.record_id == walk.record_id, Task.closed_at.is_(None))
        return list(session.scalars(wanted))


def look(now: datetime) -> None:
    KINDS["watch_due_dates"]({}, now=now)


def told_to(login: str) -> list[str]:
    who = official(login)
    with reading(who) as session:
        return [message.text.subject.vi for message in list_messages(session, actor=who)]


def run_jobs(kind: str, *, now: datetime) -> int:
    with reading(SYSTEM) as session:
        owed = list(session.scalars(text("SELECT arguments FROM job WHERE kind = :kind"), {"kind": kind}))
    for arguments in owed * 2:
        NOTIFICATIONS[kind](arguments, now=now)
    return len(owed)


def foreseen(walk: Walk) -> int:
    return sum(event.kind == lateness.FORESEEN for event in walk.file().events)


def test_head_and_leader_are_told_a_working_day_before_and_once() -> None:
    walk = at_desk()
    look(DAY_BEFORE - timedelta(minutes=1))
    assert foreseen(walk) == 0
    at_the_same_moment(*[lambda: look(DAY_BEFORE)] * 3)
    look(DAY_BEFORE + timedelta(hours=20))
    assert foreseen(walk) == 1
    assert run_jobs("tell_officials", now=DAY_BEFORE) == 1
    subject = f"Hồ sơ {walk.file().record.code} sẽ không kịp hẹn"
    assert [told_to(login) for login in (DECIDES, HEAD, STRANGER)] == [[subject], [subject], []]
    assert not walk.file().events[-1].for_applicant
    assert differences(walk.file()) == []


def test_a_date_that_can_be_kept_troubles_nobody() -> None:
    walk = at_desk().go("appraise.ask", "ask_ok.send", "site.done", "plan.answer", "plan_sign.sign")
    walk.go("conclude.draft", "review.initial", "sign.sign")
    look(DAY_BEFORE)
    assert foreseen(walk) == 0
    look(datetime(2026, 11, 25, 17, 1, tzinfo=VIETNAM))  # the seal did not come after all
    assert foreseen(walk) == 1


def test_a_record_that_stands_still_or_is_done_is_left_alone() -> None:
    waiting = at_desk().supplement("appraise")
    look(DAY_BEFORE + timedelta(days=5))
    assert foreseen(waiting) == 0


def prepared(walk: Walk) -> Apology:
    with reading(SYSTEM) as session:
        return session.scalars(select(Apology).where(Apology.record_id == walk.record_id)).one()


def late_permit() -> tuple[Walk, Apology]:
    walk = at_desk()
    walk.now = DAY_BEFORE
    look(walk.now)
    return walk, prepared(walk)


def sign(apology: Apology, who: Actor, *, now: datetime, reason: str = REASON, day: date | None = None) -> datetime:
    with unit_of_work(who) as session:
        return service.sign_apology(
            session, apology.id, reason=reason, day=day or apology.proposed_day, actor=who, now=now
        )


def written(walk: Walk, apology: Apology) -> dict[str, Any]:
    with reading(SYSTEM, consistent=True) as session:
        writing = writing_of(session, walk.record_id, apology.document_id, now=walk.now)
        return storable("apology", BUILDERS["apology"](writing))


def test_the_apology_is_prepared_with_a_day_that_the_steps_that_are_left_allow() -> None:
    walk, apology = late_permit()
    draft = written(walk, apology)
    assert apology.proposed_day > PROMISED
    with reading(SYSTEM) as session:
        assert calendars.working_calendar(session, now=walk.now).is_working_day(apology.proposed_day)
    assert (draft["reason"], draft["new_day"]) == ("", apology.proposed_day.isoformat())
    assert draft["was_due_at"].startswith("2026-11-25")
    waiting = {login: _waits_for(login) for login in (DECIDES, HEAD, STRANGER)}
    assert waiting == {DECIDES: [walk.file().record.code], HEAD: [], STRANGER: []}


def _waits_for(login: str) -> list[str]:
    who = official(login)
    with reading(who) as session:
        return [letter.record_code for letter in list_apologies(session, actor=who)]


def test_signing_moves_the_promised_date_with_the_event_that_says_why() -> None:
    walk, apology = late_permit()
    new_due = sign(apology, official(DECIDES), now=walk.now)
    file = walk.file()
    event = file.events[-1]
    assert file.record.due_at == new_due
    assert clock.local_day(new_due) == apology.proposed_day
    assert (event.kind, event.reason, event.for_applicant) == ("apology_signed", REASON, True)
    assert differences(file) == []
    assert {task.record_due_at for task in open_rows(walk)} == {new_due}
    letter = next(document for document in file.documents if document.id == apology.document_id)
    assert (letter.reference, letter.for_applicant, letter.signed_by) == (
        "01/PXL", True, official(DECIDES).person_id,
    )  # fmt: skip
    assert written(walk, apology)["reason"] == REASON
    assert max(explained_days(walk, now=walk.now)) == apology.proposed_day
    assert _waits_for(DECIDES) == []
    run_jobs("tell_applicant", now=walk.now)
    with reading(citizen()) as session:
        newest = list_messages(session, actor=citizen())[0]
    assert newest.kind == "apology"
    assert f"Lý do: {REASON}" in newest.text.body.vi
    assert "trước là thứ Tư 25/11/2026" in newest.text.body.vi


def test_a_result_is_promised_anew_only_once() -> None:
    walk, apology = late_permit()
    leader = official(DECIDES)
    first, second = at_the_same_moment(*[lambda: sign(apology, leader, now=walk.now)] * 2)
    assert isinstance(first, Conflict) is not isinstance(second, Conflict)
    assert sum(event.kind == "apology_signed" for event in walk.file().events) == 1
    walk.now = datetime(2026, 12, 28, 9, tzinfo=VIETNAM)
    look(walk.now)
    assert foreseen(walk) == 2  # head and leader hear of the second date too
    assert prepared(walk).signed_at is not None
    assert _waits_for(DECIDES) == []


@pytest.mark.parametrize("login", [HEAD, STRANGER])
def test_only_the_leader_who_decides_signs(login: str) -> None:
    walk, apology = late_permit()
    with pytest.raises((NotAllowed, NotFound)):
        sign(apology, official(login), now=walk.now)
    assert promised(walk) == PROMISED


@pytest.mark.parametrize(
    ("reason", "day", "field"),
    [
        (" ", None, "reason"),
        (REASON, PROMISED, "day"),
        (REASON, date(2026, 11, 29), "day"),
        (REASON, date(2026, 11, 20), "day"),
        ("x" * 1001, None, "reason"),
    ],
)
def test_an_apology_names_a_reason_and_a_day_that_is_worked(reason: str, day: date | None, field: str) -> None:
    walk, apology = late_permit()
    with pytest.raises(InvalidInput) as refused:
        sign(apology, official(DECIDES), now=walk.now, reason=reason, day=day)
    assert refused.value.field == field
    assert promised(walk) == PROMISED


def test_a_pause_after_the_apology_puts_the_new_day_off_and_nothing_else() -> None:
    walk, apology = late_permit()
    walk.now += timedelta(hours=15)
    new_day = clock.local_day(sign(apology, official(DECIDES), now=walk.now))
    decree(new_day, now=walk.now + timedelta(minutes=5))  # whatever is decided now
    assert promised(walk) == new_day
    walk.now = datetime(2026, 11, 26, 9, tzinfo=VIETNAM)
    walk.supplement("appraise")
    walk.now += timedelta(days=1)
    walk.answer()
    assert promised(walk) > new_day
    assert differences(walk.file()) == []


def test_an_apology_that_nobody_needs_any_more_goes() -> None:
    walk, apology = late_permit()
    walk.go("appraise.ask", "ask_ok.send", "site.done", "plan.answer", "plan_sign.sign")
    walk.go("conclude.draft", "review.initial", "sign.sign", "stamp.issue")
    assert _waits_for(DECIDES) == []
    with pytest.raises(Conflict):
        sign(apology, official(DECIDES), now=walk.now)
    look(walk.now)
    assert prepared(walk).dropped_at == walk.now


def test_a_letter_follows_the_date_when_a_pause_moves_it() -> None:
    walk, apology = late_permit()
    walk.supplement("appraise")
    walk.now += timedelta(days=7)
    walk.answer()
    with unit_of_work(SYSTEM) as session:
        lateness.drop_apologies(session, now=walk.now)
    assert _waits_for(DECIDES) == []
    assert prepared(walk).dropped_at == walk.now
    due_at = walk.file().record.due_at
    assert due_at is not None
    assert due_at > apology.was_due_at
    look(walk.now)  # the new date is a day away, and cannot be kept either
    again = prepared(walk)
    assert (again.id, again.was_due_at, again.dropped_at) == (apology.id, due_at, None)
    assert again.proposed_day > clock.local_day(due_at)
    assert _waits_for(DECIDES) == [walk.file().record.code]
    assert written(walk, again)["was_due_at"].startswith(clock.local_day(due_at).isoformat())
