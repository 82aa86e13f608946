"""Writing what a move does: effects, clock, tasks, event, jobs and the record itself, in one trip."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ClauseElement, insert
from sqlalchemy.orm import Session

from portal.accounts import queries as accounts
from portal.core import clock
from portal.core.actor import Actor
from portal.core.errors import NotAllowed
from portal.core.references import new_id
from portal.core.unit_of_work import one_message
from portal.jobs.models import Job
from portal.jobs.service import ring_after_commit
from portal.payments.fees import fee_lines
from portal.payments.service import OWE_FEE, fee_rows
from portal.records import effects, statements, transfers, visits
from portal.records.changes import Change, Situation
from portal.records.collecting import REJECTED
from portal.records.due_changes import promised_due, stored_changes
from portal.records.events import event_row, opened_steps
from portal.records.grounds import Grounds, ground_of
from portal.records.making import make_stopping_notice, show_request
from portal.records.openings import Opened, open_tasks, skipped_tasks
from portal.records.pauses import paused_since, resumed
from portal.records.refunds import owe_refunds
from portal.records.telling import telling_row
from portal.records.types import LockedRecord, Moved, Position, RecordState, TaskRow
from portal.workflow import engine
from portal.workflow.definition import ActionKind, ClockRule, Where
from portal.workflow.engine import Move, Token

ADD_JOBS = insert(Job.__table__)  # type: ignore[arg-type]

OUTCOMES = ("granted", REJECTED)


@dataclass(frozen=True)
class WorkedOut:
    """What a move makes of a record, and the tasks that it opens. Nothing of it is written yet."""

    change: Change
    opened: Opened


def work_out(situation: Situation, move: Move, *, assignee: tuple[UUID, str] | None = None) -> WorkedOut:
    """Everything that the move does to the record: effects, clock, tasks, jobs. Asks no database, so that a trial of a
    definition goes the way of real records.

    `assignee` is the person named by an assignment. Raises what effects and the units raise.
    """
    change = Change.of(situation.record, event_id=new_id())
    if move.outcome in OUTCOMES:  # consent by silence, say, is the step's and not the record's
        change.outcome = move.outcome
    effects.apply(situation, change)
    _run_clock(situation, move, change)
    if move.ends is not None and move.ends.state == RecordState.EXPIRED:
        counter, actor = situation.record.received_unit_id, situation.actor
        make_stopping_notice(
            situation.record, change, unit_id=counter, directory=situation.directory, actor=actor, now=situation.now
        )
    opened = _opened(situation, move, change, assignee)
    _settle(situation, move, opened, change)
    for row in opened.tasks:
        change.take_part(row["unit_id"])
    change.jobs += opened.jobs
    tell(situation.record, change, now=situation.now)
    return WorkedOut(change, opened)


def perform(
    session: Session,
    situation: Situation,
    move: Move,
    *,
    kind: str,
    outcome: str | None = None,
    extra_writes: tuple[tuple[Any, Any], ...] = (),
    closing: ClauseElement = statements.CLOSE_TASK,
    by_unit: UUID | None = None,
    tells: Collection[UUID] = (),
) -> Moved:
    """Write what the move does: effects, tasks, event, jobs and the record, in one trip.

    Whoever takes back a question closes a task of another unit: `closing` does it, the event is of `by_unit`, and
    the officials of `tells` get a message.
    """
    worked_out = work_out(situation, move, assignee=_assignee(session, situation))
    change, opened = worked_out.change, worked_out.opened
    if tells:
        change.details["told"] = [str(person_id) for person_id in tells]
        told = {"record_id": str(situation.record.id), "event_id": str(change.event_id)}
        change.owe("tell_officials", arguments=told, due_at=situation.now, natural_key=f"{change.event_id}:officials")
    with one_message(session) as send:
        for statement, parameters in (*change.writes, *extra_writes):
            send(statement, parameters)
        send(*_closing(situation, outcome or situation.action.id, closing))
        if move.cancels:
            send(statements.CANCEL_TASKS, cancelling(situation.record, actor=situation.actor, now=situation.now))
            if situation.position.supplement_id is not None:  # nobody waits for its answer any more
                cancelled = {"wanted": situation.position.supplement_id, "moment": situation.now}
                send(statements.CANCEL_SUPPLEMENT, cancelled)
        if opened.tasks or opened.skipped:
            send(statements.OPEN_TASK, [*opened.tasks, *opened.skipped])
        if (change.due_at, change.paused_at) != (situation.record.due_at, paused_since(situation.record.pauses)):
            send(statements.TELL_TASKS, _telling(situation, change))
        send(statements.APPEND_EVENT, _event(situation, move, change, opened, kind=kind, by_unit=by_unit))
        if change.jobs:
            send(ADD_JOBS, change.jobs)
        send(statements.MOVE_RECORD, moving(situation.record, change))
    for queue in {job["queue"] for job in change.jobs if job["due_at"] <= situation.now}:
        ring_after_commit(session, queue)
    return Moved(
        record_id=situation.record.id,
        code=situation.record.code,
        state=change.state,
        event_id=change.event_id,
        opened=tuple(row["id"] for row in opened.tasks),
        ended=move.ends is not None,
    )


def tokens_of(position: Position) -> tuple[Token, ...]:
    """The open tasks as the engine knows them."""
    return tuple(Token(task.id, task.step, task.split, task.origin) for task in position.open_tasks)


def _after(situation: Situation, move: Move) -> tuple[Token, ...]:
    gone = {*move.closes, *move.cancels}
    staying = [token for token in tokens_of(situation.position) if token.task_id not in gone]
    return (*staying, *(Token(index, o.step, o.group, o.origin) for index, o in enumerate(move.opens)))


def _run_clock(situation: Situation, move: Move, change: Change) -> None:
    """State of the record and its clock after the move. A pause is noted when it begins and when it ends."""
    process = situation.procedure.process
    if move.ends is not None:
        change.state = move.ends.state
        change.closed_at = situation.now
        change.finished_at = change.finished_at or situation.now
        change.pauses = resumed(change.pauses, now=situation.now)
        return
    tokens = _after(situation, move)
    change.state = engine.record_state(process, tokens, change.outcome)
    rule = engine.clock_rule(process, tokens)
    if change.accepted_at is None or change.finished_at is not None:
        return
    if rule is ClockRule.PAUSED and change.paused_at is None:
        change.pauses = (*change.pauses, (situation.now, None))
    elif rule is not ClockRule.PAUSED and change.paused_at is not None:
        change.pauses = resumed(change.pauses, now=situation.now)
        change.due_at = promised_due(
            situation.procedure,
            situation.book,
            change.accepted_at,
            pauses=change.pauses,
            changes=change.due_changes,
        )


def _opened(situation: Situation, move: Move, change: Change, assignee: tuple[UUID, str] | None) -> Opened:
    grounds = Grounds(situation.procedure, situation.directory, situation.calendar, situation.book)
    ground = ground_of(
        situation.record,
        grounds,
        situation.facts,
        now=situation.now,
        due=change.due_at,
        is_paused=change.paused_at is not None,
    )
    opened = open_tasks(
        ground,
        move.opens,
        closed=situation.task,
        tasks=(*situation.position.tasks, _just_closed(situation)),
        assignee=assignee,
        news=change.news,
    )
    opened = replace(opened, skipped=skipped_tasks(ground, move.skips))
    for row in (*opened.tasks, *opened.skipped):
        row["record_code"] = situation.record.code
    return opened


def _just_closed(situation: Situation) -> TaskRow:
    return replace(
        situation.task,
        closed_at=situation.now,
        closed_by=situation.actor.person_id,
        closed_by_name=situation.actor.name,
        outcome=situation.action.id,
    )


def _assignee(session: Session, situation: Situation) -> tuple[UUID, str] | None:
    chosen = situation.answers.assignee_id
    if chosen is None or situation.task.unit_id is None:
        return None
    for official in accounts.list_officials(session, situation.task.unit_id, day=clock.local_day(situation.now)):
        if official.person_id == chosen:
            return chosen, official.name
    raise NotAllowed("Người này không làm việc ở đơn vị. Chọn người khác.")


def _settle(situation: Situation, move: Move, opened: Opened, change: Change) -> None:
    """What follows from where the record has come: a request reaches the applicant, a fee is owed."""
    process = situation.procedure.process
    transfers.send_paper(situation, opened, change)
    for row in opened.tasks:
        step = process.step(row["step"])
        wanted = change.details.get("supplement_id") or situation.position.supplement_id
        if wanted and step.at.where is Where.APPLICANT and change.state.startswith("supplement"):
            change.supplements += change.accepted_at is not None
            change.write(
                statements.SEND_SUPPLEMENT,
                {"wanted": wanted, "moment": situation.now, "answer_by": clock.local_day(row["due_at"])},
            )
            show_request(situation, change)
            owe_fees(situation, change, moment="supplement")
    if move.ends is not None:
        visits.call_off(situation.procedure, change, situation.record.id, now=situation.now)
    if move.ends is not None and situation.record.finished_at is None:
        owe_refunds(change, situation.record, situation.procedure, situation.facts, now=situation.now)
    has_result = change.finished_at is not None and situation.record.finished_at is None and move.ends is None
    if has_result and change.outcome != REJECTED:
        owe_fees(situation, change, moment="return")


def owe_fees(situation: Situation, change: Change, *, moment: str) -> None:
    """Fees that fall due when a request for a supplement goes out, or when the result is returned."""
    lines = fee_lines(situation.procedure, situation.facts, moment=moment, day=clock.local_day(situation.now))
    for row in fee_rows(lines, record_id=situation.record.id, owner_id=situation.record.owner_id, now=situation.now):
        change.write(OWE_FEE, row)


def tell(record: LockedRecord, change: Change, *, now: datetime) -> None:
    """The applicant is told when the state of the record changes, and when its promised date is another."""
    if change.state == record.state and "was_due_at" not in change.details:
        return
    change.jobs.append(telling_row(record.id, change.event_id, now=now))


def _closing(situation: Situation, outcome: str, closing: ClauseElement) -> tuple[ClauseElement, dict[str, Any]]:
    parameters = {
        "closing_id": situation.task.id,
        "moment": situation.now,
        "person": situation.actor.person_id,
        "person_name": situation.actor.name,
        "action": outcome,
    }
    forerunner = _forerunner(situation, outcome) if closing is statements.CLOSE_TASK else None
    if forerunner is None:
        return closing, parameters
    return statements.CLOSE_TASK_AGAIN, {**parameters, "forerunner_id": forerunner.id}


def _forerunner(situation: Situation, outcome: str) -> TaskRow | None:
    """The last task that ended as this one ends: whoever reads this one need not read it."""
    return max(
        (
            task
            for task in situation.position.tasks
            if task.outcome == outcome
            and _kind(task) == _kind(situation.task)
            and (task.closed_by is None) == (situation.actor.person_id is None)
        ),
        key=lambda task: (task.closed_at or task.opened_at, task.id),
        default=None,
    )


def _kind(task: TaskRow) -> tuple[object, ...]:
    return task.step, task.unit_id, task.function, task.role, task.split, task.consultation


def cancelling(record: LockedRecord, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """What `CANCEL_TASKS` is told: every open task of the record ends by this person."""
    return {"wanted": record.id, "moment": now, "person": actor.person_id, "person_name": actor.name}


def _telling(situation: Situation, change: Change) -> dict[str, Any]:
    return {
        "wanted": situation.record.id,
        "promised": change.due_at,
        "stands_still": change.paused_at is not None,
    }


def moving(record: LockedRecord, change: Change) -> dict[str, Any]:
    """What `MOVE_RECORD` is told: the record as the change leaves it."""
    return {
        "moving_id": record.id,
        "to_state": change.state,
        "to_outcome": change.outcome,
        "to_version": record.version + 1,
        "to_units": list(change.unit_ids),
        "to_accepted": change.accepted_at,
        "to_due": change.due_at,
        "to_paused": change.paused_at,
        "to_pauses": [[stored(moment) for moment in pause] for pause in change.pauses],
        "to_due_changes": stored_changes(change.due_changes),
        "to_finished": change.finished_at,
        "to_closed": change.closed_at,
        "to_supplements": change.supplements,
    }


def _event(
    situation: Situation, move: Move, change: Change, opened: Opened, *, kind: str, by_unit: UUID | None
) -> dict[str, Any]:
    aside: dict[str, Any] = {"cancelled": [str(task_id) for task_id in move.cancels]} if move.cancels else {}
    directory = situation.directory
    if opened.skipped:
        aside["skipped"] = opened_steps(opened.skipped, directory)
    unit_id = by_unit or situation.task.unit_id
    row = event_row(
        event_id=change.event_id,
        record_id=situation.record.id,
        owner_id=situation.record.owner_id,
        number=situation.record.version + 1,
        kind=kind,
        actor=situation.actor,
        now=situation.now,
        state_before=situation.record.state,
        state_after=change.state,
        task=situation.task,
        unit_name=directory.unit(unit_id).name if unit_id else "",
        action=situation.action.id,
        reason=situation.answers.reason.strip(),
        opened=opened_steps(opened.tasks, directory),
        details={
            **change.details,
            **aside,
            **({"declined": True} if situation.action.kind is ActionKind.DECLINE else {}),
            "action_kind": situation.action.kind.value,
            "due_at": stored(change.due_at),
            "outcome": change.outcome,
        },
    )
    return {**row, "unit_id": unit_id}


def stored(moment: datetime | None) -> str | None:
    """A moment as JSON keeps it."""
    return moment.isoformat() if moment else None
