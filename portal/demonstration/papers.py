"""Sample papers: small scans of what applicants would upload, drawn anew for each record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import yaml
from PIL import Image, ImageDraw, ImageFont

from portal.demonstration.lettering import write
from portal.demonstration.sketches import SKETCHES
from portal.paths import TEMPLATES

FILE = Path(__file__).parent / "data" / "papers.yaml"
FONTS = TEMPLATES / "documents" / "fonts"

WIDTH, HEIGHT = 900, 1273
"""Of a sheet in dots: A4 at 109 dots an inch."""
INK, GREY, RED = (34, 38, 46), (120, 124, 130), (196, 52, 48)
NATION = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")
MEDIA_TYPES = {".pdf": "application/pdf", ".jpg": "image/jpeg"}


@dataclass(frozen=True)
class SamplePaper:
    """A finished file."""

    content: bytes
    file_name: str
    media_type: str
    pages: int


@cache
def specimens() -> Mapping[str, Mapping[str, Any]]:
    """What the papers say, by procedure and slot: `1.009994.land`."""
    found: Mapping[str, Mapping[str, Any]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return found


def draw_paper(name: str, answers: Mapping[str, Any]) -> SamplePaper:
    """The paper of that name with the answers of a record written in. Raises KeyError for an unknown name."""
    specimen = specimens()[name]
    said = defaultdict(lambda: "…", {key: _said(value) for key, value in answers.items()})
    sketches = specimen.get("pages") or [specimen.get("sketch")]
    sheets = [_sheet(specimen, said, sketch) for sketch in sketches]
    file_name = str(specimen["file_name"])
    written = BytesIO()
    if file_name.endswith(".pdf"):
        sheets[0].save(written, "PDF", save_all=True, append_images=sheets[1:], resolution=109, quality=60)
    else:
        sheets[0].save(written, "JPEG", quality=72)
    return SamplePaper(written.getvalue(), file_name, MEDIA_TYPES[Path(file_name).suffix], len(sheets))


def _said(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return f"{date.fromisoformat(value):%d/%m/%Y}"
    except ValueError:
        return value


def _sheet(specimen: Mapping[str, Any], said: Mapping[str, Any], sketch: str | None) -> Image.Image:
    paper = tuple(specimen.get("colour", (252, 252, 250)))
    image = Image.new("RGB", (WIDTH, HEIGHT), paper)
    pen = ImageDraw.Draw(image)
    if "frame" in specimen:
        for inset in (28, 36):
            pen.rectangle((inset, inset, WIDTH - inset, HEIGHT - inset), outline=tuple(specimen["frame"]), width=3)
    top = _heading(pen, specimen, said)
    for line in specimen["lines"]:
        _fill_in(pen, (110, top), line, said, font=_font("Regular", 27))
        top += 48
    if sketch:
        bottom = HEIGHT - (170 if "pages" in specimen else 330)
        storeys = int(said["floors_above"]) if "floors_above" in said else 1
        SKETCHES[sketch](pen, (130, top + 30, WIDTH - 130, bottom), _font("Italic", 22), storeys)
    if specimen.get("signed") == "self":
        _hand(pen, top + 60)
        _fill_in(pen, (WIDTH - 320, top + 210), "{full_name}", said, font=_font("Bold", 26), anchor="mm")
    elif specimen.get("signed") == "seal":
        _hand(pen, top + 60)
        _seal(pen, top + 60)
    write(pen, (WIDTH / 2, HEIGHT - 75), "BẢN MẪU ĐỂ TRÌNH DIỄN", font=_font("Bold", 22), fill=GREY, anchor="mm")
    return image


def _heading(pen: ImageDraw.ImageDraw, specimen: Mapping[str, Any], said: Mapping[str, Any]) -> int:
    middle, top = WIDTH / 2, 95
    if specimen.get("nation"):
        write(pen, (middle, top), NATION[0], font=_font("Bold", 27), fill=INK, anchor="mm")
        write(pen, (middle, top + 36), NATION[1], font=_font("Bold", 25), fill=INK, anchor="mm")
        pen.line((middle - 140, top + 58, middle + 140, top + 58), fill=INK, width=2)
        top += 130
    colour = tuple(specimen.get("frame", INK))
    title = str(specimen["title"]).format_map(said).upper()
    write(pen, (middle, top), title, font=_font("Bold", 38), fill=colour, anchor="mm")
    _fill_in(pen, (middle, top + 52), str(specimen.get("subtitle", "")), said, font=_font("Italic", 26), anchor="mm")
    return top + 115


def _fill_in(
    pen: ImageDraw.ImageDraw,
    at: tuple[float, float],
    line: str,
    said: Mapping[str, Any],
    *,
    font: ImageFont.FreeTypeFont,
    anchor: str = "la",
) -> None:
    """A line with the answers in it; one without is the same on every sheet."""
    if "{" in line:
        pen.text(at, line.format_map(said), font=font, fill=INK, anchor=anchor)
    else:
        write(pen, at, line, font=font, fill=INK, anchor=anchor)


def _hand(pen: ImageDraw.ImageDraw, top: int) -> None:
    left = WIDTH - 330
    write(pen, (left, top), "Đã ký", font=_font("Italic", 24), fill=INK, anchor="mm")
    points = [(left - 60 + step * 14, top + 105 + (-1) ** step * (34 - step * 2)) for step in range(13)]
    pen.line(points, fill=(38, 60, 140), width=4, joint="curve")


def _seal(pen: ImageDraw.ImageDraw, top: int) -> None:
    """Round and red, where the hand begins."""
    left = WIDTH - 480
    pen.ellipse((left, top + 35, left + 140, top + 175), outline=RED, width=4)
    pen.ellipse((left + 14, top + 49, left + 126, top + 161), outline=RED, width=2)
    write(pen, (left + 70, top + 105), "MẪU", font=_font("Bold", 30), fill=RED, anchor="mm")


@cache
def _font(face: str, size: int) -> ImageFont.FreeTypeFont:
    # the basic engine suffices for composed Vietnamese and is three times as fast
    return ImageFont.truetype(FONTS / f"Tinos-{face}.ttf", size, layout_engine=ImageFont.Layout.BASIC)
