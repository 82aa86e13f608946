"""A view loads, asks its form, calls one service and answers: one that grows does something else besides."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

WEB = Path(__file__).parents[3] / "portal/web"
MOST_LINES = 25


def views() -> Iterator[tuple[str, ast.FunctionDef]]:
    for file in WEB.rglob("*.py"):
        written = file.read_text(encoding="utf-8")
        for one in ast.parse(written).body if "@blueprint." in written else ():
            decorators = one.decorator_list if isinstance(one, ast.FunctionDef) else []
            names = {each.func.attr for each in decorators if isinstance(each, ast.Call) and hasattr(each.func, "attr")}
            if isinstance(one, ast.FunctionDef) and names & {"get", "post", "route"}:
                yield f"{file.relative_to(WEB)}: {one.name}", one


def test_every_view_is_short() -> None:
    lines = {name: (view.end_lineno or 0) - view.lineno for name, view in views()}
    assert len(lines) > 150, "the views were not found"
    assert {name: count for name, count in lines.items() if count > MOST_LINES} == {}
