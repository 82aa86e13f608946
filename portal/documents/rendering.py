"""From content to PDF/A-3a: tagged, Vietnamese, with whole bundled fonts, and without a way to the outside."""

from __future__ import annotations

import atexit
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from io import BytesIO
from typing import Any
from uuid import UUID

import jinja2
import segno
from markupsafe import Markup

from portal.core import references
from portal.documents import words
from portal.documents.assets import ADDRESS, FOLDER, RefusedAddress, fetcher
from portal.documents.contents import printable, storable

VARIANT = "pdf/a-3a"
ANY_MASK = 3
"""Of a QR code. A token is random, so that no mask leaves it lopsided: the penalty of ISO/IEC 18004 is 6 % above that
of the best of the eight on average. Finding the best took a twelfth of a receipt's time."""

DOTS = 8
"""Of each side of a square of a QR code: printed 25 mm wide, more than 300 an inch. Drawing it square by square took a
tenth of a receipt's time."""

BLANK_DATE = "ngày …… tháng …… năm ……"
BLANK_NUMBER = "……"


@dataclass(frozen=True)
class Issuer:
    """Where the portal is, the number to call, and the key of the look-up secrets: those are stored nowhere."""

    public_url: str
    receipt_key: bytes
    help_number: str


@dataclass(frozen=True)
class Printed:
    """What is printed besides the content."""

    template: str
    title: str
    day: date | None
    series: str | None = None
    number: int | None = None
    secret: str = ""
    look_up_address: str = ""
    help_number: str = ""
    puts_right: str = ""  # which earlier document of the same record it stands for

    @property
    def is_draft(self) -> bool:
        """A document that will have a number and has none yet."""
        return self.series is not None and self.number is None

    @property
    def number_only(self) -> str:
        return BLANK_NUMBER if self.number is None else str(self.number)

    @property
    def number_line(self) -> str:
        return f"{self.number_only}/{self.series}"


_issuer: Issuer | None = None


def use(issuer: Issuer) -> None:
    """Name the issuer of this process."""
    global _issuer
    _issuer = issuer


def render(
    template: str,
    stored: Mapping[str, Any],
    *,
    title: str,
    record_id: UUID | None = None,
    series: str | None = None,
    number: int | None = None,
    issued_on: date | None = None,
    puts_right: str = "",
) -> bytes:
    """The PDF. Raises what `contents.printable` raises, and RefusedAddress when anything outside is asked for."""
    if _issuer is None:
        raise RuntimeError("no issuer has been named: call documents.rendering.use first")
    content = printable(template, stored)
    codes, made = _look_up(_issuer, content, record_id)
    day = issued_on or (None if series and number is None else content["made_on"])
    document = Printed(
        template=template,
        title=title,
        day=day,
        series=series,
        number=number,
        help_number=_issuer.help_number,
        puts_right=puts_right,
        **codes,
    )
    page = _environment().get_template(f"{template}.html").render(content=content, document=document)
    return _print(page, made)


def shown_part(template: str, content: Mapping[str, Any]) -> Markup:
    """What the document says, for a web page that shows it before it is made: the same words, without their sheet.

    Its title is a heading of the second level, because the page has one of the first.
    """
    if _issuer is None:
        raise RuntimeError("no issuer has been named: call documents.rendering.use first")
    known = printable(template, storable(template, content))
    document = Printed(template=template, title="", day=known["made_on"], help_number=_issuer.help_number)
    loaded = _environment().get_template(f"{template}.html")
    parts = _environment().get_template("parts.html").module
    context = loaded.new_context({"content": known, "document": document, "parts": parts})
    said = "".join(loaded.blocks["content"](context))
    return Markup(said.replace("<h1>", "<h2>").replace("</h1>", "</h2>"))  # noqa: S704 - the template escapes


def print_page(template: str, values: Mapping[str, Any]) -> bytes:
    """The PDF of a page that belongs to no record and carries no number."""
    return _print(_environment().get_template(template).render(values), {})


def warm_up() -> None:
    """Import the printer and set its fonts up: a worker that forks calls this once before its first child."""
    _print('<html lang="vi"><title>Thử</title><p>Cần Thơ <b>Cần</b> <i>Thơ</i> <b><i>ấy</i></b>', {})


def _look_up(
    issuer: Issuer, content: Mapping[str, Any], record_id: UUID | None
) -> tuple[dict[str, str], dict[str, bytes]]:
    """The look-up secret and the QR code, for the documents that carry them."""
    version = content.get("secret_version")
    if version is None or record_id is None:
        return {}, {}
    token = references.lookup_token(record_id, key=issuer.receipt_key, version=version)
    drawing = _qr_drawing(f"{issuer.public_url}/tra-cuu/qr/{token}")
    secret = references.receipt_secret(record_id, key=issuer.receipt_key, version=version)
    address = f"{issuer.public_url}/tra-cuu".removeprefix("https://").removeprefix("http://")
    return {"secret": secret, "look_up_address": address}, {"qr.png": drawing}


def _qr_drawing(address: str) -> bytes:
    """As PNG. Pillow, which reads it again for the PDF, writes it in a hundredth of the time that segno takes."""
    from PIL import Image

    squares = segno.make(address, error="m", mask=ANY_MASK).matrix
    side = len(squares)
    dots = Image.frombytes("L", (side, side), bytes(0 if dark else 255 for row in squares for dark in row))
    drawing = BytesIO()
    dots.resize((side * DOTS, side * DOTS), Image.Resampling.NEAREST).save(drawing, "PNG", compress_level=1)
    return drawing.getvalue()


def _print(page: str, made: Mapping[str, bytes]) -> bytes:
    import weasyprint  # slow: only who prints pays
    from weasyprint.urls import FatalURLFetchingError

    fonts, style = _style()
    html = weasyprint.HTML(string=page, base_url=ADDRESS, url_fetcher=fetcher(made))
    try:
        pdf: bytes = html.write_pdf(stylesheets=[style], font_config=fonts, pdf_variant=VARIANT, pdf_tags=True)
    except FatalURLFetchingError as refused:
        raise RefusedAddress("the document asked for something that is not bundled") from refused
    return pdf


@cache
def _style() -> tuple[Any, Any]:
    """Fonts and style sheet, parsed once in a process: a third of a receipt's time."""
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration

    atexit.register(_style.cache_clear)  # while the module that frees the fonts is still there
    fonts = FontConfiguration()
    style = CSS(
        string=(FOLDER / "page.css").read_text("utf-8"), base_url=ADDRESS, url_fetcher=fetcher(), font_config=fonts
    )
    return fonts, style


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        amount_in_words=words.amount_in_words,
        decimal=words.decimal,
        head_lines=words.head_lines,
        long_date=words.long_date,
        long_date_or_blank=_long_date_or_blank,
        long_time=words.long_time,
        money=words.money,
        short_date=words.short_date,
        short_time=words.short_time,
    )
    return environment


def _long_date_or_blank(day: date | None) -> str:
    return words.long_date(day) if day else BLANK_DATE
