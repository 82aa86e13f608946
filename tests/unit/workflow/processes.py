"""Small processes for tests of the engine, written as one line for each step."""

from __future__ import annotations

from decimal import Decimal

from portal.workflow.definition import (
    Action,
    ActionKind,
    At,
    Branch,
    ClockRule,
    Condition,
    Duration,
    DurationUnit,
    End,
    Process,
    Step,
    Text,
    Timer,
    TimerEffect,
    Where,
)

ENDS = {
    "done": End("done", "returned", (9, 10)),
    "expired": End("expired", "expired", (8,), closes_all=True),
    "withdrawn": End("withdrawn", "withdrawn", (7,), closes_all=True),
}
WITHDRAW = Action("withdraw", ActionKind.WITHDRAW, Text("Rút"), ends="withdrawn", by="applicant", closed_in=("last",))


def when(name: str) -> Condition:
    """A condition that holds when the fact of that name is true; "!name" is its opposite."""
    if name.startswith("!"):
        return Condition(name, lambda facts: not facts.get(name[1:]), negates=name[1:])
    return Condition(name, lambda facts: bool(facts.get(name)))


def action(written: str, **more: object) -> Action:
    """ "go > a, b?wet" opens a and, when wet, b; "go > +j" arrives at j; "go > ." ends; "go > a | b" chooses."""
    name, _, target = (part.strip() for part in written.partition(">"))
    values: dict[str, object] = {"id": name, "kind": ActionKind.ADVANCE, "label": Text(name), **more}
    if target.startswith("+"):
        values["joins"] = target[1:]
    elif target.startswith("."):
        values["ends"] = target[1:] or "done"
    else:
        values["choice"] = "|" in target
        values["branches"] = tuple(_branch(part) for part in target.replace("|", ",").split(","))
    return Action(**values)  # type: ignore[arg-type]


def _branch(written: str) -> Branch:
    step, _, condition = written.strip().partition("?")
    return Branch(step, when(condition) if condition else None)


def step(name: str, *actions: Action | str, **more: object) -> Step:
    values: dict[str, object] = {
        "at": At(Where.PLACE, level="district", function="urban_management"),
        "role": "specialist",
        **more,
    }
    built = tuple(action(item) if isinstance(item, str) else item for item in actions)
    return Step(name, Text(name), actions=built, **values)  # type: ignore[arg-type]


def process(*steps: Step) -> Process:
    return Process(steps[0].id, {item.id: item for item in steps}, ENDS, always=(WITHDRAW,))


def silence(days: int, written: str) -> Timer:
    return Timer(Duration(Decimal(days), DurationUnit.CALENDAR_DAYS), TimerEffect.ACT, action(written), "consent")


def remind(days: int) -> Timer:
    return Timer(Duration(Decimal(days), DurationUnit.CALENDAR_DAYS), TimerEffect.REMIND)


PAUSED = {"clock": ClockRule.PAUSED, "role": "applicant", "at": At(Where.APPLICANT)}
