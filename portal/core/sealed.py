"""A JSON text with its HMAC-SHA256 beside it: what is read is exactly what was signed, byte for byte."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from typing import Any


def sealed(message: Mapping[str, Any], *, secret: str) -> dict[str, str]:
    """`{"message": text, "signature": 64 hexadecimal digits}`."""
    text = json.dumps(message, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return {"message": text, "signature": _signature(text, secret)}


def opened(envelope: Mapping[str, Any], *, secret: str) -> dict[str, Any] | None:
    """The message, or None when it is not signed, has more beside it, is no object or names something twice."""
    if set(envelope) != {"message", "signature"}:
        return None
    text, proof = envelope["message"], envelope["signature"]
    if not isinstance(text, str) or not isinstance(proof, str):
        return None
    if not hmac.compare_digest(_signature(text, secret).encode(), proof.encode()):
        return None
    return _object(text)


def unsealed(body: bytes, *, secret: str) -> dict[str, Any] | None:
    """As `opened`, from the bytes of a request."""
    try:
        envelope = _object(body.decode())
    except UnicodeDecodeError:
        return None
    return None if envelope is None else opened(envelope, secret=secret)


def _signature(text: str, secret: str) -> str:
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def _object(text: str) -> dict[str, Any] | None:
    try:
        found = json.loads(text, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands twice")
    return found
