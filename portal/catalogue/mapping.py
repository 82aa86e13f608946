"""From one version of a procedure to another: which step, answer and paper of the old one is which of the new one.

A proposal is made from ids, names and kinds; an administrator corrects it. What a mapping says is checked here against
both versions, before any record is looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any, TypeVar

import yaml

from portal.catalogue.types import Field, Paper, Procedure
from portal.workflow.definition import Step, Text

LIKE = 0.6
"""How alike two names must be, from 0 to 1, for one to be proposed in the place of the other."""

Part = TypeVar("Part")


class MappingError(Exception):
    """A mapping that cannot be used; `sentences` say what is wrong with it."""

    def __init__(self, sentences: Iterable[str]) -> None:
        self.sentences = tuple(sentences)
        super().__init__("; ".join(self.sentences))


@dataclass(frozen=True)
class VersionMapping:
    """Old ids to new ids. A step without a counterpart is left out: a record that stands there cannot be moved. An
    answer or a paper without one stays with the history of the record, and is asked no more."""

    steps: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    papers: Mapping[str, str] = field(default_factory=dict)

    def stored(self) -> dict[str, dict[str, str]]:
        return {"steps": dict(self.steps), "fields": dict(self.fields), "papers": dict(self.papers)}


def propose(old: Procedure, new: Procedure) -> VersionMapping:
    """Same ids first; then what has the same kind and a name much alike, each new part once."""
    return VersionMapping(
        steps=_matched(old.process.steps, new.process.steps, _same_work, lambda step: step.name),
        fields=_matched(fields_of(old), fields_of(new), _same_answer, lambda item: item.label),
        papers=_matched(_papers(old), _papers(new), lambda one, other: True, lambda paper: paper.name),
    )


def fields_of(procedure: Procedure) -> dict[str, Field]:
    """The fields of the form by id."""
    return {item.id: item for page in procedure.pages for item in page.fields}


def read_mapping(text: str) -> VersionMapping:
    """A mapping as an administrator writes it: three maps of old to new. Raises MappingError."""
    try:
        data = yaml.safe_load(text) or {}
    except yaml.YAMLError as error:
        raise MappingError([f"This is not YAML: {error}"]) from error
    if not isinstance(data, dict) or not data.keys() <= {"steps", "fields", "papers"}:
        raise MappingError(["A mapping has the keys steps, fields and papers, and no other."])
    found: dict[str, dict[str, str]] = {}
    for name, part in data.items():
        if not isinstance(part, dict):
            raise MappingError([f"{name} must be a map of old ids to new ids."])
        found[name] = {str(old): str(new) for old, new in part.items() if new is not None}
    return VersionMapping(**found)


def written(mapping: VersionMapping) -> str:
    """As `read_mapping` reads it."""
    return str(yaml.safe_dump(mapping.stored(), allow_unicode=True, sort_keys=False))


def faults(old: Procedure, new: Procedure, mapping: VersionMapping) -> tuple[str, ...]:
    """Why this mapping cannot be used for any record; empty when it can."""
    return tuple(_faults(old, new, mapping))


def _faults(old: Procedure, new: Procedure, mapping: VersionMapping) -> Iterator[str]:
    parts: tuple[tuple[str, Mapping[str, str], Mapping[str, Any], Mapping[str, Any]], ...] = (
        ("step", mapping.steps, old.process.steps, new.process.steps),
        ("field", mapping.fields, fields_of(old), fields_of(new)),
        ("paper", mapping.papers, _papers(old), _papers(new)),
    )
    for kind, pairs, before, after in parts:
        for one, other in pairs.items():
            if one not in before:
                yield f"{kind} {one} is not in version A."
            elif other not in after:
                yield f"{kind} {other} (for {one}) is not in version B."
    for kind, pairs in (("field", mapping.fields), ("paper", mapping.papers)):
        twice = sorted({target for target in pairs.values() if list(pairs.values()).count(target) > 1})
        yield from (f"several {kind}s would become {target}." for target in twice)
    for one, other in mapping.steps.items():
        if one in old.process.steps and other in new.process.steps:
            before_step, after_step = old.process.step(one), new.process.step(other)
            if (before_step.at, before_step.role) != (after_step.at, after_step.role):
                yield f"step {one} is done by another unit or role than {other}."
            if (before_step.consultation is None) != (after_step.consultation is None):
                yield f"step {one} or {other} asks another agency, but not both."


def _matched(
    before: Mapping[str, Part],
    after: Mapping[str, Part],
    fits: Callable[[Part, Part], bool],
    name: Callable[[Part], Text],
) -> dict[str, str]:
    found = {one: one for one in before if one in after and fits(before[one], after[one])}
    free = [other for other in after if other not in found]
    for one in before:
        if one in found:
            continue
        alike = {
            other: _alike(name(before[one]), name(after[other])) for other in free if fits(before[one], after[other])
        }
        best = max(alike, key=lambda other: alike[other], default=None)
        if best is not None and alike[best] >= LIKE:
            found[one] = best
            free.remove(best)
    return {one: found[one] for one in before if one in found}


def _alike(one: Text, other: Text) -> float:
    return SequenceMatcher(None, one.vi.casefold(), other.vi.casefold()).ratio()


def _same_work(one: Step, other: Step) -> bool:
    asked = one.consultation is None, other.consultation is None
    return (one.at, one.role) == (other.at, other.role) and asked[0] == asked[1]


def _same_answer(one: Field, other: Field) -> bool:
    return one.type is other.type and one.several == other.several


def _papers(procedure: Procedure) -> dict[str, Paper]:
    return {paper.id: paper for paper in procedure.papers}
