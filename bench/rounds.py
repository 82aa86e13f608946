"""Measuring side by side: in each round every contestant has its turn, in an order drawn anew.

Neighbours on the machine slow all of a round alike, so a ratio is taken within each round, and their median is shown.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median

from bench.spent import Spent

WARM_UP = 1
"""Rounds that are not counted: plans, prepared statements and caches are made in them."""


@dataclass(frozen=True)
class Contestant:
    """`turn` does its work some times and answers what each took: seconds, or seconds and CPU."""

    name: str
    turn: Callable[[], Sequence[float] | Sequence[Spent]]


@dataclass
class Figures:
    """The median of each round, in seconds; `cpu` where it was measured."""

    rounds: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    def add(self, taken: Sequence[float] | Sequence[Spent]) -> None:
        self.rounds.append(median(one.seconds if isinstance(one, Spent) else one for one in taken))
        if cpu := [one.cpu for one in taken if isinstance(one, Spent)]:
            self.cpu.append(median(cpu))

    @property
    def in_cpu(self) -> Figures:
        return Figures(self.cpu)

    @property
    def median(self) -> float:
        return median(self.rounds)


def interleaved(contestants: Iterable[Contestant], *, rounds: int) -> dict[str, Figures]:
    """Rounds in which everybody has one turn."""
    everybody = list(contestants)
    figures = {contestant.name: Figures() for contestant in everybody}
    order = random.Random(20261109)  # noqa: S311 - an order, not a secret
    for number in range(WARM_UP + rounds):
        for contestant in order.sample(everybody, len(everybody)):
            taken = contestant.turn()
            if number >= WARM_UP:
                figures[contestant.name].add(taken)
    return figures


def quotients(upper: Figures, lower: Figures) -> list[float]:
    """How many times `upper` takes what `lower` takes, round by round."""
    return [above / below for above, below in zip(upper.rounds, lower.rounds, strict=True)]


def spread(values: Sequence[float], *, scale: float = 1.0, digits: int = 2) -> str:
    """`median [least-most]`"""
    low, middle, high = (value * scale for value in (min(values), median(values), max(values)))
    return f"{middle:.{digits}f} [{low:.{digits}f}-{high:.{digits}f}]"


def milliseconds(figures: Figures) -> str:
    return spread(figures.rounds, scale=1000)


def title(words: str) -> None:
    say("")
    say(words)


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A plain table: the first column to the left, the others to the right."""
    lines = [list(head), *(list(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    for line in lines:
        first, *others = (
            cell.ljust(width) if not place else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        say("  " + "  ".join([first, *others]).rstrip())


def verdict(words: str, reached: bool) -> None:
    say(f"  {'reached' if reached else 'MISSED '}  {words}")
