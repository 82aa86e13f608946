"""Terms as the law gives them, what may happen to them, and the days that a count is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

HOURS_A_DAY = 8
SAME_DAY = "same_day"


class Stretch(Protocol):
    """A length that the law gives: `unit` is working_days, calendar_days, working_hours or same_day."""

    @property
    def value(self) -> Decimal: ...
    @property
    def unit(self) -> str: ...


class Term(Stretch, Protocol):
    """The term of a procedure (`catalogue.types.Term` is one). Stages, when given, are counted one after another."""

    @property
    def cutoff(self) -> str: ...
    @property
    def stages(self) -> Sequence[Stretch]: ...


@dataclass(frozen=True)
class TermLength:
    """A term without a procedure."""

    value: Decimal
    unit: str
    cutoff: str = "15:00"
    stages: tuple[Stretch, ...] = ()


@dataclass(frozen=True)
class Pause:
    """From asking for a supplement (or the like) until its answer. `resumed_at` is None while it lasts."""

    paused_at: datetime
    resumed_at: datetime | None = None


@dataclass(frozen=True)
class Extension:
    """The law's leave to take longer, granted before the term had run out: counted after the term like a stage."""

    at: datetime
    value: Decimal
    unit: str


@dataclass(frozen=True)
class Appointment:
    """A new day for the result, promised with an apology (Decree 118/2025/NĐ-CP): it takes the place of the term's end.

    Pauses that begin later put it off by as many working days.
    """

    at: datetime
    day: date
    instead_of: datetime | None = None
    """The date that was not kept."""


DueChange = Extension | Appointment


class PauseRule(StrEnum):
    ADD = "add"  # days that were paused are not counted
    RESTART = "restart"  # the term is counted again from the answer


class DayReason(StrEnum):
    """Why a day is counted or not."""

    ACCEPTED = "accepted"  # the day of acceptance
    LATE_IN_DAY = "late_in_day"  # accepted after the hour until which the same day is promised
    RESTARTED = "restarted"  # the answer came: counting begins again
    APPOINTED = "appointed"  # a new day was promised: what follows leads to it
    COUNTED = "counted"
    SWAPPED = "swapped"  # a rest day that is worked instead of another
    WEEKEND = "weekend"
    DAY_OFF = "day_off"
    PAUSED = "paused"
    ROLLED = "rolled"  # the last day is not worked: the next working day takes its place


@dataclass(frozen=True)
class CountedDay:
    """One day of a count. `number` counts within its stage; `hours` is set where hours are counted."""

    day: date
    reason: DayReason
    counted: bool = False
    number: int = 0
    hours: Decimal | None = None
    stage: int = 0
