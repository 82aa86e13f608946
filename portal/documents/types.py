"""Documents as other domains and pages may see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from portal.documents.symbols import reference


@dataclass(frozen=True)
class IssuedDocument:
    """A document to be handed out. `file_digest` is None until the worker has printed it."""

    id: UUID
    record_id: UUID
    title: str
    series: str | None
    year: int | None
    number: int | None
    issued_at: datetime | None
    file_digest: str | None
    data_digest: str | None = None

    @property
    def number_line(self) -> str:
        """ "45/GPXD", or nothing for a form without a series."""
        if self.series is None:
            return ""
        return f"…/{self.series}" if self.number is None else reference(self.number, self.series)

    @property
    def file_name(self) -> str:
        return f"{self._name}.pdf"

    @property
    def data_name(self) -> str:
        return f"{self._name}.xml"

    @property
    def _name(self) -> str:
        return f"{self.title} {self.number_line.replace('/', '-')}".strip()
