"""The fees of a pretended record: owed and given back by the statements that real records write."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from portal.payments.service import OWE_FEE
from portal.records.refunds import REFUND
from portal.workflow.definition import Text


@dataclass(frozen=True)
class PretendedFee:
    """`amount` in VND; 0 with a note when the applicant is exempt."""

    rule: str
    name: Text
    amount: int
    moment: str
    note: Text
    paid_at: datetime | None = None
    is_given_back: bool = False

    @property
    def is_unpaid(self) -> bool:
        return self.paid_at is None and self.amount > 0


Fees = tuple[PretendedFee, ...]


def owed(fees: Fees, rows: Iterable[Mapping[str, Any]]) -> Fees:
    """With the rows of `payments.fee_rows`; a fee is owed once."""
    known = {fee.rule for fee in fees}
    new = (
        PretendedFee(
            row["rule"],
            Text(row["name"], row["name_en"]),
            row["amount"],
            row["moment"],
            Text(row["note"], row["note_en"]),
        )
        for row in rows
    )
    return (*fees, *(fee for fee in new if fee.rule not in known))


def written(fees: Fees, statement: Any, parameters: Mapping[str, Any]) -> Fees:
    """As a statement of a change leaves them."""
    if statement is OWE_FEE:
        return owed(fees, [parameters])
    if statement is REFUND:
        rule = parameters["rule"]
        return tuple(replace(fee, is_given_back=True) if _goes_back(fee, rule) else fee for fee in fees)
    return fees


def paid(fees: Fees, *, now: datetime) -> Fees:
    """With nothing owed any more."""
    return tuple(replace(fee, paid_at=now) if fee.is_unpaid else fee for fee in fees)


def unpaid_amount(fees: Fees) -> int:
    """VND that are still owed."""
    return sum(fee.amount for fee in fees if fee.is_unpaid)


def is_owed_before_return(fees: Fees) -> bool:
    """What conditions know as `record.unpaid`."""
    return any(fee.is_unpaid and fee.moment != "return" for fee in fees)


def _goes_back(fee: PretendedFee, rule: str) -> bool:
    return fee.rule == rule and fee.paid_at is not None and fee.amount > 0
