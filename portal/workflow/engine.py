"""What opens next: pure answers about a process and the open tasks of one record.

A record's position is its set of open tasks, here as tokens. A split gives its branches a common *group*, the path of
the steps that split; a join opens when the last token of its group has arrived, or enough of them (`opens_after`): then
the others are cancelled. The *origin* of a token is the step
that asked for a supplement or a signature, and the way back for the target `@asker`.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass

from portal.workflow import splits
from portal.workflow.definition import (
    ASKER,
    Action,
    ActionKind,
    At,
    Branch,
    ClockRule,
    End,
    Facts,
    Process,
    Step,
    Text,
    TimerEffect,
    Where,
)

RECALL = "recall"
"""What taking a question back is called, in tests and in the history."""
SKIPPED = "skipped"
"""How a step is closed that would be asked of the office that asks."""

_RECALL = Text("Rút câu hỏi", "Take the question back")


class InvalidTransition(Exception):
    """The process has no such way on from here."""


class TaskClosed(Exception):
    """The task is not open any more."""


@dataclass(frozen=True, slots=True)
class Token:
    """An open task. `group` is the path of splits ("" at top, "ask_ok", "ask_ok/x"), `origin` the step that asked."""

    task_id: Hashable
    step: str
    group: str = ""
    origin: str | None = None


@dataclass(frozen=True, slots=True)
class Opening:
    """A task to open. With `keeps_timer` it goes on under the timer of the closed task of the same consultation."""

    step: str
    group: str = ""
    origin: str | None = None
    consultation: str | None = None
    keeps_timer: bool = False


@dataclass(frozen=True, slots=True)
class Move:
    """What an action does to the tasks: the one it closes, those it opens, those an end or a join cancels.

    `skips` are branches that would be asked of the very office that asks (`Step.same_office`): they arrive at once.
    """

    closes: tuple[Hashable, ...] = ()
    opens: tuple[Opening, ...] = ()
    ends: End | None = None
    outcome: str | None = None
    cancels: tuple[Hashable, ...] = ()
    skips: tuple[Opening, ...] = ()


def start(process: Process, facts: Facts) -> tuple[Opening, ...]:
    """The first task of a record. `facts` is asked by no process yet: every one starts with a single step."""
    return (Opening(process.start, consultation=process.step(process.start).consultation),)


def reopening(process: Process) -> Opening:
    """The task with which an ended record is opened again to put its result right. InvalidTransition without one."""
    if process.correct is None:
        raise InvalidTransition("the process has no step for corrections")
    return Opening(process.correct, consultation=process.step(process.correct).consultation)


def actions_from(process: Process, step_id: str, facts: Facts) -> tuple[Action, ...]:
    """The actions that a task of the step offers now; `facts["done"]` counts each "step.action" (see Action.times)."""
    return tuple(action for action in process.step(step_id).actions if _is_open(step_id, action, facts))


def always_actions(process: Process, tokens: Iterable[Token], facts: Facts) -> tuple[Action, ...]:
    """Withdraw, stop …: what applicant or leader (`Action.by`) may do with the whole record at these tasks."""
    steps = {token.step for token in tokens}
    return tuple(
        action
        for action in process.always
        if steps and steps.isdisjoint(action.closed_in) and (action.when is None or action.when.test(facts))
    )


def after(process: Process, tokens: Iterable[Token], task_id: Hashable, action_id: str, facts: Facts) -> Move:
    """What `action_id` on the task does. Raises TaskClosed, and InvalidTransition when the action is not offered."""
    tokens = tuple(tokens)
    token = _token(tokens, task_id)
    for action in process.step(token.step).actions:
        if action.id == action_id and _is_open(token.step, action, facts):
            return _move(process, tokens, token, action, facts)
    raise InvalidTransition(f"{token.step} does not offer {action_id}")


def after_always(process: Process, tokens: Iterable[Token], action_id: str, facts: Facts) -> Move:
    """What an `always` action does: it ends the record. Raises InvalidTransition when it is not open (any more)."""
    tokens = tuple(tokens)
    for action in always_actions(process, tokens, facts):
        if action.id == action_id and action.ends is not None:
            return Move(
                ends=process.ends[action.ends],
                outcome=action.outcome,
                cancels=tuple(token.task_id for token in tokens),
            )
    raise InvalidTransition(f"{action_id} is not open")


def after_timer(process: Process, tokens: Iterable[Token], task_id: Hashable, timer_index: int, facts: Facts) -> Move:
    """What the step's timer does when it rings: nothing for a reminder. Raises TaskClosed, InvalidTransition."""
    tokens = tuple(tokens)
    token = _token(tokens, task_id)
    timers = process.step(token.step).timers
    if not 0 <= timer_index < len(timers):
        raise InvalidTransition(f"{token.step} has no timer {timer_index}")
    timer = timers[timer_index]
    if timer.effect is not TimerEffect.ACT or timer.action is None:
        return Move()
    return _move(process, tokens, token, timer.action, facts)


def recall_of(process: Process, token: Token) -> Action | None:
    """Taking back a question that is not answered: the branch arrives where its answer would. None for what is not an
    opinion asked for in a branch."""
    if process.step(token.step).consultation is None or not token.group:
        return None
    join = _meeting(process, [token.step])
    return Action(RECALL, ActionKind.ADVANCE, _RECALL, joins=join, needs=("reason",)) if join is not None else None


def after_recall(process: Process, tokens: Iterable[Token], task_id: Hashable) -> Move:
    """What taking the question back does. Raises TaskClosed, and InvalidTransition for what cannot be taken back."""
    tokens = tuple(tokens)
    token = _token(tokens, task_id)
    action = recall_of(process, token)
    if action is None:
        raise InvalidTransition(f"{token.step} is no question that can be taken back")
    return _arrive(process, tokens, token, action)


def join_of(process: Process, action: Action) -> str | None:
    """The step at which the branches of a split meet, found by walking on from them; None when they never meet."""
    return _meeting(process, (branch.step for branch in action.branches))


def asks_back(process: Process, step: Step, action: Action) -> bool:
    """True when the action asks agencies whose answers meet at this very step: it repeats what was done. Also when
    somebody approves it first."""
    if action.consults:
        return join_of(process, action) == step.id
    names = [branch.step for branch in action.branches] if action.proposes else []
    approving = (process.steps[name] for name in names if name in process.steps)
    return any(one.consults and join_of(process, one) == step.id for other in approving for one in other.actions)


def _meeting(process: Process, steps: Iterable[str]) -> str | None:
    seen: set[tuple[str, int]] = set()
    paths = [(step, 0) for step in steps]
    while paths:
        step_id, depth = paths.pop(0)
        if (step_id, depth) in seen or step_id not in process.steps:
            continue
        seen.add((step_id, depth))
        for following in _every_action(process, step_id):
            if following.joins is not None:
                if depth == 0:
                    return following.joins
                paths.append((following.joins, depth - 1))
            deeper = depth + 1 if is_split(following) else depth
            paths.extend((branch.step, deeper) for branch in following.branches if branch.step != ASKER)
    return None


def branches_at_most(process: Process, join: str) -> int | None:
    """So many branches at most arrive at the step where they meet; None when an answer says how many."""
    most = 0
    for step_id in process.steps:
        for action in _every_action(process, step_id):
            if is_split(action) and join_of(process, action) == join:
                if any(branch.each is not None for branch in action.branches):
                    return None
                most = max(most, len(action.branches))
    return most


def counting_steps(process: Process) -> frozenset[str]:
    """The steps whose branches are counted: where they meet, not all are waited for."""
    if all(step.opens_after is None for step in process.steps.values()):
        return frozenset()
    return frozenset(
        step_id
        for step_id in process.steps
        for action in _every_action(process, step_id)
        if is_split(action) and _counts(process, join_of(process, action))
    )


def is_split(action: Action) -> bool:
    """True when the action opens parallel branches (whose conditions may leave only some of them, or none)."""
    if action.choice or not action.branches:
        return False
    first = action.branches[0]
    return len(action.branches) > 1 or first.when is not None or first.each is not None


def record_state(process: Process, tokens: Iterable[Token], outcome: str | None) -> str:
    """The state of a record that has not ended, from its open steps.

    What the applicant must do outweighs what agencies do, waiting for an agency outweighs the desk's own work, and work
    outweighs a result: the first of _PRIORITY that any open step is in. A step is in its `state` when it names one.
    """
    states = {_state_of(process, token.step) for token in tokens}
    for state in _PRIORITY:
        if state in states:
            return _result_state(outcome) if state == "result" else state
    raise InvalidTransition("a record without open tasks has the state of its end")


def clock_rule(process: Process, tokens: Iterable[Token]) -> ClockRule:
    """The clock of the record: paused when any open step pauses it, else reception, else statutory, else none."""
    rules = {process.step(token.step).clock for token in tokens}
    for rule in (ClockRule.PAUSED, ClockRule.RECEPTION, ClockRule.STATUTORY):
        if rule in rules:
            return rule
    return ClockRule.NONE


_PRIORITY = (
    "supplement_before_acceptance",
    "supplement",
    "fee_due",
    "applicant_confirms",
    "consulting",
    "submitted",
    "in_progress",
    "accepted",
    "result",
)
STEP_STATES = frozenset(_PRIORITY)
"""What `Step.state` may say; "result" becomes granted or not_granted by the outcome."""


def _state_of(process: Process, step_id: str) -> str:
    step = process.step(step_id)
    if step.state is not None:
        return step.state
    if step.consultation is not None:
        return "consulting"
    return "submitted" if step.clock is ClockRule.RECEPTION else "in_progress"


def _result_state(outcome: str | None) -> str:
    return "not_granted" if outcome == "rejected" else "granted"


def has_actor(at: At, role: str | None) -> bool:
    """True when somebody or the portal itself can act at this place."""
    return at.where in (Where.APPLICANT, Where.AUTOMATIC) or role is not None


def _every_action(process: Process, step_id: str) -> tuple[Action, ...]:
    step = process.step(step_id)
    return step.actions + tuple(timer.action for timer in step.timers if timer.action is not None)


def _is_open(step_id: str, action: Action, facts: Facts) -> bool:
    if action.times is not None and facts.get("done", {}).get(f"{step_id}.{action.id}", 0) >= action.times:
        return False
    return action.when is None or bool(action.when.test(facts))


def _token(tokens: tuple[Token, ...], task_id: Hashable) -> Token:
    for token in tokens:
        if token.task_id == task_id:
            return token
    raise TaskClosed(task_id)


def _move(process: Process, tokens: tuple[Token, ...], token: Token, action: Action, facts: Facts) -> Move:
    closes = (token.task_id,)
    if action.ends is not None:
        cancels = tuple(other.task_id for other in tokens if other is not token)
        return Move(closes, ends=process.ends[action.ends], outcome=action.outcome, cancels=cancels)
    if action.joins is not None:
        return _arrive(process, tokens, token, action)
    if is_split(action):
        opens, skips = _split(process, token, action, facts)
        return Move(closes, opens, outcome=action.outcome, skips=skips)
    return Move(closes, (_go_on(process, token, action, facts),), outcome=action.outcome)


def _arrive(process: Process, tokens: tuple[Token, ...], token: Token, action: Action) -> Move:
    group, join = token.group, action.joins or ""
    if not group:
        raise InvalidTransition(f"{token.step} arrives at {join} outside any split")
    others = [other for other in tokens if other is not token and splits.holds(group, other.group)]
    enough = process.step(join).opens_after
    waits = others and (
        enough is None or splits.arrived(group, ((other.task_id, other.group) for other in others)) < enough
    )
    if waits:
        return Move((token.task_id,), outcome=action.outcome)
    opening = _open(process, token, join, group=splits.around(group), origin=None)
    cancels = tuple(other.task_id for other in others)
    return Move((token.task_id,), (opening,), outcome=action.outcome, cancels=cancels)


def _split(
    process: Process, token: Token, action: Action, facts: Facts
) -> tuple[tuple[Opening, ...], tuple[Opening, ...]]:
    """What opens, and what is skipped because the office that asks would be asked."""
    chosen = branches_opened(action, facts)
    if action.consults and not chosen:
        raise InvalidTransition(f"{token.step}.{action.id} asks nobody")
    join = join_of(process, action)
    enough = process.step(join).opens_after if join is not None else None
    of = len(chosen) if _counts(process, join) else 0
    opens: list[Opening] = []
    skips: list[Opening] = []
    for step, value in chosen:
        group = splits.inside(token.group, token.step, value, of=of)
        opening = _open(process, token, step, group=group, origin=None)
        (skips if _asks_itself(process, step, value, facts) else opens).append(opening)
    if opens and (enough is None or len(skips) < enough):
        return tuple(opens), tuple(skips)
    if join is None:
        raise InvalidTransition(f"{token.step}.{action.id} opens nothing and its branches have no join")
    return (_open(process, token, join, group=token.group, origin=None),), tuple(skips)


def _counts(process: Process, join: str | None) -> bool:
    return join is not None and process.step(join).opens_after is not None


def _asks_itself(process: Process, step: str, value: str, facts: Facts) -> bool:
    return process.step(step).same_office is not None and branch_name(step, value) in facts.get("same_office", ())


def branch_name(step: str, value: str = "") -> str:
    """How `facts["same_office"]` names a branch: by its first step, and the value it would be opened for."""
    return f"{step}[{value}]" if value else step


def branches_opened(action: Action, facts: Facts) -> tuple[tuple[str, str], ...]:
    """The steps that a split would open, each with the value that its branch is for."""
    return tuple((branch.step, value) for branch in action.branches for value in _values(branch, facts))


def _values(branch: Branch, facts: Facts) -> tuple[str, ...]:
    """What a branch of a split is opened for: nothing in particular, each value of an answer, or not at all."""
    if branch.each is not None:
        return branch.each.values(facts)
    return ("",) if branch.when is None or branch.when.test(facts) else ()


def _go_on(process: Process, token: Token, action: Action, facts: Facts) -> Opening:
    for branch in action.branches:
        if branch.when is None or branch.when.test(facts):
            step = branch.step
            break
    else:
        raise InvalidTransition(f"no condition of {token.step}.{action.id} holds")
    if step == ASKER:
        if token.origin is None:
            raise InvalidTransition(f"nobody asked {token.step}")
        return _open(process, token, token.origin, group=token.group, origin=None)
    origin = token.step if action.asks else token.origin
    return _open(process, token, step, group=token.group, origin=None if origin == step else origin)


def _open(process: Process, token: Token, step_id: str, *, group: str, origin: str | None) -> Opening:
    consultation = process.step(step_id).consultation
    keeps = consultation is not None and process.step(token.step).consultation == consultation
    return Opening(step_id, group, origin, consultation, keeps)
