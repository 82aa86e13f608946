"""Mistakes and sequences of a process with the names of its steps and actions instead of their ids."""

from __future__ import annotations

import re
from dataclasses import replace

from portal.catalogue.findings import Finding
from portal.catalogue.sequences import CLOCK_SIGN, asked_in
from portal.catalogue.step_findings import UNSOUND
from portal.catalogue.words import timer_moment
from portal.web.languages import current_language, localized
from portal.web.translation import gettext as _
from portal.workflow.definition import Process, Step

_TAKEN = re.compile(r"\b([a-z][a-z0-9_]*)\.(⏰[-@0-9a-z._]+|[a-z][a-z0-9_]*)")


def in_names(finding: Finding, process: Process, *, has_way: bool = True) -> str:
    """A mistake with the names of steps and actions instead of their ids, and the way that leads to it."""
    values = dict(finding.values)
    step = process.steps.get(str(values.get("step", "")))
    if step is not None and finding.kind in UNSOUND | {"no_unit"}:
        values["step"] = f"“{localized(step.name)}”"
        values["action"] = f", {_action_name(process, step, str(values['action'])[1:])}" if values.get("action") else ""
    if not has_way and finding.kind in UNSOUND:
        values["path"] = ""
    if values.get("path"):
        values["path"] = _TAKEN.sub(lambda found: taken_words(process, found[1], found[2]), str(values["path"]))
    return replace(finding, values=values).in_language(current_language())


def taken_words(process: Process, step_id: str, action_id: str) -> str:
    """`appraise.supplement` as `Thẩm định hồ sơ: Yêu cầu bổ sung`."""
    step = process.steps.get(step_id)
    if step is None:
        return f"{step_id}.{action_id}"
    return f"{localized(step.name)}: {_action_name(process, step, action_id)}"


def _action_name(process: Process, step: Step, action_id: str) -> str:
    """`ask(fire+land)` with the names of those that are asked."""
    action_id, asked = asked_in(action_id)
    if asked:
        names = [localized(process.steps[name].name) if name in process.steps else name for name in asked]
        return f"{_action_name(process, step, action_id)} ({', '.join(names)})"
    known = {action.id for action in step.actions}
    if action_id.startswith((CLOCK_SIGN, "after_")) and action_id not in known:
        label = action_id.removeprefix(CLOCK_SIGN).removeprefix("after_")
        moments = (localized(timer_moment(timer)) for timer in step.timers if timer.label == label)
        return _("hẹn giờ %(moment)s", moment=next(moments, label))
    return next((localized(action.label) for action in step.actions if action.id == action_id), action_id)
