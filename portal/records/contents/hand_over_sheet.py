"""The slip of hand-over at the counter: what is given, to whom, and a place for both signatures.

Printed before the result is given, it leaves free what nobody knows yet; afterwards it says who came.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from portal.catalogue import giving
from portal.core import clock
from portal.documents.rendering import Printed, print_page
from portal.records.archive import GIVEN
from portal.records.collecting import collecting
from portal.records.contents.writing import counter_head_of
from portal.records.delivering import giving_task
from portal.records.desk import Desk
from portal.records.models import RecordEvent
from portal.records.types import COUNTER, RecordState

TITLE = "Giấy giao nhận kết quả"


def has_slip(desk: Desk) -> bool:
    """While the result is given at a counter, and after it was."""
    return given_by(desk) is not None or _lies_there(desk)


def hand_over_slip(desk: Desk, *, giver: str, now: datetime) -> bytes:
    """A4 as PDF. `giver`: who prints it, when nobody has given it yet."""
    record, directory = desk.file.record, desk.grounds.directory
    given = given_by(desk)
    unit = directory.unit((given.unit_id if given else None) or record.return_unit_id)
    day = clock.local_day(given.at if given else now)
    form = (given.details.get("form") or {}) if given else {}
    asked = collecting(desk.grounds.procedure, record.answers, outcome=record.outcome)
    values: dict[str, Any] = {
        "content": counter_head_of(directory, unit, day=day),
        "document": Printed(template="hand_over", title=f"{TITLE} {record.code}", day=day),
        "title": TITLE,
        "code": record.code,
        "procedure": desk.grounds.procedure.name.vi,
        "applicant": record.applicant_name,
        "given": [f"{one.title} số {one.reference}" for one in _results(desk)],
        "taken_in": [paper.name.vi for paper in asked.taken_in],
        "giver": given.actor_name if given else giver,
        "given_at": given.at if given else None,
        "receiver": _receiver(form, record.applicant_name) if given else "",
        "authority": _authority(desk, given, form) if given else "",
        "is_authorised": form.get(giving.CAME) == giving.AUTHORISED,
        "identity_no": form.get(giving.IDENTITY_NUMBER, ""),
    }
    return print_page("sheets/hand_over.html", values)


def given_by(desk: Desk) -> RecordEvent | None:
    """The event with which somebody at a counter gave the result."""
    for event in reversed(desk.file.events):
        is_given = event.state_after == RecordState.RETURNED and event.state_before != RecordState.RETURNED
        if (is_given or event.kind == GIVEN) and giving.CAME in (event.details.get("form") or {}):
            return event
    return None


def _lies_there(desk: Desk) -> bool:
    process = desk.grounds.procedure.process
    return desk.file.record.return_by == COUNTER and giving_task(desk.file.tasks, process) is not None


def _results(desk: Desk) -> list[Any]:
    issued = [one for one in desk.file.documents if one.kind == "result" and one.number is not None]
    return [one for one in issued if one.ended_at is None]


def _receiver(form: dict[str, Any], applicant: str) -> str:
    return str(form.get("came_name") or "") if form.get(giving.CAME) == giving.AUTHORISED else applicant


def _authority(desk: Desk, given: RecordEvent, form: dict[str, Any]) -> str:
    """The paper of authorisation with its number."""
    step = desk.grounds.procedure.process.steps.get(given.step or "")
    fields = {field.id: field for action in (step.actions if step else ()) for field in action.form}
    field = fields.get("authorisation")
    choices = {choice.value: choice.label.vi for choice in field.choices} if field else {}
    said = [choices.get(str(form.get("authorisation")), ""), str(form.get("authorisation_no") or "")]
    return ", số ".join(part for part in said if part)
