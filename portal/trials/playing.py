"""Playing a trial: the moves one after another, by the very code that moves real records; nothing is written.

What the portal does by itself follows the clock: a timer that is due rings before anything later happens.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from portal.catalogue.sequences import RECALLED, usual_verdict
from portal.core import clock
from portal.core.errors import Conflict, InvalidInput, PortalError
from portal.core.text import composed, marked
from portal.records.actions import chosen_move
from portal.records.answers import asking
from portal.records.apologies import SIGNED, promised_anew
from portal.records.asking import ticked
from portal.records.late_opinions import OPINION_LATE, answer_of, is_silent, said_late, signing_role
from portal.records.limits import limit_of
from portal.records.performing import tokens_of
from portal.records.recalling import asking_task
from portal.records.types import ActionAnswers, TaskRow
from portal.trials.endings import Endings
from portal.trials.fees import paid, unpaid_amount
from portal.trials.happenings import HappeningKind, LateAnswer, OpenTask, Stopped, Trial
from portal.trials.people import Pretended
from portal.trials.pretended import PretendedRecord, documents_of
from portal.trials.stage import GONE, TrialGround, known, require_calendar
from portal.trials.telling import Told
from portal.trials.types import MoveKind, TrialMove, TrialStart
from portal.workflow import engine
from portal.workflow.definition import Action, ActionKind, Text

RECEIPT = Text("Biên nhận hồ sơ", "Receipt")
NOTHING_OWED = marked("Không còn khoản nào phải nộp.")


def play(ground: TrialGround, start: TrialStart, moves: Sequence[TrialMove]) -> Trial:
    """The record after these moves. One that is not possible stops the trial there (`Trial.stopped`).

    Raises InvalidInput when nobody receives the procedure at the place, or the first step cannot be opened.
    """
    player = _Player(ground, start)
    stopped = None
    for index, move in enumerate(moves):
        try:
            player.make(move, number=index + 1)
        except PortalError as refused:
            stopped = Stopped(index, refused)
            break
    return player.trial(stopped)


def counter_at(ground: TrialGround, start: TrialStart) -> UUID:
    """The counter that receives. Raises InvalidInput."""
    day = clock.local_day(start.at)
    counters = ground.directory.counters(start.place, day=day) if ground.directory.place_or_none(start.place) else []
    for counter in counters:
        if counter.level == start.level:
            return counter.id
    raise InvalidInput("Ở nơi này không có bộ phận một cửa của cấp đó. Chọn cấp hoặc nơi khác.", field="level")


class _Player(Endings):
    def __init__(self, ground: TrialGround, start: TrialStart) -> None:
        require_calendar(ground.book, start.at)
        counter = counter_at(ground, start)
        record = PretendedRecord(ground.procedure, ground.directory, ground.book, start, counter=counter)
        super().__init__(ground, record)
        self.proposed: dict[str, Any] = {}
        self.said_late: set[UUID] = set()
        opened = known(record.submit)
        self.began_unpaid = start.unpaid and record.record.unpaid
        applicant = self.people.applicant()
        record.note(kind="record_submitted", actor=applicant.actor, task=None, action=None)
        self._tell(
            HappeningKind.SUBMITTED,
            applicant,
            opened=tuple(task.step for task in opened),
            documents=(RECEIPT,),
            fees=record.fees,
            told=self._words(Told("record_submitted", None, amount=unpaid_amount(record.fees))),
        )
        if unpaid_amount(record.fees) and not start.unpaid:
            self._pay()
        self._ring_until(record.now)

    def make(self, move: TrialMove, *, number: int) -> None:
        self.moves = number
        if move.kind is MoveKind.WAIT and move.until is not None:
            self._wait(move.until)
        elif move.kind is MoveKind.END:
            known(lambda: self._end(move))
        else:
            doing = {
                MoveKind.PAY: lambda _move: self._pay(),
                MoveKind.APOLOGISE: self._apologise,
                MoveKind.RECALL: self._recall,
                MoveKind.LATE: self._say_late,
            }
            known(lambda: doing.get(move.kind, self._act)(move))
            self._ring_until(self.record.now)

    def trial(self, stopped: Stopped | None) -> Trial:
        record, apology = self.record, self.apology
        is_waiting = apology is not None and apology.is_waiting(record.record)
        return Trial(
            view=record.view(),
            now=record.now,
            happenings=tuple(self.happenings),
            open_tasks=tuple(self._open_task(task) for task in record.open_tasks),
            always=tuple(self._offered_endings()),
            facts=record.facts,
            taken=tuple(self.taken),
            end=self.end,
            fees=record.fees,
            began_unpaid=self.began_unpaid,
            apology=apology,
            signer=self._signer() if is_waiting else None,
            stopped=stopped,
            late=tuple(self._late_answers()),
            proposed=self.proposed,
        )

    def _open_task(self, task: TaskRow) -> OpenTask:
        record = self.record
        step = self.process.step(task.step)
        offered = engine.actions_from(self.process, task.step, record.facts)
        actions = tuple(asking(action, record.facts) for action in offered)
        accepted, pauses = record.record.accepted_at, record.record.pauses
        limits = {
            action.id: limit_of(action, accepted_at=accepted, pauses=pauses, book=record.book) for action in actions
        }
        return OpenTask(
            number=task.id.int,
            task=task,
            step=step,
            who=self.people.who_does(task, step, record.position),
            actions=actions,
            limits={name: limit for name, limit in limits.items() if limit is not None},
            timers=tuple(record.armed(task)),
            recall=engine.recall_of(self.process, engine.Token(task.id, task.step, task.split, task.origin)),
        )

    def _act(self, move: TrialMove) -> None:
        task = next((task for task in self.record.open_tasks if task.id.int == move.task), None)
        if task is None:
            raise Conflict(GONE)
        offered = engine.actions_from(self.process, task.step, self.record.facts)
        action = next((action for action in offered if action.id == move.action), None)
        if action is None:
            raise Conflict(GONE)
        if action.kind is ActionKind.PAY:  # its task is closed by the money
            self._pay()
            return
        self._take(task, action, self.people.who_does(task, self.process.step(task.step), self.record.position), move)

    def _take(self, task: TaskRow, action: Action, who: Pretended, move: TrialMove) -> None:
        record, facts = self.record, self.record.facts
        action, following = chosen_move(
            record.record,
            record.position,
            task,
            action.id,
            grounds=record.grounds,
            facts=facts,
            actor=who.actor,
            now=record.now,
            answers=move.answers,
        )
        answers, assignee = move.answers, None
        if "person" in action.needs:
            named = self.people.official(who.unit, task.function, "specialist")
            answers = replace(answers, assignee_id=named.actor.person_id)
            assignee = (named.actor.person_id or UUID(int=0), named.actor.name)
        situation = self._situation(task, action, who, answers)
        self._perform(situation, following, who, kind=HappeningKind.ACTED, outcome=action.id, assignee=assignee)
        if action.proposes:
            self.proposed = dict(answers.form)
        asked = ticked(action, move.answers) or _other_verdict(action, move.answers)
        self.taken.append(f"{task.step}.{action.id}" + (f"({'+'.join(asked)})" if asked else ""))

    def _late_answers(self) -> Iterator[LateAnswer]:
        """Until the result is signed, and once for each question."""
        record = self.record
        if record.is_signed or not record.open_tasks:
            return
        for task in record.tasks:
            found = answer_of(self.process, task.consultation or "")
            if found is not None and is_silent(task, record.tasks, self.process) and task.id not in self.said_late:
                unit = record.directory.unit(task.unit_id) if task.unit_id else None
                who = self.people.official(unit, task.function, signing_role(self.process, task))
                yield LateAnswer(task.id.int, found[0], found[1], who)

    def _say_late(self, move: TrialMove) -> None:
        record = self.record
        late = next((one for one in self._late_answers() if one.number == move.task), None)
        task = next((task for task in record.tasks if task.id.int == move.task), None)
        if late is None or task is None:
            raise Conflict(GONE)
        situation = self._situation(replace(task, step=late.step.id), late.action, late.who, move.answers)
        change = said_late(situation)
        record.add(change)
        self.said_late.add(task.id)
        record.note(kind=OPINION_LATE, actor=late.who.actor, task=task, action=late.action)
        made = documents_of(change)
        self._tell(HappeningKind.SAID_LATE, late.who, step=late.step, action=late.action, documents=made)

    def _pay(self) -> None:
        """The applicant pays all that is owed; a step that waits for it goes on."""
        record = self.record
        amount = unpaid_amount(record.fees)
        if not amount:
            raise Conflict(NOTHING_OWED)
        record.put_fees(paid(record.fees, now=record.now))
        portal = self.people.portal()
        record.note(kind="fee_paid", actor=portal.actor, task=None, action=None)
        message = self._words(Told("fee_paid", record.record.state, amount=amount))
        self._tell(HappeningKind.PAID, self.people.applicant(), amount=amount, told=message)
        for task in record.open_tasks:
            for action in self.process.step(task.step).actions:
                if action.kind is ActionKind.PAY:
                    self._take(task, action, portal, TrialMove(MoveKind.PAY))
                    return

    def _apologise(self, move: TrialMove) -> None:
        record, apology = self.record, self.apology
        if apology is None or not apology.is_waiting(record.record):
            raise Conflict(GONE)
        reason, day = composed(move.answers.reason).strip(), move.answers.form.get("day")
        wanted = date.fromisoformat(str(day)) if day else None
        anew, due = promised_anew(record.record, record.grounds, reason=reason, day=wanted, now=record.now)
        who, was = self._signer(), record.record.due_at
        record.promise(anew, due)
        self.apology = replace(apology, is_signed=True)
        record.note(kind=SIGNED, actor=who.actor, task=None, action=None, reason=reason)
        told = Told(SIGNED, record.record.state, unit_id=apology.unit_id, reason=reason, was_due_at=was)
        self._tell(HappeningKind.APOLOGISED, who, reason=reason, day=anew.day, due_before=was, told=self._words(told))

    def _signer(self) -> Pretended:
        apology = self.apology
        unit = self.record.directory.unit(apology.unit_id) if apology else None
        return self.people.official(unit, "leadership", apology.role if apology else None)

    def _recall(self, move: TrialMove) -> None:
        record = self.record
        task = next((task for task in record.open_tasks if task.id.int == move.task), None)
        tokens = tokens_of(record.position)
        token = next((token for token in tokens if task is not None and token.task_id == task.id), None)
        action = engine.recall_of(self.process, token) if token is not None else None
        asking = asking_task(task, record.tasks) if task is not None else None
        if task is None or action is None or asking is None:
            raise Conflict(GONE)
        who = self.people.who_does(asking, self.process.step(asking.step), record.position)
        situation = self._situation(task, action, who, move.answers)
        following = engine.after_recall(self.process, tokens, task.id)
        self._perform(situation, following, who, kind=HappeningKind.ACTED, outcome=RECALLED)
        self.taken.append(f"{task.step}.{engine.RECALL}")


def _other_verdict(action: Action, answers: ActionAnswers) -> list[str]:
    """What an agency said, as a test writes it: nothing when it is what a test takes for granted."""
    verdict = answers.form.get("verdict") if action.kind is ActionKind.ANSWER else None
    return [str(verdict)] if verdict and verdict != usual_verdict(action) else []
