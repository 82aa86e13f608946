"""From content to PDF/A-3a: tagged, Vietnamese, with whole bundled fonts, and without a way to the outside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from io import BytesIO
from typing import Any, ClassVar
from uuid import UUID

import segno
from markupsafe import Markup

from portal.core import references
from portal.documents import printing
from portal.documents.contents import printable, storable
from portal.documents.drawings import unsigned
from portal.documents.scanned import pictures_of
from portal.documents.signature_places import places_on
from portal.documents.words import NOT_YET, NUMBER_LABELS, printed_number
from portal.signing.fields import with_fields

ANY_MASK = 3
"""Of a QR code. A token is random, so that no mask leaves it lopsided: the penalty of ISO/IEC 18004 is 6 % above that
of the best of the eight on average. Finding the best took a twelfth of a receipt's time."""

DOTS = 8
"""Of each side of a square of a QR code: printed 25 mm wide, more than 300 an inch. Drawing it square by square took a
tenth of a receipt's time."""


@dataclass(frozen=True)
class Issuer:
    """Where the portal is, the number to call, and the key of the look-up secrets: those are stored nowhere."""

    public_url: str
    receipt_key: bytes
    help_number: str
    signs: bool = False
    """Whether results are signed electronically: they are printed with fields for it."""


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
    check: str = ""  # the secret by which the document is checked
    check_address: str = ""
    help_number: str = ""
    puts_right: str = ""  # which earlier document of the same record it stands for
    draws_scans: bool = False  # what was scanned stands in it; not where it is only quoted
    for_seal: bool = False  # all is printed, and the agency signs alone
    for_signature: bool = False  # number, day and signatures come with the electronic signatures
    not_yet: ClassVar = NOT_YET

    @property
    def is_draft(self) -> bool:
        """A document that will have a number and has none yet."""
        return self.series is not None and self.number is None

    @property
    def number_only(self) -> str:
        return NOT_YET if self.number is None else printed_number(self.number)

    def numbered(self, where: str) -> str:
        """The number with the words before it."""
        return NUMBER_LABELS[where] + self.number_only

    @property
    def long_number(self) -> str:
        """As receipts bear it: seven digits (Decree 123/2020/NĐ-CP, article 32)."""
        return NOT_YET if self.number is None else f"{self.number:07d}"


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
    document_id: UUID | None = None,
    series: str | None = None,
    number: int | None = None,
    issued_on: date | None = None,
    puts_right: str = "",
    for_signature: bool = False,
    for_seal: bool = False,
) -> bytes:
    """The PDF; `for_signature`: with fields that are signed later, where the issuer signs; `for_seal`: with the
    field of the agency alone, when all else is known. `document_id`: of a result, which says how it is checked.

    Raises what `contents.printable` raises, and RefusedAddress when anything outside is asked for.
    """
    if _issuer is None:
        raise RuntimeError("no issuer has been named: call documents.rendering.use first")
    content = printable(template, stored)
    codes, made = _look_up(_issuer, content, record_id)
    made |= pictures_of(content)
    if document_id is not None:
        codes |= _check(_issuer, document_id)
        made["check.png"] = check_drawing(document_id)
    with_places = for_signature and _issuer.signs and series is not None
    day = issued_on or (None if series and number is None else content["made_on"])
    document = Printed(
        template=template,
        title=title,
        day=day,
        series=series,
        number=number,
        help_number=_issuer.help_number,
        puts_right=puts_right,
        for_signature=with_places,
        for_seal=for_seal,
        draws_scans=True,
        **codes,
    )
    page = printing.environment().get_template(f"{template}.html").render(content=content, document=document)
    return _with_places(page, made) if with_places or for_seal else printing.printed(page, made)


def shown_part(
    template: str,
    content: Mapping[str, Any],
    *,
    series: str | None = None,
    number: int | None = None,
    issued_on: date | None = None,
) -> Markup:
    """What the document says, for a web page: the same words, without their sheet, before it is made or beside it.

    Its title is a heading of the second level, because the page has one of the first.
    """
    if _issuer is None:
        raise RuntimeError("no issuer has been named: call documents.rendering.use first")
    known = printable(template, storable(template, content))
    document = Printed(
        template=template,
        title="",
        for_seal=number is not None,  # nothing says where somebody will sign
        day=issued_on or known["made_on"],
        series=series,
        number=number,
        help_number=_issuer.help_number,
    )
    loaded = printing.environment().get_template(f"{template}.html")
    parts = printing.environment().get_template("parts.html").module
    context = loaded.new_context({"content": known, "document": document, "parts": parts})
    said = "".join(loaded.blocks["content"](context))
    return Markup(said.replace("<h1>", "<h2>").replace("</h1>", "</h2>"))  # noqa: S704 - the template escapes


def print_page(template: str, values: Mapping[str, Any], *, leads_to: str = "") -> bytes:
    """The PDF of a page that belongs to no record and carries no number.

    `leads_to`: where on the portal its QR code leads, "/thu-tuc/1.009994".
    """
    if _issuer is None and leads_to:
        raise RuntimeError("no issuer has been named: call documents.rendering.use first")
    made = {"qr.png": _qr_drawing(f"{_issuer.public_url}{leads_to}")} if _issuer and leads_to else {}
    return printing.printed(printing.environment().get_template(template).render(values), made)


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


def check_drawing(document_id: UUID, *, summary: str = "") -> bytes:
    """The QR code by which a result is checked, as PNG. What follows the # never leaves the reader's own machine: the
    signed summary, to be checked without the network."""
    if _issuer is None:
        raise RuntimeError("no issuer has been named: call documents.rendering.use first")
    return _qr_drawing(check_address(_issuer, document_id, summary=summary), error="l")


def check_address(issuer: Issuer, document_id: UUID, *, summary: str = "") -> str:
    token = references.check_token(document_id, key=issuer.receipt_key)
    return f"{issuer.public_url}/xac-thuc/qr/{token}{f'#{summary}' if summary else ''}"


def _check(issuer: Issuer, document_id: UUID) -> dict[str, str]:
    address = f"{issuer.public_url}/xac-thuc".removeprefix("https://").removeprefix("http://")
    return {"check": references.check_secret(document_id, key=issuer.receipt_key), "check_address": address}


def _qr_drawing(address: str, *, error: str = "m") -> bytes:
    """As PNG. Pillow, which reads it again for the PDF, writes it in a hundredth of the time that segno takes."""
    from PIL import Image

    squares = segno.make(address, error=error, mask=ANY_MASK).matrix
    side = len(squares)
    dots = Image.frombytes("L", (side, side), bytes(0 if dark else 255 for row in squares for dark in row))
    drawing = BytesIO()
    dots.resize((side * DOTS, side * DOTS), Image.Resampling.NEAREST).save(drawing, "PNG", compress_level=1)
    return drawing.getvalue()


def _with_places(page: str, made: Mapping[str, bytes]) -> bytes:
    """The PDF with a field for each signature, where the page has left its place free."""
    document = printing.laid_out(page, made)
    places = [replace(place, drawing=unsigned(place)) for place in places_on(document.pages)]
    return with_fields(printing.written(document), places)
