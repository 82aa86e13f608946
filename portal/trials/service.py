"""Trials of a definition draft: begun, carried on, stepped back, put away. Each belongs to one administrator.

The only table that a trial writes is its own; what it does is played in memory (`playing`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from portal.calendars import queries as calendars
from portal.catalogue import administration, drafting, kept_tests
from portal.catalogue.asked_facts import asked_facts
from portal.catalogue.loader import load_published
from portal.catalogue.types import SequenceTest
from portal.core.actor import Actor
from portal.core.errors import Conflict, InvalidInput, NotAllowed, NotFound
from portal.core.references import new_id
from portal.trials.happenings import Trial
from portal.trials.models import DefinitionTrial
from portal.trials.playing import play
from portal.trials.stage import TrialGround
from portal.trials.types import MOST_MOVES, TrialMove, TrialStart, move_of, start_of, stored_move, stored_start
from portal.units import queries as units
from portal.workflow.engine import SKIPPED


@dataclass(frozen=True)
class KeptTrial:
    """A trial as it is kept, for the draft as it reads now."""

    start: TrialStart
    moves: tuple[TrialMove, ...]


def ground_of_draft(session: Session, draft_id: UUID, *, now: datetime, language: str = "vi") -> TrialGround:
    """What a trial of the draft is played on. Raises NotFound, DefinitionError when its text cannot be built."""
    procedure = load_published(administration.get_definition_draft(session, draft_id).source)  # kept by its text
    return TrialGround(procedure, units.directory(session), calendars.calendar_book(session, now=now), language)


def find_trial(session: Session, draft_id: UUID, *, actor: Actor) -> KeptTrial | None:
    """The actor's own trial of the draft, or None."""
    row = session.execute(
        select(DefinitionTrial.start, DefinitionTrial.moves).where(_own(draft_id, actor))
    ).one_or_none()
    return KeptTrial(start_of(row.start), tuple(map(move_of, row.moves))) if row else None


def begin_trial(session: Session, draft_id: UUID, start: TrialStart, *, actor: Actor, now: datetime) -> None:
    """Begin anew; an older trial of the same draft is put away. Raises what `playing.play` raises, DefinitionError."""
    _require_administrator(actor)
    play(ground_of_draft(session, draft_id, now=now), start, ())
    values = {"start": stored_start(start), "moves": [], "changed_at": now}
    row = {"id": new_id(), "draft_id": draft_id, "person_id": actor.person_id, **values}
    session.execute(
        insert(DefinitionTrial).values(row).on_conflict_do_update(index_elements=["draft_id", "person_id"], set_=values)
    )


def make_move(session: Session, draft_id: UUID, move: TrialMove, *, actor: Actor, now: datetime) -> Trial:
    """Do one thing more. Raises NotFound, DefinitionError, and what is refused, as a real record would refuse it.

    What a changed draft does not allow any more falls away.
    """
    kept = _locked(session, draft_id, actor=actor)
    if len(kept.moves) >= MOST_MOVES:
        raise InvalidInput("Lượt thử đã dài %(count)s việc. Bắt đầu lại.", count=MOST_MOVES)
    ground = ground_of_draft(session, draft_id, now=now)
    before = play(ground, kept.start, kept.moves)
    possible = kept.moves[: before.stopped.move] if before.stopped else kept.moves
    after = play(ground, kept.start, (*possible, move))
    if after.stopped is not None:
        raise after.stopped.error
    _write(session, draft_id, (*possible, move), actor=actor, now=now)
    return after


def step_back(session: Session, draft_id: UUID, *, moves: int, actor: Actor, now: datetime) -> None:
    """Keep the first `moves` moves only. Raises NotFound."""
    kept = _locked(session, draft_id, actor=actor)
    _write(session, draft_id, kept.moves[: max(moves, 0)], actor=actor, now=now)


def end_trial(session: Session, draft_id: UUID, *, actor: Actor) -> None:
    """Put the trial away. Doing it twice does no more."""
    session.execute(delete(DefinitionTrial).where(_own(draft_id, actor)))


def kept_test_of(ground: TrialGround, kept: KeptTrial, trial: Trial, *, name: str) -> SequenceTest:
    """The walked sequence as a test of the definition. Raises Conflict while the record has not ended."""
    if trial.end is None:
        raise Conflict("Lượt thử chưa đi đến chỗ kết thúc. Đi tiếp rồi giữ lại.")
    asked = asked_facts(ground.procedure)
    level = kept.start.level
    record = {"channel": kept.start.channel, "unpaid": trial.began_unpaid, "receiving_level": level}
    return kept_tests.test_of(
        ground.procedure,
        name,
        trial.taken,
        facts={**kept_tests.facts_of(asked, trial.facts["form"], record), **_skipped(trial)},
        end=trial.end.id,
        outcome=trial.view.outcome,
    )


def _skipped(trial: Trial) -> dict[str, list[str]]:
    """The opinions that the office that asks would have asked of itself."""
    names = [task.step for task in trial.view.tasks if task.outcome == SKIPPED]
    return {"same_office": sorted(set(names))} if names else {}


def keep_as_test(
    session: Session, draft_id: UUID, *, name: str, actor: Actor, now: datetime, seen_revision: int
) -> SequenceTest:
    """Write the walked sequence into the draft as one of its tests.

    Raises NotFound, Conflict, DefinitionError, InvalidInput for a name that is taken, and what
    `drafting.keep_definition` raises for a draft that the actor may not change.
    """
    ground = ground_of_draft(session, draft_id, now=now)
    kept = _locked(session, draft_id, actor=actor)
    if any(test.name == name for test in ground.procedure.tests):
        raise InvalidInput("Đã có phép thử tên %(name)s. Đặt tên khác.", field="name", name=name)
    test = kept_test_of(ground, kept, play(ground, kept.start, kept.moves), name=name)
    source = administration.get_definition_draft(session, draft_id).source
    text = kept_tests.with_test(source, test, file=drafting.FILE)
    drafting.keep_definition(session, text, actor=actor, now=now, draft_id=draft_id, seen_revision=seen_revision)
    return test


def _require_administrator(actor: Actor) -> None:
    if not actor.has_role("administrator"):
        raise NotAllowed("Chỉ người quản trị chạy thử bản soạn.")


def _own(draft_id: UUID, actor: Actor) -> ColumnElement[bool]:
    return and_(DefinitionTrial.draft_id == draft_id, DefinitionTrial.person_id == actor.person_id)


def _locked(session: Session, draft_id: UUID, *, actor: Actor) -> KeptTrial:
    wanted = select(DefinitionTrial.start, DefinitionTrial.moves).where(_own(draft_id, actor)).with_for_update()
    row = session.execute(wanted).one_or_none()
    if row is None:
        raise NotFound("Chưa có lượt thử nào của bản soạn này. Bắt đầu một lượt.")
    return KeptTrial(start_of(row.start), tuple(map(move_of, row.moves)))


def _write(session: Session, draft_id: UUID, moves: Sequence[TrialMove], *, actor: Actor, now: datetime) -> None:
    session.execute(
        update(DefinitionTrial)
        .where(_own(draft_id, actor))
        .values(moves=[stored_move(move) for move in moves], changed_at=now)
    )
