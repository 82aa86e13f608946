"""What moving one record to another version of its procedure changes, or why it cannot be moved: pure decisions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import combinations
from typing import Any
from uuid import UUID

from portal.catalogue.mapping import VersionMapping
from portal.catalogue.queries import PublishedProcedure
from portal.catalogue.types import Procedure
from portal.catalogue.words import joined
from portal.records.answers import faults_of, shown_answers
from portal.records.types import TaskRow
from portal.workflow import engine, splits
from portal.workflow.definition import Process, Text
from portal.workflow.soundness import Situation, situation_of

_NO_STEP = Text("Bước {name} không có bước tương ứng trong bản mới.", "The step {name} has no counterpart.")
_NO_SITUATION = Text(
    "Các việc đang mở ({names}) không thể cùng mở trong bản mới.",
    "The open tasks ({names}) cannot be open together in the new version.",
)
_MISSING = Text("Bản mới hỏi thêm: {what}", "The new version also asks: {what}")
_ASKED = Text(
    "Đang chờ người nộp bổ sung mục {name}, bản mới không còn mục này.",
    "The applicant was asked for {name}, which the new version does not have.",
)
_DRAFTED = Text("Dự thảo kết quả đã soạn theo mẫu cũ.", "The result has been drafted on the old form.")


@dataclass(frozen=True)
class Versions:
    """The version that records leave, the one that they go to, and what becomes what between them."""

    old: PublishedProcedure
    new: PublishedProcedure
    mapping: VersionMapping


@dataclass(frozen=True)
class MovingRecord:
    """The columns of a record that a move reads and writes."""

    id: UUID
    code: str
    owner_id: UUID
    version_id: UUID
    procedure_name: str
    answers: Mapping[str, Any]
    state: str
    outcome: str | None
    version: int
    closed_at: datetime | None


@dataclass(frozen=True)
class Standing:
    """Everything of a record that the plan needs."""

    record: MovingRecord
    tasks: tuple[TaskRow, ...]
    slots: frozenset[str]
    asked: tuple[tuple[str, str, str], ...] = ()  # open supplement items: kind, id, label
    has_draft_result: bool = False
    movings: tuple[UUID, ...] = ()  # bulk moves that this record has been part of


@dataclass(frozen=True)
class Plan:
    """What changes. `tasks` are the tasks as they will be, those alone that differ; `slots` renames papers."""

    answers: Mapping[str, Any]
    state: str
    tasks: tuple[TaskRow, ...] = ()
    slots: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Refused:
    """Why the record stays; the sentences are shown to administrators."""

    reasons: tuple[Text, ...]


def plan(standing: Standing, versions: Versions, *, situations: frozenset[Situation], today: date) -> Plan | Refused:
    """The change, or every reason against it. `situations` are those that a record of the new version can be in."""
    old, new, mapping = versions.old.procedure, versions.new.procedure, versions.mapping
    reasons = [*_unmapped(standing, old, mapping), *_lost_items(standing, mapping)]
    if standing.has_draft_result and old.result.template != new.result.template:
        reasons.append(_DRAFTED)
    answers = moved_answers(standing.record.answers, mapping)
    slots = {mapping.papers.get(slot, slot) for slot in standing.slots}
    reasons += _asked_anew(standing, old, new, answers, slots, mapping, today=today)
    if reasons:
        return Refused(tuple(dict.fromkeys(reasons)))
    tasks = _counted([_moved_task(task, new, mapping) for task in standing.tasks], new.process)
    tokens = [engine.Token(task.id, task.step, task.split, task.origin) for task in tasks if task.is_open]
    if not _is_possible(tokens, situations):
        names = joined(_name_of(task, old) for task in standing.tasks if task.is_open)
        return Refused((_NO_SITUATION.filled(names=names),))
    return Plan(
        answers=shown_answers(new, answers),
        state=engine.record_state(new.process, tokens, standing.record.outcome),
        tasks=tuple(task for task, before in zip(tasks, standing.tasks, strict=True) if task != before),
        slots={slot: mapping.papers[slot] for slot in standing.slots if mapping.papers.get(slot, slot) != slot},
    )


def moved_answers(answers: Mapping[str, Any], mapping: VersionMapping) -> dict[str, Any]:
    """The answers under their new ids, without those that are asked no more. What no field asked stays as it is."""
    return {mapping.fields[name]: value for name, value in answers.items() if name in mapping.fields}


def _unmapped(standing: Standing, old: Procedure, mapping: VersionMapping) -> list[Text]:
    return [
        _NO_STEP.filled(name=_name_of(task, old))
        for task in standing.tasks
        if task.is_open
        and not {task.step, task.origin or task.step, *splits.names_of(task.split)} <= mapping.steps.keys()
    ]


def _name_of(task: TaskRow, procedure: Procedure) -> Text:
    """The name of its step in both languages; the task itself holds one."""
    step = procedure.process.steps.get(task.step)
    return step.name if step is not None else Text(task.step_name)


def _lost_items(standing: Standing, mapping: VersionMapping) -> list[Text]:
    kept = {"paper": mapping.papers, "field": mapping.fields}
    return [
        _ASKED.filled(name=label)
        for kind, item_id, label in standing.asked
        if kept.get(kind, {}).get(item_id) != item_id
    ]


def _asked_anew(
    standing: Standing,
    old: Procedure,
    new: Procedure,
    answers: Mapping[str, Any],
    slots: Iterable[str],
    mapping: VersionMapping,
    *,
    today: date,
) -> list[Text]:
    """What the new version asks and the record lacks. What was let pass at submission is not asked again."""
    found = [fault for fault in faults_of(new, answers, slots=slots, today=today) if not fault.warns]
    if not found:
        return []
    before = {fault.field for fault in faults_of(old, standing.record.answers, slots=standing.slots, today=today)}
    passed = {mapping.fields.get(name, mapping.papers.get(name, name)) for name in before}
    return [_MISSING.filled(what=fault.sentence) for fault in found if fault.field not in passed]


def _moved_task(task: TaskRow, new: Procedure, mapping: VersionMapping) -> TaskRow:
    """The task under its new step. A closed one whose step is gone stays as it was: it is history."""
    if task.step not in mapping.steps:
        return task
    step = new.process.step(mapping.steps[task.step])
    return replace(
        task,
        step=step.id,
        step_name=step.name.vi if task.is_open else task.step_name,
        split=splits.renamed(task.split, mapping.steps),
        origin=mapping.steps.get(task.origin, task.origin) if task.origin else None,
        consultation=step.consultation,
    )


def _counted(tasks: Sequence[TaskRow], process: Process) -> tuple[TaskRow, ...]:
    """Where the new version does not wait for all branches and the old one did, the branches that were opened are
    counted now. Where enough have arrived by then, the next to arrive opens the join."""

    def opened(around: str, step: str) -> int:
        if step not in counting:
            return 0
        began = [task.closed_at for task in tasks if (task.step, task.split) == (step, around) and task.closed_at]
        return sum(
            task.opened_at == max(began, default=None)
            and (splits.around(task.split), splits.names_of(task.split)[-1:]) == (around, [step])
            for task in tasks
        )

    counting = engine.counting_steps(process)
    if not counting:
        return tuple(tasks)
    return tuple(replace(task, split=splits.counted(task.split, opened)) for task in tasks)


def _is_possible(tokens: Sequence[engine.Token], situations: frozenset[Situation]) -> bool:
    """Whether these tasks can be open together. Situations know branches for two values alone: more behave as two do,
    so each pair of branches must be possible beside what is open outside them."""
    values = sorted({splits.value_of(token.group) for token in tokens} - {""})
    if not values:
        return situation_of(tokens) in situations
    pairs = combinations(values, 2) if len(values) > 1 else [(values[0],)]
    return all(_with_branches(tokens, pair) in situations for pair in pairs)


def _with_branches(tokens: Iterable[engine.Token], pair: tuple[str, ...]) -> Situation:
    numbers = {value: str(number) for number, value in enumerate(pair, start=1)}
    return situation_of(
        replace(token, group=splits.renamed(token.group, {}, numbers))
        for token in tokens
        if splits.value_of(token.group) in ("", *pair)
    )
