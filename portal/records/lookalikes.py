"""QR codes that pretend to lead to this portal: to pages named as its own, or a name like its own, somewhere else."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import SequenceMatcher
from urllib.parse import SplitResult, urlsplit

OWN_PAGES = re.compile(r"(/en)?/(xac-thuc|tra-cuu|ho-so|dang-nhap)(/|$)")
ALIKE = 0.75
"""How much of two names is the same, without dots: `dichvucong-cantho.com` is 0.8 of `dichvucong.cantho.gov.vn`."""
OF_THE_STATE = ".gov.vn"
"""Names that nobody gets but agencies: other portals, and no swindler's."""


def lookalike(codes: Iterable[str], *, own_host: str) -> str:
    """The host to which the first of them leads; empty when there is none."""
    return next((place.hostname for place in map(_place, codes) if place and _pretends(place, own_host)), None) or ""


def _place(code: str) -> SplitResult | None:
    """Where a telephone goes that reads this code."""
    address = code.strip()
    try:
        place = urlsplit(address if "://" in address else f"//{address}")
        return place if place.scheme in ("http", "https", "") and "." in (place.hostname or "") else None
    except ValueError:
        return None


def _pretends(place: SplitResult, own_host: str) -> bool:
    host = place.hostname or ""
    if host == own_host or host.endswith(OF_THE_STATE):
        return False
    names_us = own_host in place.netloc or OWN_PAGES.match(place.path) is not None
    return names_us or SequenceMatcher(None, _letters(host), _letters(own_host)).ratio() >= ALIKE


def _letters(host: str) -> str:
    return re.sub(r"[\W_]", "", _as_read(host))


def _as_read(host: str) -> str:
    """With letters of other alphabets as they are shown."""
    try:
        return host.encode("ascii").decode("idna")
    except UnicodeError:
        return host
