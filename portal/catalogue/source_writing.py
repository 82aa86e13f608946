"""Values written as YAML in the manner of the shipped definitions: short things on one line, long ones indented."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import yaml

from portal.catalogue import located

WIDTH = 120
"""Characters of a line that is written anew; a sentence is never broken."""

STEP = 2
_UNBROKEN = 10_000_000


class _Dumper(yaml.SafeDumper):
    """Quotes what the reader of definitions would not take for text, and nothing else."""

    yaml_implicit_resolvers = located.IMPLICIT


def scalar(value: Any, *, in_flow: bool, quotes: str = "") -> str:
    """A value on one line. `quotes` are those that the text has so far; they stay where the new text may have them."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | Decimal):
        return f"{value:f}" if isinstance(value, Decimal) else str(value)
    text = str(value)
    plain = _dumped(text, in_flow=in_flow, quotes="")
    if not quotes and not plain.startswith(("'", '"')):
        return plain
    return _dumped(text, in_flow=in_flow, quotes=quotes if quotes == "'" and "\n" not in text else '"')


def flow(value: Any) -> str:
    """A value of any depth on one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{scalar(key, in_flow=True)}: {flow(part)}" for key, part in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(flow, value)) + "]"
    return scalar(value, in_flow=True)


def entry(key: str, value: Any, *, column: int) -> str:
    """`key: value` in lines that begin at the column, the last one without its end."""
    head = " " * column + scalar(key, in_flow=False) + ":"
    return head + after_key(value, column=column, used=len(head))


def after_key(value: Any, *, column: int, used: int) -> str:
    """What stands after the colon of a key at `column`, when `used` characters of the line are written."""
    if value is None:
        return ""
    line = one_line(value, room=WIDTH - used - 1)
    return f" {line}" if line is not None else "\n" + block(value, column=column + STEP)


def item(value: Any, *, column: int) -> str:
    """`- value` in lines that begin at the column."""
    head = " " * column + "- "
    line = one_line(value, room=WIDTH - len(head))
    return head + (line if line is not None else block(value, column=column + STEP).lstrip(" "))


def block(value: Any, *, column: int) -> str:
    """A mapping or a list, an entry a line."""
    if isinstance(value, Mapping):
        return "\n".join(entry(str(key), part, column=column) for key, part in value.items())
    return "\n".join(item(part, column=column) for part in value)


def one_line(value: Any, *, room: int) -> str | None:
    """The value on one line when that reads well, else None."""
    if not isinstance(value, Mapping | list):
        return scalar(value, in_flow=False)
    parts = value.values() if isinstance(value, Mapping) else value
    if any(part is None or isinstance(part, Mapping | list) for part in parts):
        return None
    line = flow(value)
    return line if len(line) <= room or not value else None


def _dumped(text: str, *, in_flow: bool, quotes: str) -> str:
    style = quotes or None
    node = yaml.ScalarNode("tag:yaml.org,2002:str", text, style=style)
    around = yaml.SequenceNode("tag:yaml.org,2002:seq", [node], flow_style=in_flow)
    written = yaml.serialize(around, Dumper=_Dumper, allow_unicode=True, width=_UNBROKEN)
    return str(written)[1:-2] if in_flow else str(written)[2:-1]
