"""How a simulator is told to behave: numbers that a person types or a program sends, each between 0 and a bound."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

DAYS = 400
"""Further ahead than any answer."""
MOST = {
    "amount": 10**12,
    "days": DAYS,
    "delay": 86_400,
    "duplicate": 100,
    "less": 10**12,
    "reorder": 86_400,
    "slow": 60,
}
"""The largest number by name: VND, days, seconds, times. What is not named is a share or a yes: at most 1."""


@dataclass(frozen=True)
class Told:
    """What was said: the numbers, nothing being 0, and the mistakes with what was typed, by name."""

    numbers: dict[str, float] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)
    mistakes: dict[str, str] = field(default_factory=dict)


NOTHING = Told()


def told(given: Mapping[str, Any], names: list[str]) -> Told:
    """The numbers of these names; a decimal comma is one too."""
    typed = {name: str(given.get(name) or "0").strip() for name in names}
    numbers = {name: number for name in names if (number := _number(typed[name], most=MOST.get(name, 1))) is not None}
    mistakes = {name: f"Ghi một số từ 0 đến {_written(name)}" for name in names if name not in numbers}
    return Told(numbers, typed, mistakes)


def _number(typed: str, *, most: float) -> float | None:
    try:
        number = float(typed.replace(",", "."))
    except ValueError:
        return None
    return number if 0 <= number <= most else None


def _written(name: str) -> str:
    return f"{MOST.get(name, 1):,}".replace(",", ".")
