"""Values of records that other domains and pages may see."""

from __future__ import annotations

from enum import StrEnum


class RecordState(StrEnum):
    """States of a record (ux/README section 5). A draft is not a record yet."""

    SUBMITTED = "submitted"
    SUPPLEMENT_BEFORE_ACCEPTANCE = "supplement_before_acceptance"
    REFUSED = "refused"
    ACCEPTED = "accepted"
    IN_PROGRESS = "in_progress"
    CONSULTING = "consulting"
    APPLICANT_CONFIRMS = "applicant_confirms"
    SUPPLEMENT = "supplement"
    FEE_DUE = "fee_due"
    STOPPED = "stopped"
    GRANTED = "granted"
    NOT_GRANTED = "not_granted"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


ENDED = frozenset({RecordState.REFUSED, RecordState.RETURNED, RecordState.WITHDRAWN, RecordState.EXPIRED})
