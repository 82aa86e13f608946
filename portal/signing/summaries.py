"""What the QR code of a document says of it, signed, so that anybody can check it without the network.

A JSON list and its signature, both base64url without padding (RFC 4648), with a point between. ES256 as in RFC 7518,
3.4: ECDSA on P-256 over the SHA-256 of the text as it stands before the point. docs/offline-check.md names every place
of the list; programs/check_summary.py reads it.
"""

from __future__ import annotations

import hashlib
import json
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from datetime import date
from typing import Any

LABEL = "portal"
"""Of the key in the token: the portal's own, of no person and no agency."""

VERSION = 1
DIGEST_BYTES = 16
KEY_ID_CHARACTERS = 8


@dataclass(frozen=True)
class Summary:
    """`begins_with` is the file as it was before the field that shows the code was signed: every later revision begins
    with these bytes, so that the code of another document is found out."""

    number: str
    day: date
    agency: str
    title: str
    holder: str
    valid_until: date | None
    begins_with: bytes = field(repr=False)


def written(summary: Summary, *, key_id: str) -> str:
    """The text that is signed."""
    digest = hashlib.sha256(summary.begins_with).digest()[:DIGEST_BYTES]
    told = [
        VERSION,
        key_id,
        summary.number,
        summary.day.isoformat(),
        summary.agency,
        summary.title,
        summary.holder,
        summary.valid_until.isoformat() if summary.valid_until else "",
        len(summary.begins_with),
        _letters(digest),
    ]
    return _letters(json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode())


def signed_summary(session: Any, summary: Summary) -> str:
    """With the portal's key, which stays in the token; empty when it has none."""
    from pkcs11 import Attribute, Mechanism, ObjectClass

    wanted = {Attribute.LABEL: LABEL, Attribute.CLASS: ObjectClass.PRIVATE_KEY}
    key = next(iter(session.get_objects(wanted)), None)
    public = next(iter(session.get_objects({**wanted, Attribute.CLASS: ObjectClass.PUBLIC_KEY})), None)
    if key is None or public is None:
        return ""
    text = written(summary, key_id=key_id_of(_public_info(public)))
    signature: bytes = key.sign(hashlib.sha256(text.encode("ascii")).digest(), mechanism=Mechanism.ECDSA)
    return f"{text}.{_letters(signature)}"


def key_id_of(public_info: bytes) -> str:
    """Of a public key as SubjectPublicKeyInfo (DER): the beginning of its SHA-256."""
    return hashlib.sha256(public_info).hexdigest()[:KEY_ID_CHARACTERS]


def _public_info(public: Any) -> bytes:
    from asn1crypto.keys import PublicKeyInfo
    from pkcs11.util.ec import encode_ec_public_key

    return bytes(PublicKeyInfo.load(encode_ec_public_key(public)).dump())


def _letters(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode("ascii")
