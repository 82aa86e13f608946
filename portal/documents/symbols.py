"""Number and symbol of papers, in one place: made, printed, said on pages, typed by people, kept to be found.

Decree 30/2020/NĐ-CP, annex I: the symbol is the short word for the kind of document and that for the agency; a letter
has that of the agency and of its part which wrote it. A number below 10 carries a leading zero. A `series` is the
symbol as it stands on the paper: what was issued under an older one keeps it.
"""

from __future__ import annotations

import re

from portal.core.text import composed
from portal.documents.words import printed_number

LONGEST_SYMBOL = 39

NOTICE = "TB"
DECISION = "QĐ"
LIST = "DS"
REQUEST = "HDHS"
"""Form 02 names it without an agency."""
APOLOGY = "PXL"
"""So does form 04."""

_OFFICE = "VP"
"""The part of a body of the people that writes its letters: its office."""

_PLACE = re.compile(r" (?:thành phố|quận|huyện|thị xã|phường|xã|thị trấn) .*")
_WHOLE = {"UBND": "UBND", "Văn phòng": _OFFICE, "Phòng": ""}
_BETWEEN = {"và", "các"}
_TYPED = re.compile(r"(?:SỐ)?:?0*([0-9]{1,6})/(.+)")


def symbol(kind: str, agency: str) -> str:
    """ "TB" of "UBND quận Ninh Kiều" → "TB-UBND"."""
    return f"{kind}-{abbreviated(agency)}"


def letter_symbol(agency: str) -> str:
    """Of a letter, which bears no kind: "UBND-VP" of a body, else the agency alone ("SXD")."""
    short = abbreviated(agency)
    return f"{short}-{_OFFICE}" if short == "UBND" else short


def abbreviated(agency: str) -> str:
    """The name of an agency in a symbol: the first letters of its words, without its place, and without "Phòng".

    "Sở Lao động – Thương binh và Xã hội thành phố Cần Thơ" → "SLĐTBXH", "Phòng Tài chính – Kế hoạch" → "TCKH".
    """
    name = _PLACE.sub("", agency.partition(", Công an")[0])
    for beginning, short in _WHOLE.items():
        if name == beginning or (short and name.startswith(f"{beginning} ")):
            return short or name.upper()
    words = [word for word in re.findall(r"\w+", name.removeprefix("Phòng ")) if word not in _BETWEEN]
    return "".join(word if word.isupper() else word[0].upper() for word in words)


def reference(number: int, series: str) -> str:
    """Number and symbol as the paper bears them: "02/TB-UBND"."""
    return f"{printed_number(number)}/{series}"


def read_reference(typed: str) -> tuple[int, str] | None:
    """Number and symbol of what somebody typed, with or without zeros before it: "Số: 02/tb - ubnd" → (2, "TB-UBND").

    None for anything else.
    """
    found = _TYPED.fullmatch(_tidy(typed))
    return (int(found[1]), found[2]) if found and len(found[2]) <= LONGEST_SYMBOL else None


def kept_reference(typed: str) -> str:
    """Under what a document is looked up: the same for every way to write its number; other codes in capitals."""
    read = read_reference(typed)
    return f"{read[0]}/{read[1]}" if read else composed(typed).strip().upper()


def _tidy(typed: str) -> str:
    return re.sub(r"[‐‑‒–—−]", "-", re.sub(r"\s", "", composed(typed))).upper()
