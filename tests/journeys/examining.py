"""axe on the pages of a journey: each part of a page that looks like no part before it is examined."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize

RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],
}
NEW_PARTS = {"exclude": [["[data-examined]"]]}

PARTS = r"""() => {
  const told = /^(class|role|type|lang|hidden|disabled|checked|autocomplete|tabindex|scope|aria-.*)$/
  const digest = (text) => {
    let [one, two] = [0xdeadbeef, 0x41c6ce57]
    for (let at = 0; at < text.length; at++) {
      one = Math.imul(one ^ text.charCodeAt(at), 2654435761)
      two = Math.imul(two ^ text.charCodeAt(at), 1597334677)
    }
    return (one >>> 0).toString(36) + (two >>> 0).toString(36)
  }
  const named = (element) => element.tagName + [...element.attributes]
    .filter(({name}) => !name.startsWith("data-"))
    .map(({name, value}) => told.test(name) && !/^aria-(.*by|controls|label)$/.test(name) ? name + "=" + value : name)
    .sort().join(" ") + [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim())
  const typedIn = "input:not([type=hidden], [type=submit]), select, textarea"
  const namesOf = (element) => {
    const ids = (element.getAttribute("aria-labelledby") || "").split(" ").filter(Boolean)
    return [...(element.labels || []), ...ids.map((id) => document.getElementById(id))]
  }
  const isNamedIn = (element, whole) => {
    const names = namesOf(element)
    if (!names.length) return !element.matches(typedIn) || element.hasAttribute("aria-label")
    return names.every((name) => whole.contains(name))
  }
  const standsAlone = (element) => [element, ...element.querySelectorAll("*")].every((one) => isNamedIn(one, element))
  const parts = []
  const seen = (element, around, parent) => {
    const own = named(element), place = parts.push(null) - 1
    const chain = digest(around + ">" + own)
    const within = [...element.children].map((child) => seen(child, chain, place))
    const distinct = /^([UOD]L|TBODY)$/i.test(element.tagName) ? [...new Set(within)] : within
    const whole = digest(own + "(" + distinct.join(" ") + ")")
    parts[place] = [standsAlone(element) ? chain + "/" + whole : null, parent]
    return whole
  }
  seen(document.body, document.documentElement.lang + Boolean(document.title), -1)
  return parts
}"""
"""Every element of the page in its order: what it, all inside it and what it stands in look like, and its parent's
place in the list. Of texts and of what names something it tells only whether they are there, and not how many alike
rows a list or table has. A part whose fields have their names outside of it is none: it has no key."""

MARK = """(places) => {
  const all = [document.body, ...document.body.querySelectorAll("*")]
  places.forEach((place) => all[place].setAttribute("data-examined", ""))
}"""

PASSED: set[str] = set()
"""The parts in which axe has found nothing at any size: headers, menus and forms are much the same on many pages."""


def examine(page: Page, *, sizes: Iterable[ViewportSize], named: str) -> None:
    """Nothing for axe to find, at all these sizes; only in what looks different from all that has passed before.

    A part is left out when the same elements with the same classes, roles and states stood in the same surroundings.
    """
    parts: list[tuple[str | None, int]] = page.evaluate(PARTS)
    if parts[0][0] in PASSED:
        return
    page.evaluate(MARK, _passed_in(parts))
    axe = Axe()
    for size in sizes:
        page.set_viewport_size(size)
        found = axe.run(page, context=NEW_PARTS, options=RULES).response["violations"]
        assert not found, f"{named} at {size['width']}: {_told(found)}"
        axe = Axe(axe_script="")  # it is in the page already
    PASSED.update(key for key, _ in parts if key)


def _passed_in(parts: list[tuple[str | None, int]]) -> list[int]:
    """The places of the outermost parts that have passed before."""
    inside: set[int] = set()
    outermost = []
    for place, (key, parent) in enumerate(parts):
        if parent in inside:
            inside.add(place)
        elif key in PASSED:
            inside.add(place)
            outermost.append(place)
    return outermost


def _told(violations: list[dict[str, Any]]) -> str:
    return "; ".join(f"{v['id']}: {v['help']} {[n['html'][:120] for n in v['nodes'][:3]]}" for v in violations)
