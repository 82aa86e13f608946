"""YAML that remembers where each value stood, so that every mistake can name its file and line."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

import yaml

from portal.catalogue.findings import Finding

LONGEST_FILE = 300_000

_MAY_HAVE_ALIAS = re.compile(r"(?:^|[\s\[\]{},:])[&*][^\s&*]", re.MULTILINE)
"""Looking at every token takes half of the time of reading, so only where such a character begins a word."""


@dataclass(frozen=True)
class Place:
    file: str
    line: int


class LocatedDict(dict[str, Any]):
    """A mapping with the place of each key."""

    def __init__(self, place: Place) -> None:
        super().__init__()
        self.place = place
        self.places: dict[str, Place] = {}

    def put(self, key: str, value: Any, place: Place) -> None:
        self[key] = value
        self.places[key] = place


class LocatedList(list[Any]):
    """A list with the place of each item."""

    def __init__(self, place: Place) -> None:
        super().__init__()
        self.place = place
        self.places: list[Place] = []

    def put(self, value: Any, place: Place) -> None:
        self.append(value)
        self.places.append(place)


_SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The loader in C where the wheel has it: ten times as fast."""


class _PlainLoader(_SafeLoader):  # type: ignore[misc]  # chosen when the module is read
    """YAML without surprises: only true and false are booleans, dates stay text, numbers with a point are exact."""

    yaml_implicit_resolvers = {  # noqa: RUF012  the attribute that PyYAML reads
        first: [(tag, pattern) for tag, pattern in resolvers if tag.rpartition(":")[2] in ("null", "int", "float")]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


_PlainLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), ["t", "f"])

IMPLICIT: Any = _PlainLoader.yaml_implicit_resolvers
"""What unquoted text is more than text, for whoever writes what this module reads."""


_PROBLEMS = {
    "expected ',' or": "yaml_unclosed",
    "that cannot start any token": "yaml_character",
    "found character '\\t'": "yaml_character",
    "mapping values are not allowed": "yaml_colon",
    "could not find expected ':'": "yaml_no_colon",
    "did not find expected key": "yaml_indent",
    "expected <block end>": "yaml_indent",
    "did not find expected '-' indicator": "yaml_indent",
    "unexpected end of stream": "yaml_quote",
    "control characters": "yaml_control",
    "unacceptable character": "yaml_control",
}
"""What the reader of YAML calls the usual mistakes, and what an administrator is told of them."""
UNREADABLE = frozenset({"not_yaml", "not_a_mapping", "too_large", "alias", *_PROBLEMS.values()})
"""Mistakes after which nothing else can be said of a text."""


def read(text: str, file: str) -> tuple[LocatedDict, list[Finding]]:
    """The definition with places, and the mistakes of its YAML. What is returned is shared: nobody may change it."""
    found, findings = _read(text, file)
    return found, list(findings)


@lru_cache(maxsize=16)  # publishing reads each definition several times, and the shared process with each of them
def _read(text: str, file: str) -> tuple[LocatedDict, list[Finding]]:
    if len(text) > LONGEST_FILE:
        return LocatedDict(Place(file, 1)), [Finding(file, 1, "too_large", {"limit": LONGEST_FILE})]
    try:
        for token in yaml.scan(text, Loader=_PlainLoader) if _MAY_HAVE_ALIAS.search(text) else ():
            if isinstance(token, yaml.AliasToken | yaml.AnchorToken):
                return LocatedDict(Place(file, 1)), [Finding(file, token.start_mark.line + 1, "alias")]
        node = composed(text)
    except yaml.YAMLError as error:
        finding = unreadable(error, file)
        return LocatedDict(Place(file, finding.line)), [finding]
    if not isinstance(node, yaml.MappingNode):
        return LocatedDict(Place(file, 1)), [Finding(file, 1, "not_a_mapping")]
    findings: list[Finding] = []
    found = _value(node, file, findings)
    return found, findings


def unreadable(error: yaml.YAMLError, file: str) -> Finding:
    """What is wrong with a text that is no YAML, and in which line."""
    mark = getattr(error, "problem_mark", None)
    reason = str(getattr(error, "problem", None) or error).partition("\n")[0]
    kind = next((kind for said, kind in _PROBLEMS.items() if said in reason), "not_yaml")
    return Finding(file, mark.line + 1 if mark is not None else 1, kind, {"reason": reason})


def composed(text: str) -> yaml.Node | None:
    """The nodes of the text with their marks. Raises yaml.YAMLError."""
    node: yaml.Node | None = yaml.compose(text, Loader=_PlainLoader)
    return node


def values_of(node: yaml.Node | None) -> Any:
    """What a node says, without places."""
    return None if node is None else _value(node, "", [])


def place_at(data: Any, path: tuple[str | int, ...]) -> Place:
    """The place of the value at the path, or of the nearest thing around it that exists."""
    place: Place = data.place
    for part in path:
        if isinstance(data, LocatedDict) and part in data:
            place, data = data.places[str(part)], data[str(part)]
        elif isinstance(data, LocatedList) and isinstance(part, int) and part < len(data):
            place, data = data.places[part], data[part]
        else:
            break
    return place


def plain(data: Any) -> Any:
    """The same data without places, ready to be written as YAML."""
    if isinstance(data, dict):
        return {key: plain(value) for key, value in data.items()}
    if isinstance(data, list):
        return [plain(value) for value in data]
    if isinstance(data, Decimal):
        return int(data) if data == data.to_integral_value() else float(data)
    return data


def _value(node: yaml.Node, file: str, findings: list[Finding]) -> Any:
    place = Place(file, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        mapping = LocatedDict(place)
        for key, value, line in _entries(node):
            if key in mapping:
                findings.append(Finding(file, line, "twice", {"name": key}))
            mapping.put(key, _value(value, file, findings), Place(file, line))
        return mapping
    if isinstance(node, yaml.SequenceNode):
        items = LocatedList(place)
        for item in node.value:
            items.put(_value(item, file, findings), Place(file, item.start_mark.line + 1))
        return items
    return _scalar(node)


def _entries(node: yaml.MappingNode) -> Iterator[tuple[str, yaml.Node, int]]:
    for key, value in node.value:
        yield str(key.value), value, key.start_mark.line + 1


def _scalar(node: yaml.Node) -> Any:
    text = unicodedata.normalize("NFC", str(node.value))
    kind = node.tag.rpartition(":")[2]
    if kind == "bool":
        return text == "true"
    if kind == "null":
        return None
    if kind == "int":
        return int(text.replace("_", ""), 0) if not text.startswith("0") or text == "0" else text
    if kind == "float":
        return Decimal(text.replace("_", ""))
    return text
