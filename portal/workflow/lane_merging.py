"""What citizens see: neighbouring steps of one level as one stop, so that the picture shows who has the record."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol, TypeVar


class Mergeable(Protocol):
    """A step, visit or expected step as merging sees it."""

    @property
    def lane(self) -> str: ...
    @property
    def counter(self) -> bool: ...
    @property
    def reception(self) -> bool: ...


Item = TypeVar("Item", bound=Mergeable)


def merged(items: Sequence[Item], *, applicant: str, apart: Callable[[Item], bool] | None = None) -> list[list[Item]]:
    """Runs of neighbours on one level. Reception stays a stop of its own beside the office that decides."""
    runs: list[list[Item]] = []
    for item in items:
        alone = item.lane == applicant or (apart is not None and (apart(item) or (runs and apart(runs[-1][-1]))))
        if runs and not alone and _belongs(runs[-1], item, applicant):
            runs[-1].append(item)
        else:
            runs.append([item])
    return runs


def _belongs(run: Sequence[Item], item: Item, applicant: str) -> bool:
    if run[-1].lane != item.lane or item.lane == applicant:
        return False
    counters = all(other.counter for other in run)
    if counters == item.counter:
        return True
    return not any(other.reception for other in (*run, item))


@dataclass(frozen=True)
class Named:
    """A candidate for the name of a merged stop: how long it takes, and whether it drafts the result."""

    name: str
    hours: Decimal
    drafts: bool = False


def name_of(candidates: Iterable[Named]) -> str:
    """The name of the step that drafts the result, else of what takes longest in all."""
    totals: dict[str, Decimal] = {}
    for candidate in candidates:
        if candidate.drafts and candidate.name:
            return candidate.name
        totals[candidate.name] = totals.get(candidate.name, Decimal(0)) + candidate.hours
    return max(totals, key=lambda name: totals[name])
