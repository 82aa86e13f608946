"""How each step of a definition can have been closed: what conditions may compare `outcomes` with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from portal.catalogue.sequences import SILENT, WITHOUT_ANSWER

_ALWAYS = tuple(sorted(WITHOUT_ANSWER))


def outcomes_of(steps: Any) -> dict[str, tuple[str, ...]]:
    """For each step, by the words of the definition (which may have mistakes): its actions and timers; for the steps of
    an opinion also what the agency can say, and what its silence is taken for."""
    parts = {name: step for name, step in _mapping(steps).items() if isinstance(step, dict)}
    words: dict[Any, dict[str, None]] = {}
    for step in parts.values():
        if step.get("consultation"):
            words.setdefault(step["consultation"], {}).update(dict.fromkeys(_words(step)))
    return {
        name: tuple(dict.fromkeys((*_closed_by(step), *words.get(step.get("consultation"), ()), *_ALWAYS)))
        for name, step in parts.items()
    }


def _closed_by(step: Mapping[str, Any]) -> Iterator[str]:
    yield from map(str, _mapping(step.get("actions")))
    for timer in _timers(step):
        moment = timer.get("after") or (f"-{timer['before_due']}" if timer.get("before_due") else f"@{timer.get('on')}")
        yield SILENT if timer.get("silence") else f"after_{moment}"


def _words(step: Mapping[str, Any]) -> Iterator[str]:
    for action in _mapping(step.get("actions")).values():
        verdict = _mapping(_mapping(_mapping(action).get("form")).get("verdict"))
        yield from map(str, _mapping(verdict.get("choices")))
    for timer in _timers(step):
        if timer.get("silence"):
            yield str(timer["silence"])


def _timers(step: Mapping[str, Any]) -> list[dict[str, Any]]:
    timers = step.get("timers")
    return [timer for timer in timers if isinstance(timer, dict)] if isinstance(timers, list) else []


def _mapping(given: Any) -> Mapping[str, Any]:
    return given if isinstance(given, dict) else {}
