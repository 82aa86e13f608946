"""What this official may do with a record now: the box at the right of its page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import url_for

from portal.core import clock
from portal.core.actor import Actor
from portal.core.wording import short_day
from portal.delivery import operator
from portal.records.desk import Desk, OpenTask
from portal.records.types import POST
from portal.web.languages import current_language, localized
from portal.web.official.brought_papers import brought_notes
from portal.web.official.deadlines import deadline_tag
from portal.web.official.queue_rows import claim_key
from portal.web.official.record_address import Wanted
from portal.web.state_words import Tag
from portal.web.translation import gettext as _
from portal.workflow.definition import Action, ActionKind

RARE = frozenset(
    {ActionKind.SUPPLEMENT, ActionKind.REFUSE, ActionKind.REJECT, ActionKind.SEND_BACK, ActionKind.DECLINE}
)
"""Actions that turn the record aside: links, not buttons."""


@dataclass(frozen=True)
class Choice:
    """An action. Without a page of its own it is sent from the box itself."""

    text: str
    href: str
    has_page: bool


@dataclass(frozen=True)
class PostBox:
    """What stands where the result would be given. `counter_href`: the applicant has come for it after all."""

    sentence: str
    href: str
    counter_href: str


@dataclass(frozen=True)
class ActBox:
    task_id: UUID
    version: int
    step: str
    unit: str
    deadline: Tag
    holder: str  # "" when it is in this official's own hands
    may_act: bool
    claim_href: str | None
    claim_key: str
    claim_text: str
    assign_href: str | None
    checklist: tuple[str, ...]
    has_checks: bool  # the checklist is ticked here, because a button is sent from here
    buttons: tuple[Choice, ...]
    links: tuple[Choice, ...]
    together_href: str | None  # where the same is done for other records as well
    notes: tuple[str, ...] = ()
    post: PostBox | None = None  # in place of giving, where the result goes by post


def act_boxes(desk: Desk, *, actor: Actor, now: datetime, wanted: Wanted) -> list[ActBox]:
    """A box for each open task that concerns this official: the one he came for first, then what he may do."""
    mine = [met for met in desk.open_tasks if met.concerns_actor]
    mine.sort(key=lambda met: (met.task.id != wanted.task_id, not met.may_act, met.task.due_at, met.task.id))
    return [_box(desk, met, actor, now, wanted) for met in mine]


def needs_page(action: Action) -> bool:
    """Whether something must be filled in before the action can be sent."""
    return bool(action.needs or action.form or action.decide_each or action.corrects)


def is_checked(action: Action) -> bool:
    """Whether the checklist of the step must be ticked for it: only what carries the record on."""
    goes_aside = action.kind is ActionKind.ADVANCE and action.asks  # and comes back: a proposed extension
    return action.kind not in RARE and not goes_aside


def _box(desk: Desk, met: OpenTask, actor: Actor, now: datetime, wanted: Wanted) -> ActBox:
    task, step = met.task, met.step
    paused = bool(desk.file.record.paused_at)
    goes_by_post = _goes_by_post(desk)
    in_time = [action for action in met.actions if met.limits.get(action.id, now) >= now]
    in_time = [action for action in in_time if not (goes_by_post and action.kind is ActionKind.GIVE)]
    choices = [(action, _choice(met, action, wanted)) for action in in_time] if met.may_act else []
    buttons = tuple(choice for action, choice in choices if is_checked(action))
    checklist = tuple(localized(text) for text in step.checklist)
    is_mine = task.assignee_id == actor.person_id
    return ActBox(
        task_id=task.id,
        version=task.version,
        step=localized(step.name),
        unit=desk.grounds.directory.unit(task.unit_id).short_in_language(current_language()) if task.unit_id else "",
        deadline=deadline_tag(task.due_at, now=now, calendar=desk.grounds.calendar, paused=paused),
        holder="" if is_mine else task.assignee_name or _("Chưa ai nhận"),
        may_act=met.may_act,
        claim_href=url_for("official_bulk.claim") if met.may_claim and not is_mine else None,
        claim_key=claim_key(task.id, task.version),
        claim_text=_("Nhận lại việc này") if task.assignee_id else _("Nhận việc"),
        assign_href=url_for("official_acting.assign", task_id=task.id, **wanted.carried) if met.may_assign else None,
        checklist=checklist,
        has_checks=bool(checklist) and any(not choice.has_page for choice in buttons),
        buttons=buttons,
        together_href=url_for("official_batches.prepare", viec=task.id)
        if any(action.batch for action, _shown in choices)
        else None,
        links=tuple(choice for action, choice in choices if not is_checked(action)),
        notes=(*brought_notes(desk, step), *_limit_notes(met, now)) if met.may_act else (),
        post=_post_box(desk) if goes_by_post and met.may_act and _gives(met) else None,
    )


def _goes_by_post(desk: Desk) -> bool:
    parcel = desk.file.parcel
    is_live = parcel is not None and parcel.ended_at is None
    return desk.file.record.return_by == POST and (operator.is_offered() or (is_live and not parcel.may_change))  # type: ignore[union-attr]


def _gives(met: OpenTask) -> bool:
    return any(action.kind is ActionKind.GIVE for action in met.step.actions)


def _post_box(desk: Desk) -> PostBox:
    parcel, record = desk.file.parcel, desk.file.record
    is_wanted = parcel is None or parcel.ended_at is not None or parcel.may_change
    sentence = _("Người nộp nhận qua bưu điện.") if is_wanted else _("Đã lập đơn gửi bưu điện.")
    counter_href = url_for("official_parcels.to_counter", code=record.code) if is_wanted else ""
    return PostBox(sentence, url_for("official_parcels.index"), counter_href)


def _limit_notes(met: OpenTask, now: datetime) -> list[str]:
    """What may be done only for some time after acceptance, and what may not be done any more."""
    notes = []
    for action in met.actions:
        if limit := met.limits.get(action.id):
            label, day = localized(action.label), short_day(clock.local_day(limit), language=current_language())
            late = _("%(action)s: đã hết hạn ngày %(day)s.", action=label, day=day)
            notes.append(_("%(action)s: chỉ đến hết ngày %(day)s.", action=label, day=day) if limit >= now else late)
    return notes


def _choice(met: OpenTask, action: Action, wanted: Wanted) -> Choice:
    return Choice(
        text=localized(action.label),
        href=url_for("official_acting.act", task_id=met.task.id, action_id=action.id, **wanted.carried),
        has_page=needs_page(action),
    )
