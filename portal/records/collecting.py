"""What an applicant must know before going for a result: whether in person, and what is taken in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from portal.catalogue import giving
from portal.catalogue.types import Paper, Procedure
from portal.core import clock
from portal.core.errors import Conflict, InvalidInput
from portal.core.text import marked
from portal.records.answers import faults_of_fields, holds
from portal.records.facts import facts_of_answers
from portal.records.types import RecordState
from portal.workflow.definition import Action, ActionKind, Process, Step, Text

REJECTED = "rejected"

OTHER_NUMBER = marked("Số này khác số định danh của người nộp trong hồ sơ. Xem lại số, hoặc chọn người được ủy quyền.")

NOT_KEPT = frozenset({giving.IDENTITY_NUMBER, *giving.AUTHORISED_FIELDS})
"""What was typed of who came, and may be gone once it was compared."""

_OWED = text(
    "SELECT 1 FROM fee_line WHERE record_id = :wanted AND moment = 'return' AND amount > 0 AND paid_at IS NULL LIMIT 1"
)


@dataclass(frozen=True)
class Collecting:
    """Neither is asked with a refusal. `on_paper`: there is something to fetch besides the file."""

    in_person: bool = False
    taken_in: tuple[Paper, ...] = ()
    on_paper: bool = True

    @property
    def names(self) -> Text:
        """The papers that are taken in, in both languages; empty when there are none."""
        return Text(
            *("; ".join(paper.name.in_language(language) for paper in self.taken_in) for language in ("vi", "en"))
        )


def collecting(procedure: Procedure, answers: Mapping[str, Any] | None, *, outcome: str | None) -> Collecting:
    """What this record's result asks of whoever comes. Without answers only what every applicant is asked for."""
    if outcome == REJECTED:
        return Collecting()
    facts = facts_of_answers(answers or {})
    papers = (paper for paper in procedure.papers if paper.mode == "surrender")
    asked = tuple(paper for paper in papers if paper.when is None or (answers and holds(paper.when, facts)))
    return Collecting(must_come(procedure.process), asked, is_on_paper(procedure, answers or {}))


def is_on_paper(procedure: Procedure, answers: Mapping[str, Any]) -> bool:
    """Whether anything of the result is: of each paper electronic copies alone may have been asked for."""
    result = procedure.result
    rows = (answers.get(result.each) or []) if result.scan and result.each else []
    return not rows or any(not is_electronic(row, scan=result.scan) for row in rows)


def is_electronic(row: Mapping[str, Any], *, scan: str | None) -> bool:
    """Whether of this paper an electronic copy is asked for, and none on paper; `scan`: the answer that asks for it."""
    return bool(scan and row.get(scan)) and not int(row.get("copies") or 0)


def must_come(process: Process) -> bool:
    """Whether the result is given to the applicant himself, or an authorised person, and to nobody else."""
    return any(
        action.kind is ActionKind.GIVE and "presence" in action.needs
        for step in process.steps.values()
        for action in step.actions
    )


def require_paid(session: Session, record_id: UUID, *, outcome: str | None) -> None:
    """Raises Conflict while a fee that falls due with the result is unpaid. A refusal is given without."""
    if outcome == REJECTED:
        return
    if session.execute(_OWED, {"wanted": record_id}).first() is not None:
        raise Conflict("Phí nộp khi nhận kết quả chưa nộp. Thu tiền rồi trả kết quả.")


def archived_on(process: Process, step_id: str, due_at: datetime) -> date | None:
    """The day after which the result of this step goes to the archive; None where it waits for ever."""
    return clock.local_day(due_at) if archiving_end(process, process.step(step_id)) else None


def archiving_end(process: Process, step: Step) -> str | None:
    """The end to which a timer of the step leads a result that nobody collects."""
    ends = {end.id for end in process.ends.values() if end.state == RecordState.ARCHIVED}
    return next((timer.action.ends for timer in step.timers if timer.action and timer.action.ends in ends), None)


def who_came(action: Action, form: Mapping[str, Any], *, answers: Mapping[str, Any]) -> dict[str, Any]:
    """What is kept of who came: of an authorised person name and papers; of the applicant neither, once his number is
    that of the record. A passport has another number, which is kept.

    Raises InvalidInput.
    """
    if form.get(giving.CAME) != giving.AUTHORISED:
        kept = {name: value for name, value in form.items() if name not in giving.AUTHORISED_FIELDS}
        if form.get(giving.IDENTITY_PAPER) == giving.PASSPORT or giving.IDENTITY_NUMBER not in form:
            return kept
        if _digits(form[giving.IDENTITY_NUMBER]) != _digits(answers.get("id_no")):
            raise InvalidInput(OTHER_NUMBER, field=giving.IDENTITY_NUMBER)
        return {name: value for name, value in kept.items() if name != giving.IDENTITY_NUMBER}
    of_person = (replace(field, required=True) for field in action.form if field.id in giving.AUTHORISED_FIELDS)
    for name, sentence in faults_of_fields(of_person, form):
        raise InvalidInput(sentence.vi, field=name)
    return dict(form)


def _digits(number: Any) -> str:
    return "".join(sign for sign in str(number or "") if sign.isdigit())
