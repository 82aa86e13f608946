"""Number and seal: a result becomes valid, for each row if it has one for each, with what comes with it and its copies.

A result that is issued once more puts right the one before: that one stays as it is, and ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from portal.catalogue.types import Result
from portal.core.errors import InvalidInput
from portal.documents import statements as documents
from portal.documents.numbering import NUMBER_AND_SEAL, sealing
from portal.records.changes import Change, Situation
from portal.records.copies import send_copies
from portal.records.further_results import FURTHER, further_results, row_titles
from portal.records.making import RESULT, add_document, issuing_unit, owe_rendering
from portal.records.registering import change_older, sealing_of
from portal.workflow.definition import Text


def issue(situation: Situation, change: Change) -> None:
    """Number and seal: the number is taken in this transaction, and the statutory clock ends.

    Raises InvalidInput when nothing was drafted.
    """
    document_id = situation.position.result_id
    if document_id is None:
        raise InvalidInput("Chưa có văn bản để đóng dấu. Trả lại bước soạn.")
    rows = [] if is_refusal(situation) else row_titles(situation, situation.procedure.result)
    if rows:
        about = {"wanted": document_id, "row": 0, "title": rows[0].vi, "title_en": rows[0].en}
        change.write(documents.MAKE_ABOUT_ROW, about)
    change.write(NUMBER_AND_SEAL, sealing_of(situation, document_id))
    if not corrects(situation):
        change_older(situation, change, document_id)
    change.finished_at = change.finished_at or situation.now
    _settle(situation, change, document_id, RESULT)
    _issue_rows(situation, change, document_id, rows)
    _issue_further(situation, change, document_id)


def corrects(situation: Situation) -> bool:
    """Whether a result was issued before: this one puts it right."""
    return situation.record.finished_at is not None


def is_refusal(situation: Situation) -> bool:
    return situation.record.outcome == "rejected"


def _issue_rows(situation: Situation, change: Change, signed_id: UUID, rows: Sequence[Text]) -> None:
    """The first row has the document that was signed; each further one a document like it, with the next number."""
    result = situation.procedure.result
    for number, title in enumerate(rows[1:], start=1):
        document_id = _add_like(situation, change, RESULT, result, title, signed_id=signed_id, row=number)
        change.write(NUMBER_AND_SEAL, sealing_of(situation, document_id))
        _settle(situation, change, document_id, RESULT)


def _issue_further(situation: Situation, change: Change, signed_id: UUID) -> None:
    """What comes with the result is made with it, under numbers of its own books."""
    for result in further_results(situation):
        rows = row_titles(situation, result)
        for number, title in enumerate(rows or [result.name]):
            row = number if rows else None
            document_id = _add_like(situation, change, FURTHER, result, title, signed_id=signed_id, row=row)
            seal = sealing(document_id, sealed_by=situation.actor.person_id, now=situation.now)
            change.write(NUMBER_AND_SEAL, seal)
            _settle(situation, change, document_id, FURTHER)


def _add_like(
    situation: Situation, change: Change, kind: str, result: Result, title: Text, *, signed_id: UUID, row: int | None
) -> UUID:
    """A document under the same signature."""
    values: dict[str, Any] = {
        "template": result.template,
        "title": title.vi,
        "title_en": title.en,
        "series": result.series,
        "drafted_by": situation.actor.person_id,
        "drafted_at": situation.now,
        "row": row,
    }
    document_id = add_document(situation, change, kind, unit_id=issuing_unit(situation), **values)
    change.write(documents.SIGN_LIKE, {"wanted": document_id, "signed": signed_id})
    return document_id


def _settle(situation: Situation, change: Change, document_id: UUID, kind: str) -> None:
    """What follows for an issued document: the one that it puts right ends, copies go out, it is drawn."""
    if corrects(situation):
        change.write(documents.PUT_RIGHT, {"newer": document_id, "moment": situation.now})
    if kind == RESULT and not is_refusal(situation):
        send_copies(situation, change, document_id, situation.procedure.copies_to)
    owe_rendering(situation, change, document_id)
