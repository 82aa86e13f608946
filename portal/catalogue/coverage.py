"""Which actions of a process its own tests take."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from portal.catalogue.sequences import CLOCK_SIGN, SequenceFailed, played
from portal.catalogue.types import Procedure
from portal.workflow.definition import Process, TimerEffect


@dataclass(frozen=True)
class Coverage:
    """Actions, and timers that act, written step.action and step.⏰12d, in the order of the file."""

    taken: tuple[str, ...]
    never: tuple[str, ...]

    @property
    def percent(self) -> int:
        """Of all actions, rounded down; 100 means that each is taken."""
        return 100 * len(self.taken) // max(len(self.taken) + len(self.never), 1)


def coverage_of(procedure: Procedure) -> Coverage:
    """What the tests of the definition take of its process; a test that fails counts as far as it went."""
    done: set[str] = set()
    for test in procedure.tests:
        try:
            done |= played(procedure.process, test).taken
        except SequenceFailed as failure:
            done.update(failure.way)
    every = tuple(_every_action(procedure.process))
    return Coverage(tuple(name for name in every if name in done), tuple(name for name in every if name not in done))


def _every_action(process: Process) -> Iterator[str]:
    for step in process.steps.values():
        yield from (f"{step.id}.{action.id}" for action in step.actions)
        acting = [timer for timer in step.timers if timer.effect is TimerEffect.ACT]
        yield from (f"{step.id}.{CLOCK_SIGN}{timer.label}" for timer in acting)
