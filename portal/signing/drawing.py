"""A page of one PDF as the appearance of a field in another. Loaded only where something is signed."""

from __future__ import annotations

from io import BytesIO

from pyhanko.pdf_utils.content import PdfContent
from pyhanko.pdf_utils.layout import BoxConstraints
from pyhanko.pdf_utils.reader import PdfFileReader

NAME = "/Drawn"


class DrawnPage(PdfContent):
    def __init__(self, pdf: bytes) -> None:
        self.pdf = pdf
        super().__init__()

    def render(self) -> bytes:
        """What pyHanko writes into the appearance: the page as it was drawn, with its fonts."""
        page = self._ensure_writer.import_page_as_xobject(PdfFileReader(BytesIO(self.pdf)))
        self.resources.xobject[NAME] = page
        left, bottom, right, top = page.get_object()["/BBox"]
        self.box = BoxConstraints(width=abs(right - left), height=abs(top - bottom))
        return f"{NAME} Do".encode()


def drawn_page(pdf: bytes) -> DrawnPage:
    return DrawnPage(pdf)
