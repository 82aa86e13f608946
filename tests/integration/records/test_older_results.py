"""Results that amend, replace or revoke an older one, named by the number that the applicant writes into the form."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from portal.core import clock
from portal.core.actor import SYSTEM
from portal.core.errors import InvalidInput
from portal.core.unit_of_work import reading
from portal.demonstration.walking import Walk
from portal.documents.contents import storable
from portal.records.contents.builders import BUILDERS
from portal.records.contents.gathering import writing_of
from portal.records.duties import duties_of
from portal.records.jobs import make_document
from portal.records.record_file import DocumentView
from portal.workflow.deadlines import WorkingCalendar
from tests.integration.records import arranging
from tests.integration.records.arranging import act, handed_in
from tests.integration.records.later_forms import CHANGE, EXTENSION, SUSPENSION, TERMINATION

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("database")]

REGISTERED = ("receive.accept", "forward.hand_over", "assign.assign")


def registered_business() -> tuple[Walk, str]:
    """A household business with its certificate, and the code that the tax office gave it."""
    walk = handed_in(arranging.HOUSEHOLD).go(*REGISTERED, "appraise.pass", "tax.⏰4h", "tax_hand.ok")
    walk.go("sign.sign", "stamp.issue")
    written(walk)
    form = next(
        event.details["form"] for event in reversed(walk.file().events) if "code" in event.details.get("form", {})
    )
    return walk, form["code"]


def finished(code: str, /, **changed: Any) -> Walk:
    """Carried to the seal along the first way that the definition's own tests go."""
    walk = handed_in(code, **changed)
    for step in (
        *REGISTERED,
        *{CHANGE: ("appraise.pass", "tax.ok"), TERMINATION: ("tax.closed", "check.draft")}.get(code, ("check.draft",)),
    ):
        act(walk, *step.split("."))
    if code == EXTENSION:
        act(walk, "review", "initial")
    walk.go("sign.sign", "stamp.issue")
    return walk


def written(walk: Walk) -> dict[str, Any]:
    """What the result says, after the worker has written it."""
    result = result_of(walk)
    make_document({"document_id": str(result.id)}, now=walk.now)
    with reading(SYSTEM, consistent=True) as session:
        writing = writing_of(session, walk.record_id, result.id, now=walk.now)
        return storable(result.template, BUILDERS[result.template](writing))


def _faults(refused: InvalidInput) -> Any:
    return refused.details["faults"]


def result_of(walk: Walk) -> DocumentView:
    result = walk.file().result
    assert result is not None
    return result


def test_the_newest_certificate_is_the_one_that_is_changed() -> None:
    """Each is issued later than the one before, under the same code."""
    old, code = registered_business()
    new = handed_in(CHANGE, code=code, items=["name"], name="Hộ kinh doanh Mẫu Bình", capital=None)
    new.now = old.now + timedelta(days=7)
    for step in (*REGISTERED, "appraise.pass", "tax.ok", "sign.sign", "stamp.issue"):
        act(new, *step.split("."))
    assert result_of(new).changes_id == result_of(old).id
    assert result_of(old).ended_at == result_of(new).issued_at


def test_a_change_replaces_the_certificate_and_keeps_what_did_not_change() -> None:
    old, code = registered_business()
    new = finished(CHANGE, code=code.lower(), items=["name"], name="Hộ kinh doanh Mẫu Bình", capital=None)
    assert result_of(old).ended_at == result_of(new).issued_at
    assert result_of(new).ended_at is None
    assert result_of(new).changes_id == result_of(old).id
    said = written(new)
    assert (said["name"], said["change"], said["capital"]) == ("Hộ kinh doanh Mẫu Bình", 1, 50_000_000)
    assert [line["code"] for line in said["lines"]] == ["5630"]
    again = finished(CHANGE, code=code, items=["name"], name="Hộ kinh doanh Mẫu Chi", capital=None)
    assert written(again)["change"] == 2
    assert result_of(new).ended_at == result_of(again).issued_at


def test_a_termination_revokes_the_certificate_and_nothing_can_change_it_any_more() -> None:
    old, code = registered_business()
    finished(TERMINATION, code=code)
    assert result_of(old).ended_at is not None
    with pytest.raises(InvalidInput) as refused:
        handed_in(SUSPENSION, code=code)
    assert "đã chấm dứt" in str([fault.sentence.vi for fault in _faults(refused.value) if not fault.warns])


def test_a_rejected_change_leaves_the_certificate_as_it_is() -> None:
    old, code = registered_business()
    walk = handed_in(CHANGE, code=code, items=["name"], name="Hộ kinh doanh Mẫu Bình", capital=None)
    walk.go(*REGISTERED, "appraise.reject", "sign.sign", "stamp.issue")
    assert result_of(old).ended_at is None
    assert result_of(walk).changes_id is None


def test_an_extension_counts_from_the_end_of_the_permit_and_the_third_is_refused() -> None:
    permit = handed_in(planning_zone=False).go(*REGISTERED, "appraise.ask", "ask_ok.send", "site.done", "land.answer")
    permit.go("land_sign.sign", "conclude.draft", "review.initial", "sign.sign", "stamp.issue")
    written(permit)
    day = clock.local_day(permit.now)
    named: dict[str, Any] = {"permit_no": "1/gpxd", "permit_date": day.isoformat()}
    first = result_of(permit).valid_until
    assert first == date(day.year + 1, day.month, day.day)
    extended = finished(EXTENSION, **named, months="6")
    assert result_of(permit).valid_until == result_of(extended).valid_until == months_after(first, 6)
    assert (written(extended)["round"], written(extended)["valid_until"]) == (1, months_after(first, 6).isoformat())
    second = finished(EXTENSION, **named, months="12")
    assert written(second)["round"] == 2
    assert result_of(permit).ended_at is None
    with pytest.raises(InvalidInput) as refused:
        handed_in(EXTENSION, **named)
    assert "đủ 2 lần" in str([fault.sentence.vi for fault in _faults(refused.value)])


def months_after(day: date, months: int) -> date:
    later = day.month - 1 + months
    return date(day.year + later // 12, later % 12 + 1, day.day)


def test_a_number_that_nobody_knows_only_warns_and_no_day_is_told_until_which_it_is_prolonged() -> None:
    walk = finished(EXTENSION, permit_no="999/GPXD")
    assert (result_of(walk).number is not None, result_of(walk).valid_until) == (True, None)


def test_a_citizen_learns_nothing_from_a_number_but_what_the_checks_say() -> None:
    registered_business()
    with reading(arranging.citizen(1)) as session:
        seen = session.execute(text("SELECT count(*) FROM document")).scalar_one()
    assert seen == 0


def test_a_suspension_leaves_the_duty_to_reopen_on_its_last_day() -> None:
    walk = finished(SUSPENSION)
    file, procedure = walk.file(), arranging.procedure(SUSPENSION)
    assert file.record.finished_at is not None
    due = duties_of(procedure, file.record.answers, finished_at=file.record.finished_at, calendar=WorkingCalendar())
    assert [(duty.id, duty.due_on) for duty in due] == [("reopen", date(2027, 2, 28))]
