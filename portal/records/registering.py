"""A result is entered among the issued ones: its number, how long it is valid, and what it does to an older one."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from dateutil.relativedelta import relativedelta
from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import UUID as KEY
from sqlalchemy.types import Boolean, Date, DateTime, Integer, Text

from portal.core import clock
from portal.documents.numbering import sealing
from portal.documents.symbols import kept_reference
from portal.records.changes import Change, Situation
from portal.records.older_results import named
from portal.workflow.definition import Condition

_CHANGE_OLDER = text(
    "SELECT app.change_result(:newer, :wanted, :issued_on, :at_place, :ends, :months, :moment)"
).bindparams(
    bindparam("newer", type_=KEY()),
    bindparam("wanted", type_=Text()),
    bindparam("issued_on", type_=Date()),
    bindparam("at_place", type_=Text()),
    bindparam("ends", type_=Boolean()),
    bindparam("months", type_=Integer()),
    bindparam("moment", type_=DateTime(timezone=True)),
)

_ENDING = ("replace", "revoke")


def sealing_of(situation: Situation, document_id: UUID) -> dict[str, Any]:
    """The values of `NUMBER_AND_SEAL` for a result."""
    result = situation.procedure.result
    answer = situation.record.answers.get(result.found_by or "")
    return sealing(
        document_id,
        sealed_by=situation.actor.person_id,
        now=situation.now,
        valid_until=_valid_until(situation),
        registered_no=kept_reference(str(answer)) if answer else None,
        found_by=result.found_by,
    )


def change_older(situation: Situation, change: Change, document_id: UUID) -> None:
    """A granted result amends, replaces or revokes the one that the form names; one that nobody knows stays unknown."""
    wanted = named(situation.procedure, situation.record.answers)
    if wanted is None or situation.record.outcome == "rejected":
        return
    change.write(
        _CHANGE_OLDER,
        {
            "newer": document_id,
            "wanted": wanted["no"],
            "issued_on": wanted["day"],
            "at_place": wanted["place"],
            "ends": situation.procedure.result.action in _ENDING,
            "months": _months(situation),
            "moment": situation.now,
        },
    )


def _valid_until(situation: Situation) -> date | None:
    """The last day on which the result is valid: as many months after today as the definition says.

    A result that prolongs an older one is valid as long as that one: when nobody here knows it, no day is told.
    """
    months = _months(situation)
    if months is None or situation.record.outcome == "rejected" or situation.procedure.result.action == "amend":
        return None
    return clock.local_day(situation.now) + relativedelta(months=months)


def _months(situation: Situation) -> int | None:
    months = situation.procedure.result.validity_months
    return int(months.test(situation.facts)) if isinstance(months, Condition) else months
