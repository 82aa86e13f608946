"""The path of splits that a task is inside of: "ask_ok", "ask_ok/inner"; "ask_ok[31117]" is the branch of one value.
"ask_ok*3" says that three branches were opened, where the join does not wait for all of them.

A branch that is opened for each value of an answer says which one it is for, so that its unit, its opinion and its
steps are found; at the join all branches of a split count, whatever they are for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

_APART = "/"
_COUNT = re.compile(r"\*\d+(?=[\[/]|$)")


@dataclass(frozen=True)
class Each:
    """The values for which a branch is opened, once for each; two are equal when their sources are."""

    source: str
    values: Callable[[Mapping[str, Any]], tuple[str, ...]] = field(compare=False, repr=False)
    negates: str | None = None


def inside(group: str, step_id: str, value: str = "", *, of: int = 0) -> str:
    """The path of a branch that the step opens inside `group`; `of` so many, when the join counts them."""
    own = step_id + (f"*{of}" if of else "") + (f"[{value}]" if value else "")
    return f"{group}{_APART}{own}" if group else own


def around(group: str) -> str:
    """The path without its last split: where the task stands that opens at the join."""
    return group.rpartition(_APART)[0]


def holds(group: str, other: str) -> bool:
    """Whether a task with the path `other` is in the split that `group` is a branch of, or deeper in it."""
    own, theirs = group.split(_APART), other.split(_APART)
    depth = len(own) - 1
    return len(theirs) > depth and theirs[:depth] == own[:depth] and _bare(theirs[depth]) == _bare(own[depth])


def arrived(group: str, others: Iterable[tuple[Hashable, str]]) -> int:
    """How many branches of a counted split have arrived with this one; `others` are its open tasks and their paths."""
    _, _, opened = _bare(group.split(_APART)[-1]).partition("*")
    return int(opened or 0) - len({_branch_of(group, task, path) for task, path in others})


def _branch_of(group: str, task: Hashable, path: str) -> Hashable:
    """What stands in one branch: a task of its own, or all tasks of a split inside it."""
    deeper = path.split(_APART)[len(group.split(_APART)) - 1 :]
    return (deeper[0], _bare(deeper[1])) if len(deeper) > 1 else task


def value_of(group: str) -> str:
    """The value that the nearest branch around a task was opened for; nothing when there is none."""
    return next((value for value in _values(group)), "") if "[" in group else ""


def first_split(group: str) -> str:
    """The outermost split, without the value of its branch."""
    return _bare(group.partition(_APART)[0]).partition("*")[0]


def names_of(group: str) -> list[str]:
    """The steps that opened the splits of a path, outermost first."""
    return [_bare(part).partition("*")[0] for part in group.split(_APART)] if group else []


def uncounted(group: str) -> str:
    """The path without the numbers of branches that were opened."""
    return _COUNT.sub("", group)


def counted(group: str, opened: Callable[[str, str], int]) -> str:
    """The path with the number of branches of each split that has none yet: `opened` knows it, 0 for no number, by the
    path around the split and the step that opened it."""
    parts: list[str] = []
    for part in group.split(_APART) if group else ():
        name, bracket, rest = part.partition("[")
        of = 0 if "*" in name else opened(_APART.join(parts), name)
        parts.append(name + (f"*{of}" if of else "") + bracket + rest)
    return _APART.join(parts)


def renamed(group: str, names: Mapping[str, str], values: Mapping[str, str] | None = None) -> str:
    """The path under other step ids, its branches for other values; what is not named stays."""
    if not group:
        return ""
    return _APART.join(_renamed(part, names, values or {}) for part in group.split(_APART))


def _renamed(part: str, names: Mapping[str, str], values: Mapping[str, str]) -> str:
    own, _, rest = part.partition("[")
    name, star, of = own.partition("*")
    return names.get(name, name) + star + of + (f"[{values.get(rest[:-1], rest[:-1])}]" if rest else "")


def _bare(part: str) -> str:
    return part.partition("[")[0]


def _values(group: str) -> Iterator[str]:
    for part in reversed(group.split(_APART)):
        if part.endswith("]"):
            yield part.partition("[")[2][:-1]
