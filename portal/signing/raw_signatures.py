"""Signatures of a PDF that no reader opens any more: found by their letters, without any of its structure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

MOST = 20
"""Signatures that are looked at: each is a pass over the whole file."""

_RANGE = re.compile(rb"/ByteRange\s*\[\s*(\d{1,10})\s+(\d{1,10})\s+(\d{1,10})\s+(\d{1,10})\s*\]")


def is_altered(pdf: bytes) -> bool:
    """Whether bytes that were signed are not those that were signed, as far as that can be told.

    A file that ends before its signatures do is only half there: that is no proof of a change.
    """
    return any(covered != told for covered, told in _digests(pdf))


def _digests(pdf: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Of each signature that is there whole: the digest of what it covers, and the one that was signed; nothing for the
    second when that cannot be read."""
    for found in list(_RANGE.finditer(pdf))[:MOST]:
        start, length, second, rest = (int(number) for number in found.groups())
        if not start + length <= second or second + rest > len(pdf):
            continue
        signed = _signed_digest(pdf[start + length : second])
        algorithm, told = signed or ("sha256", b"")
        covered = hashlib.new(algorithm, pdf[start : start + length])
        covered.update(pdf[second : second + rest])
        yield covered.digest(), told


def _signed_digest(letters: bytes) -> tuple[str, bytes] | None:
    """The algorithm and the digest among the signed attributes (RFC 5652, 11.2); None when that is unreadable too."""
    from asn1crypto.cms import ContentInfo

    try:
        signer = ContentInfo.load(bytes.fromhex(letters.strip(b"<>").decode("ascii")))["content"]["signer_infos"][0]
        algorithm = str(signer["digest_algorithm"]["algorithm"].native)
        kept = [one for one in signer["signed_attrs"] if one["type"].native == "message_digest"]
        return (algorithm, bytes(kept[0]["values"][0].native)) if algorithm in hashlib.algorithms_guaranteed else None
    except (ValueError, TypeError, KeyError, IndexError, AttributeError):
        return None
