"""The data of a fee receipt: complete, and under a signature that an independent reader of XML agrees with."""

from __future__ import annotations

import hashlib
from base64 import b64decode
from datetime import UTC, date, datetime

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from lxml import etree

from portal.documents.receipt_data import receipt_data, whole
from portal.signing.xml_signatures import ECDSA, Key, signature_of
from tests.unit.documents.form_samples import SAMPLES

NAMES = {"ds": "http://www.w3.org/2000/09/xmldsig#"}
BYTES = 32


def test_the_data_say_what_the_receipt_says_and_the_signature_covers_them_and_its_time() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    content = {**SAMPLES["fee_receipt"], "way": "Tiền mặt & <chuyển khoản>"}
    data = receipt_data(content, symbol="AA-26E", number=23, issued_on=date(2026, 11, 5))
    signature = signature_of(data, key=Key(ECDSA, b"der", lambda said: _raw(key, said)), now=datetime.now(UTC))
    read = etree.fromstring(whole(data, signature=signature))
    told = {
        "KHMBLai": "01BLP0-001",
        "KHBLai": "AA-26E",
        "SBLai": "0000023",
        "NLap": "2026-11-05",
        "HTTToan": "Tiền mặt & <chuyển khoản>",
        "DVThu/MST": "0000000031",
        "KThu/STien": "75000",
        "TgTBChu": "Bảy mươi lăm nghìn đồng",
    }
    assert {name: read.findtext(f".//{name}") for name in told} == told
    signed = read.find(".//ds:SignedInfo", NAMES)
    for reference in signed.findall("ds:Reference", NAMES):
        element = read.xpath(f"//*[@Id='{reference.get('URI')[1:]}']")[0]
        digest = hashlib.sha256(_canonical(element)).digest()
        assert b64decode(reference.findtext("ds:DigestValue", namespaces=NAMES)) == digest
    raw = b64decode(read.findtext(".//ds:SignatureValue", namespaces=NAMES))
    halves = (int.from_bytes(raw[:BYTES]), int.from_bytes(raw[BYTES:]))
    key.public_key().verify(encode_dss_signature(*halves), _canonical(signed), ec.ECDSA(SHA256()))


def _canonical(element: etree._Element) -> bytes:
    return bytes(etree.tostring(element, method="c14n", exclusive=True))


def _raw(key: ec.EllipticCurvePrivateKey, said: bytes) -> bytes:
    """As a token gives it: both numbers, each in 32 bytes."""
    return b"".join(number.to_bytes(BYTES) for number in decode_dss_signature(key.sign(said, ec.ECDSA(SHA256()))))
