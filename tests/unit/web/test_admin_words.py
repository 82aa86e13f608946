"""What administrators read has words for everything that the code writes down."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import portal
from portal.web.admin.audit_words import kind_words as words_of_entry
from portal.web.admin.job_words import kind_words as words_of_job
from portal.worker import HANDLERS

NOTING = ("audit.note", "service.note")


def noted_kinds() -> Iterator[str]:
    """The kind of every audit entry that stands in the code: the second argument of `audit.note`."""
    for file in Path(portal.__file__).parent.rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        if ".note(" not in text:
            continue
        tree = ast.parse(text)
        names = {
            target.id: node.value.value
            for node in tree.body
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
            for target in node.targets
            if isinstance(target, ast.Name) and isinstance(node.value.value, str)
        }
        for call in ast.walk(tree):
            if isinstance(call, ast.Call) and ast.unparse(call.func) in NOTING:
                kind = call.args[1]
                yield names[kind.id] if isinstance(kind, ast.Name) else ast.literal_eval(kind)


def test_every_kind_of_audit_entry_has_words() -> None:
    kinds = set(noted_kinds())
    assert len(kinds) > 25
    assert {kind for kind in kinds if words_of_entry(kind) == kind} == set()


def test_every_kind_of_job_has_words() -> None:
    assert {kind for kind in HANDLERS if words_of_job(kind) == kind} == set()
