"""A definition's text becomes a frozen `Procedure`, or the list of all its mistakes with file and line."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from portal.catalogue import located
from portal.catalogue.building import Builder
from portal.catalogue.expansion import SHARED, edition, expand
from portal.catalogue.findings import DefinitionError, Finding
from portal.catalogue.located import LocatedDict
from portal.catalogue.reading import Reading
from portal.catalogue.types import Page, Procedure

_SafeDumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
"""The writer in C where the wheel has it: ten times as fast."""


def load(text: str, file: str, *, shared: Path = SHARED) -> Procedure:
    """The procedure that the text defines. Raises DefinitionError with every mistake found, not the first."""
    found = _loaded(text, file, shared, edition(shared))
    if isinstance(found, Procedure):
        return found
    raise DefinitionError(found)


@lru_cache(maxsize=16)  # whoever writes a definition opens one page of it after another, and each reads all of it
def _loaded(text: str, file: str, shared: Path, _edition: object) -> Procedure | tuple[Finding, ...]:
    data, findings = _expanded(text, file, shared)
    if any(finding.kind in located.UNREADABLE for finding in findings):
        return tuple(findings)
    procedure = Builder(Reading(data, findings)).procedure()
    return procedure if procedure and not findings else _in_order(findings)


def pages_of(text: str, file: str, *, shared: Path = SHARED) -> tuple[Page, ...]:
    """The pages of the form as far as they can be read, whatever is wrong elsewhere."""
    data, findings = _expanded(text, file, shared)
    return Builder(Reading(data, findings)).pages()


def canonical(text: str, file: str, *, shared: Path = SHARED) -> str:
    """The definition with the shared process written out: what is stored when a version is published.

    It loads to the same procedure and does not change when a shared file does. The text must be one that `load` takes.
    """
    data, _ = _expanded(text, file, shared)
    return str(yaml.dump(located.plain(data), Dumper=_SafeDumper, allow_unicode=True, sort_keys=False, width=120))


@lru_cache(maxsize=128)
def load_published(text: str) -> Procedure:
    """The procedure of a stored version; parsed once for each text in a process. Raises DefinitionError."""
    return load(text, "published")


def _expanded(text: str, file: str, shared: Path) -> tuple[LocatedDict, list[Finding]]:
    data, findings = located.read(text, file)
    return expand(data, findings, folder=shared), findings


def _in_order(findings: list[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(dict.fromkeys(findings), key=lambda finding: (finding.file, finding.line)))
