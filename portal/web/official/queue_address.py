"""A queue as addresses name it: whose tasks, which of them, which columns. Pages of its records carry it along."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from flask import request, url_for

from portal.records.queue_conditions import EVERYTHING, Narrowing, QueueFilter, QueueScope
from portal.records.queues import PAGE, QueueKey, QueuePart
from portal.web.asked_days import day_of

PAGES = {QueueScope.MINE: "official_queue.mine", QueueScope.UNIT: "official_queue.unit"}


class Column(StrEnum):
    """Columns that may be left out; deadline, record and task always stand there."""

    PLACE = "noi"
    DUE = "hen-tra"
    NEWS = "tinh-hinh"


@dataclass(frozen=True)
class QueueAddress:
    scope: QueueScope = QueueScope.MINE
    only: QueueFilter = QueueFilter.ALL
    narrowing: Narrowing = EVERYTHING
    columns: frozenset[Column] = frozenset(Column)

    def href(self, after: QueueKey | None = None) -> str:
        """The address of the queue, from its beginning or after a row."""
        given = self._narrowed() | ({"sau": written_key(after)} if after else {})
        return url_for(PAGES[self.scope], **given)

    def part(self, *, after: QueueKey | None = None, size: int = PAGE) -> QueuePart:
        """The rows that the page shows."""
        return QueuePart(self.scope, self.only, self.narrowing, after, size)

    def with_filter(self, only: QueueFilter) -> QueueAddress:
        return replace(self, only=only)

    def without_narrowing(self) -> QueueAddress:
        return replace(self, narrowing=EVERYTHING)

    def carried(self) -> dict[str, Any]:
        """What the address of another page says, so that it leads back to this queue."""
        return {"tu": self.scope.value, **self._narrowed()}

    def _narrowed(self) -> dict[str, Any]:
        to = self.narrowing
        said = {
            "loc": "" if self.only is QueueFilter.ALL else self.only.value,
            "thu-tuc": to.procedure,
            "buoc": to.step,
            "den": to.due_until.isoformat() if to.due_until else "",
            "chua-nhan": "1" if to.unclaimed else "",
        }
        if len(self.columns) < len(Column):
            said["cot"] = ",".join(column for column in Column if column in self.columns) or "-"
        return {name: value for name, value in said.items() if value}


def address_of_queue(scope: QueueScope) -> QueueAddress:
    """What the address of a queue page asks for. What nobody could have chosen there is left out."""
    return _read(request.args, scope)


def carried_queue() -> QueueAddress | None:
    """The queue from which an official came to this page; None when he came from elsewhere."""
    try:
        return _read(request.args, QueueScope(request.args.get("tu", "")))
    except ValueError:
        return None


def written_key(key: QueueKey) -> str:
    """Where the next page begins, for its address."""
    return f"{key.due_at.isoformat()}~{key.id}"


def read_key(written: str | None) -> QueueKey | None:
    """The key from an address; None when there is none, or somebody has changed it."""
    due_at, _mark, task_id = (written or "").partition("~")
    try:
        return QueueKey(datetime.fromisoformat(due_at), UUID(task_id))
    except ValueError:
        return None


def _read(given: Mapping[str, str], scope: QueueScope) -> QueueAddress:
    try:
        only = QueueFilter(given.get("loc", QueueFilter.ALL))
    except ValueError:
        only = QueueFilter.ALL
    narrowing = Narrowing(
        procedure=given.get("thu-tuc", ""),
        step=given.get("buoc", ""),
        due_until=day_of(given.get("den", "")),
        unclaimed=given.get("chua-nhan") == "1",
    )
    named = given.get("cot", "").split(",")
    columns = frozenset(column for column in Column if column in named) if "cot" in given else frozenset(Column)
    return QueueAddress(scope, only, narrowing, columns)
