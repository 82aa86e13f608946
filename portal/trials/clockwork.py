"""What a trial does by itself as its clock moves on: timers ring, and a date that will be missed is told in time."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial

from portal.catalogue.sequences import CLOCK_SIGN
from portal.core import clock
from portal.core.errors import InvalidInput
from portal.core.text import marked
from portal.documents.form_names import apology_title
from portal.records.lateness import FORESEEN, day_instead, signing_desk
from portal.records.performing import tokens_of
from portal.records.record_view import Verdict
from portal.records.timers import SILENT
from portal.records.types import ActionAnswers
from portal.trials.happenings import ArmedTimer, HappeningKind
from portal.trials.pretended import PretendedRecord
from portal.trials.stage import Stage, TrialGround, known, require_calendar
from portal.trials.telling import Told
from portal.trials.watching import PreparedApology, Watch
from portal.workflow import engine
from portal.workflow.definition import Text, TimerEffect

_TOLD = {
    TimerEffect.REMIND: HappeningKind.REMINDED,
    TimerEffect.REMIND_APPLICANT: HappeningKind.APPLICANT_REMINDED,
    TimerEffect.ESCALATE: HappeningKind.ESCALATED,
    TimerEffect.REASSIGN: HappeningKind.RELEASED,
}
"""What a timer that moves nothing is told as."""

MOST_RINGS = 200
"""So many timers may ring while the clock moves on once: a process that only rings would never come to an end."""

RINGS_ON = marked("Đồng hồ đã báo %(count)s lần mà chưa đến lúc cần đến. Chọn lúc gần hơn.")


class Clockwork(Stage):
    """A stage with a clock."""

    def __init__(self, ground: TrialGround, record: PretendedRecord) -> None:
        super().__init__(ground, record)
        self.watch = Watch()
        self.apology: PreparedApology | None = None

    def _wait(self, until: datetime) -> None:
        if until <= self.record.now:
            raise InvalidInput("Đồng hồ chỉ chạy tới. Chọn lúc sau lúc này, hoặc lùi lại một việc.", field="day")
        require_calendar(self.record.book, until)
        self._ring_until(until)
        self.record.now = until
        last = self.happenings[-1]
        if (last.moves, last.at) != (self.moves, until):  # a timer that rang just then says when it is
            self._tell(HappeningKind.WAITED, self.people.portal())

    def _ring_until(self, until: datetime) -> None:
        """Whatever comes first, one after another: a timer, or a look at the promised date."""
        for _ in range(MOST_RINGS):
            armed, look = self.record.next_to_ring(until), known(self._next_look)
            if look is not None and look <= until and (armed is None or look <= armed.due):
                self.record.now = max(self.record.now, look)
                known(self._look)
            elif armed is not None:
                self.record.now = max(self.record.now, armed.due)
                self.record.rang.add((armed.task.id, armed.index))
                known(partial(self._ring, armed))
            else:
                return
        raise InvalidInput(RINGS_ON, field="day", count=MOST_RINGS)

    def _next_look(self) -> datetime | None:
        record = self.record
        return self.watch.next_look(record.record, now=record.now, calendar=record.grounds.calendar)

    def _look(self) -> None:
        """Head and leader are told once for each date that will be missed; the letter is prepared once."""
        record = self.record
        self.watch.look(record.now)
        day, due = day_instead(record.record, record.position, record.grounds, now=record.now), record.record.due_at
        if day is None or due is None:
            return
        self.watch.told.add(due)
        is_new = self.apology is None
        if self.apology is None:
            unit_id, role = signing_desk(record.record, record.grounds, day=clock.local_day(record.now))
            self.apology = PreparedApology(unit_id, role, due, day)
        elif not self.apology.is_signed:
            self.apology = replace(self.apology, missed=due, proposed_day=day)
        portal = self.people.portal()
        record.note(kind=FORESEEN, actor=portal.actor, task=None, action=None)
        self._tell(
            HappeningKind.FORESEEN,
            portal,
            day=day,
            documents=(Text(*apology_title(clock.local_day(self.record.now))),) if is_new else (),
            told=self._words(Told(FORESEEN, record.record.state, was_due_at=due)),
        )

    def _ring(self, armed: ArmedTimer) -> None:
        record, timer = self.record, armed.timer
        step = self.process.step(armed.task.step)
        if timer.effect is not TimerEffect.ACT or timer.action is None:
            kind = _TOLD[timer.effect]
            who = self.people.who_does(armed.task, step, record.position)
            self._tell(kind, who, step=step, timer=timer)
            return
        following = engine.after_timer(
            self.process, tokens_of(record.position), armed.task.id, armed.index, record.facts
        )
        situation = self._situation(armed.task, timer.action, self.people.portal(), ActionAnswers())
        if timer.silence and step.consultation:
            record.verdicts.append(Verdict(step.consultation, SILENT, record.now))
        outcome = SILENT if timer.silence else timer.action.id
        self._perform(situation, following, self.people.portal(), kind=HappeningKind.RANG, outcome=outcome, armed=armed)
        if timer.silence and step.consultation:
            record.say(step.consultation, timer.silence)
        self.taken.append(f"{step.id}.{CLOCK_SIGN}{timer.label}")
