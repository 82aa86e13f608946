"""What the address of a record's page asks to be shown; its links keep the task and the queue that led there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import request, url_for

from portal.web.official.queue_address import QueueAddress, carried_queue


@dataclass(frozen=True)
class Wanted:
    task_id: UUID | None = None
    paper_id: UUID | None = None
    paper_page: int = 1
    numbers_shown: bool = False
    queue: QueueAddress | None = None

    @property
    def carried(self) -> dict[str, Any]:
        """The queue, for the addresses of other pages of this record."""
        return self.queue.carried() if self.queue else {}

    def href(self, code: str, **asked: Any) -> str:
        """The same page with something else asked for."""
        return url_for("official_records.show", code=code, viec=self.task_id, **self.carried, **asked)


def wanted_of_request() -> Wanted:
    asked = request.args
    return Wanted(
        task_id=asked.get("viec", type=UUID),
        paper_id=asked.get("giay", type=UUID),
        paper_page=asked.get("trang", 1, type=int),
        numbers_shown=asked.get("hien") == "so",
        queue=carried_queue(),
    )
