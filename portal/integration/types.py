"""Values of outside systems that jobs and pages may see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class AnswerKind(StrEnum):
    """How a register answers; the actions of an automatic step carry the same names."""

    OK = "ok"
    MISMATCH = "mismatch"
    CLOSED = "closed"
    OPEN = "open"
    """The tax code is closed, or still open: something is owed, or a return is missing."""
    UNAVAILABLE = "unavailable"
    """It did not answer, or not in its own form: nothing is known, ask again later."""


@dataclass(frozen=True)
class RegisterAnswer:
    """`code` is what the register issued, `reason` why the data do not agree, `data` what it knows of a person."""

    kind: AnswerKind
    code: str = ""
    reason: str = ""
    data: Mapping[str, str] = field(default_factory=dict)


UNAVAILABLE = RegisterAnswer(AnswerKind.UNAVAILABLE)
