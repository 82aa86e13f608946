"""Which of a definition's mistakes belong to which of its steps and actions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from portal.catalogue.findings import Finding

UNSOUND = frozenset(
    {"cannot_end", "no_actor", "no_branch", "no_deadline", "no_value", "no_way_on"}
    | {"opened_twice", "tokens_left", "unreachable"}
)
"""Mistakes of the process as a whole, which are told with the way that leads to them."""

_PROCESS = (("process",), ("tests",))
_OF_PROCESS = UNSOUND | {"over_term", "over_term_around_holidays", "too_many_markings", "unknown_binding"}

Grouped = Mapping[str, tuple[Finding, ...]]


def by_entry(findings: Iterable[Finding], entries: Mapping[str, str | None]) -> Grouped:
    """The findings of each entry of the steps; those of none stand under "".

    `entries` says for each step of the whole process which entry writes it: what is wrong with a step that a template
    makes is told at the entry that names the template.
    """
    return _grouped((entries.get(_step_of(finding)) or "", finding) for finding in findings)


def by_action(findings: Iterable[Finding]) -> Grouped:
    """Of the findings of one entry those of each of its actions; the others stand under ""."""
    return _grouped((_action_of(finding), finding) for finding in findings)


def of_process(findings: Iterable[Finding]) -> list[Finding]:
    """The findings of the process that are told above its table: of no step, or of the whole; and of its tests."""
    return [finding for finding in findings if finding.kind in _OF_PROCESS or _is_of_no_step(finding)]


def _is_of_no_step(finding: Finding) -> bool:
    return finding.path[:1] in _PROCESS and finding.path[:2] != ("process", "steps")


def _step_of(finding: Finding) -> str:
    if finding.path[:2] == ("process", "steps") and len(finding.path) > 2:
        return str(finding.path[2])
    return str(finding.values.get("step", ""))


def _action_of(finding: Finding) -> str:
    return str(finding.path[4]) if finding.path[3:4] == ("actions",) and len(finding.path) > 4 else ""


def _grouped(pairs: Iterable[tuple[str, Finding]]) -> dict[str, tuple[Finding, ...]]:
    found: dict[str, tuple[Finding, ...]] = {}
    for owner, finding in pairs:
        found[owner] = (*found.get(owner, ()), finding)
    return found
