"""What must hold on every page, whoever wrote it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import Any
from xml.etree.ElementTree import Element, TreeBuilder

from markupever import _rustlib as compiled  # its Python half takes twice as long as all the rest of a check

TYPED_IN = ("input", "select", "textarea")
NEED_NO_LABEL = ("hidden", "submit", "button")
MADE_FOR_CODE = ("script", "style")
HTML = "http://www.w3.org/1999/xhtml"
NOT_ESCAPED = re.compile(r"&(?!#?\w+;).{,20}")
"""An ampersand that stands for itself is no mistake of HTML, but one of whoever wrote the page."""


@lru_cache(maxsize=8)
def parsed(body: str) -> Element:
    """The page as a tree, which nobody changes: the browser has read what a test reads next.

    Raises AssertionError with the first mistakes of its HTML.
    """
    parser = compiled.Parser(compiled.HtmlOptions(exact_errors=True))
    parser.process(body)
    parser.finish()
    mistakes = [*parser.errors(), *(f"{found!r} is not escaped" for found in NOT_ESCAPED.findall(body))]
    assert not mistakes, f"the page is not valid HTML: {mistakes[:3]}"
    builder = TreeBuilder()
    for node, is_closed in compiled.iter.Traverse(parser.into_dom().root()):
        if isinstance(node, compiled.Text) and not is_closed:
            builder.data(node.content)
        elif isinstance(node, compiled.Element):
            name = node.name.local if node.name.ns == HTML else f"{{{node.name.ns}}}{node.name.local}"
            if is_closed:
                builder.end(name)
            else:
                builder.start(name, {key.local: value for key, value in node.attrs.items()})
    return builder.close()


def check(body: str, *, language: str) -> Element:
    """Raises AssertionError saying which rule the page breaks."""
    tree = parsed(body)
    for rule in (
        _has_language(tree, language),
        _has_one_heading_that_begins_the_title(tree),
        _has_unique_ids(tree),
        _points_at_what_exists(tree),
        _labels_every_field(tree),
        _keeps_code_out(tree),
        _protects_every_post(tree),
    ):
        for fault in rule:
            raise AssertionError(fault)
    return tree


def words(element: Element) -> str:
    """The text inside, spaces joined."""
    return " ".join("".join(element.itertext()).split())


def fields_of(form: Element) -> dict[str, Any]:
    """What a browser would post of a form that nobody has touched, buttons aside. Boxes of one name are a list."""
    posted: dict[str, Any] = {}
    for field in form.iter():
        name, kind = field.get("name"), field.get("type", "text")
        if name is None or field.tag not in TYPED_IN or kind in ("submit", "button", "file"):
            continue
        if kind in ("checkbox", "radio") and field.get("checked") is None:
            continue
        if kind == "checkbox" and name in posted:
            already = posted[name] if isinstance(posted[name], list) else [posted[name]]
            posted[name] = [*already, _value_of(field)]
        else:
            posted[name] = _value_of(field)
    return posted


def _value_of(field: Element) -> str:
    if field.tag == "textarea":
        return "".join(field.itertext())
    if field.tag == "select":
        options = list(field.iter("option"))
        chosen = [option for option in options if option.get("selected") is not None] or options
        return chosen[0].get("value", words(chosen[0])) if chosen else ""
    return field.get("value", "on" if field.get("type") in ("checkbox", "radio") else "")


def _has_language(tree: Element, language: str) -> Iterator[str]:
    if tree.get("lang") != language:
        yield f"the page says lang={tree.get('lang')!r}, not {language!r}"


def _has_one_heading_that_begins_the_title(tree: Element) -> Iterator[str]:
    headings = [words(heading) for heading in tree.iter("h1")]
    title = next((words(found) for found in tree.iter("title")), "")
    if len(headings) != 1:
        yield f"the page has {len(headings)} h1: {headings}"
    elif not title.removeprefix("Lỗi: ").removeprefix("Error: ").startswith(headings[0]):
        yield f"the title {title!r} does not begin with the h1 {headings[0]!r}"


def _has_unique_ids(tree: Element) -> Iterator[str]:
    counted = Counter(element.get("id") for element in tree.iter() if element.get("id") is not None)
    yield from (f"the id {key!r} stands {count} times" for key, count in counted.items() if count > 1)


def _points_at_what_exists(tree: Element) -> Iterator[str]:
    ids = {element.get("id") for element in tree.iter()}
    for element in tree.iter():
        for name in ("aria-describedby", "aria-labelledby", "aria-controls", "for"):
            for key in (element.get(name) or "").split():
                if key not in ids:
                    yield f"{element.tag} {name}={key!r} points at nothing"
        address = element.get("href", "") if element.tag == "a" else ""
        if address.startswith("#") and address[1:] not in ids:
            yield f"the link {words(element)!r} jumps to {address}, which is nowhere"


def _labels_every_field(tree: Element) -> Iterator[str]:
    labelled = {label.get("for") for label in tree.iter("label")}
    for field in tree.iter():
        if field.tag not in TYPED_IN or field.get("type") in NEED_NO_LABEL:
            continue
        if field.get("id") not in labelled and not field.get("aria-label") and not field.get("aria-labelledby"):
            yield f"the field {field.get('name')!r} has no label"


def _keeps_code_out(tree: Element) -> Iterator[str]:
    for element in tree.iter():
        if not isinstance(element.tag, str):  # a comment
            continue  # type: ignore[unreachable]
        inline = element.tag in MADE_FOR_CODE and element.get("src") is None
        handlers = [name for name in element.keys() if name.startswith("on") or name == "style"]  # noqa: SIM118
        if inline or handlers:
            yield f"the policy of the pages forbids inline code: <{element.tag} {' '.join(handlers)}>"


def _protects_every_post(tree: Element) -> Iterator[str]:
    for form in tree.iter("form"):
        if form.get("method", "get").lower() == "post" and form.get("data-open") is None:
            names = {field.get("name") for field in form.iter("input")}
            if "csrf_token" not in names:
                yield f"the form to {form.get('action')!r} has no token"
