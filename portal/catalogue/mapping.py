"""From one version of a procedure to another: which step, answer and paper of the old one is which of the new one.

A proposal is made from ids, names and kinds; an administrator corrects it. What a mapping says is checked here against
both versions, before any record is looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import combinations
from typing import TypeVar

import yaml

from portal.catalogue.types import Field, Paper, Procedure
from portal.catalogue.words import FIELD_TYPES, word
from portal.workflow import splits
from portal.workflow.definition import Process, Step, Text
from portal.workflow.soundness import situations

LIKE = 0.6
"""How alike two names must be, from 0 to 1, for one to be proposed in the place of the other."""

_NOT_OLD = Text("Bản cũ không có mục này.", "The older version does not have it.")
_NOT_NEW = Text("Bản mới không có {name}. Chọn lại.", "The newer version has no {name}. Choose again.")
_OTHER_WORK = Text(
    "{name} do đơn vị hoặc vai trò khác làm. Chọn bước khác.",
    "Another unit or role does {name}. Choose another step.",
)
_OTHER_ASKING = Text(
    "Chỉ một trong hai bước hỏi ý kiến cơ quan khác: {name}. Chọn bước khác.",
    "Only one of the two asks another agency: {name}. Choose another step.",
)
_OTHER_TYPE = Text(
    "{name} là {after}, câu hỏi cũ là {before}. Chọn câu hỏi cùng kiểu.",
    "{name} is of the type {after}, the older question {before}. Choose one of the same type.",
)
_TWICE = Text(
    "{name} đã thành mục này. Mỗi mục mới chỉ nhận một mục cũ.",
    "{name} becomes the same already. Each new one takes one old one.",
)
_TOGETHER = Text(
    "Bước này và {other} có thể mở cùng lúc, bản mới không mở {name} hai lần. Chọn bước khác.",
    "It can be open together with {other}, and the newer version does not open {name} twice. Choose another step.",
)

Part = TypeVar("Part")


@dataclass(frozen=True)
class MappingFault:
    """One line of a mapping that cannot be: of which part, at which old id, and why."""

    part: str  # steps, fields, papers
    old_id: str
    reason: Text

    def __str__(self) -> str:
        return f"{self.part}: {self.old_id}: {self.reason.in_language('en')}"


class MappingError(Exception):
    """A mapping that cannot be used; `sentences` say what is wrong with it, `faults` at which of its lines."""

    def __init__(self, sentences: Iterable[str], *, faults: Iterable[MappingFault] = ()) -> None:
        self.faults = tuple(faults)
        self.sentences = (*sentences, *map(str, self.faults))
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


def faults(old: Procedure, new: Procedure, mapping: VersionMapping) -> tuple[MappingFault, ...]:
    """Why this mapping cannot be used for any record; empty when it can."""
    return (
        *_faults_of("fields", mapping.fields, fields_of(old), fields_of(new), _other_answer),
        *_faults_of("papers", mapping.papers, _papers(old), _papers(new), lambda one, other: None),
        *_faults_of("steps", mapping.steps, old.process.steps, new.process.steps, _other_work),
        *_twice("fields", mapping.fields, {item.id: item.label for item in fields_of(old).values()}),
        *_twice("papers", mapping.papers, {paper.id: paper.name for paper in old.papers}),
        *_opened_together(old, new, mapping.steps),
    )


def fitting_steps(step: Step, new: Procedure) -> list[Step]:
    """The steps of the new version that this one may become, in their order."""
    return [other for other in new.process.steps.values() if _same_work(step, other)]


def fitting_fields(item: Field, new: Procedure) -> list[Field]:
    """The fields of the new version that may take its answer."""
    return [other for other in fields_of(new).values() if _same_answer(item, other)]


def _faults_of(
    part: str,
    pairs: Mapping[str, str],
    before: Mapping[str, Part],
    after: Mapping[str, Part],
    against: Callable[[Part, Part], Text | None],
) -> Iterator[MappingFault]:
    for one, other in pairs.items():
        if one not in before:
            yield MappingFault(part, one, _NOT_OLD)
        elif other not in after:
            yield MappingFault(part, one, _NOT_NEW.filled(name=other))
        elif reason := against(before[one], after[other]):
            yield MappingFault(part, one, reason)


def _other_work(one: Step, other: Step) -> Text | None:
    if (one.at, one.role) != (other.at, other.role):
        return _OTHER_WORK.filled(name=other.name)
    if (one.consultation is None) != (other.consultation is None):
        return _OTHER_ASKING.filled(name=other.name)
    return None


def _other_answer(one: Field, other: Field) -> Text | None:
    if _same_answer(one, other):
        return None
    kinds = [word(FIELD_TYPES, item.type) for item in (one, other)]
    return _OTHER_TYPE.filled(name=other.label, before=kinds[0], after=kinds[1])


def _twice(part: str, pairs: Mapping[str, str], names: Mapping[str, Text]) -> Iterator[MappingFault]:
    """Every line but the first that leads where another leads already."""
    taken: dict[str, str] = {}
    for one, other in pairs.items():
        if other in taken:
            yield MappingFault(part, one, _TWICE.filled(name=names.get(taken[other], taken[other])))
        else:
            taken[other] = one


def _opened_together(old: Procedure, new: Procedure, pairs: Mapping[str, str]) -> Iterator[MappingFault]:
    """Steps that can be open side by side would be one step, open twice."""
    known = {one: other for one, other in pairs.items() if one in old.process.steps and other in new.process.steps}
    if len(set(known.values())) == len(known):
        return
    together = _open_together(old.process)
    ids = list(known)
    for index, one in enumerate(ids):
        earlier = next((e for e in ids[:index] if known[e] == known[one] and frozenset((e, one)) in together), None)
        if earlier is not None:
            names = {"name": new.process.step(known[one]).name, "other": old.process.step(earlier).name}
            yield MappingFault("steps", one, _TOGETHER.filled(**names))


def _open_together(process: Process) -> set[frozenset[str]]:
    """The pairs of steps that one branch can have open at once."""
    return {
        frozenset((one[0], other[0]))
        for situation in situations(process)
        for one, other in combinations(situation, 2)
        if one[0] != other[0] and splits.value_of(one[1]) == splits.value_of(other[1])
    }


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
