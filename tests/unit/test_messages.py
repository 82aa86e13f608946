"""Every sentence of the portal is in English too. The message ids are the Vietnamese sentences."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
ENGLISH = ROOT / "translations/en/LC_MESSAGES"
REMEDY = "run `make messages`, then translate what is new in translations/en/LC_MESSAGES/messages.po"
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]")


@pytest.fixture(scope="module")
def english() -> Catalog:
    with (ENGLISH / "messages.po").open("rb") as file:
        return read_po(file, locale="en", domain="messages")


def forms(text: object) -> tuple[str, ...]:
    """A sentence, or its forms for one and for several."""
    return tuple(map(str, text)) if isinstance(text, list | tuple) else (str(text),)


def sentences(catalog: Catalog) -> dict[object, Message]:
    return {message.id: message for message in catalog if message.id}


def test_every_sentence_of_the_code_is_in_the_english_catalogue_and_no_other(english: Catalog, tmp_path: Path) -> None:
    gathered = tmp_path / "messages.pot"
    subprocess.run(
        [ROOT / ".ci/messages", gathered], cwd=ROOT, check=True, env={**os.environ, "PYTHON": sys.executable}
    )
    with gathered.open("rb") as file:
        used = sentences(read_po(file))
    known = sentences(english)
    assert len(used) > 600, "the sentences were not gathered"
    assert used.keys() - known.keys() == set(), REMEDY
    assert known.keys() - used.keys() == set(), REMEDY
    assert not english.obsolete, REMEDY


def test_every_sentence_has_a_translation_that_somebody_has_looked_at(english: Catalog) -> None:
    assert [message.id for message in sentences(english).values() if not all(forms(message.string))] == []
    assert [message.id for message in sentences(english).values() if message.fuzzy] == []


def test_a_translation_is_filled_in_with_the_same_values(english: Catalog) -> None:
    differing = [
        (message.id, string)
        for message in sentences(english).values()
        for string in forms(message.string)
        if set(PLACEHOLDER.findall(string)) != set(PLACEHOLDER.findall(forms(message.id)[-1]))
    ]
    assert differing == []


def test_a_translation_says_nothing_twice_over(english: Catalog) -> None:
    """Filling in the catalogue by a program has once put a sentence behind itself, four times."""
    doubled = re.compile(r"(.{12,})\1")
    found = [string for one in sentences(english).values() for string in forms(one.string) if doubled.search(string)]
    assert found == []


def test_a_translation_is_english(english: Catalog) -> None:
    """Letters that only Vietnamese has, outside the codes of laws and the name of the city."""
    vietnamese = re.compile("[ăâđêôơư\u1ea0-\u1ef9]", re.IGNORECASE)
    left_over = [
        string
        for message in sentences(english).values()
        for string in forms(message.string)
        if vietnamese.search(re.sub(r"\d+/\d+/\S+|Cần Thơ", "", string))
    ]
    assert left_over == []


def test_the_compiled_catalogue_says_what_the_written_one_says(english: Catalog) -> None:
    with (ENGLISH / "messages.mo").open("rb") as file:
        compiled = {forms(message.id): forms(message.string) for message in read_mo(file) if message.id}
    written = {forms(message.id): forms(message.string) for message in sentences(english).values()}
    assert compiled == written, REMEDY
