"""Steps and actions of a process and its references in words, as its table and the pages of its steps print them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from portal.catalogue import words
from portal.catalogue.step_findings import by_action, of_process
from portal.catalogue.step_references import Reference
from portal.catalogue.term_checking import fits_of
from portal.catalogue.types import Procedure
from portal.catalogue.words import way_on, word
from portal.core.text import raised
from portal.web.admin.definition_tables import said
from portal.web.admin.process.editing import EditedProcess
from portal.web.admin.process_names import in_names, taken_words
from portal.web.languages import localized
from portal.web.translation import gettext as _
from portal.workflow.definition import Action, ClockRule, Step, Timer, Where


@dataclass(frozen=True)
class StepLine:
    """A row of the table. `href` leads to the page of the entry that writes the step; shared steps have none."""

    id: str
    name: str
    href: str
    is_shared: bool
    is_of_template: bool
    place: str
    role: str
    hours: str
    clock: str
    kind: str
    actions: tuple[dict[str, str], ...]
    timers: tuple[dict[str, str], ...]
    mistakes: tuple[str, ...]


def step_lines(process: EditedProcess) -> list[StepLine]:
    """The whole process in the order of its table, shared steps too."""
    sketch = process.sketch.process
    seen: set[str] = set()
    lines = []
    for step in sketch.steps.values():
        entry = process.sketch.entries.get(step.id)
        first = entry is not None and entry not in seen
        seen |= {entry} if entry else set()
        mistakes = process.findings.get(entry or "", ()) if first else ()
        lines.append(_line(process, step, entry, tuple(in_names(one, sketch, has_way=False) for one in mistakes)))
    return lines


def _line(process: EditedProcess, step: Step, entry: str | None, mistakes: tuple[str, ...]) -> StepLine:
    names = {one.id: one.name for one in process.sketch.process.steps.values()}
    of_template = entry is not None and entry != step.id  # its timers are those of the entry
    return StepLine(
        id=step.id,
        name=localized(step.name),
        href=process.address("admin_steps.show", step=entry) if entry and process.may_change else "",
        is_shared=entry is None,
        is_of_template=of_template,
        place=_place(step),
        role=localized(word(words.ROLES, step.role)) if step.role else "",
        hours=_("%(hours)s giờ", hours=said(step.quota)) if step.quota else "",
        clock=localized(word(words.CLOCKS, step.clock)) if step.clock is not ClockRule.STATUTORY else "",
        kind=_kind(step),
        actions=tuple(_action(action, names) for action in step.actions),
        timers=() if of_template else tuple(_timer(timer, names) for timer in step.timers),
        mistakes=mistakes,
    )


def _place(step: Step) -> str:
    if step.at.where is Where.PLACE and step.at.level is None:
        return _("chưa ghi")
    return localized(words.place(step.at))


def _kind(step: Step) -> str:
    if step.consultation:
        return _("góp ý")
    return {"applicant": _("người nộp"), "automatic": _("tự động"), "external": _("ngoài Cổng")}.get(step.at.where, "")


def _action(action: Action, names: Any) -> dict[str, str]:
    condition = _(" (khi %(condition)s)", condition=action.when.source) if action.when else ""
    kind = localized(word(words.KINDS, action.kind))
    return {"text": localized(action.label), "kind": kind, "note": f"→ {localized(way_on(action, names))}{condition}"}


def _timer(timer: Timer, names: Any) -> dict[str, str]:
    text = raised(localized(words.timer_words(timer)))
    return {"text": text, "note": f"→ {localized(way_on(timer.action, names))}" if timer.action else ""}


@dataclass(frozen=True)
class ActionLine:
    """A row of the actions of a step's page, as the file writes them."""

    id: str
    label: str
    kind: str
    way: str
    href: str
    mistakes: tuple[str, ...]


def action_lines(process: EditedProcess, step: Step) -> list[ActionLine]:
    names = {one.id: one.name for one in process.sketch.process.steps.values()}
    mistakes = by_action(process.findings.get(step.id, ()))
    lines = []
    for action in step.actions:
        told = _action(action, names)
        href = process.address("admin_actions.show", step=step.id, action=action.id)
        wrong = tuple(in_names(one, process.sketch.process, has_way=False) for one in mistakes.get(action.id, ()))
        lines.append(ActionLine(action.id, told["text"], told["kind"], told["note"], href, wrong))
    return lines


def told_references(process: EditedProcess, found: Sequence[Reference]) -> list[dict[str, str]]:
    """What speaks of a step or an action, each with the page where it can be changed."""
    return [_reference(process, one) for one in _once(found)]


def _once(found: Iterable[Reference]) -> list[Reference]:
    by_place = {(one.step, one.action, one.test, one.path[:3] if not one.step else ()): one for one in found}
    return list(by_place.values())


def _reference(process: EditedProcess, one: Reference) -> dict[str, str]:
    if one.test is not None:
        name = process.source.get(("tests", one.test, "name")) if process.source else ""
        href = process.address("admin_entries.show", path="tests")
        return {"text": _("Phép thử %(name)s", name=name), "href": href}
    if one.action:
        sketch = process.sketch.process
        text = taken_words(sketch, one.step, one.action)
        return {"text": text, "href": process.address("admin_actions.show", step=one.step, action=one.action)}
    if one.step:
        step = process.sketch.process.steps.get(one.step)
        text = localized(step.name) if step else one.step
        return {"text": text, "href": process.address("admin_steps.show", step=one.step)}
    if one.path[0] == "process":
        return {"text": _("Khung quy trình"), "href": process.address("admin_process.frame")}
    return {"text": ".".join(map(str, one.path)), "href": ""}


def mistakes_of_whole(process: EditedProcess) -> list[dict[str, str]]:
    """What is told above the table, each with the row of its step."""
    steps, found = process.sketch.process.steps, of_process(process.definition.findings)
    named = [(finding, str(finding.values.get("step", ""))) for finding in found]
    return [
        {"text": in_names(finding, process.sketch.process), "href": f"#buoc-{step}" if step in steps else ""}
        for finding, step in named
    ]


def fit_lines(procedure: Procedure | None) -> list[str]:
    """The longest path of quotas beside what the term holds in plain weeks, for each stage of the term."""
    return [
        _(
            "Đường dài nhất cần %(needed)s giờ, thời hạn chứa ít nhất %(held)s giờ làm việc.",
            needed=said(fit.path.hours),
            held=said(fit.plain.hours),
        )
        for fit in (fits_of(procedure) if procedure is not None else ())
    ]
