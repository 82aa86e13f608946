"""What conditions of a definition may speak about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from portal.catalogue.sequences import WITHOUT_ANSWER
from portal.records.due_changes import EXTENDED
from portal.records.models import Record
from portal.records.types import UNDONE, LockedRecord, TaskRow
from portal.units.resolution import Directory
from portal.workflow.deadlines import Extension


def facts_of(
    record: LockedRecord | Record, tasks: Iterable[TaskRow], *, directory: Directory, today: date
) -> dict[str, Any]:
    """`form`, `record`, `applicant`, `outcomes` (how each step was closed last), `done` (how often each was taken)."""
    done = (task for task in tasks if task.closed_at and task.outcome != UNDONE)
    closed = sorted(done, key=lambda task: (task.closed_at, task.id))
    return {
        "form": record.answers,
        "applicant": applicant_facts(record.answers),
        "record": {
            "supplements": record.supplements,
            "extensions": extensions_of(record.due_changes),
            "channel": record.channel,
            "receiving_level": directory.unit(record.received_unit_id).level,
            "outcome": record.outcome or "",
            "return_by": record.return_by,
            "unpaid": isinstance(record, LockedRecord) and record.unpaid,
        },
        "outcomes": _outcomes(closed),
        "done": _counted(closed),
        "today": today,
    }


def facts_of_answers(
    answers: Mapping[str, Any],
    *,
    channel: str = "online",
    receiving_level: str = "",
    today: date | None = None,
    older: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The facts of a draft: what conditions see before there is a record. Checks that ask for today need the day.

    `older` is what `older_results.older_facts` knows of the result that this one changes.
    """
    return {
        **({"today": today} if today else {}),
        **({"older": older} if older else {}),
        "form": answers,
        "applicant": applicant_facts(answers),
        "record": {
            "supplements": 0,
            "extensions": 0,
            "channel": channel,
            "receiving_level": receiving_level,
            "outcome": "",
            "return_by": str(answers.get("return_by") or ""),
        },
        "outcomes": {},
        "done": {},
    }


def extensions_of(changes: Iterable[Any]) -> int:
    """How often the term was extended, of the changes as values or as they are stored."""
    return sum(isinstance(change, Extension) or _is_stored_extension(change) for change in changes)


def _is_stored_extension(change: Any) -> bool:
    return isinstance(change, Mapping) and change.get("kind") == EXTENDED


def _outcomes(closed: Iterable[TaskRow]) -> dict[str, str | None]:
    """The last action of each step; of an opinion, for all its steps, what became of the question."""
    found: dict[str, str | None] = {}
    steps: dict[str, set[str]] = {}
    for task in closed:
        found[task.step] = task.outcome
        if task.consultation is None:
            continue
        steps.setdefault(task.consultation, set()).add(task.step)
        word = task.outcome if task.outcome in WITHOUT_ANSWER else task.said
        if word:
            found.update(dict.fromkeys(steps[task.consultation], word))
    return found


def _counted(closed: Iterable[TaskRow]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for task in closed:
        counts[f"{task.step}.{task.outcome}"] += task.times
    return counts


def applicant_facts(answers: Mapping[str, Any]) -> dict[str, Any]:
    is_organisation = answers.get("filer") == "org"
    return {
        "kind": "organisation" if is_organisation else "person",
        "poor_household": bool(answers.get("poor_household")),
    }
