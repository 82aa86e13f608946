"""What asked agencies say: their own drafts, their final word, and letters of bodies without accounts."""

from __future__ import annotations

from typing import Any

from portal.core.errors import InvalidInput
from portal.core.references import new_id
from portal.records import statements
from portal.records.changes import Change, Situation

SAID = """
CASE WHEN task.consultation IS NOT NULL AND task.closed_at IS NOT NULL THEN (
  SELECT CASE opinion.verdict WHEN 'silent' THEN opinion.text ELSE opinion.verdict END FROM opinion
  WHERE opinion.record_id = {record} AND opinion.consultation = task.consultation
    AND opinion.final_at >= task.anchored_at AND (opinion.unit_id IS NULL OR opinion.unit_id = task.unit_id)
  ORDER BY opinion.final_at, opinion.given_at DESC LIMIT 1) END
"""
"""The word that became final first after the question was put: what comes late changes no step."""
_GENERAL = frozenset({"agree", "agree_with_conditions", "disagree"})
"""Verdicts that pages know in words; those that a definition names itself are written out."""


def answer_consultation(situation: Situation, change: Change) -> None:
    """The opinion is written; it is final at once when the answer needs no signature here.

    Whoever does not simply agree says why: the applicant is told the reason. Raises InvalidInput.
    """
    row = opinion_row(situation)
    if situation.action.joins:
        row["final_at"] = situation.now
        change.news = "opinion"
    change.write(statements.ADD_OPINION, row)


def opinion_row(situation: Situation) -> dict[str, Any]:
    """The opinion as it is filled in, not final yet. Raises InvalidInput."""
    given = situation.answers.form
    if given.get("verdict") in ("agree_with_conditions", "disagree") and not str(given.get("comment") or "").strip():
        raise InvalidInput("Ghi lý do hoặc điều kiện", field="comment")
    body = situation.step.at.body
    return {
        "id": new_id(),
        "record_id": situation.record.id,
        "owner_id": situation.record.owner_id,
        "unit_id": None if body else situation.task.unit_id,
        "unit_name": body.vi if body else _unit_name(situation),
        "consultation": situation.step.consultation or situation.step.id,
        "verdict": given.get("verdict", ""),
        "text": _said(situation),
        "given_by": situation.actor.person_id,
        "given_at": situation.now,
        "final_at": None,
    }


def finish(situation: Situation, change: Change) -> None:
    """The agency's head has signed. Of several agencies asked the same, only this one's opinion becomes final."""
    together = [
        task
        for task in situation.position.tasks
        if (task.consultation, task.split) == (situation.step.consultation, situation.task.split)
    ]
    change.write(
        statements.FINISH_OPINION,
        {
            "wanted": situation.record.id,
            "consultation": situation.step.consultation,
            "moment": situation.now,
            "since": situation.task.anchored_at,  # what was drafted for an earlier question stays a draft
            "units": [task.unit_id for task in together if task.unit_id],
        },
    )
    change.news = "opinion"


def _said(situation: Situation) -> str:
    """The comment, after the verdict in words when the definition has verdicts of its own, and the letter."""
    form = situation.answers.form
    words = [_own_verdict(situation), str(form.get("comment") or "").strip()]
    if "letter" in situation.action.needs:
        words.append(f"Văn bản số {form.get('letter_no', '')} ngày {form.get('letter_date', '')}.")
    return " ".join(word for word in words if word)


def _own_verdict(situation: Situation) -> str:
    given = situation.answers.form.get("verdict", "")
    if given in _GENERAL:
        return ""
    choices = [choice for field in situation.action.form if field.id == "verdict" for choice in field.choices]
    return next((f"{choice.label.vi}." for choice in choices if choice.value == given), "")


def _unit_name(situation: Situation) -> str:
    return situation.directory.unit(situation.task.unit_id).name if situation.task.unit_id else ""
