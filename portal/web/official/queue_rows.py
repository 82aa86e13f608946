"""Rows of a queue as the page prints them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import url_for

from portal.catalogue.types import Procedure
from portal.core.actor import Actor
from portal.records.policy import fits, held_posts, leads
from portal.records.queues import QueueRow
from portal.units.types import short_in_english
from portal.web.languages import ENGLISH, current_language, localized
from portal.web.official.deadlines import deadline_tag, shown_day
from portal.web.official.queue_address import QueueAddress
from portal.web.state_words import Tag
from portal.web.translation import Words
from portal.web.translation import gettext as _
from portal.web.translation import lazy_gettext as __
from portal.workflow.deadlines import WorkingCalendar

NEWS: dict[str, Words] = {
    "supplemented": __("Mới bổ sung xong"),
    "opinion": __("Có ý kiến trả lời"),
    "returned": __("Bị trả lại"),
    "correction": __("Cần đính chính kết quả"),
    "uncollected": __("Chưa đến nhận kết quả"),
    "paper_late": __("Bản giấy chưa tới"),
    "remind": __("Sắp hết hạn"),
    "escalate": __("Đã báo lãnh đạo"),
    "reassign": __("Cần người khác nhận"),
}
"""What is new about a task: names kept in `task.news`."""


@dataclass(frozen=True)
class ShownRow:
    key: str  # of the task and its version, for the boxes and buttons of the row
    deadline: Tag
    name: str
    href: str
    code: str
    step: str
    procedure: str
    place: str
    due: str
    is_paused: bool
    news: str
    holder: str
    may_claim: bool
    may_assign: bool
    may_list: bool  # an action of the step may be taken for many records at once

    @property
    def may_be_chosen(self) -> bool:
        return self.may_claim or self.may_assign or self.may_list


def shown_rows(
    rows: Iterable[QueueRow],
    *,
    queue: QueueAddress,
    actor: Actor,
    now: datetime,
    calendar: WorkingCalendar,
    procedures: Mapping[UUID, Procedure],
    listing: Collection[str],
) -> list[ShownRow]:
    """The rows in their order. `procedures` by record, for the names in another language than they are stored in;
    `listing`: the steps of which many can be done at once."""
    posts = held_posts(actor)
    return [
        ShownRow(
            key=claim_key(row.id, row.version),
            deadline=deadline_tag(row.due_at, now=now, calendar=calendar, paused=row.paused),
            name=row.applicant_name,
            href=record_href(row, queue),
            code=row.record_code,
            step=_step(row, procedures.get(row.record_id)),
            procedure=_procedure(row, procedures.get(row.record_id)),
            place=short_in_english(row.place_name) if current_language() == ENGLISH else row.place_name,
            due=shown_day(row.record_due_at, now=now) if row.record_due_at and not row.paused else "",
            is_paused=row.paused,
            news=str(NEWS.get(row.news, "")),
            holder=_holder(row, actor),
            may_claim=row.assignee_id is None and any(fits(post, row) for post in posts),
            may_assign=leads(posts, row.unit_id),
            may_list=row.step in listing
            and row.assignee_id in (None, actor.person_id)
            and any(fits(post, row) for post in posts),
        )
        for row in rows
    ]


def _step(row: QueueRow, procedure: Procedure | None) -> str:
    return localized(procedure.process.step(row.step).name) if procedure else row.step_name


def _procedure(row: QueueRow, procedure: Procedure | None) -> str:
    return localized(procedure.everyday_name) if procedure else row.procedure_name


def _holder(row: QueueRow, actor: Actor) -> str:
    if row.assignee_id is None:
        return _("Chưa ai nhận")
    return "" if row.assignee_id == actor.person_id else row.assignee_name


def record_href(row: QueueRow, queue: QueueAddress) -> str:
    """The record of a row; its page leads on to the next one of the same queue."""
    return url_for("official_records.show", code=row.record_code, viec=row.id, **queue.carried())


def claim_key(task_id: UUID, version: int) -> str:
    """What a button that takes a task sends: which task, and as it was seen."""
    return f"{task_id}~{version}"
