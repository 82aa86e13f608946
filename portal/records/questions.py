"""The questions to other agencies as one list: asked of whom, when, until when, and what became of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from portal.catalogue.sequences import RECALLED, SILENT
from portal.records.models import Opinion, RecordEvent
from portal.records.record_file import RecordFile
from portal.records.types import CANCELLED, UNDONE, TaskRow
from portal.workflow.engine import SKIPPED


class QuestionState(StrEnum):
    WAITING = "waiting"
    ANSWERED = "answered"
    SILENT = "silent"
    LATE = "late"  # silent, and answered afterwards
    RECALLED = "recalled"
    SKIPPED = "skipped"  # the office would have asked itself
    CANCELLED = "cancelled"  # enough others have answered, or the record has ended


_BY_OUTCOME = {
    SILENT: QuestionState.SILENT,
    RECALLED: QuestionState.RECALLED,
    SKIPPED: QuestionState.SKIPPED,
    CANCELLED: QuestionState.CANCELLED,
}


@dataclass(frozen=True)
class AgencyQuestion:
    """One question to one agency. `task` is the last of its steps, `asked` the event that put the question, `ended`
    the one that closed it; `opinion` the final word, or the draft while it waits; `silence` what silence counted as."""

    consultation: str
    unit_id: UUID | None
    asked_at: datetime
    due_at: datetime
    state: QuestionState
    task: TaskRow
    opinion: Opinion | None = None
    silence: str = ""
    asked: RecordEvent | None = None
    ended: RecordEvent | None = None


def questions_of(file: RecordFile) -> list[AgencyQuestion]:
    """Every question of the record, the oldest first. An agency that is asked again has two."""
    rounds: dict[tuple[object, ...], list[TaskRow]] = {}
    for task in file.tasks:
        if task.consultation is not None and task.outcome != UNDONE:
            key = (task.consultation, task.split, task.unit_id, task.anchored_at)
            rounds.setdefault(key, []).append(task)
    found = [_question(file, tasks) for tasks in rounds.values()]
    return sorted(found, key=lambda question: (question.asked_at, _place(question, rounds)))


def _place(question: AgencyQuestion, rounds: Mapping[tuple[object, ...], list[TaskRow]]) -> int:
    """Among the questions put by one action: in its order, those that were skipped at the end."""
    task = question.task
    keys = {str(one.id) for one in rounds[task.consultation, task.split, task.unit_id, task.anchored_at]}
    put = _opened(question.asked) if question.asked else []
    return next((number for number, key in enumerate(put) if key in keys), 0)


def _question(file: RecordFile, tasks: list[TaskRow]) -> AgencyQuestion:
    last = max(tasks, key=lambda task: (task.is_open, task.opened_at, task.id))
    said = list(_said(file, last))
    final = next((opinion for opinion in reversed(said) if opinion.final_at and opinion.verdict != SILENT), None)
    silent = next((opinion for opinion in said if opinion.verdict == SILENT), None)
    state = QuestionState.WAITING if last.is_open else _BY_OUTCOME.get(last.outcome or "", QuestionState.ANSWERED)
    if state is QuestionState.SILENT and final is not None:
        state = QuestionState.LATE
    draft = next((opinion for opinion in reversed(said) if opinion.final_at is None), None)
    keys = {str(task.id) for task in tasks}
    return AgencyQuestion(
        consultation=last.consultation or "",
        unit_id=last.unit_id,
        asked_at=last.anchored_at,
        due_at=last.due_at,
        state=state,
        task=last,
        opinion=final or (draft if state is QuestionState.WAITING else None),
        silence=silent.text if silent else "",
        asked=next((event for event in file.events if keys & set(_opened(event))), None),
        ended=next((event for event in reversed(file.events) if event.task_id == last.id and event.details), None),
    )


def _said(file: RecordFile, last: TaskRow) -> Iterable[Opinion]:
    """What the agency said to this question: after it was asked, and before it was asked again."""
    again = [
        task.anchored_at
        for task in file.tasks
        if (task.consultation, task.unit_id) == (last.consultation, last.unit_id)
        and task.anchored_at > last.anchored_at
        and task.outcome != UNDONE
    ]
    before = min(again, default=None)
    for opinion in file.opinions:
        theirs = opinion.consultation == last.consultation and opinion.unit_id in (None, last.unit_id)
        if theirs and last.anchored_at <= opinion.given_at and (before is None or opinion.given_at < before):
            yield opinion


def _opened(event: RecordEvent) -> list[str]:
    return [step["task_id"] for step in (*event.opened, *event.details.get("skipped", ()))]
