"""Checks what a template is to print, when it is asked for and again when it is printed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from portal.documents import civil_status_types, form_types, licence_types, result_types, works_types

CONTENTS: Mapping[str, type] = {
    **form_types.CONTENTS,
    **result_types.CONTENTS,
    **licence_types.CONTENTS,
    **civil_status_types.CONTENTS,
    **works_types.CONTENTS,
}
"""Each template's content; the template is templates/documents/<name>.html."""


def storable(template: str, content: Mapping[str, Any]) -> dict[str, Any]:
    """The content as JSON, complete for the template.

    Raises KeyError for an unknown template and pydantic's ValidationError when a value is missing or of another kind:
    better in the action of who asked than later in the worker.
    """
    adapter = _adapter(template)
    stored: dict[str, Any] = adapter.dump_python(adapter.validate_python(dict(content)), mode="json")
    return stored


def printable(template: str, stored: Mapping[str, Any]) -> dict[str, Any]:
    """The stored content with its dates and times as such."""
    values: dict[str, Any] = _adapter(template).validate_python(dict(stored))
    return values


HOLDERS = ("holder", "owner", "beneficiary", "child", "person", "name", "requested_by", "addressee", "business")
"""Under which names contents say whose they are, the surest first."""


def holder_of(content: Mapping[str, Any]) -> str:
    """Whose the document is, in the words that it prints; empty when it names nobody."""
    signers = content.get("signers") or [{}]
    return next((str(content[name]) for name in HOLDERS if content.get(name)), str(signers[0].get("name", "")))


@cache
def _adapter(template: str) -> TypeAdapter[Any]:
    return TypeAdapter(CONTENTS[template])
