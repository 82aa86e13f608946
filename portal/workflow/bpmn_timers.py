"""Timers of a step as boundary events of its task."""

from __future__ import annotations

from portal.workflow import bpmn_words as words
from portal.workflow.bpmn_graph import Node, NodeKind, Trigger
from portal.workflow.definition import Duration, DurationUnit, Step, Timer, TimerEffect

_HOURS = {DurationUnit.WORKING_HOURS: 1, DurationUnit.WORKING_DAYS: 24, DurationUnit.CALENDAR_DAYS: 24}


def timer_event(step: Step, timer: Timer, number: int, *, lane: str, language: str) -> Node:
    """The event. Those that act interrupt."""
    effect = words.EFFECTS.get(timer.effect)
    label = timer.action.label.in_language(language) if timer.action else ""
    moment, length = _moment(timer, language)
    expression = _expression(step, timer)
    notes = [words.say("one_timer", language)] if step.consultation else []
    notes += [words.say("counted_back", language)] if expression and timer.before_due else []
    notes += [words.say("working_time", language)] if timer.after.unit is not DurationUnit.CALENDAR_DAYS else []
    return Node(
        f"{step.id}.{moment}" + (f"-{number}" if number else ""),
        NodeKind.BOUNDARY,
        words.say("time_up", language, length=length, meaning=words.say(effect, language) if effect else label),
        lane,
        step.id,
        trigger=Trigger.TIMER,
        about=expression or words.iso(_length(step, timer)),
        host=step.id,
        interrupting=timer.effect is TimerEffect.ACT,
        on_day=bool(expression),
        documentation=" ".join(notes),
    )


def _moment(timer: Timer, language: str) -> tuple[str, str]:
    """What the event of a timer is called, and its time in words."""
    length = words.length(timer.after, language)
    if timer.day is not None:
        return f"on_{timer.effect}", words.say("on_day", language, day=timer.day.source)
    if timer.before_due:
        return f"before_{timer.after}", words.say("before_due", language, length=length)
    return f"after_{timer.after}", length


def _expression(step: Step, timer: Timer) -> str:
    """The moment of a timer that has no length: a day in an answer, or back from when the step is due where its hours
    do not give that. BPMN knows no due date: `due` is given by whoever runs the model."""
    if timer.day is not None:
        return timer.day.source
    if not timer.before_due or _hours_give(step, timer):
        return ""
    return f'due["{step.id}"] - duration("{timer.after.value * _HOURS[timer.after.unit]:f}h")'


def _hours_give(step: Step, timer: Timer) -> bool:
    return timer.after.unit is DurationUnit.WORKING_HOURS and step.quota >= timer.after.value


def _length(step: Step, timer: Timer) -> Duration:
    """How long after the beginning of its task a timer rings."""
    if not timer.before_due:
        return timer.after
    return Duration(step.quota - timer.after.value, DurationUnit.WORKING_HOURS)
