"""Numbers of documents: per unit, series and year, without gaps and without twins.

The number is taken in the last trip before COMMIT, in the transaction that seals the document: what is rolled back
takes none. Order of acts (Decree 30/2020/NĐ-CP, articles 13 to 18): the leader signs, the clerk gives number and date,
the agency's seal follows.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import UUID as KEY
from sqlalchemy.types import Date, DateTime, Integer, Text

from portal.core.clock import local_day

NUMBER_AND_SEAL = text(
    """
    WITH unnumbered AS (
        SELECT unit_id, series FROM document
        WHERE id = :document_id AND series IS NOT NULL AND number IS NULL
        FOR UPDATE
    ), taken AS (
        INSERT INTO document_series AS issued (unit_id, series, year, last)
        SELECT unit_id, series, :year, 1 FROM unnumbered
        ON CONFLICT (unit_id, series, year) DO UPDATE SET last = issued.last + 1
        RETURNING last
    )
    UPDATE document
    SET number = taken.last, year = :year, issued_at = :now, sealed_by = :sealed_by, valid_until = :valid_until,
      registered_no = coalesce(
        :registered_no,
        (SELECT upper(told.details -> 'form' ->> :found_by) FROM record_event AS told
          WHERE told.record_id = document.record_id AND told.details -> 'form' ->> :found_by IS NOT NULL
          ORDER BY told.number DESC LIMIT 1),
        taken.last || '/' || document.series
      )
    FROM taken WHERE document.id = :document_id
    """
).bindparams(
    bindparam("document_id", type_=KEY()),
    bindparam("year", type_=Integer()),
    bindparam("now", type_=DateTime(timezone=True)),
    bindparam("sealed_by", type_=KEY()),
    bindparam("valid_until", type_=Date()),
    bindparam("registered_no", type_=Text()),
    bindparam("found_by", type_=Text()),
)
"""Gives the next number to a document that has a series and no number; a second time it changes nothing."""


def sealing(
    document_id: UUID,
    *,
    sealed_by: UUID | None,
    now: datetime,
    valid_until: date | None = None,
    registered_no: str | None = None,
    found_by: str | None = None,
) -> dict[str, Any]:
    """The values for NUMBER_AND_SEAL. The year is the city's.

    The document is found later under `registered_no`, else under what an official or a register filled in as
    `found_by`, else under the number that it takes here.
    """
    return {
        "document_id": document_id,
        "year": local_day(now).year,
        "now": now,
        "sealed_by": sealed_by,
        "valid_until": valid_until,
        "registered_no": registered_no,
        "found_by": found_by,
    }
