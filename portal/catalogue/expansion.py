"""The shared process written out: a definition that says `use: one_stop` becomes one that stands alone.

The counter's steps, the supplement's way and the tail from review to the return are the same in every procedure and
are written once, in `procedures/shared/`. Written out before it is published, a version does not change when the shared
file does.

In a shared file `$name` is a value that the definition gives in `with`; a key whose value is not given is left out, and
a step or an entry of a list whose `given` is empty too. `{switch: $x, a: …, else: …}` picks by the value of x,
`{first_of: [a, b]}` picks the first step that exists.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from portal.catalogue import located
from portal.catalogue.findings import Finding
from portal.catalogue.located import LocatedDict, LocatedList, Place

SHARED = Path(__file__).parent / "procedures" / "shared"

_ABSENT = object()
_BINDING = re.compile(r"\$(?:\{([a-z_]+)\}|([a-z_]+(?:\.[a-z_]+)*))")
_SUPPLEMENT = {"limit": 2, "wait": "30d"}


def expand(data: LocatedDict, findings: list[Finding], *, folder: Path = SHARED) -> LocatedDict:
    """The definition without `use`, `with`, `template`, `$…`; mistakes are added to `findings`."""
    process = data.get("process")
    if not isinstance(process, LocatedDict) or "use" not in process:
        return data
    place = process.places["use"]
    name = str(process["use"])
    path = folder / f"{name}.yaml"
    if not re.fullmatch(r"[a-z_]+", name) or not path.is_file():
        findings.append(Finding(place.file, place.line, "unknown_shared", {"name": name}))
        return data
    shared, mistakes = located.read(path.read_text(encoding="utf-8"), path.name)
    findings.extend(mistakes)
    return _Expansion(data, process, shared, findings).written_out()


def edition(folder: Path) -> tuple[tuple[str, str], ...]:
    """What the shared files say now: a definition that was read beside others must be read again."""
    return tuple((path.name, path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.yaml")))


class _Expansion:
    def __init__(self, data: LocatedDict, process: LocatedDict, shared: LocatedDict, findings: list[Finding]) -> None:
        self.data = data
        self.process = process
        self.shared = shared
        self.findings = findings
        self.bindings = self._bindings()

    def written_out(self) -> LocatedDict:
        process = LocatedDict(self.process.place)
        for key in self.process:
            if key not in ("use", "with", "steps"):
                process.put(key, self._fill(self.process[key], self.bindings), self.process.places[key])
        place = self.process.places.get("steps", self.process.place)
        steps = LocatedDict(place)
        for source in (self.shared.get("steps_before"), self.process.get("steps"), self.shared.get("steps_after")):
            if isinstance(source, LocatedDict):
                self._add_steps(steps, source, self.bindings)
        process.put("steps", self._resolve_first_of(steps, steps), place)
        for key in ("start", "correct", "ends", "always"):
            if key not in process and key in self.shared:
                filled = self._fill(self.shared[key], self.bindings)
                if filled is not _ABSENT:
                    process.put(key, filled, self.process.place)
        whole = LocatedDict(self.data.place)
        for key in self.data:
            whole.put(key, process if key == "process" else self._outside(key), self.data.places[key])
        return whole

    def _bindings(self) -> dict[str, Any]:
        given = self.process.get("with")
        given = given if isinstance(given, LocatedDict) else LocatedDict(self.process.place)
        parameters = self.shared.get("parameters", {})
        for name in given:
            if name not in parameters:
                self._find("unknown_key", given.places[name], name=name, near="")
        bindings: dict[str, Any] = {}
        for name, default in parameters.items():
            if name in given:
                bindings[name] = given[name]
            elif default == "required":
                self._find("missing_binding", given.place, name=name)
            elif default is not None:
                bindings[name] = self._fill(default, bindings)
        own = self.data.get("supplement")
        return bindings | {"supplement": _SUPPLEMENT | (own if isinstance(own, dict) else {})}

    def _outside(self, key: str) -> Any:
        """A part of the definition beside the process: a page that says only `shared` is the shared page."""
        value = self.data[key]
        if key != "pages" or not isinstance(value, LocatedDict):
            return value
        pages = LocatedDict(value.place)
        for name in value:
            page = value[name]
            if page == "shared":
                page = self._fill(self._shared_part("pages", name, value.places[name]), self.bindings)
            pages.put(name, page, value.places[name])
        return pages

    def _add_steps(self, steps: LocatedDict, source: LocatedDict, bindings: dict[str, Any]) -> None:
        for name in source:
            step, place = source[name], source.places[name]
            if isinstance(step, LocatedDict) and "template" in step:
                template = self._shared_part("templates", str(step["template"]), place)
                values = self._fill(step.get("with"), bindings)
                if isinstance(template, LocatedDict) and isinstance(values, LocatedDict):
                    own = bindings | dict(values) | {"id": name}
                    self._add_steps(steps, self._named(template, own, place), own)
                continue
            step = self._with_shared_actions(step)
            step = self._fill(step, bindings)
            if isinstance(step, LocatedDict) and "given" in (source[name] or {}):
                if step.get("given") is None:
                    continue
                del step["given"]
            steps.put(name, step, place)

    def _named(self, template: LocatedDict, bindings: dict[str, Any], place: Place) -> LocatedDict:
        """The steps of a template: they stand where the definition names it, for there they are written."""
        steps = LocatedDict(template.place)
        for key in template:
            steps.put(str(self._fill(key, bindings)), template[key], place)
        return steps

    def _with_shared_actions(self, step: Any) -> Any:
        """Actions that are empty, or say `as`, are the shared action of that name with what they add."""
        if not isinstance(step, LocatedDict) or not isinstance(step.get("actions"), LocatedDict):
            return step
        actions = LocatedDict(step["actions"].place)
        for name in step["actions"]:
            own, place = step["actions"][name], step["actions"].places[name]
            if own is None or (isinstance(own, LocatedDict) and "as" in own):
                base = self._shared_part("actions", str(own["as"]) if own is not None else name, place)
                own = _merged(base, own) if isinstance(base, LocatedDict) else own
            actions.put(name, own, place)
        copy = LocatedDict(step.place)
        for key in step:
            copy.put(key, actions if key == "actions" else step[key], step.places[key])
        return copy

    def _shared_part(self, section: str, name: str, place: Place) -> Any:
        part = self.shared.get(section, {}).get(name)
        if part is None:
            self._find("unknown_shared_part", place, name=f"{section}.{name}")
        return part

    def _fill(self, value: Any, bindings: dict[str, Any], place: Place | None = None) -> Any:
        if isinstance(value, LocatedDict):
            return self._fill_mapping(value, bindings)
        if isinstance(value, LocatedList):
            items = LocatedList(value.place)
            for item, item_place in zip(value, value.places, strict=True):
                if isinstance(item, LocatedDict) and "given" in item:
                    if self._fill(item["given"], bindings) is _ABSENT:
                        continue
                    item = _without_given(item)
                filled = self._fill(item, bindings, item_place)
                if isinstance(item, str) and item.startswith("$") and isinstance(filled, LocatedList):
                    for inner, inner_place in zip(filled, filled.places, strict=True):
                        items.put(inner, inner_place)
                elif filled is not _ABSENT:
                    items.put(filled, item_place)
            return items
        if isinstance(value, str) and "$" in value:
            return self._fill_text(value, bindings, place)
        return value

    def _fill_mapping(self, value: LocatedDict, bindings: dict[str, Any]) -> Any:
        if "switch" in value:
            chosen = self._fill(value["switch"], bindings)
            key = str(chosen) if str(chosen) in value else "else"
            return self._fill(value.get(key), bindings)
        mapping = LocatedDict(value.place)
        for key in value:
            filled = self._fill(value[key], bindings, value.places[key])
            if filled is not _ABSENT:
                mapping.put(key, filled, value.places[key])
        return mapping

    def _fill_text(self, text: str, bindings: dict[str, Any], place: Place | None) -> Any:
        whole = _BINDING.fullmatch(text)
        if whole is not None:
            return self._fill(self._bound(whole[1] or whole[2], bindings, place), bindings)
        return _BINDING.sub(lambda found: str(self._bound(found[1] or found[2], bindings, place)), text)

    def _bound(self, name: str, bindings: dict[str, Any], place: Place | None) -> Any:
        first, *rest = name.split(".")
        if first not in bindings:
            is_own_text = place is not None and place.file == self.data.place.file
            if place is not None and is_own_text and first not in self.shared.get("parameters", {}):
                self._find("unknown_binding", place, name=name)
            return _ABSENT
        value = bindings[first]
        for part in rest:
            if not isinstance(value, dict) or part not in value:
                return _ABSENT
            value = value[part]
        return value

    def _resolve_first_of(self, value: Any, steps: LocatedDict) -> Any:
        if isinstance(value, LocatedDict):
            if set(value) == {"first_of"}:
                return next((name for name in value["first_of"] if name in steps), value["first_of"][-1])
            for key in value:
                value[key] = self._resolve_first_of(value[key], steps)
        elif isinstance(value, LocatedList):
            value[:] = [self._resolve_first_of(item, steps) for item in value]
        return value

    def _find(self, kind: str, place: Place, **values: object) -> None:
        self.findings.append(Finding(place.file, place.line, kind, values))


def _without_given(item: LocatedDict) -> LocatedDict:
    rest = LocatedDict(item.place)
    for key in item:
        if key != "given":
            rest.put(key, item[key], item.places[key])
    return rest


def _merged(base: LocatedDict, own: LocatedDict | None) -> LocatedDict:
    """The shared action with the definition's own keys laid over it; a way on of its own replaces the shared one."""
    merged = LocatedDict(base.place)
    own = own if own is not None else LocatedDict(base.place)
    ways = {"to", "choose", "consult", "join", "end"}
    for key in base:
        if key not in own and not (key in ways and ways & set(own)):
            merged.put(key, base[key], base.places[key])
    for key in own:
        if key != "as":
            merged.put(key, own[key], own.places[key])
    return merged
