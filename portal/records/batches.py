"""Many tasks at once. What was ticked is written down before anything is done; then each row is an action of its own,
in a transaction of its own, and may be refused alone. A few are done at once, more in the background.

When no row waits any more, the list of those that went takes its number, and is printed once for all of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import cast
from uuid import UUID

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from portal.accounts import queries as accounts
from portal.core import clock
from portal.core.actor import SYSTEM, Actor
from portal.core.errors import Conflict, OutcomeUnknown, PortalError, Unavailable
from portal.core.references import new_id
from portal.core.unit_of_work import reading, unit_of_work
from portal.documents.numbering import NUMBER_AND_SEAL, sealing
from portal.jobs import service as jobs
from portal.jobs.types import DOCUMENTS, MESSAGES, SIGNATURES
from portal.records.actions import act_on_task
from portal.records.batch_queries import BatchRow, BatchView, first_of_list, get_batch
from portal.records.listing import ADD_BATCH, batch_row
from portal.records.signatures import Hand, sign_acts, sign_letter
from portal.records.types import ActionAnswers
from portal.signing import service as signing
from portal.workflow.definition import Text

FEW = 10
"""So many are done while the page waits; more are done in the background."""

LETTER = "letter"
"""What stands as the action of a letter: it belongs to no task."""

RESCUE = timedelta(minutes=3)
"""When the background looks after rows whose page never came to its end."""

_ADD_WAITING = text(
    "INSERT INTO batched_task (id, batch_id, number, task_id, document_id, action, shown_digest) "
    "VALUES (:id, :batch, :number, :task, :letter, :action, :shown) ON CONFLICT DO NOTHING RETURNING id"
)
_WAITS_IN = text(
    "SELECT batch_id FROM batched_task "
    "WHERE (task_id = ANY (:tasks) OR document_id = ANY (:letters)) AND outcome IS NULL LIMIT 1"
)
_UNDER_SESSION = text("UPDATE batch SET signing_session_id = :signing WHERE id = :batch")
_NOTE = text(
    "UPDATE batched_task SET outcome = :outcome, reason = :reason, at = :now WHERE id = :row AND outcome IS NULL"
).bindparams(bindparam("reason", type_=JSONB(none_as_null=True)))
_FINISH = text(
    "UPDATE batch SET finished_at = :now WHERE id = :batch AND finished_at IS NULL "
    "AND NOT EXISTS (SELECT FROM batched_task WHERE batch_id = :batch AND outcome IS NULL) RETURNING id, person_id"
)
_SAME_NUMBER = text(
    "UPDATE document SET number = first.number, year = first.year, issued_at = first.issued_at, "
    "sealed_by = first.sealed_by FROM document AS first "
    "WHERE first.id = :first AND document.batch_id = :batch AND document.id <> :first"
)


@dataclass(frozen=True)
class ToSign:
    """Under which authority a batch signs electronically, and which files were shown for each task and letter (their
    SHA-256)."""

    session_id: UUID
    shown: Mapping[UUID, Sequence[str]]


def begin_batch(
    session: Session,
    purpose: str,
    ticked: Sequence[tuple[UUID, str]],
    *,
    title: Text,
    actor: Actor,
    now: datetime,
    to_sign: ToSign | None = None,
    letters: Sequence[UUID] = (),
) -> UUID:
    """Write down tasks, each with the action that it is ticked for, in their order, then letters that are signed;
    gives the key of the batch.

    A task that waits in a batch already is not taken twice; when all of them do, the key of that batch is given. More
    than FEW are owed to the background at once, the others as soon as whoever carries them out has had time to. What
    is signed electronically is done by the worker that has the keys.
    """
    batch_id = new_id()
    session.connection().execute(ADD_BATCH, batch_row(batch_id, purpose, title, actor=actor, now=now))
    if to_sign is not None:
        session.execute(_UNDER_SESSION, {"batch": batch_id, "signing": to_sign.session_id})
    shown = to_sign.shown if to_sign else {}
    rows = [(task_id, {"task": task_id, "letter": None, "action": action_id}) for task_id, action_id in ticked]
    rows += [(letter_id, {"task": None, "letter": letter_id, "action": LETTER}) for letter_id in letters]
    added = [
        session.execute(
            _ADD_WAITING,
            {"id": new_id(), "batch": batch_id, "number": number, **row, "shown": " ".join(shown.get(key, ())) or None},
        ).first()
        for number, (key, row) in enumerate(rows, start=1)
    ]
    if not any(added):
        asked = {"tasks": [task_id for task_id, _ in ticked], "letters": list(letters)}
        before = session.execute(_WAITS_IN, asked).scalar()
        if before is None:
            raise Conflict("Các việc này vừa được người khác làm. Mở lại danh sách để xem.")
        _finish(session, batch_id, now=now)
        return cast(UUID, before)
    due_at = now if to_sign or is_long(len(ticked)) else now + RESCUE
    queue = SIGNATURES if to_sign else MESSAGES
    arguments = {"batch_id": str(batch_id)}
    jobs.owe(
        session, "carry_batch", arguments=arguments, now=now, due_at=due_at, queue=queue, natural_key=str(batch_id)
    )
    return batch_id


def is_long(count: int) -> bool:
    """Whether so many are done in the background."""
    return count > FEW


def carry_out(batch: BatchView, *, actor: Actor, now: datetime) -> None:
    """Act on every row that waits, each for itself, and close the batch.

    A row that fails unexpectedly keeps its place and stops no other; the first such failure is raised at the end.
    """
    failures = []
    with ExitStack() as open_desk:
        try:
            hand = _hand_of(batch, open_desk)
        except Unavailable as closed:
            _refuse_all(batch, closed, actor=actor, now=now)
        else:
            failures = _carry_rows(batch, hand, actor=actor, now=now)
    with unit_of_work(SYSTEM) as session:  # the number is taken even when the official has lost the post meanwhile
        _finish(session, batch.id, now=now)
    if failures:
        raise failures[0]


def _hand_of(batch: BatchView, open_desk: ExitStack) -> Hand | None:
    """The keys, when the batch signs and anything waits. Raises Unavailable when the token is not there."""
    if batch.signing_session_id is None or not batch.waiting:
        return None
    return Hand(open_desk.enter_context(signing.open_desk()), batch.signing_session_id)


def _carry_rows(batch: BatchView, hand: Hand | None, *, actor: Actor, now: datetime) -> list[Exception]:
    failures: list[Exception] = []
    for row in batch.waiting:
        try:
            _carry_row(batch.id, row, hand, actor=actor, now=now)
        except Unavailable as away:  # whoever does not answer one row answers none: the rest is not kept waiting
            _refuse_all(batch, away, actor=actor, now=now)
            break
        except Exception as failure:
            failures.append(failure)
    return failures


def _refuse_all(batch: BatchView, away: PortalError, *, actor: Actor, now: datetime) -> None:
    """What waits still is refused, for one reason; rows that are done stay done."""
    for row in batch.waiting:
        with unit_of_work(actor) as session:
            session.execute(_NOTE, _refusal(row, away, now=now))


def carry_batch(arguments: Mapping[str, str], *, now: datetime) -> None:
    """What waits in a batch, done as the person who ticked it, with the posts that this person holds now."""
    batch_id = UUID(arguments["batch_id"])
    with reading(SYSTEM) as session:
        batch = get_batch(session, batch_id)
        if batch.finished_at is not None:
            return
        day = clock.local_day(now)
        actor = accounts.as_official(session, batch.person_id, day=day) if batch.person_id else SYSTEM
    carry_out(batch, actor=actor, now=now)


def _carry_row(batch_id: UUID, row: BatchRow, hand: Hand | None, *, actor: Actor, now: datetime) -> None:
    answers = ActionAnswers(batch_id=batch_id)
    try:
        with unit_of_work(actor) as session:
            if row.task_id is not None:
                moved = act_on_task(session, row.task_id, row.action_id, actor=actor, now=now, answers=answers)
                if hand is not None:
                    sign_acts(session, moved.record_id, hand=hand, shown=row.shown, actor=actor, now=now)
            elif row.document_id is not None and hand is not None:
                sign_letter(session, row.document_id, hand=hand, shown=row.shown, actor=actor, now=now)
            session.execute(_NOTE, {"row": row.id, "outcome": "done", "reason": None, "now": now})
    except OutcomeUnknown:
        raise
    except PortalError as refused:
        if hand is not None and isinstance(refused, Unavailable):
            raise
        with unit_of_work(actor) as session:
            session.execute(_NOTE, _refusal(row, refused, now=now))


def _refusal(row: BatchRow, refused: PortalError, *, now: datetime) -> dict[str, object]:
    reason = {"sentence": refused.sentence, "details": {key: _said(v) for key, v in refused.details.items()}}
    return {"row": row.id, "outcome": "refused", "reason": reason, "now": now}


def _said(value: object) -> str:
    """A detail of a refusal as it is kept."""
    if isinstance(value, Text):
        return value.vi
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value)


def _finish(session: Session, batch_id: UUID, *, now: datetime) -> None:
    """The batch is done once no row of it waits: its list takes the next number, one for all records."""
    finished = session.execute(_FINISH, {"batch": batch_id, "now": now}).one_or_none()
    first = first_of_list(session, batch_id) if finished else None
    if finished is None or first is None:
        return
    session.execute(NUMBER_AND_SEAL, sealing(first, sealed_by=finished.person_id, now=now))
    session.execute(_SAME_NUMBER, {"first": first, "batch": batch_id})
    arguments = {"batch_id": str(batch_id)}
    jobs.owe(session, "print_list", arguments=arguments, now=now, queue=DOCUMENTS, natural_key=str(batch_id))


KINDS = {"carry_batch": carry_batch}
