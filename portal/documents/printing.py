"""From a page of HTML to PDF/A-3a: tagged, with whole bundled fonts, and without a way to the outside."""

from __future__ import annotations

import atexit
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from functools import cache
from typing import Any

import jinja2

from portal.core.text import raised
from portal.documents import words
from portal.documents.assets import ADDRESS, FOLDER, RefusedAddress, fetcher

VARIANT = "pdf/a-3a"
BLANK_DATE = "ngày …… tháng …… năm ……"


def printed(page: str, made: Mapping[str, bytes]) -> bytes:
    """The PDF. `made`: pictures of this page by name. Raises RefusedAddress when anything else is asked for."""
    return written(laid_out(page, made))


def laid_out(page: str, made: Mapping[str, bytes]) -> Any:
    """WeasyPrint's document: its pages know where everything stands."""
    import weasyprint  # slow: only who prints pays

    fonts, style = _style()
    html = weasyprint.HTML(string=page, base_url=ADDRESS, url_fetcher=fetcher(made))
    with _refusing():
        return html.render(stylesheets=[style], font_config=fonts, pdf_variant=VARIANT, pdf_tags=True)


def written(document: Any) -> bytes:
    with _refusing():
        pdf: bytes = document.write_pdf(pdf_variant=VARIANT, pdf_tags=True)
        return pdf


def drawn(page: str, made: Mapping[str, bytes]) -> bytes:
    """A drawing that becomes part of another PDF: fonts and pictures inside, and nothing of a document's own."""
    import weasyprint  # slow: only who prints pays

    fonts, style = _style()
    html = weasyprint.HTML(string=page, base_url=ADDRESS, url_fetcher=fetcher(made))
    with _refusing():
        pdf: bytes = html.write_pdf(stylesheets=[style], font_config=fonts)
        return pdf


def warm_up() -> None:
    """Import the printer and set its fonts up: a worker that forks calls this once before its first child."""
    printed('<html lang="vi"><title>Thử</title><p>Cần Thơ <b>Cần</b> <i>Thơ</i> <b><i>ấy</i></b>', {})


@contextmanager
def _refusing() -> Iterator[None]:
    from weasyprint.urls import FatalURLFetchingError

    try:
        yield
    except FatalURLFetchingError as refused:
        raise RefusedAddress("the document asked for something that is not bundled") from refused


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
def environment() -> jinja2.Environment:
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
        raised=raised,
        short_date=words.short_date,
        short_time=words.short_time,
    )
    return environment


def _long_date_or_blank(day: date | None) -> str:
    return words.long_date(day) if day else BLANK_DATE
