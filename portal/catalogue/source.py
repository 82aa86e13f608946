"""The text of a definition as an editable tree: an edit writes the characters of what it changes, and no others.

Comments, order, quotes and line breaks of everything else stay as they are, whoever wrote them in whatever manner. A
library that reads the whole and writes the whole again (ruamel.yaml) keeps them only where the text has one indentation
and one width throughout, and carries a comment with the entry before it when an entry is moved. So the marks of
PyYAML's nodes say where an edit begins and ends. After each edit the text is read again: where a manner of writing was
not foreseen, what stands around the edit is written anew, so that the text always says what was asked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from functools import cached_property
from textwrap import dedent, indent
from typing import Any

import yaml

from portal.catalogue import located
from portal.catalogue.findings import DefinitionError
from portal.catalogue.source_spans import Entry, Spans
from portal.catalogue.source_writing import STEP, after_key, block, entry, flow, item, scalar

Path = tuple[str | int, ...]
"""Keys and numbers of items from the beginning of the definition: ("pages", "house", "checks", 0)."""

FILE = "ban-soan.yaml"
"""How a text being written is called in its mistakes."""


class Source:
    """A text that can be read as YAML. Nothing changes it: each edit returns another one."""

    def __init__(self, text: str, file: str = FILE) -> None:
        """Raises DefinitionError when the text is no YAML, or no mapping."""
        self.text = text if text.endswith("\n") else text + "\n"
        self.file = file
        self.located, findings = located.read(self.text, file)
        broken = tuple(found for found in findings if found.kind != "twice")
        if broken:
            raise DefinitionError(broken)

    @cached_property
    def spans(self) -> Spans:
        node = located.composed(self.text)
        assert isinstance(node, yaml.MappingNode)  # noqa: S101  located.read has seen it
        return Spans(self.text, node)

    # Reading

    def get(self, path: Path = ()) -> Any:
        """A copy of the value: dict, list, str, int, Decimal, bool or None. None also when there is nothing."""
        value: Any = self.located
        for part in path:
            if not _has(value, part):
                return None
            value = value[part]
        return _bare(value)

    def has(self, path: Path) -> bool:
        return not path or self.spans.find(path) is not None

    def names(self, path: Path) -> tuple[str, ...]:
        """The keys of the mapping at the path, in their order."""
        value = self.get(path)
        return tuple(value) if isinstance(value, dict) else ()

    def fragment(self, path: Path) -> str:
        """The text of the value itself, comments included, from the margin on."""
        return dedent(self.spans.lines_of_value(path)).rstrip() + "\n"

    # Editing

    def put(self, path: Path, value: Any) -> Source:
        """With this value at the path; only what differs is written. Missing mappings around it are made."""
        if not path:
            return self._merged(path, value)
        found = self.spans.find(path)
        if found is None:
            return self._added(path, value)
        before = self.get(path)
        if repr(before) == repr(value):
            return self
        if isinstance(before, dict) and isinstance(value, dict) and before and value:
            return self._merged(path, value)
        if isinstance(before, list) and isinstance(value, list) and before and value:
            return self._aligned(path, before, value)
        return self._edited(lambda: self._replaced(found, value), path, lambda around: _set(around, path, value))

    def add(self, path: Path, value: Any) -> Source:
        """With one more item at the end of the list at the path, which is made when it is missing."""
        before = self.get(path)
        if not isinstance(before, list) or not before:
            return self.put(path, [value])
        last = self.spans.entries(path)[-1]
        return self._edited(
            lambda: self._inserted(last, item(value, column=last.column), flow(value)),
            (*path, len(before)),
            lambda around: _at(around, path).append(value),
        )

    def remove(self, path: Path) -> Source:
        """Without the entry or item at the path; the comment lines right above it go with it."""
        found = self.spans.find(path)
        if found is None:
            return self
        if len(self.spans.entries(path[:-1])) == 1 and len(path) > 1:
            return self.put(path[:-1], [] if isinstance(path[-1], int) else {})
        return self._edited(lambda: self.spans.without(found), path, lambda around: _take(around, path))

    def move(self, path: Path, *, by: int) -> Source:
        """With the entry or item one place further on (1) or back (-1); at the end nothing changes."""
        entries = self.spans.entries(path[:-1])
        found = self.spans.find(path)
        at = next((at for at, one in enumerate(entries) if found is not None and one.start == found.start), None)
        if at is None or not 0 <= at + by < len(entries):
            return self
        first, second = sorted((at, at + by))
        return self._edited(
            lambda: self.spans.swapped(entries[first], entries[second]),
            path,
            lambda around: _swap(around, path[:-1], first, second),
        )

    def rename(self, path: Path, name: str) -> Source:
        """With another key for the same value. What refers to the old key is left as it is: the check finds it."""
        found = self.spans.find(path)
        if found is None or found.key is None or path[-1] == name:
            return self
        start, end = found.key
        text = self.text[:start] + scalar(name, in_flow=found.in_flow) + self.text[end:]
        return self._edited(lambda: text, path, lambda around: _rename(around, path, name))

    def put_text(self, path: Path, text: str) -> Source:
        """With the value written as this text, as `fragment` gives it. Raises DefinitionError when it is no YAML."""
        try:
            value = located.values_of(located.composed(text))
        except yaml.YAMLError as error:
            raise DefinitionError((located.unreadable(error, self.file),)) from error
        value = _bare(value)
        found = self.spans.find(path)
        if found is None or text == self.fragment(path):
            return self if found is not None else self._added(path, value)
        if found.in_flow or not isinstance(value, dict | list) or not value:
            return self._edited(lambda: self._replaced(found, value), path, lambda around: _set(around, path, value))
        lines = indent(dedent(text).strip("\n"), " " * (found.column + STEP))
        lines = "\n" + lines if found.key is not None else " " * found.column + "- " + lines.lstrip(" ")
        written = self.spans.with_lines(found, lines)
        return self._edited(lambda: written, path, lambda around: _set(around, path, value))

    # How

    def _merged(self, path: Path, value: dict[str, Any]) -> Source:
        source = self
        for key in source.names(path):
            if key not in value:
                source = source.remove((*path, key))
        before: str | None = None
        for key, part in value.items():
            if source.has((*path, key)):
                source = source.put((*path, key), part)
            else:
                source = source._added((*path, key), part, after=before)
            before = key
        return source._ordered(path, list(value))

    def _ordered(self, path: Path, keys: list[str]) -> Source:
        """With the keys of the mapping in this order."""
        source = self
        for place, key in enumerate(keys):
            while source.names(path)[place] != key:
                moved = source.move((*path, key), by=-1)
                if moved is source:
                    break
                source = moved
        return source

    def _aligned(self, path: Path, before: list[Any], value: list[Any]) -> Source:
        """Items that are the same at both ends stay; those between become each other, the rest is added or removed."""
        head = _same_at_the_beginning(before, value)
        tail = _same_at_the_beginning(before[head:][::-1], value[head:][::-1])
        old, new = len(before) - head - tail, len(value) - head - tail
        source = self
        for at in range(head, head + min(old, new)):
            source = source.put((*path, at), value[at])
        for at in reversed(range(head + new, head + old)):
            source = source.remove((*path, at))
        for at in range(head + old, head + new):
            source = source.add(path, value[at])
            for place in range(at + tail, at, -1):
                source = source.move((*path, place), by=-1)
        return source

    def _added(self, path: Path, value: Any, *, after: str | None = None) -> Source:
        """A key that the mapping does not have yet, behind the key `after`, or at the end."""
        around, name = path[:-1], str(path[-1])
        if around and not isinstance(self.get(around), dict):
            return self.put(around, {name: value})
        entries = self.spans.entries(around)
        if not entries:
            return self.put(around, {name: value}) if around else Source(block({name: value}, column=0), self.file)
        behind = next((one for one in entries if one.name == after), entries[-1])
        return self._edited(
            lambda: self._inserted(
                behind,
                entry(name, value, column=behind.column),
                f"{scalar(name, in_flow=True)}: {flow(value)}",
            ),
            path,
            lambda whole: _put_behind(_at(whole, around), name, value, after=behind.name),
        )

    def _inserted(self, behind: Entry, lines: str, words: str) -> str:
        if behind.in_flow:
            return self.text[: behind.end] + ", " + words + self.text[behind.end :]
        end = behind.after
        return self.text[:end] + lines + "\n" + self.text[end:]

    def _replaced(self, found: Entry, value: Any) -> str:
        """The value in the place of another that is no collection, or of another kind."""
        if found.in_flow or not isinstance(value, dict | list):
            return self.spans.with_value(found, " " + self._worded(found, value))
        if found.key is None:
            return self.spans.with_lines(found, item(value, column=found.column))
        used = found.column + found.key[1] - found.key[0] + 1
        return self.spans.with_lines(found, after_key(value, column=found.column, used=used))

    def _worded(self, found: Entry, value: Any) -> str:
        if isinstance(value, dict | list):
            return flow(value)
        return scalar(value, in_flow=found.in_flow, quotes=found.quotes)

    def _edited(self, edit: Callable[[], str], path: Path, change: Callable[[Any], object]) -> Source:
        """The edit when it reads as it should, else the nearest thing around it written anew."""
        wanted = self.get()
        change(wanted)
        for text in self._attempts(edit, path, wanted):
            try:
                made = Source(text, self.file)
            except DefinitionError:
                continue
            if repr(made.get()) == repr(wanted):
                return made
        return Source(block(wanted, column=0), self.file)

    def _attempts(self, edit: Callable[[], str], path: Path, wanted: Any) -> Iterator[str]:
        yield edit()
        for depth in range(len(path) - 1, 0, -1):
            found = self.spans.find(path[:depth])
            if found is not None:
                yield self._replaced(found, _at(wanted, path[:depth]))


def _has(value: Any, part: str | int) -> bool:
    if isinstance(value, list):
        return isinstance(part, int) and 0 <= part < len(value)
    return isinstance(value, dict) and part in value


def _bare(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _bare(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_bare(part) for part in value]
    return value


def _same_at_the_beginning(left: list[Any], right: list[Any]) -> int:
    count = 0
    while count < min(len(left), len(right)) and repr(left[count]) == repr(right[count]):
        count += 1
    return count


def _at(value: Any, path: Path) -> Any:
    for part in path:
        value = value[part]
    return value


def _set(value: Any, path: Path, new: Any) -> None:
    _at(value, path[:-1])[path[-1]] = deepcopy(new)


def _take(value: Any, path: Path) -> None:
    del _at(value, path[:-1])[path[-1]]


def _swap(value: Any, path: Path, first: int, second: int) -> None:
    around = _at(value, path)
    if isinstance(around, list):
        around[first], around[second] = around[second], around[first]
        return
    pairs = list(around.items())
    pairs[first], pairs[second] = pairs[second], pairs[first]
    around.clear()
    around.update(pairs)


def _rename(value: Any, path: Path, name: str) -> None:
    around = _at(value, path[:-1])
    pairs = [(name if key == path[-1] else key, part) for key, part in around.items()]
    around.clear()
    around.update(pairs)


def _put_behind(around: dict[str, Any], name: str, value: Any, *, after: str | None) -> None:
    pairs = list(around.items())
    at = next((at + 1 for at, (key, _) in enumerate(pairs) if key == after), len(pairs))
    pairs.insert(at, (name, deepcopy(value)))
    around.clear()
    around.update(pairs)


NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
"""What an id may look like (schema.Name)."""
