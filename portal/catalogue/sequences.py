"""The administrator's own tests: a sequence of actions is played with the engine, and the record must end as written.

Short forms keep a test about what matters. The beginning (accept, hand_over, assign) and the tail (initial, sign,
issue, give) are played by themselves where a test leaves them out; SUP stands for the way of a supplement (approve,
send, submit, hand_over); `plan.⏰12d` lets the timer of 12 calendar days ring; withdraw and stop need no step, and
CORRECT opens an ended record again, to put its result right. `conclude.ask_more(fire+land)` ticks whom a consulting
action asks, `fire.answer(disagree)` gives that opinion, and `fire.recall` takes the question back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from portal.catalogue.types import SequenceTest
from portal.workflow import engine
from portal.workflow.definition import Action, ActionKind, ClockRule, End, Process, Step

HEAD = ("accept", "hand_over", "assign")
TAIL = ("initial", "sign", "issue", "give")
CORRECT = "CORRECT"
SUPPLEMENT_WAY = ("approve", "send", "submit", "hand_over")
CLOCK_SIGN = "⏰"
SILENT = "silent"
"""How a step was closed whose silence means something."""
RECALLED = "recalled"
"""How a step was closed whose question was taken back."""
WITHOUT_ANSWER = frozenset({RECALLED, engine.SKIPPED, "cancelled"})
"""What becomes of a question to which nobody has an answer any more."""
_ASKED = re.compile(r"(?P<action>[^()]+)\((?P<asked>\w+(?:\+\w+)*)\)")


class SequenceFailed(Exception):
    """The action is not possible; `open_steps` are. `way` is what was done until then."""

    def __init__(self, action: str, open_steps: tuple[str, ...], way: tuple[str, ...] = ()) -> None:
        super().__init__(action, open_steps)
        self.action = action
        self.open_steps = open_steps
        self.way = way


def play(process: Process, test: SequenceTest) -> tuple[str, str | None]:
    """The end that the sequence reaches ("open" when it reaches none) and its outcome. Raises SequenceFailed."""
    game = played(process, test)
    return (game.end.id if game.end is not None else "open"), game.outcome


def played(process: Process, test: SequenceTest) -> Game:
    """The record as it stands after the sequence. Raises SequenceFailed."""
    game = Game(process, test.facts)
    for item in test.steps:
        if item == "SUP":
            for action in SUPPLEMENT_WAY:
                game.act_anywhere(action, item)
        elif item == CORRECT:
            game.finish(TAIL)
            game.correct()
        else:
            game.play_until_open(item.split(".")[0], HEAD)
            game.act(item)
    game.finish(TAIL)
    return game


class Game:
    """One record in memory: its open tasks, its facts, and how it ended."""

    def __init__(self, process: Process, facts: Any) -> None:
        self.process = process
        record = {"supplements": 0, "extensions": 0, "unpaid": False, "outcome": "", **facts.get("record", {})}
        outcomes = dict(facts.get("outcomes", {}))
        self.facts: dict[str, Any] = {"same_office": [], "asked": [], **facts, "record": record, "outcomes": outcomes}
        self.facts["done"] = {}
        self.tokens: list[engine.Token] = []
        self.end: End | None = None
        self.outcome: str | None = None
        self.way: tuple[str, ...] = ()
        self._tasks = 0
        self._drafted: dict[str, str] = {}
        self._proposed: list[str] = []
        self._open(engine.start(process, self.facts))

    @property
    def open_steps(self) -> tuple[str, ...]:
        return tuple(token.step for token in self.tokens)

    @property
    def taken(self) -> frozenset[str]:
        """Every action and timer of the way, once."""
        return frozenset(self.way)

    def act(self, item: str) -> None:
        """Plays "step.action", "step.⏰12d", "withdraw" or "stop"."""
        step_id, _, action_id = item.partition(".")
        action_id, self.facts["asked"] = asked_in(action_id)
        try:
            if not action_id:
                self._apply(engine.after_always(self.process, self.tokens, step_id, self.facts))
                self.way += (item,)
                return
            token, ring = self._token_of(step_id, action_id)
            if ring is not None:
                self.way += (f"{token.step}.{action_id}",)
                self._ring(token, ring)
            elif action_id == engine.RECALL:
                self._say(self.process.step(token.step), RECALLED)
                self._apply(engine.after_recall(self.process, self.tokens, token.task_id))
            else:
                self._act_on(token, action_id)
        except (engine.InvalidTransition, LookupError) as failure:
            raise SequenceFailed(item, self.open_steps, self.way) from failure

    def correct(self) -> None:
        """Opens the step that puts the result right; only a record that has ended with one has any."""
        if self.end is None or self.outcome != "granted" or self.process.correct is None:
            raise SequenceFailed(CORRECT, self.open_steps, self.way)
        self.end = None
        self._open((engine.reopening(self.process),))

    def act_anywhere(self, action_id: str, item: str) -> None:
        """Plays the action on the open step of the supplement (it has an origin) that offers it."""
        for token in self.tokens:
            if token.origin is not None and action_id in _ids(self._offered(token)):
                self._act_on(token, action_id)
                return
        raise SequenceFailed(f"{item} ({action_id})", self.open_steps, self.way)

    def play_until_open(self, step_id: str, actions: tuple[str, ...]) -> None:
        """Plays the actions of the beginning as long as the step is not open and one of them is offered."""
        for action_id in actions:
            if step_id in self.open_steps or not self.process.steps.get(step_id) or len(self.tokens) != 1:
                return
            if action_id in _ids(self._offered(self.tokens[0])):
                self._act_on(self.tokens[0], action_id)

    def finish(self, actions: tuple[str, ...]) -> None:
        for action_id in actions:
            if len(self.tokens) == 1 and action_id in _ids(self._offered(self.tokens[0])):
                self._act_on(self.tokens[0], action_id)

    def _offered(self, token: engine.Token) -> tuple[Action, ...]:
        return engine.actions_from(self.process, token.step, self.facts)

    def _token_of(self, step_id: str, action_id: str) -> tuple[engine.Token, int | None]:
        """The open task, and the index of a timer; the timer of a consultation is over both of its steps."""
        for token in sorted(self.tokens, key=lambda token: token.step != step_id):
            step = self.process.step(token.step)
            if action_id.startswith(CLOCK_SIGN) and step_id in (step.id, step.consultation):
                return token, _timer(step, action_id.removeprefix(CLOCK_SIGN))
            if step.id == step_id:
                return token, None
        raise LookupError(step_id)

    def _act_on(self, token: engine.Token, action_id: str) -> None:
        if not self.facts["asked"] and any(one.consults for one in self._offered(token) if one.id == action_id):
            self.facts["asked"] = self._proposed  # approved as it was proposed
        move = engine.after(self.process, self.tokens, token.task_id, action_id, self.facts)
        step = self.process.step(token.step)
        if step.action(action_id).proposes:
            self._proposed = self.facts["asked"]
        name = f"{step.id}.{action_id}"
        self.facts["done"][name] = self.facts["done"].get(name, 0) + 1
        self.way += (name,)
        self.facts["outcomes"][step.id] = action_id
        self._note_opinion(step, step.action(action_id))
        if step.action(action_id).kind is ActionKind.PAY:
            self.facts["record"]["unpaid"] = False
        if step.action(action_id).kind is ActionKind.EXTEND:
            self.facts["record"]["extensions"] += 1
        if counts_as_supplement(step, step.action(action_id)):
            self.facts["record"]["supplements"] += 1
        self._apply(move)

    def _ring(self, token: engine.Token, ring: int) -> None:
        move = engine.after_timer(self.process, self.tokens, token.task_id, ring, self.facts)
        timer = self.process.step(token.step).timers[ring]
        if timer.action is not None:
            self.facts["outcomes"][token.step] = SILENT if timer.silence else timer.action.id
            if timer.silence:
                self._say(self.process.step(token.step), timer.silence)
        self._apply(move)

    def _note_opinion(self, step: Step, action: Action) -> None:
        """The verdict is drafted with the answer, and becomes the word of all steps of the opinion where it arrives."""
        if step.consultation is None:
            return
        if action.kind is ActionKind.ANSWER:
            self._drafted[step.consultation] = next(iter(self.facts["asked"]), usual_verdict(action))
        if action.joins is not None and step.consultation in self._drafted:
            self._say(step, self._drafted.pop(step.consultation))

    def _say(self, step: Step, word: str) -> None:
        """What became of the question, as the outcome of each of its steps."""
        for name, one in self.process.steps.items():
            if step.consultation is not None and one.consultation == step.consultation:
                self.facts["outcomes"][name] = word

    def _apply(self, move: engine.Move) -> None:
        closed = {*move.closes, *move.cancels}
        self.tokens = [token for token in self.tokens if token.task_id not in closed]
        if move.outcome in ("granted", "rejected"):
            self.outcome = self.facts["record"]["outcome"] = move.outcome
        self.end = move.ends
        self.facts["outcomes"].update({opening.step: engine.SKIPPED for opening in move.skips})
        self._open(move.opens)

    def _open(self, openings: tuple[engine.Opening, ...]) -> None:
        for opening in openings:
            self._tasks += 1
            self.tokens.append(engine.Token(self._tasks, opening.step, opening.group, opening.origin))


def usual_verdict(action: Action) -> str:
    """What an agency says in a test that writes no other verdict: the first that the answer offers."""
    choices = (choice.value for field in action.form if field.id == "verdict" for choice in field.choices)
    return next(choices, "")


def asked_in(action: str) -> tuple[str, list[str]]:
    """An action as a test writes it, `ask_more(fire+land)`, and whom it asks; of an answer, `answer(disagree)`."""
    found = _ASKED.fullmatch(action)
    return (found["action"], found["asked"].split("+")) if found else (action, [])


def counts_as_supplement(step: Step, action: Action) -> bool:
    """True for a request made after acceptance: those are what `record.supplements` counts and the law limits."""
    return action.kind is ActionKind.SUPPLEMENT and step.clock is not ClockRule.RECEPTION


def _timer(step: Step, label: str) -> int:
    for index, timer in enumerate(step.timers):
        if timer.label == label:
            return index
    raise LookupError(label)


def _ids(actions: tuple[Action, ...]) -> Iterator[str]:
    return (action.id for action in actions)
