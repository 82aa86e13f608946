"""Changes of the steps of a definition being written: each takes its text and returns another one.

Nothing is checked here beside what would be lost: a step that others lead to does not go, and with an id everything
that speaks of it changes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from portal.catalogue.shared_process import steps_of_template
from portal.catalogue.source import Source
from portal.catalogue.step_references import Reference, action_references, references
from portal.core.errors import InvalidInput, NotFound

STEPS = ("process", "steps")
STEP_KEYS = (
    *("name", "stop", "at", "role", "hours", "clock", "state", "consultation", "timers", "checklist"),
    *("differs_from", "call", "same_office", "opens_after", "actions"),
)
ACTION_KEYS = (
    *("as", "label", "kind", "by", "if", "unless", "times", "outcome", "needs", "form", "corrects", "decide_each"),
    *("documents", "report_to", "batch", "closed_in", "extends", "within", "paper_within", "cutoff", "asks"),
    *("to", "choose", "consult", "join", "end"),
)
"""The keys in the order in which new ones are written."""

PROCESS_KEYS = ("use", "with", "start", "correct", "conditions", "steps", "ends", "always")

Path = tuple[str | int, ...]


def step_path(step: str) -> Path:
    return (*STEPS, step)


def action_path(step: str, action: str) -> Path:
    return (*STEPS, step, "actions", action)


def require(source: Source, path: Path) -> Any:
    """What stands at the path. Raises NotFound."""
    if not source.has(path):
        raise NotFound("Không có mục này trong bản soạn. Mở lại trang quy trình.")
    return source.get(path)


def add_entry(source: Source, path: Path, value: Any, *, after: str | None = None) -> Source:
    """A new entry of a mapping, behind the one named `after` (at the end when there is none of that name)."""
    names = source.names(path[:-1])
    source = source.put(path, value)
    behind = len(names) - 1 - names.index(after) if after in names else 0
    for _place in range(behind):
        source = source.move(path, by=-1)
    return source


def change_entry(source: Source, path: Path, changes: Mapping[str, Any], *, order: Sequence[str] = ()) -> Source:
    """With these keys of the mapping at the path; one whose value is None goes, a new one stands as `order` says."""
    before = require(source, path)
    return source.put(path, _changed(before if isinstance(before, dict) else {}, changes, order) or None)


def _changed(before: Mapping[str, Any], changes: Mapping[str, Any], order: Sequence[str]) -> dict[str, Any]:
    value = dict(before)
    for key, new in changes.items():
        if new is None:
            value.pop(key, None)
        elif key in value:
            value[key] = new
        else:
            value = _with_key(value, key, new, order)
    return value


def _with_key(value: Mapping[str, Any], key: str, new: Any, order: Sequence[str]) -> dict[str, Any]:
    pairs = list(value.items())
    rank = order.index(key) if key in order else len(order)
    earlier = [at for at, (name, _part) in enumerate(pairs) if name in order and order.index(name) < rank]
    pairs.insert(max(earlier) + 1 if earlier and rank < len(order) else len(pairs), (key, new))
    return dict(pairs)


def change_process(source: Source, changes: Mapping[str, Any]) -> Source:
    """The same for the process, which may not be there yet."""
    if not isinstance(source.get(("process",)), dict):
        return source.put(("process",), {key: value for key, value in changes.items() if value is not None})
    return change_entry(source, ("process",), changes, order=PROCESS_KEYS)


def change_action(source: Source, step: str, action: str, changes: Mapping[str, Any]) -> Source:
    """The same for an action; one that says nothing of its own is the shared action of its name, and is empty."""
    path = action_path(step, action)
    before = require(source, path)
    shared = {"as": action}
    value = _changed(before if isinstance(before, dict) else shared, changes, ACTION_KEYS)
    return source.put(path, None if value == shared and before is None else value)


def rename_step(source: Source, old: str, new: str) -> Source:
    """With another id of the step, everywhere: where it is led to, in tests, in conditions on outcomes."""
    require(source, step_path(old))
    ids = dict(zip(made_by(source, old), made_by(source, old, name=new), strict=True))
    for reference in references(source.get(), tuple(ids)):
        source = _renamed(source, reference, ids[reference.names])
    return source.rename(step_path(old), new)


def remove_step(source: Source, step: str) -> Source:
    """Without the step. Raises InvalidInput when something outside it speaks of it."""
    require(source, step_path(step))
    if any(one.step != step for one in references(source.get(), made_by(source, step))):
        raise InvalidInput("Chưa bỏ được %(name)s: còn chỗ nhắc đến.", name=step)
    return source.remove(step_path(step))


def rename_action(source: Source, step: str, old: str, new: str) -> Source:
    """With another id of the action, in the tests as well. A shared action keeps its content by its name."""
    value = require(source, action_path(step, old))
    for reference in action_references(source.get(), step, old):
        source = source.put(reference.path, f"{step}.{new}")
    if value is None:
        source = source.put(action_path(step, old), {"as": old})
    return source.rename(action_path(step, old), new)


def remove_action(source: Source, step: str, action: str) -> Source:
    """Without the action. Raises InvalidInput when a test takes it."""
    require(source, action_path(step, action))
    if action_references(source.get(), step, action):
        raise InvalidInput("Chưa bỏ được %(name)s: còn chỗ nhắc đến.", name=f"{step}.{action}")
    return source.remove(action_path(step, action))


def made_by(source: Source, entry: str, *, name: str | None = None) -> tuple[str, ...]:
    """The steps that an entry of the file becomes: itself, or those of its template. `name` is a new one for it."""
    value = source.get(step_path(entry))
    template = value.get("template") if isinstance(value, dict) else None
    made = steps_of_template(source.get(("process", "use")), str(template), name or entry) if template else ()
    return made or (name or entry,)


def _renamed(source: Source, reference: Reference, new: str) -> Source:
    # An item of a test may name a step twice in its life: the value is read anew.
    now = Reference(reference.path, reference.names, str(source.get(reference.path)))
    return source.put(reference.path, now.renamed(new))
