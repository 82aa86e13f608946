"""Words that stand on many sample papers alike: their letters are drawn once and printed again."""

from __future__ import annotations

from functools import lru_cache

from PIL import Image
from PIL.ImageDraw import ImageDraw
from PIL.ImageFont import FreeTypeFont

KEPT = 256


def write(
    pen: ImageDraw,
    at: tuple[float, float],
    words: str,
    *,
    font: FreeTypeFont,
    fill: tuple[int, ...],
    anchor: str = "la",
) -> None:
    """Write one line; `at` is the point of it that the anchor names, in Pillow's letters."""
    letters, (left, top) = _letters(words, font, anchor)
    pen.bitmap((round(at[0]) + left, round(at[1]) + top), letters, fill=fill)


@lru_cache(maxsize=KEPT)
def _letters(words: str, font: FreeTypeFont, anchor: str) -> tuple[Image.Image, tuple[int, int]]:
    """The line in grey, and where it begins seen from the anchor."""
    left, top, right, bottom = (round(edge) for edge in font.getbbox(words, anchor=anchor))
    letters = Image.new("L", (max(right - left, 1), max(bottom - top, 1)))
    drawn = ImageDraw(letters)
    drawn.text((-left, -top), words, font=font, fill=255, anchor=anchor)
    return letters, (left, top)
