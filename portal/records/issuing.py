"""Number and seal: a result becomes valid, for each row if it has one for each, with what comes with it and its copies.

A result that is issued once more puts right the one before: that one stays as it is, and ends.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from portal.core.errors import InvalidInput
from portal.documents import statements as documents
from portal.documents.numbering import NUMBER_AND_SEAL, sealing
from portal.records.changes import Change, Situation
from portal.records.companions import Companion, about_first, companions, sign_beside
from portal.records.copies import send_copies
from portal.records.further_results import row_titles
from portal.records.making import RESULT, owe_rendering
from portal.records.registering import change_older, sealing_of


def issue(situation: Situation, change: Change) -> None:
    """Number and seal: the number is taken in this transaction, and the statutory clock ends.

    Raises InvalidInput when nothing was drafted.
    """
    document_id = situation.position.result_id
    if document_id is None:
        raise InvalidInput("Chưa có văn bản để đóng dấu. Trả lại bước soạn.")
    refused = is_refusal(situation)
    rows = [] if refused else row_titles(situation, situation.procedure.result)
    if rows:
        change.write(documents.MAKE_ABOUT_ROW, about_first(document_id, rows))
    change.write(NUMBER_AND_SEAL, sealing_of(situation, document_id))
    if not corrects(situation):
        change_older(situation, change, document_id)
    change.finished_at = change.finished_at or situation.now
    _settle(situation, change, document_id, RESULT)
    for one in companions(situation, document_id, refused=refused):
        sign_beside(situation, change, one, signed_id=document_id)
        change.write(NUMBER_AND_SEAL, _sealing(situation, one))
        _settle(situation, change, one.id, one.kind)


def _sealing(situation: Situation, one: Companion) -> dict[str, Any]:
    """What comes with a result is registered under its own number, and valid without an end."""
    if one.kind == RESULT:
        return sealing_of(situation, one.id)
    return sealing(one.id, sealed_by=situation.actor.person_id, now=situation.now)


def corrects(situation: Situation) -> bool:
    """Whether a result was issued before: this one puts it right."""
    return situation.record.finished_at is not None


def is_refusal(situation: Situation) -> bool:
    return situation.record.outcome == "rejected"


def _settle(situation: Situation, change: Change, document_id: UUID, kind: str) -> None:
    """What follows for an issued document: the one that it puts right ends, copies go out, it is drawn."""
    if corrects(situation):
        change.write(documents.PUT_RIGHT, {"newer": document_id, "moment": situation.now})
    if kind == RESULT and not is_refusal(situation):
        send_copies(situation, change, document_id, situation.procedure.copies_to)
    owe_rendering(situation, change, document_id)
