"""The task list of a draft, and throwing a draft away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.calendars import queries as calendars
from portal.core import clock
from portal.core.errors import InvalidInput
from portal.core.unit_of_work import reading, unit_of_work
from portal.payments.fees import fee_lines
from portal.payments.types import FeeLineValue
from portal.records import service
from portal.web.citizen.draft_file import DraftFile, opened_draft
from portal.web.citizen.draft_parts import PartState, parts_of
from portal.web.fee_words import reasons_of
from portal.web.pages import page
from portal.web.sign_in import actor
from portal.web.translation import gettext as _
from portal.workflow.deadlines import due_at

blueprint = Blueprint("drafts", __name__)

MOMENTS = ("receiving", "return")


@dataclass(frozen=True)
class Estimate:
    """What the record would cost, and when it would be due if it were accepted now, or at the visit that was chosen."""

    fees: tuple[FeeLineValue, ...]
    due_at: datetime
    has_visit: bool

    @property
    def total(self) -> int:
        return sum(fee.amount for fee in self.fees)

    @property
    def reasons(self) -> str:
        return ". ".join(filter(None, map(reasons_of, self.fees)))


@blueprint.get("/to-khai/<uuid:draft_id>")
def show(draft_id: UUID) -> ResponseReturnValue:
    file = opened_draft(draft_id, actor=actor(), now=clock.now())
    parts = parts_of(file)
    done = sum(part.state is PartState.DONE for part in parts)
    last = next((part for part in parts if part.id == file.draft.last_page and part.state is not PartState.DONE), None)
    items = [part.item(number) for number, part in enumerate(parts, start=1)]
    return page("citizen/filing/tasks.html", file=file, items=items, done=done, last=last, estimate=estimate(file))


@blueprint.get("/to-khai/<uuid:draft_id>/xoa")
def ask_to_delete(draft_id: UUID) -> ResponseReturnValue:
    return page("citizen/filing/delete.html", file=opened_draft(draft_id, actor=actor(), now=clock.now()))


@blueprint.post("/to-khai/<uuid:draft_id>/xoa")
def delete(draft_id: UUID) -> ResponseReturnValue:
    with unit_of_work(actor()) as session:
        service.delete_draft(session, draft_id, actor=actor())
    flash(_("Đã xóa bản nháp."), "success")
    return redirect(url_for("records.mine"), 303)


def _fees(file: DraftFile) -> list[FeeLineValue]:
    """Nothing while the answers give no amount: what is wrong is said when the draft is sent."""
    asked = {"day": file.today}
    try:
        return [line for moment in MOMENTS for line in fee_lines(file.procedure, file.facts, moment=moment, **asked)]
    except InvalidInput:
        return []


def estimate(file: DraftFile) -> Estimate:
    """By the answers so far."""
    with reading(actor()) as session:
        calendar = calendars.working_calendar(session, now=file.now)
    due = due_at(file.procedure.term, accepted_at=file.visit_at or file.now, calendar=calendar)
    return Estimate(tuple(_fees(file)), due, has_visit=file.visit_at is not None)
