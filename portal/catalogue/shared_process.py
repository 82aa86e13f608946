"""What the shared process offers to definitions beside its steps: actions, templates, and the usual ends."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from portal.catalogue import located
from portal.catalogue.expansion import SHARED

USUAL = "one_stop"


def shared_actions(name: str | None, *, folder: Path = SHARED) -> tuple[str, ...]:
    """The actions that a step may take over by their names; none without a shared process of that name."""
    return tuple(_shared(name, folder).get("actions", {}))


def steps_of_template(name: str | None, template: str, entry: str, *, folder: Path = SHARED) -> tuple[str, ...]:
    """The steps that an entry becomes when it says `template`; none when there is no such template."""
    templates = _shared(name, folder).get("templates", {})
    return tuple(key.replace("${id}", entry).replace("$id", entry) for key in templates.get(template) or ())


def usual_ends(*, folder: Path = SHARED) -> Mapping[str, Any]:
    """The ends of the shared process, for a process that stands alone."""
    return dict(located.plain(_shared(USUAL, folder).get("ends", {})))


def usual_always(*, folder: Path = SHARED) -> Mapping[str, Any]:
    """Withdrawal and stop of the shared process."""
    return dict(located.plain(_shared(USUAL, folder).get("always", {})))


def _shared(name: str | None, folder: Path) -> Mapping[str, Any]:
    path = folder / f"{name}.yaml"
    if name is None or not re.fullmatch(r"[a-z_]+", name) or not path.is_file():
        return {}
    return located.read(path.read_text(encoding="utf-8"), path.name)[0]
