"""Nothing stands still unseen: records on which nobody has to act and no timer runs, and records without any event."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from portal.calendars.queries import working_calendar
from portal.core import clock

STILL_FOR = Decimal(24)
"""Working hours without an event after which a record is listed: three days of work."""

MOST = 1000

_ACTED_ON = """
EXISTS (
  SELECT FROM task WHERE task.record_id = record.id AND task.closed_at IS NULL AND (
    task.role = 'applicant'
    OR EXISTS (
      SELECT FROM post WHERE post.unit_id = task.unit_id AND post.role = task.role
        AND (post.function IS NULL OR task.function IS NULL OR post.function = task.function)
        AND post.valid_from <= :today AND (post.valid_to IS NULL OR post.valid_to >= :today))
    OR EXISTS (
      SELECT FROM job WHERE job.kind IN ('task_timer', 'call_register')
        AND job.arguments ->> 'task_id' = CAST(task.id AS text)
        AND job.finished_at IS NULL AND job.given_up_at IS NULL)))
"""
"""Somebody holds a post that fits an open task, or it is the applicant's turn, or a timer or call of it is owed."""

_STUCK = text(f"""
SELECT record.id, record.code, record.state, record.procedure_name,
  (SELECT max(at) FROM record_event WHERE record_event.record_id = record.id) AS last_at,
  coalesce((SELECT array_agg(step ORDER BY opened_at, task.id) FROM task
    WHERE task.record_id = record.id AND task.closed_at IS NULL), '{{}}') AS steps
FROM record WHERE record.closed_at IS NULL AND NOT {_ACTED_ON}
ORDER BY record.submitted_at, record.id LIMIT {MOST}
""")  # noqa: S608 - our own words
_STILL = text(f"""
SELECT record.id, record.code, record.state, record.procedure_name, newest.at AS last_at,
  coalesce((SELECT array_agg(step ORDER BY opened_at, task.id) FROM task
    WHERE task.record_id = record.id AND task.closed_at IS NULL), '{{}}') AS steps
FROM record CROSS JOIN LATERAL (
  SELECT at FROM record_event WHERE record_event.record_id = record.id ORDER BY number DESC LIMIT 1) newest
WHERE record.closed_at IS NULL AND newest.at < :since
ORDER BY newest.at, record.id LIMIT {MOST}
""")  # noqa: S608 - our own words


@dataclass(frozen=True)
class Standstill:
    """A record that stands still, without a word about whose it is. `steps` are its open ones."""

    record_id: UUID
    code: str
    state: str
    procedure_name: str
    last_at: datetime
    steps: tuple[str, ...]

    @property
    def waits_for_applicant(self) -> bool:
        """A supplement or a fee may take its time: a timer of its own ends it."""
        return self.state.startswith("supplement") or self.state in ("fee_due", "applicant_confirms")


def stuck_records(session: Session, *, now: datetime) -> list[Standstill]:
    """Open records on which nobody has to act and no timer runs: there must be none. Run as SYSTEM."""
    rows = session.execute(_STUCK, {"today": clock.local_day(now)})
    return [_standstill(*row) for row in rows]


def still_records(session: Session, *, now: datetime, hours: Decimal = STILL_FOR) -> list[Standstill]:
    """Open records without an event for so many working hours, the longest first. Run as SYSTEM."""
    since = working_calendar(session, now=now).before_working_hours(now, hours)
    return [_standstill(*row) for row in session.execute(_STILL, {"since": since})]


def _standstill(
    record_id: UUID, code: str, state: str, procedure_name: str, last_at: datetime, steps: list[str]
) -> Standstill:
    return Standstill(record_id, code, state, procedure_name, last_at, tuple(steps))
