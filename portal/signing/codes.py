"""QR codes that stand on the pages of a stranger's PDF, as a reader of the paper would see them."""

from __future__ import annotations

from typing import Any

MOST_PAGES = 4
"""From the front, and as many from the back: codes stand on the first page or beside the signatures."""

LONG_SIDE = 1760
"""Dots: 150 an inch on A4, where a code of 77 squares on 30 mm has 2.3 dots a square. Ours are read at 100 already."""

MOST_CODES = 8


def codes_in(pdf: bytes) -> tuple[str, ...]:
    """What they say, each once; nothing of a file that cannot be drawn."""
    import pypdfium2

    found: list[str] = []
    try:
        with pypdfium2.PdfDocument(pdf) as document:
            document.init_forms()  # what the fields of signatures show
            count = len(document)
            front = range(min(count, MOST_PAGES))
            for page in sorted({*front, *range(max(count - MOST_PAGES, 0), count)}):
                found += _on(document[page])
    except (pypdfium2.PdfiumError, ValueError):
        pass
    return tuple(dict.fromkeys(found))[:MOST_CODES]


def _on(page: Any) -> list[str]:
    import zxingcpp

    scale = LONG_SIDE / max(*page.get_size(), 1.0)
    picture = page.render(scale=scale, grayscale=True).to_pil()
    return [
        code.text
        for code in zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode))
    ]
