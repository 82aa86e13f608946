"""Late is never silent in a trial either: when the portal looks whether a promised date can still be kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from portal.records.lateness import TOLD_BEFORE
from portal.records.pauses import paused_since
from portal.records.types import LockedRecord
from portal.workflow.working_time import WorkingCalendar

LOOKED_EVERY = 1
"""Working hours between two looks; the portal itself looks more often."""


@dataclass(frozen=True)
class PreparedApology:
    """The letter that lies ready: for whom, and which day it offers instead of the one that is missed."""

    unit_id: UUID
    role: str
    missed: datetime
    proposed_day: date
    is_signed: bool = False

    def is_waiting(self, record: LockedRecord) -> bool:
        """Whether it can be signed: not yet signed, the record not done, its date still the one that is missed."""
        is_open = record.finished_at is None and record.closed_at is None and record.due_at == self.missed
        return is_open and not self.is_signed and paused_since(record.pauses) is None


class Watch:
    """Which dates somebody was told of already, and when the portal last looked."""

    def __init__(self) -> None:
        self.told: set[datetime] = set()
        self._looked: datetime | None = None

    def next_look(self, record: LockedRecord, *, now: datetime, calendar: WorkingCalendar) -> datetime | None:
        """When the portal looks next: from a working day before the date on; None when it need not."""
        due = record.due_at
        is_over = record.finished_at is not None or record.closed_at is not None
        if due is None or due in self.told or is_over or paused_since(record.pauses) is not None:
            return None
        first = max(calendar.before_working_hours(due, TOLD_BEFORE), record.submitted_at)
        if self._looked is None or self._looked < first:
            return max(first, now)
        return max(calendar.add_working_hours(self._looked, LOOKED_EVERY), now)

    def look(self, moment: datetime) -> None:
        self._looked = moment
