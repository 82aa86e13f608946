"""An edit of a definition's text writes what it changes, and leaves every other character alone."""

from __future__ import annotations

import difflib
import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from portal.catalogue.findings import DefinitionError
from portal.catalogue.loader import canonical
from portal.catalogue.service import PROCEDURES
from portal.catalogue.source import Path, Source

SHIPPED = sorted(PROCEDURES.glob("*.yaml"))
TEXT = """\
# Of the whole file.
code: "1.000001" # national

# The papers.
papers:
  # First of all.
  id:
    name: {vi: "Giấy, tờ", en: Paper}   # shown
    required: false
  plan:
    name:
      vi: >-
        Bản vẽ
        thiết kế
      en: 'Plan'
# Money.
fees: {}
words: [một, "hai, ba"]
checks:
- that: form.a > 1
  fields: [a]
  # Of the second.
- that: form.b
"""


def changed_lines(before: str, after: str) -> list[str]:
    both = difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    return [line for line in both if line[:1] in "+-" and line[:3] not in ("+++", "---")]


def edited(edit: Callable[[Source], Source]) -> list[str]:
    return changed_lines(TEXT, edit(Source(TEXT)).text)


def test_a_value_is_replaced_with_its_quotes_and_its_comment() -> None:
    assert edited(lambda source: source.put(("papers", "id", "name", "vi"), "Tờ")) == [
        '-    name: {vi: "Giấy, tờ", en: Paper}   # shown',
        '+    name: {vi: "Tờ", en: Paper}   # shown',
    ]


def test_a_text_that_would_not_be_text_is_quoted() -> None:
    source = Source(TEXT).put(("papers", "id", "name", "en"), "1.5").put(("words", 0), "a, b: {c} # d")
    assert source.get(("papers", "id", "name", "en")) == "1.5"
    assert source.get(("words", 0)) == "a, b: {c} # d"
    assert '"1.5"' in source.text


def test_only_what_differs_of_a_mapping_is_written() -> None:
    paper = Source(TEXT).get(("papers", "id")) | {"required": True, "copies": "O1"}
    assert edited(lambda source: source.put(("papers", "id"), paper)) == [
        "-    required: false",
        "+    required: true",
        "+    copies: O1",
    ]


def test_keys_are_brought_into_the_order_that_is_asked_for() -> None:
    papers = Source(TEXT).get(("papers",))
    turned = Source(TEXT).put(("papers",), {"plan": papers["plan"], "id": papers["id"]})
    assert turned.names(("papers",)) == ("plan", "id")
    assert turned.put(("papers",), papers).text == TEXT


def test_a_removed_entry_takes_the_comment_right_above_it() -> None:
    removed = edited(lambda source: source.remove(("papers", "id")))
    assert removed == [
        "-  # First of all.",
        "-  id:",
        '-    name: {vi: "Giấy, tờ", en: Paper}   # shown',
        "-    required: false",
    ]
    assert Source(TEXT).remove(("papers", "id")).remove(("papers", "plan")).get(("papers",)) == {}


def test_a_moved_entry_takes_its_comments_along() -> None:
    moved = Source(TEXT).move(("papers", "id"), by=1)
    assert moved.names(("papers",)) == ("plan", "id")
    assert "  # First of all.\n  id:\n" in moved.text
    assert moved.move(("papers", "id"), by=-1).text == TEXT
    assert moved.move(("papers", "id"), by=1) is moved
    assert Source(TEXT).move(("checks", 0), by=1).get(("checks",)) == [
        {"that": "form.b"},
        {"that": "form.a > 1", "fields": ["a"]},
    ]


def test_entries_are_added_in_the_manner_of_their_neighbours() -> None:
    assert edited(lambda source: source.add(("checks",), {"that": "form.c", "message": {"vi": "C", "en": "C"}})) == [
        "+- that: form.c",
        "+  message: {vi: C, en: C}",
    ]
    assert edited(lambda source: source.add(("words",), "bốn")) == [
        '-words: [một, "hai, ba"]',
        '+words: [một, "hai, ba", bốn]',
    ]
    assert edited(lambda source: source.put(("fees", "permit"), {"kind": "phi", "amounts": [{"amount": 5}]})) == [
        "-fees: {}",
        "+fees:",
        "+  permit:",
        "+    kind: phi",
        "+    amounts:",
        "+      - {amount: 5}",
    ]
    assert Source("{}").put(("name", "vi"), "Tên").text == "name: {vi: Tên}\n"


def test_a_key_is_renamed_where_it_stands() -> None:
    assert edited(lambda source: source.rename(("papers", "id"), "card")) == ["-  id:", "+  card:"]


def test_the_text_of_an_entry_can_be_written() -> None:
    source = Source(TEXT)
    assert source.fragment(("papers", "plan")) == "name:\n  vi: >-\n    Bản vẽ\n    thiết kế\n  en: 'Plan'\n"
    changed = source.put_text(("papers", "plan"), "name: {vi: A, en: B}  # mine\nmode: present\n")
    assert changed_lines(TEXT, changed.text)[-2:] == ["+    name: {vi: A, en: B}  # mine", "+    mode: present"]
    with pytest.raises(DefinitionError):
        source.put_text(("papers", "plan"), "name: {vi: A")


@pytest.mark.parametrize("text", ["a: [1", "- a\n- b\n", "a: &x 1\nb: *x\n", ""])
def test_what_is_no_mapping_in_yaml_is_refused(text: str) -> None:
    with pytest.raises(DefinitionError):
        Source(text)


@pytest.mark.parametrize(("file", "as_stored"), [*((file, False) for file in SHIPPED), (SHIPPED[0], True)])
def test_every_edit_of_a_shipped_definition_says_what_was_asked_for(file: Any, as_stored: bool) -> None:
    text = file.read_text(encoding="utf-8")
    text = canonical(text, file.name) if as_stored else text
    source = Source(text)
    assert source.put((), source.get()).text == text
    chosen = random.Random(file.stem)  # noqa: S311  the same entries in every run
    for path in chosen.sample(list(_paths(source.get())), 5):
        value = source.get(path)
        assert source.put_text(path, source.fragment(path)).text == text
        assert source.put(path, "một, hai: ba").get(path) == "một, hai: ba"
        put = source.put(path, {"vi": "a", "q": [1, {"b": True}]})
        assert put.get(path) == {"vi": "a", "q": [1, {"b": True}]}
        assert put.put(path, value).get() == source.get()
        assert path not in set(_paths(source.remove(path).get())) or isinstance(path[-1], int)
        if len(path) == 1:
            assert sorted(source.move(path, by=1).text.splitlines()) == sorted(text.splitlines())


def _paths(value: Any, path: Path = ()) -> Iterator[Path]:
    if path:
        yield path
    for key, part in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from _paths(part, (*path, key))
