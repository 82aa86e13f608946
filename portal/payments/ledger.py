"""The money of a period, to the đồng: what came in, what became of it, and what the comparisons found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from portal.workflow.working_time import midnight

_ROWS = text("""
SELECT capture.captured_at, capture.gateway, capture.number, capture.reference, capture.amount, capture.state,
  capture.cause, capture.record_id, capture.taken_by_name, coalesce(back.amount, 0)::bigint AS refunded
FROM capture LEFT JOIN LATERAL (
  SELECT sum(refund.amount) AS amount FROM refund
  WHERE refund.capture_id = capture.id AND refund.state = 'done') AS back ON true
WHERE capture.captured_at >= :since AND capture.captured_at < :until
ORDER BY capture.captured_at DESC, capture.id DESC LIMIT :most
""")
_SUMS = text("""
SELECT capture.gateway, count(*) AS number, sum(capture.amount)::bigint AS captured,
  coalesce(sum(capture.amount - back.amount) FILTER (WHERE capture.state = 'matched'), 0)::bigint AS matched,
  coalesce(sum(capture.amount - back.amount) FILTER (WHERE capture.state = 'suspense'), 0)::bigint AS suspense,
  sum(back.amount)::bigint AS refunded
FROM capture CROSS JOIN LATERAL (
  SELECT coalesce(sum(refund.amount), 0) AS amount FROM refund
  WHERE refund.capture_id = capture.id AND refund.state = 'done') AS back
WHERE capture.captured_at >= :since AND capture.captured_at < :until
GROUP BY capture.gateway ORDER BY capture.gateway
""")
_PAID_BACK = text(
    "SELECT coalesce(sum(amount), 0)::bigint FROM refund "
    "WHERE state = 'done' AND done_at >= :since AND done_at < :until"
)
_FINDINGS = text("""
SELECT settlement.gateway, settlement.day, line.kind, line.number, line.reference, line.amount, line.finding
FROM settlement_line AS line JOIN settlement ON settlement.id = line.settlement_id
WHERE line.finding <> 'agrees' AND NOT (settlement.gateway = 'transfer' AND line.finding = 'added')
  AND settlement.day >= :first AND settlement.day <= :last
ORDER BY settlement.day, settlement.gateway, line.number LIMIT :most
""")


@dataclass(frozen=True)
class Period:
    """From the first to the last day, both included, by the city's clocks."""

    first: date
    last: date

    @property
    def bounds(self) -> dict[str, datetime]:
        return {"since": midnight(self.first), "until": midnight(self.last + timedelta(days=1))}


@dataclass(frozen=True)
class Entry:
    """Money that came in, in VND: `refunded` is what of it has gone back since."""

    captured_at: datetime
    gateway: str
    number: str
    reference: str
    amount: int
    state: str
    cause: str | None
    record_id: UUID | None
    taken_by_name: str
    refunded: int


@dataclass(frozen=True)
class Sums:
    """What came in one way, or all ways, in VND: captured = matched + suspense + refunded."""

    gateway: str
    number: int
    captured: int
    matched: int
    suspense: int
    refunded: int


@dataclass(frozen=True)
class Difference:
    """A line of a daily file or statement that differs from our books. `amount` in VND."""

    gateway: str
    day: date
    kind: str
    number: str
    reference: str
    amount: int
    finding: str


def list_entries(session: Session, period: Period, *, most: int) -> list[Entry]:
    """The captures of the period, the newest first."""
    return [Entry(**row._mapping) for row in session.execute(_ROWS, {**period.bounds, "most": most})]


def sums_by_way(session: Session, period: Period) -> list[Sums]:
    """What came in during the period each way, and how it stands now."""
    return [Sums(**row._mapping) for row in session.execute(_SUMS, period.bounds)]


def total(sums: list[Sums]) -> Sums:
    names = ("number", "captured", "matched", "suspense", "refunded")
    return Sums(gateway="", **{name: sum(getattr(one, name) for one in sums) for name in names})


def paid_back(session: Session, period: Period) -> int:
    """VND that went back during the period, whenever it had come in."""
    return int(session.scalar(_PAID_BACK, period.bounds) or 0)


def list_differences(session: Session, period: Period, *, most: int) -> list[Difference]:
    """What the comparisons with files of these days found."""
    asked = {"first": period.first, "last": period.last, "most": most}
    return [Difference(**row._mapping) for row in session.execute(_FINDINGS, asked)]
