"""The data of a fee receipt as XML: what article 32 of Decree 123/2020/NĐ-CP names, in elements whose names follow the
tax authority's rule (first letter of each word, the last word whole; docs/payments.md says what is assumed).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from xml.etree.ElementTree import Element, SubElement, canonicalize, tostring

from portal.documents.words import amount_in_words

VERSION = "1.0"
MEDIA_TYPE = "application/xml"


def receipt_data(content: Mapping[str, Any], *, symbol: str, number: int, issued_on: date) -> str:
    """The element that the agency signs, in its canonical form. `content` as of form_types.FeeReceipt."""
    data = Element("DLBLai", Id="data")
    about = SubElement(data, "TTChung")
    _told(about, "PBan", VERSION)
    _told(about, "TLBLai", content["kind_name"])
    _told(about, "KHMBLai", content["template_symbol"])
    _told(about, "KHBLai", symbol)
    _told(about, "SBLai", f"{number:07d}")
    _told(about, "NLap", issued_on.isoformat())
    _told(about, "DVTTe", "VND")
    _told(about, "HTTToan", content["way"])
    _told(about, "SGDich", content["transaction"])
    said = SubElement(data, "NDBLai")
    collector, payer = SubElement(said, "DVThu"), SubElement(said, "NNop")
    _told(collector, "Ten", content["collector"]["name"])
    _told(collector, "MST", content["collector"]["tax_code"])
    _told(collector, "DChi", content["collector"]["address"])
    _told(collector, "NThu", content["taken_at"])
    _told(collector, "NTTien", content["taken_by"])
    _told(payer, "Ten", content["applicant"]["name"])
    _told(payer, "DChi", content["applicant"]["address"])
    _told(payer, "MHSo", content["record_code"])
    listed = SubElement(said, "DSKThu")
    for place, line in enumerate(content["lines"], start=1):
        fee = SubElement(listed, "KThu")
        _told(fee, "STT", str(place))
        _told(fee, "LKThu", line["kind"])
        _told(fee, "TKThu", line["name"])
        _told(fee, "STien", str(line["amount"]))
    total, sums = sum(line["amount"] for line in content["lines"]), SubElement(said, "TToan")
    _told(sums, "TgTien", str(total))
    _told(sums, "TgTBChu", amount_in_words(total))
    return canonicalize(tostring(data, encoding="unicode"))


def whole(data: str, *, signature: str) -> bytes:
    """The file: the data, and the agency's signature where there is one."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<BLai>{data}<DSCKS><DVThu>{signature}</DVThu></DSCKS></BLai>'.encode()
    )


def _told(parent: Element, name: str, value: str) -> None:
    """What is not known is not there."""
    if value:
        SubElement(parent, name).text = value
