"""Errors of the domain. The docstring of each is its meaning; `web.errors` maps each once to an answer."""

from __future__ import annotations


class PortalError(Exception):
    """Something the user can be told. `sentence` is Vietnamese, is a message id, and says what to do next."""

    def __init__(self, sentence: str = "", **details: object) -> None:
        super().__init__(sentence or type(self).__name__)
        self.sentence = sentence
        self.details = details


class NotFound(PortalError):
    """There is no such thing, or the actor may not know that there is."""


class NotAllowed(PortalError):
    """The actor may see the thing but may not do this to it."""


class Conflict(PortalError):
    """Somebody else acted first. The sentence names who and when."""


class InvalidInput(PortalError):
    """An answer is missing or wrong. `field` names the form field that it belongs to, when there is one."""

    def __init__(self, sentence: str, *, field: str | None = None, **details: object) -> None:
        super().__init__(sentence, **details)
        self.field = field


class OutcomeUnknown(PortalError):
    """The answer of COMMIT was lost: the action may or may not have happened. Natural keys make a retry safe."""


class Unavailable(PortalError):
    """An outside system does not answer. What was asked stays owed."""
