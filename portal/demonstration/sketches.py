"""Drawings on sample papers: a plot, a narrow town house, trees of a street, a trench in a road."""

from __future__ import annotations

from collections.abc import Callable

from PIL.ImageDraw import ImageDraw
from PIL.ImageFont import FreeTypeFont

from portal.demonstration.lettering import write

Box = tuple[float, float, float, float]
INK, THIN, SOIL = (40, 52, 70), (130, 140, 152), (160, 130, 96)
LAYERS = (("bê tông nhựa 7 cm", (186, 188, 194)), ("đá dăm 30 cm", (214, 216, 220)), ("nền cát", (226, 208, 176)))
LEAVES, SKY, ASPHALT = (96, 146, 88), (222, 236, 244), (120, 124, 130)


def _plot(pen: ImageDraw, box: Box, font: FreeTypeFont, storeys: int) -> None:
    left, top, right, bottom = box
    corners = [(left + 140, top + 40), (right - 170, top + 70), (right - 140, bottom - 90), (left + 110, bottom - 60)]
    pen.polygon(corners, outline=INK, fill=(255, 250, 238), width=4)
    pen.line((left, bottom - 20, right, bottom - 20), fill=THIN, width=2)
    _says(pen, ((left + right) / 2, bottom - 38), "hẻm rộng 4 m", font)
    _says(pen, ((left + right) / 2, (top + bottom) / 2), "thửa đất", font)
    for number, (x, y) in enumerate(corners, start=1):
        pen.ellipse((x - 6, y - 6, x + 6, y + 6), fill=INK)
        write(pen, (x + 12, y - 28), str(number), font=font, fill=INK)
    _north(pen, (right - 50, top + 60), font)


def _plan(pen: ImageDraw, box: Box, font: FreeTypeFont, storeys: int) -> None:
    left, top, right, bottom = _walls(pen, box)
    middle = left + (right - left) * 0.55
    pen.line((middle, top, middle, bottom - 150), fill=INK, width=6)
    pen.line((left, top + 170, right, top + 170), fill=INK, width=6)
    for x, y, room in (
        ((left + middle) / 2, top + 85, "bếp"),
        ((middle + right) / 2, top + 85, "vệ sinh"),
        ((left + middle) / 2, top + 270, "phòng ngủ"),
        ((middle + right) / 2, top + 270, "cầu thang"),
        ((left + right) / 2, bottom - 75, "phòng khách"),
    ):
        _says(pen, (x, y), room, font)
    for step in range(6):
        pen.line((middle + 20, top + 190 + step * 12, right - 20, top + 190 + step * 12), fill=THIN, width=2)
    _title(pen, box, "Mặt bằng tầng trệt · tỷ lệ 1/100", font)


def _elevation(pen: ImageDraw, box: Box, font: FreeTypeFont, storeys: int) -> None:
    left, top, right, bottom = _walls(pen, box)
    height = min(120, (bottom - top) / storeys * 0.75)
    for storey in range(storeys):
        floor = bottom - storey * (bottom - top) / storeys
        pen.line((left, floor, right, floor), fill=INK, width=4)
        for x in (left + 60, right - 160):
            pen.rectangle((x, floor - height, x + 100, floor - height / 3), outline=INK, fill=(214, 232, 240), width=3)
    pen.polygon([(left - 30, top), ((left + right) / 2, top - 70), (right + 30, top)], outline=INK, width=4)
    _ground(pen, box, bottom)
    _title(pen, box, "Mặt đứng chính · tỷ lệ 1/100", font)


def _section(pen: ImageDraw, box: Box, font: FreeTypeFont, storeys: int) -> None:
    left, top, right, bottom = _walls(pen, box)
    for storey in range(1, storeys):
        floor = bottom - storey * (bottom - top) / storeys
        pen.rectangle((left, floor - 7, right, floor + 7), fill=THIN, outline=INK)
        pen.line((left + 80, floor + (bottom - top) / storeys - 8, left + 240, floor), fill=INK, width=3)
    for x in (left + 20, right - 60):
        pen.rectangle((x, bottom, x + 40, bottom + 40), fill=SOIL, outline=INK)
    _ground(pen, box, bottom)
    _title(pen, box, "Mặt cắt A-A và móng · tỷ lệ 1/100", font)


def _trees(pen: ImageDraw, box: Box, font: FreeTypeFont, storeys: int) -> None:
    left, top, right, bottom = box
    pen.rectangle((left, bottom - 190, right, bottom - 70), fill=(236, 236, 232), outline=THIN, width=3)
    _says(pen, ((left + right) / 2, bottom - 130), "lòng đường", font)
    _says(pen, (left + 90, bottom - 225), "vỉa hè", font)
    for number, x in enumerate((left + 200, right - 200), start=1):
        pen.ellipse((x - 46, bottom - 330, x + 46, bottom - 238), outline=LEAVES, fill=(226, 240, 220), width=4)
        _says(pen, (x, bottom - 284), str(number), font)
        pen.rectangle((x - 90, top + 20, x + 90, top + 110), outline=INK, width=3)
        _says(pen, (x, top + 65), f"số {20 + 4 * number}", font)
    _north(pen, (right - 40, top + 60), font)


def _tree(pen: ImageDraw, box: Box, font: FreeTypeFont, storeys: int) -> None:
    left, top, right, bottom = box
    middle = (left + right) / 2
    pen.rectangle(box, fill=SKY)
    pen.rectangle((left, bottom - 110, right, bottom), fill=ASPHALT)
    foot, crown = bottom - 90, top + 250
    trunk = [(middle - 26, foot), (middle + 30, foot), (middle + 62, crown), (middle + 34, crown)]
    pen.polygon(trunk, fill=SOIL)
    for x, y, size in ((40, 190, 150), (-60, 230, 120), (140, 240, 120), (50, 90, 110)):
        pen.ellipse((middle + x - size, top + y - size * 0.7, middle + x + size, top + y + size * 0.7), fill=LEAVES)
    pen.line((left, bottom - 60, right, bottom - 60), fill=(240, 240, 236), width=6)


def _trench(pen: ImageDraw, box: Box, font: FreeTypeFont, storeys: int) -> None:
    left, top, right, _ = box
    road, cut = top + 120, ((left + right) / 2 - 70, (left + right) / 2 + 70)
    for depth, (name, colour) in enumerate(LAYERS):
        layer = road + depth * 90
        pen.rectangle((left, layer, right, layer + 90), fill=colour, outline=INK, width=2)
        _says(pen, (left + 130, layer + 45), name, font)
    pen.rectangle((cut[0], road, cut[1], road + 230), fill=(250, 248, 242), outline=INK, width=5)
    pen.ellipse((cut[0] + 40, road + 150, cut[1] - 40, road + 210), outline=INK, width=6)
    _says(pen, ((cut[0] + cut[1]) / 2, road - 30), "rãnh đào 1,4 m", font)
    _title(pen, (left, top, right, road + 330), "Mặt cắt ngang rãnh đào và các lớp hoàn trả", font)


def _walls(pen: ImageDraw, box: Box) -> Box:
    left, top, right, bottom = box
    inner = (left + 120, top + 70, right - 120, bottom - 90)
    pen.rectangle(inner, outline=INK, width=7)
    pen.line((inner[0], bottom - 30, inner[2], bottom - 30), fill=THIN, width=2)
    for x in (inner[0], inner[2]):
        pen.line((x, bottom - 40, x, bottom - 20), fill=THIN, width=2)
    return inner


def _ground(pen: ImageDraw, box: Box, level: float) -> None:
    pen.line((box[0], level, box[2], level), fill=SOIL, width=5)


def _north(pen: ImageDraw, at: tuple[float, float], font: FreeTypeFont) -> None:
    x, y = at
    pen.polygon([(x, y - 34), (x - 13, y + 20), (x, y + 8), (x + 13, y + 20)], fill=INK)
    _says(pen, (x, y + 40), "B", font)


def _says(pen: ImageDraw, at: tuple[float, float], words: str, font: FreeTypeFont) -> None:
    write(pen, at, words, font=font, fill=INK, anchor="mm")


def _title(pen: ImageDraw, box: Box, words: str, font: FreeTypeFont) -> None:
    _says(pen, ((box[0] + box[2]) / 2, box[3] + 6), words, font)


SKETCHES: dict[str, Callable[[ImageDraw, Box, FreeTypeFont, int], None]] = {
    "plot": _plot,
    "plan": _plan,
    "elevation": _elevation,
    "section": _section,
    "tree": _tree,
    "trees": _trees,
    "trench": _trench,
}
