"""The signature of an agency in an XML text (XMLDSig 1.1), as data of electronic receipts carry it: it covers one
element, and the time at which it was made.

What is signed is written here in its canonical form already (exclusive canonicalisation), so that nothing has to bring
it into that form.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.core import clock
from portal.signing import token as tokens
from portal.signing.token import NO_KEY, NoKey

DATA, TIME = "data", "signed-at"
"""The marks (Id) of the element that is signed, and of the time of signing."""

_XMLDSIG = "http://www.w3.org/2000/09/xmldsig#"
_CANONICAL = "http://www.w3.org/2001/10/xml-exc-c14n#"
_SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
ECDSA = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"
RSA = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"


@dataclass(frozen=True)
class Key:
    """A key that signs bytes, and what tells others how to check it. `certificate` is DER."""

    algorithm: str
    certificate: bytes
    sign: Callable[[bytes], bytes]


def key_in_token(session: Any, label: str, *, name: str) -> Key:
    """The key of that label. `name`: whose, for the sentence of NoKey."""
    from pkcs11 import Attribute, KeyType, Mechanism, ObjectClass

    certificate = tokens.certificate(session, label, name=name)
    key = next(iter(session.get_objects({Attribute.LABEL: label, Attribute.CLASS: ObjectClass.PRIVATE_KEY})), None)
    if key is None:
        raise NoKey(NO_KEY, name=name)
    if key.key_type is KeyType.RSA:
        return Key(RSA, certificate, lambda said: bytes(key.sign(said, mechanism=Mechanism.SHA256_RSA_PKCS)))
    return Key(
        ECDSA,
        certificate,
        lambda said: bytes(key.sign(hashlib.sha256(said).digest(), mechanism=Mechanism.ECDSA)),
    )


def signature_of(element: str, *, key: Key, now: datetime) -> str:
    """The Signature element for an element that is written canonically and marked `Id="data"`."""
    time = (
        f'<Object xmlns="{_XMLDSIG}" Id="{TIME}"><SignatureProperties><SignatureProperty Target="#seal">'
        f"<SigningTime>{clock.local(now).isoformat(timespec='seconds')}</SigningTime>"
        "</SignatureProperty></SignatureProperties></Object>"
    )
    signed = (
        f'<SignedInfo xmlns="{_XMLDSIG}"><CanonicalizationMethod Algorithm="{_CANONICAL}"></CanonicalizationMethod>'
        f'<SignatureMethod Algorithm="{key.algorithm}"></SignatureMethod>'
        f"{_reference(DATA, element)}{_reference(TIME, time)}</SignedInfo>"
    )
    value = b64encode(key.sign(signed.encode())).decode("ascii")
    certificate = b64encode(key.certificate).decode("ascii")
    return (
        f'<Signature xmlns="{_XMLDSIG}" Id="seal">{signed}<SignatureValue>{value}</SignatureValue>'
        f"<KeyInfo><X509Data><X509Certificate>{certificate}</X509Certificate></X509Data></KeyInfo>{time}</Signature>"
    )


def _reference(mark: str, element: str) -> str:
    digest = b64encode(hashlib.sha256(element.encode()).digest()).decode("ascii")
    return (
        f'<Reference URI="#{mark}"><Transforms><Transform Algorithm="{_CANONICAL}"></Transform></Transforms>'
        f'<DigestMethod Algorithm="{_SHA256}"></DigestMethod><DigestValue>{digest}</DigestValue></Reference>'
    )
