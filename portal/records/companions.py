"""Documents that are drafted, signed, numbered and sealed together with the result: one for each further row, and what
comes with it. The person in authority sees and signs each of them.

Their keys follow from that of the result, so that whoever drafts, signs or seals means the same ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from portal.catalogue.types import Result
from portal.documents import statements as documents
from portal.records.changes import Change, Situation
from portal.records.further_results import FURTHER, further_results, row_titles
from portal.records.making import RESULT, issuing_unit, note_document, owe_rendering
from portal.workflow.definition import Text


@dataclass(frozen=True)
class Companion:
    """`row`: which row of the result's answer it is about, from 0; none: all of the record."""

    id: UUID
    kind: str
    result: Result
    title: Text
    row: int | None


def companions(situation: Situation, result_id: UUID, *, refused: bool) -> Iterator[Companion]:
    """Those of a result, in the order in which they take their numbers; a refusal has none."""
    if refused:
        return
    result = situation.procedure.result
    for row, title in enumerate(row_titles(situation, result)):
        if row > 0:
            yield Companion(uuid5(result_id, f"row/{row}"), RESULT, result, title, row)
    for further in further_results(situation):
        at = situation.procedure.further_results.index(further)
        titles = row_titles(situation, further)
        for row, title in enumerate(titles or [further.name]):
            yield Companion(uuid5(result_id, f"further/{at}/{row}"), FURTHER, further, title, row if titles else None)


def draft_companions(situation: Situation, change: Change, result_id: UUID, *, refused: bool, is_new: bool) -> None:
    """Draft, or draft again, what belongs to the result as the answers are now; other drafts of the record end."""
    result = situation.procedure.result
    rows = [] if refused else row_titles(situation, result)
    if rows:
        change.write(documents.MAKE_ABOUT_ROW, about_first(result_id, rows))
    found = list(companions(situation, result_id, refused=refused))
    for one in found:
        change.write(documents.DRAFT_BESIDE, _row(situation, one))
        if is_new:
            note_document(change, one.id, one.kind)
        owe_rendering(situation, change, one.id)
    if result.each or situation.procedure.further_results:
        kept = [result_id, *(one.id for one in found)]
        change.write(documents.END_DRAFTS, {"record": situation.record.id, "kept": kept, "moment": situation.now})


def about_first(result_id: UUID, rows: Sequence[Text]) -> dict[str, Any]:
    """The result itself is the document of the first row."""
    return {"wanted": result_id, "row": 0, "title": rows[0].vi, "title_en": rows[0].en}


def sign_beside(situation: Situation, change: Change, one: Companion, *, signed_id: UUID) -> None:
    """The same signature on a document that was not drafted with the result: its answers came later."""
    change.write(documents.ADD_BESIDE, _row(situation, one))
    change.write(documents.SIGN_LIKE, {"wanted": one.id, "signed": signed_id})


def _row(situation: Situation, one: Companion) -> dict[str, Any]:
    return {
        "id": one.id,
        "record_id": situation.record.id,
        "owner_id": situation.record.owner_id,
        "unit_id": issuing_unit(situation),
        "kind": one.kind,
        "template": one.result.template,
        "title": one.title.vi,
        "title_en": one.title.en,
        "content": {},
        "for_applicant": False,
        "series": one.result.series,
        "drafted_by": situation.actor.person_id,
        "drafted_at": situation.now,
        "created_at": situation.now,
        "row": one.row,
    }
