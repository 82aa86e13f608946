"""Signatures of VNPAY 2.1.0: HMAC-SHA512 over the sorted parameters, written as a form encodes them."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from urllib.parse import urlencode

FIELD = "vnp_SecureHash"
_UNSIGNED = frozenset({FIELD, "vnp_SecureHashType"})


def canonical(parameters: Mapping[str, str]) -> str:
    """What is signed: without empty values and the signature itself, sorted by name, a space written as plus."""
    return urlencode([(name, value) for name, value in sorted(parameters.items()) if value and name not in _UNSIGNED])


def signature(text: str, *, secret: str) -> str:
    """128 lower-case hexadecimal digits."""
    return hmac.new(secret.encode(), text.encode(), hashlib.sha512).hexdigest()


def signed_query(parameters: Mapping[str, str], *, secret: str) -> str:
    """The query string to send, its signature last."""
    text = canonical(parameters)
    return f"{text}&{FIELD}={signature(text, secret=secret)}"


def is_genuine(parameters: Mapping[str, str], *, secret: str) -> bool:
    """Whether the parameters carry their own signature. Takes the same time for every wrong one."""
    expected = signature(canonical(parameters), secret=secret)
    return hmac.compare_digest(expected.encode(), parameters.get(FIELD, "").encode())


def joined(values: Iterable[object]) -> str:
    """What is signed in questions about a payment: the values in the order of the document, with bars between."""
    return "|".join(str(value) for value in values)
