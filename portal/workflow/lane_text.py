"""How wide a text is in the type of the portal, and where it breaks, so that no name leaves its box."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

# Advance widths of Be Vietnam Pro in thousandths of the size, rounded up; a marked letter is as wide as its base.
_REGULAR = {
    260: "'`ilI·j ", 300: "!.:,;", 370: "\"“1", 430: "fr|”t{}", 470: "()J[]~", 510: "\\z*/s", 560: "kx<>^",
    590: "nu?hvyư7", 640: "ec+-êELÊ8FagoPS$ơ", 660: "2bdpqTăâô35YZđ", 690: "BR069K–", 740: "_4HVUXDN=…A&ĂÂƯ",
    790: "CGĐ", 850: "#QOÔƠM%", 890: "wm", 1000: "W@",
}  # fmt: skip
_BOLD = {
    260: "'` ", 290: "ilIj·", 330: "!.:,;", 400: "\"f", 430: "1r“t|", 460: "”(){}", 490: "J~[]", 530: "z*\\s/",
    580: "<>ku", 610: "nvxy^ư7h?e-", 650: "cêEFL+Êago$", 690: "28bdpqSZăâôơ35PTđ069", 740: "BKRY–4H_UVDN=Ư",
    790: "XA&ĂÂCGĐ", 830: "Q…O#ÔƠ", 900: "%wMm", 1040: "@W",
}  # fmt: skip
_WIDEST = 1000
_ELLIPSIS = "…"
_KEPT = 4096
"""Texts whose breaks a process remembers: names of steps and offices come back on every page."""


def _by_letter(widths: dict[int, str]) -> dict[str, int]:
    return {letter: width for width, letters in widths.items() for letter in letters}


_WIDTHS = {False: _by_letter(_REGULAR), True: _by_letter(_BOLD)}


def width(text: str, *, size: float, bold: bool = False) -> float:
    """About how wide the text is, in the unit of `size`; never less than it is drawn in the portal's own type."""
    widths = _WIDTHS[bold]
    return sum(_letter(letter, widths) for letter in unicodedata.normalize("NFC", text)) * size / 1000


def _letter(letter: str, widths: dict[str, int]) -> int:
    if letter in widths:
        return widths[letter]
    base = unicodedata.normalize("NFD", letter)
    with_horn = {"̛": {"o": "ơ", "u": "ư", "O": "Ơ", "U": "Ư"}}.get(base[1:2], {}).get(base[0], base[0])
    return widths.get(with_horn, _WIDEST)


@lru_cache(maxsize=_KEPT)
def wrap(text: str, *, most: float, size: float, bold: bool = False, lines: int = 2) -> tuple[str, ...]:
    """The text in one line when it fits, else in two as even as can be, after a comma by preference."""
    if width(text, size=size, bold=bold) <= most:
        return (text,)
    if lines == 1 or " " not in text:
        return (shorten(text, most=most, size=size, bold=bold),)
    first, second = _broken(text, most=most, size=size, bold=bold)
    return (shorten(first, most=most, size=size, bold=bold), shorten(second, most=most, size=size, bold=bold))


@lru_cache(maxsize=_KEPT)
def narrowest(text: str, *, size: float, bold: bool = False) -> float:
    """The least width at which the text stands whole in two lines."""
    if " " not in text:
        return width(text, size=size, bold=bold)
    parts = _broken(text, most=0, size=size, bold=bold)
    return max(width(part, size=size, bold=bold) for part in parts)


def _broken(text: str, *, most: float, size: float, bold: bool) -> tuple[str, str]:
    """The pair of lines whose longer one is shortest; a break after a comma may be a little less even."""
    words = text.split(" ")
    pairs = [(" ".join(words[:cut]), " ".join(words[cut:])) for cut in range(1, len(words))]

    def cost(pair: tuple[str, str]) -> float:
        longer = max(width(part, size=size, bold=bold) for part in pair)
        at_comma = pair[0].endswith(",") or pair[1].startswith(("và ", "and "))
        return longer - (size / 2 if at_comma and longer <= most else 0)

    return min(pairs, key=cost)


def shorten(text: str, *, most: float, size: float, bold: bool = False) -> str:
    """The text, cut at a word with an ellipsis when it is too wide; the list under the drawing has it whole."""
    if width(text, size=size, bold=bold) <= most:
        return text
    words = text.split(" ")
    while len(words) > 1:
        words.pop()
        shorter = " ".join(words).rstrip(",") + _ELLIPSIS
        if width(shorter, size=size, bold=bold) <= most:
            return shorter
    letters = words[0]
    while letters and width(letters + _ELLIPSIS, size=size, bold=bold) > most:
        letters = letters[:-1]
    return letters + _ELLIPSIS
