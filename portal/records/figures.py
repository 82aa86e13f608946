"""What the city as a whole has done, counted: nothing about anybody, asked of the database now and then only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import text

from portal.core import clock
from portal.core.actor import SYSTEM
from portal.core.unit_of_work import reading

KEPT_FOR = timedelta(hours=1)
RECENT = timedelta(days=365)
"""Over which records are counted to see what many people do."""

_MONTH = text("""
SELECT
  count(*) FILTER (WHERE submitted_at >= :first AND submitted_at < :next) AS received,
  count(*) FILTER (WHERE decided) AS decided,
  count(*) FILTER (WHERE decided AND finished_at <= coalesce(due_at, finished_at)) AS on_time,
  count(*) FILTER (WHERE decided AND finished_at > due_at) AS late
FROM (
  SELECT submitted_at, finished_at, due_at,
    finished_at >= :first AND finished_at < :next AND accepted_at IS NOT NULL
      AND state NOT IN ('withdrawn', 'stopped', 'expired') AS decided
  FROM record
  WHERE submitted_at >= :first AND submitted_at < :next OR finished_at >= :first AND finished_at < :next
) of_the_month
""")
_BY_PROCEDURE = text("SELECT procedure_code, count(*) AS records FROM record WHERE submitted_at >= :since GROUP BY 1")


@dataclass(frozen=True)
class CityFigures:
    """A month of the city. `decided` are records whose result was issued in it: on time or late."""

    month: date  # its first day
    received: int
    decided: int
    on_time: int
    late: int
    by_procedure: Mapping[str, int]  # records of the past year

    @property
    def is_empty(self) -> bool:
        return not self.received and not self.decided


_kept: tuple[datetime, CityFigures] | None = None


def city_figures(*, now: datetime) -> CityFigures:
    """The month before this one, and how often each procedure was asked for; counted once an hour by each process."""
    global _kept
    if _kept is None or not timedelta() <= now - _kept[0] < KEPT_FOR or _kept[1].month != _last_month(now):
        _kept = (now, _counted(now))
    return _kept[1]


def forget() -> None:
    """Drop what is kept in memory: for a process that is about to speak to another database."""
    global _kept
    _kept = None


def _counted(now: datetime) -> CityFigures:
    first = _last_month(now)
    following = (first + timedelta(days=31)).replace(day=1)
    with reading(SYSTEM) as session:
        month = {"first": _midnight(first), "next": _midnight(following)}
        counts = session.execute(_MONTH, month).one()._asdict()
        found = session.execute(_BY_PROCEDURE, {"since": now - RECENT})
        by_procedure = {row.procedure_code: row.records for row in found}
    return CityFigures(month=first, by_procedure=by_procedure, **counts)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), clock.CITY)


def _last_month(now: datetime) -> date:
    return (clock.local_day(now).replace(day=1) - timedelta(days=1)).replace(day=1)
