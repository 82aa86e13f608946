"""What ends a pretended record from outside its steps: withdrawal and stop; and what opens an ended one again."""

from __future__ import annotations

from portal.catalogue.sequences import CORRECT
from portal.core import clock
from portal.core.errors import Conflict, InvalidInput
from portal.records.ending import KINDS, called_off
from portal.records.grounds import deciding_unit, ground_of
from portal.records.openings import open_tasks
from portal.records.performing import tokens_of
from portal.records.reopening import ASKED, reopened
from portal.trials.clockwork import Clockwork
from portal.trials.happenings import HappeningKind
from portal.trials.people import Pretended
from portal.trials.pretended import tells
from portal.trials.stage import GONE
from portal.trials.telling import Told
from portal.trials.types import TrialMove
from portal.workflow import engine
from portal.workflow.definition import Action, ActionKind, Text

CORRECTION = Action(CORRECT, ActionKind.ADVANCE, Text("Đính chính kết quả", "Put the result right"))
"""What is offered once the record has ended with a result."""


class Endings(Clockwork):
    """Moves that belong to the record, not to one of its open tasks."""

    def _end(self, move: TrialMove) -> None:
        record = self.record
        offered = {action.id: (action, who) for action, who in self._offered_endings()}
        if move.action not in offered:
            raise Conflict(GONE)
        action, who = offered[move.action]
        reason = move.answers.reason.strip()
        if not reason:
            raise InvalidInput("Ghi lý do.", field="reason")
        if action is CORRECTION:
            self._reopen(action, who, reason=reason)
            return
        facts, before, fees = record.facts, record.record, record.fees
        following = engine.after_always(self.process, tokens_of(record.position), action.id, facts)
        change = called_off(before, record.procedure, following, facts, now=record.now)
        record.end(change, actor=who.actor)
        self.end = following.ends
        kind = KINDS[action.kind]
        record.note(kind=kind, actor=who.actor, task=None, action=action, state_before=before.state, reason=reason)
        told = Told(kind, before.state, unit_id=who.unit.id if who.unit else None, reason=reason)
        self._tell(
            HappeningKind.ENDED,
            who,
            action=action,
            reason=reason,
            given_back=self._given_back(fees),
            told=self._words(told) if tells(change) else None,
        )
        self.taken.append(action.id)

    def _reopen(self, action: Action, who: Pretended, *, reason: str) -> None:
        """The record is opened again, as a real one is, to put its result right."""
        record = self.record
        before = record.record
        ground = ground_of(before, record.grounds, record.facts, now=record.now, due=before.due_at, is_paused=False)
        opened = open_tasks(ground, (engine.reopening(self.process),), tasks=record.tasks)
        change = reopened(before, record.procedure, opened, now=record.now)
        tasks = record.reopen(change, opened)
        self.end = None
        record.note(kind=ASKED, actor=who.actor, task=None, action=None, state_before=before.state, reason=reason)
        told = Told(ASKED, before.state, reason=reason, opened=tasks)
        self._tell(
            HappeningKind.ENDED,
            who,
            action=action,
            reason=reason,
            opened=tuple(task.step for task in tasks),
            told=self._words(told) if tells(change) else None,
        )
        self.taken.append(CORRECT)

    def _offered_endings(self) -> list[tuple[Action, Pretended]]:
        record = self.record
        if not record.open_tasks:
            puts_right = self.end is not None and self.process.correct and record.record.outcome == "granted"
            return [(CORRECTION, self.people.applicant())] if puts_right else []
        if record.record.finished_at is not None:
            return []
        found = []
        for action in engine.always_actions(self.process, tokens_of(record.position), record.facts):
            if action.by == "applicant":
                found.append((action, self.people.applicant()))
            elif record.record.accepted_at is not None:
                found.append((action, self._leader()))
        return found

    def _leader(self) -> Pretended:
        record = self.record
        day = clock.local_day(record.now)
        unit_id = deciding_unit(record.procedure, record.directory, place=record.record.place, day=day)
        return self.people.official(record.directory.unit(unit_id) if unit_id else None, "leadership", "leader")
