"""Sample pictures of hand signatures (blue) and round seals (red), with a clear ground (Decree 30/2020/NĐ-CP)."""

from __future__ import annotations

import math
import random
from io import BytesIO
from itertools import pairwise
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from portal.paths import TEMPLATES
from portal.signing.pictures import pictures_in

BLUE = (24, 58, 158, 255)
RED = (200, 22, 34, 255)
FONT = TEMPLATES / "documents" / "fonts" / "Tinos-Bold.ttf"

HAND_SIZE = (660, 330)
STAMP_SIDE = 620
"""Dots: 35 mm at 450 an inch."""

SMOOTH = 1.5
"""Drawn so many times larger, and made smaller, so that no edge is ragged."""


def sample(folder: Path, label: str, name: str) -> bytes:
    """The picture of a signature or a seal, drawn when it is wanted for the first time."""
    known = pictures_in(folder, label, name)
    if known is not None:
        return known
    picture = stamp_of(name) if label.startswith("unit-") else hand_of(name)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{label}.png").write_bytes(picture)
    return picture


def hand_of(name: str) -> bytes:
    """A made-up signature: the same for the same name, a different one for another. PNG."""
    chance = random.Random(name)  # noqa: S311 - a picture
    width, height = (round(side * SMOOTH) for side in HAND_SIZE)
    picture = Image.new("RGBA", (width, height), (*BLUE[:3], 0))
    pen = ImageDraw.Draw(picture)
    at = 0.1
    points = [(at, 0.62)]
    for letter in name.split()[-1] + name.split()[0][:2]:
        at += chance.uniform(0.05, 0.09)
        tall = 0.16 if letter.isupper() or letter in "hlkbdt" else chance.uniform(0.4, 0.5)
        points += [(at, tall), (at + 0.03, 0.66 + chance.uniform(0, 0.08)), (at - 0.01, 0.72)]
    points += [(at + 0.2, 0.3), (0.94, 0.55), (0.45, 0.9), (0.12, 0.78)]
    line = [(x * width, y * height) for x, y in _smooth(points)]
    for step, (start, end) in enumerate(pairwise(line)):
        pen.line((start, end), fill=BLUE, width=int((5 + 2.5 * math.sin(step / 23)) * SMOOTH))
    return _png(picture, HAND_SIZE)


def stamp_of(agency: str) -> bytes:
    """A made-up round seal that says in its middle that it is a sample. PNG."""
    side = round(STAMP_SIDE * SMOOTH)
    picture = Image.new("RGBA", (side, side), (*RED[:3], 0))
    pen = ImageDraw.Draw(picture)
    middle = side / 2
    for share, width in ((0.49, 14), (0.345, 6)):
        edge = side * share
        pen.ellipse(
            (middle - edge, middle - edge, middle + edge, middle + edge), outline=RED, width=int(width * SMOOTH)
        )
    _around(picture, agency.replace("UBND", "Ủy ban nhân dân").upper(), from_angle=-205, to_angle=25)
    _around(picture, "THÀNH PHỐ CẦN THƠ", from_angle=150, to_angle=30)
    _star(pen, middle, side * 0.15)
    font = ImageFont.truetype(str(FONT), side // 18)
    pen.text((middle, middle + side * 0.22), "MẪU", font=font, fill=RED, anchor="mm")
    return _png(picture, (STAMP_SIDE, STAMP_SIDE))


def _smooth(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """A curve through the points (Catmull and Rom)."""
    padded = [points[0], *points, points[-1]]
    curve = []
    for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        for step in range(12):
            t = step / 12
            curve.append(
                tuple(
                    0.5
                    * (
                        2 * b[axis]
                        + (c[axis] - a[axis]) * t
                        + (2 * a[axis] - 5 * b[axis] + 4 * c[axis] - d[axis]) * t**2
                        + (3 * b[axis] - a[axis] - 3 * c[axis] + d[axis]) * t**3
                    )
                    for axis in (0, 1)
                )
            )
    return curve  # type: ignore[return-value]


def _around(picture: Image.Image, words: str, *, from_angle: float, to_angle: float) -> None:
    """Letters along the ring, from one angle to the other; counted clockwise from the right, in degrees."""
    side = picture.width
    inwards = to_angle < from_angle  # along the bottom the letters stand the other way round
    size = side * 0.075
    ring = side * (0.418 if not inwards else 0.417)
    widths = _widths(words, size)
    room = math.radians(abs(to_angle - from_angle)) * ring
    if sum(widths) > room:
        size *= room / sum(widths)
        widths = _widths(words, size)
    font = ImageFont.truetype(str(FONT), round(size))
    spread = math.degrees(sum(widths) / ring)
    centre = (from_angle + to_angle) / 2
    angle = centre - spread / 2 if not inwards else centre + spread / 2
    for letter, width in zip(words, widths, strict=True):
        turn = math.degrees(width / ring)
        angle += turn / 2 if not inwards else -turn / 2
        _letter(picture, letter, font, ring, angle, inwards=inwards)
        angle += turn / 2 if not inwards else -turn / 2


def _widths(words: str, size: float) -> list[float]:
    font = ImageFont.truetype(str(FONT), round(size))
    return [font.getlength(letter) + size * 0.06 for letter in words]


def _letter(
    picture: Image.Image, letter: str, font: ImageFont.FreeTypeFont, ring: float, angle: float, *, inwards: bool
) -> None:
    box = round(font.size * 2)
    drawn = Image.new("RGBA", (box, box), (*RED[:3], 0))
    ImageDraw.Draw(drawn).text((box / 2, box / 2), letter, font=font, fill=RED, anchor="mm")
    turned = drawn.rotate(-angle + (90 if inwards else -90), resample=Image.Resampling.BICUBIC)
    middle = picture.width / 2
    x = middle + ring * math.cos(math.radians(angle)) - box / 2
    y = middle + ring * math.sin(math.radians(angle)) - box / 2
    picture.alpha_composite(turned, (round(x), round(y)))


def _star(pen: ImageDraw.ImageDraw, middle: float, radius: float) -> None:
    corners = []
    for point in range(10):
        reach = radius if point % 2 == 0 else radius * 0.42
        angle = math.radians(point * 36 - 90)
        corners.append((middle + reach * math.cos(angle), middle - radius * 0.1 + reach * math.sin(angle)))
    pen.polygon(corners, fill=RED)


def _png(picture: Image.Image, size: tuple[int, int]) -> bytes:
    written = BytesIO()
    picture.resize(size, Image.Resampling.LANCZOS).save(written, "PNG", optimize=True)
    return written.getvalue()
