"""The team that inspects, as the form of the action names it that sets it up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

_TEAM = (("team_leader", "Trưởng đoàn"), ("team_secretary", "Thư ký"), ("team_member", "Thành viên"))


def team_of(given: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Name and part of each member; further members stand one a line."""
    for key, part in _TEAM:
        if given.get(key):
            yield str(given[key]), part
    for line in str(given.get("team_others") or "").splitlines():
        if line.strip():
            yield line.strip(), "Thành viên"
