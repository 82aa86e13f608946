"""Where each entry of a YAML text begins and ends, to the character."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import yaml

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Entry:
    """A key with its value, or an item of a list. Numbers are characters from the beginning of the text.

    `start` is the key or the dash, `value` where the value begins and `end` where its last character is; `after` is the
    beginning of the next line. `key` is None for an item. `column` is where keys or dashes of its collection stand.
    """

    name: str | None
    key: tuple[int, int] | None
    start: int
    value: int
    end: int
    after: int
    column: int
    in_flow: bool
    quotes: str
    is_block: bool


class Spans:
    def __init__(self, text: str, root: yaml.MappingNode) -> None:
        self.text = text
        self.root = root

    def find(self, path: Path) -> Entry | None:
        """The entry at the path, or None."""
        node: yaml.Node | None = self.root
        for part in path[:-1]:
            node = _child(node, part)
        if not path or node is None:
            return None
        if isinstance(node, yaml.SequenceNode):
            entries = self._entries(node)
            return entries[path[-1]] if isinstance(path[-1], int) and 0 <= path[-1] < len(entries) else None
        named = [one for one in self._entries(node) if one.name == path[-1]]
        return named[-1] if named else None

    def entries(self, path: Path) -> list[Entry]:
        """The entries of the mapping or list at the path, in their order."""
        node: yaml.Node | None = self.root
        for part in path:
            node = _child(node, part)
        return self._entries(node) if node is not None else []

    def lines_of_value(self, path: Path) -> str:
        """The lines of a value in block style, or the words of one that stands on a line."""
        found = self.find(path)
        if found is None:
            return "" if path else self.text
        start = found.value
        if found.is_block:
            line = self._line_start(start)
            if not self.text[line:start].strip():
                start = line
            else:  # the first line of an item stands behind its dash
                return " " * (start - line) + self.text[start : found.end]
        return self.text[start : found.end]

    # Edits

    def with_value(self, found: Entry, written: str) -> str:
        """Another value, on one line; `written` begins with a space."""
        begin = found.value
        if found.is_block:
            begin, comment = self._after_mark(found)
            return self.text[:begin] + written + comment + self.text[found.end :]
        if begin and self.text[begin - 1] in " \t\n[{":
            written = written[1:]
        return self.text[:begin] + written + self.text[found.end :]

    def with_lines(self, found: Entry, written: str) -> str:
        """Another value in lines; for an item they begin with its dash."""
        if found.key is None:
            return self.text[: self._line_start(found.start)] + written + self.text[found.end :]
        begin, comment = self._after_mark(found)
        if written.startswith("\n"):
            return self.text[:begin] + comment + written + self.text[found.end :]
        return self.text[:begin] + written + comment + self.text[found.end :]

    def without(self, found: Entry) -> str:
        if found.in_flow:
            return self._without_in_flow(found)
        line = self._line_start(found.start)
        if self.text[line : found.start].strip():  # the first key behind a dash: the next one takes its place
            behind = self.text[found.after :]
            return self.text[: found.start] + behind.lstrip(" ")
        return self.text[: self._above(found)] + self.text[found.after :]

    def swapped(self, first: Entry, second: Entry) -> str:
        if first.in_flow:
            spans = ((first.start, first.end), (second.start, second.end))
        else:
            spans = ((self._above(first), first.after), (self._above(second), second.after))
        (a, b), (c, d) = spans
        return self.text[:a] + self.text[c:d] + self.text[b:c] + self.text[a:b] + self.text[d:]

    # Where

    def _entries(self, node: yaml.Node) -> list[Entry]:
        if isinstance(node, yaml.MappingNode):
            return [self._of_key(key, value, node) for key, value in node.value]
        if isinstance(node, yaml.SequenceNode):
            return [self._of_item(value, node) for value in node.value]
        return []

    def _of_key(self, key: yaml.Node, value: yaml.Node, around: yaml.CollectionNode) -> Entry:
        start = key.start_mark.index
        column = around.value[0][0].start_mark.column
        return self._entry(str(key.value), (start, key.end_mark.index), start, value, around, column)

    def _of_item(self, value: yaml.Node, around: yaml.CollectionNode) -> Entry:
        start, column = value.start_mark.index, around.start_mark.column
        if not around.flow_style:
            start = self._dash(start, column)
        return self._entry(None, None, start, value, around, column)

    def _entry(
        self, name: str | None, key: Any, start: int, value: yaml.Node, around: yaml.CollectionNode, column: int
    ) -> Entry:
        end = self._end(value)
        line_end = self.text.find("\n", end)
        return Entry(
            name=name,
            key=key,
            start=start,
            value=value.start_mark.index,
            end=end,
            after=len(self.text) if line_end < 0 else line_end + 1,
            column=column,
            in_flow=bool(around.flow_style),
            quotes=str(value.style or "") if isinstance(value, yaml.ScalarNode) and value.style in ("'", '"') else "",
            is_block=isinstance(value, yaml.CollectionNode) and not value.flow_style,
        )

    def _end(self, node: yaml.Node) -> int:
        """A block ends with its last entry: its own mark stands behind the comments that follow."""
        if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
            last = node.value[-1]
            return self._end(last[1] if isinstance(last, tuple) else last)
        start, end = node.start_mark.index, node.end_mark.index
        return int(start + len(self.text[start:end].rstrip()))

    def _dash(self, index: int, column: int) -> int:
        line = self._line_start(index)
        while self.text[line + column : line + column + 1] != "-" and line > 0:
            line = self._line_start(line - 1)
        return line + column

    def _line_start(self, index: int) -> int:
        return self.text.rfind("\n", 0, index) + 1

    def _above(self, found: Entry) -> int:
        """Where the comment lines right above the entry begin; those at the head of the file belong to the file."""
        begin = line = self._line_start(found.start)
        while line > 0:
            line = self._line_start(line - 1)
            words = self.text[line:begin].split("\n", 1)[0]
            if not words.lstrip().startswith("#") or len(words) - len(words.lstrip()) != found.column:
                return begin
            begin = line
        return self._line_start(found.start)

    def _after_mark(self, found: Entry) -> tuple[int, str]:
        """Behind the colon or the dash, and the comment that stands there, when the value begins on a later line."""
        begin = found.start + 1 if found.key is None else self.text.index(":", found.key[1]) + 1
        between = self.text[begin : found.value].split("\n", 1)[0] if found.value > begin else ""
        return begin, between.rstrip() if between.lstrip().startswith("#") else ""

    def _without_in_flow(self, found: Entry) -> str:
        rest = self.text[found.end :]
        stripped = rest.lstrip()
        if stripped.startswith(","):
            return self.text[: found.start] + stripped[1:].lstrip(" ")
        return self.text[: found.start].rstrip().removesuffix(",") + rest


def _child(node: yaml.Node | None, part: str | int) -> yaml.Node | None:
    if isinstance(node, yaml.MappingNode):
        named = [value for key, value in node.value if str(key.value) == part]
        return named[-1] if named else None
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and 0 <= part < len(node.value):
        child: yaml.Node = node.value[part]
        return child
    return None
