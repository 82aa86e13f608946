"""Timers of a step as boundary events of its task."""

from __future__ import annotations

from portal.workflow import bpmn_words as words
from portal.workflow.bpmn_graph import Node, NodeKind, Trigger
from portal.workflow.bpmn_reach import NotExportable
from portal.workflow.definition import Duration, DurationUnit, Step, Timer, TimerEffect


def timer_event(step: Step, timer: Timer, number: int, *, lane: str, language: str) -> Node:
    """The event. Those that act interrupt. Raises NotExportable."""
    effect = words.EFFECTS.get(timer.effect)
    label = timer.action.label.in_language(language) if timer.action else ""
    moment, length = _moment(timer, language)
    notes = [words.say("one_timer", language)] if step.consultation else []
    notes += [words.say("working_time", language)] if timer.after.unit is not DurationUnit.CALENDAR_DAYS else []
    return Node(
        f"{step.id}.{moment}" + (f"-{number}" if number else ""),
        NodeKind.BOUNDARY,
        words.say("time_up", language, length=length, meaning=words.say(effect, language) if effect else label),
        lane,
        step.id,
        trigger=Trigger.TIMER,
        about=timer.day.source if timer.day else words.iso(_length(step, timer)),
        host=step.id,
        interrupting=timer.effect is TimerEffect.ACT,
        on_day=timer.day is not None,
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


def _length(step: Step, timer: Timer) -> Duration:
    """How long after the beginning of its task a timer rings. BPMN knows no due date to count back from."""
    if not timer.before_due:
        return timer.after
    if timer.after.unit is not DurationUnit.WORKING_HOURS or step.quota < timer.after.value:
        raise NotExportable(step.id, "has a timer before a due date that its hours do not give")
    return Duration(step.quota - timer.after.value, DurationUnit.WORKING_HOURS)
