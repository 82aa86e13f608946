"""Vietnamese text: one composed form, folded search words, and a key that sorts as a dictionary does.

The embedded PostgreSQL has neither `unaccent` nor a Vietnamese collation, so both are computed here and stored.
"""

from __future__ import annotations

import re
import unicodedata

_INVISIBLE = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
    "\ud800-\udfff]"  # half characters, which UTF-8 cannot hold
)
_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_RANK = {letter: f"{position:02d}" for position, letter in enumerate(_LETTERS, start=10)}
_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}


def marked(sentence: str) -> str:
    """The sentence itself. Marks a message id that stands in a table, so that the extraction of messages finds it."""
    return sentence


def composed(text: str) -> str:
    """NFC without invisible and bidirectional control characters: how every answer is kept."""
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", text))


def folded(text: str) -> str:
    """Lower case without diacritics, words parted by one space: what search compares (xây nhà → xay nha)."""
    flat = unicodedata.normalize("NFD", composed(text).lower().replace("đ", "d"))
    flat = "".join(character for character in flat if not unicodedata.combining(character))
    return " ".join(re.findall(r"[0-9a-z]+", flat))


def spoken_title(title: str) -> str:
    """A title as it is spoken of: documents print it in capitals above a signature, pages do not."""
    return title.capitalize() if title.isupper() else title


def raised(text: str) -> str:
    """`họ và tên` → `Họ và tên`: at the beginning of a sentence."""
    return text[:1].upper() + text[1:]


def lowered(text: str) -> str:
    """`Họ và tên` → `họ và tên`, but `UBND quận` stays: a label within a sentence."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def with_full_stop(sentence: str) -> str:
    """What somebody wrote, ended as a sentence ends."""
    return sentence if sentence.endswith((".", "?", "…")) else f"{sentence}."


def sort_key(text: str) -> str:
    """A key that sorts, byte by byte, as a Vietnamese dictionary does: letters first, tones (ngang, huyền, hỏi, ngã,
    sắc, nặng) second. Words are compared one after another."""
    return " ".join(_word_key(word) for word in re.split(r"\W+", composed(text).lower()) if word)


def name_key(full_name: str) -> str:
    """The sort key of a person: by given name, then the rest (Vietnamese practice)."""
    words = composed(full_name).split()
    return sort_key(" ".join([*words[-1:], *words[:-1]]))


def masked_name(full_name: str) -> str:
    """`Nguyễn Thị Hoa` → `Nguyễn T. H.`: what a public page shows of a name."""
    words = full_name.split()
    return " ".join([*words[:1], *(f"{word[0]}." for word in words[1:])])


def masked_number(number: str) -> str:
    """All but the last three digits hidden."""
    return "•" * max(len(number) - 3, 0) + number[-3:]


def _word_key(word: str) -> str:
    letters: list[str] = []
    tones: list[str] = []
    for character in word:
        letter, tone = _letter_and_tone(character)
        letters.append(_RANK.get(letter, f"0{letter}" if letter.isdigit() else f"99{ord(letter):06x}"))
        tones.append(tone)
    return f"{''.join(letters)}!{''.join(tones)}"


def _letter_and_tone(character: str) -> tuple[str, str]:
    tone = "0"
    kept = []
    for part in unicodedata.normalize("NFD", character):
        if part in _TONES:
            tone = _TONES[part]
        else:
            kept.append(part)
    return unicodedata.normalize("NFC", "".join(kept)), tone
