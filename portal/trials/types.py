"""A trial as it is kept: how it begins, and what was done in it, one after another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from portal.records.types import ActionAnswers, SupplementItem

MOST_MOVES = 300
"""A trial that is longer is begun anew: each of its pages plays all of it."""


@dataclass(frozen=True)
class TrialStart:
    """Where, when and with which answers the pretended record is submitted. `level` is that of the counter."""

    place: str
    level: str
    at: datetime
    answers: Mapping[str, Any] = field(default_factory=dict)
    channel: str = "online"
    unpaid: bool = False  # fees of the submission are not paid at once


NO_ANSWERS = ActionAnswers()


class MoveKind(StrEnum):
    ACT = "act"  # somebody takes an action of an open task
    END = "end"  # applicant or leader ends the whole record
    RECALL = "recall"  # a question to an agency is taken back
    LATE = "late"  # an agency whose silence counted still says its opinion
    WAIT = "wait"  # the clock moves on
    PAY = "pay"  # the applicant pays all that is owed
    APOLOGISE = "apologise"  # the letter is signed that offers a new day


@dataclass(frozen=True)
class TrialMove:
    """One thing done. Tasks are numbered in the order in which they were opened, from 1."""

    kind: MoveKind
    task: int = 0
    action: str = ""
    answers: ActionAnswers = NO_ANSWERS
    until: datetime | None = None


def stored_start(start: TrialStart) -> dict[str, Any]:
    return {
        "place": start.place,
        "level": start.level,
        "at": start.at.isoformat(),
        "answers": dict(start.answers),
        "channel": start.channel,
        "unpaid": start.unpaid,
    }


def start_of(stored: Mapping[str, Any]) -> TrialStart:
    return TrialStart(**{**stored, "at": datetime.fromisoformat(stored["at"])})


def stored_move(move: TrialMove) -> dict[str, Any]:
    """Only what the move has: a trial is mostly buttons."""
    given = move.answers
    found: dict[str, Any] = {
        "kind": move.kind.value,
        "task": move.task,
        "action": move.action,
        "reason": given.reason,
        "items": [[item.kind, item.id, item.label, item.reason] for item in given.items],
        "form": dict(given.form),
        "until": move.until.isoformat() if move.until else "",
    }
    return {name: value for name, value in found.items() if value}


def move_of(stored: Mapping[str, Any]) -> TrialMove:
    return TrialMove(
        kind=MoveKind(stored["kind"]),
        task=stored.get("task", 0),
        action=stored.get("action", ""),
        answers=ActionAnswers(
            reason=stored.get("reason", ""),
            items=tuple(SupplementItem(*item) for item in stored.get("items", ())),
            form=stored.get("form", {}),
        ),
        until=datetime.fromisoformat(stored["until"]) if stored.get("until") else None,
    )
