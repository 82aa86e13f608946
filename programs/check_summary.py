"""Check what the QR code of a result says, without the network.

    python check_summary.py KEYS.pem "https://…/xac-thuc/qr/…#…" [FILE.pdf]

KEYS.pem are the portal's public keys, fetched once from /xac-thuc/khoa; the address is what a reader of QR codes shows.
With a PDF it is also said whether the code belongs to it. Needs Python 3.10 and the package `cryptography`.
Ends with 0 when everything holds, with 1 when something does not, with 2 when it was called wrongly.
"""

from __future__ import annotations

import hashlib
import json
import sys
from base64 import urlsafe_b64decode
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

PLACES = ("version", "key", "number", "day", "agency", "title", "holder", "valid_until", "length", "digest")
SHOWN = {
    "number": "Số / Number",
    "day": "Ngày / Day",
    "agency": "Cơ quan / Agency",
    "title": "Văn bản / Document",
    "holder": "Cấp cho / Issued to",
    "valid_until": "Có hiệu lực đến / Valid until",
}
END = b"-----END PUBLIC KEY-----"


class Refused(Exception):
    """Why the code is not to be believed."""


def checked(code: str, keys: bytes) -> dict[str, object]:
    """What the code says, once its signature holds."""
    text, point, signature = code.rpartition("#")[2].strip().partition(".")
    try:
        told = dict(zip(PLACES, json.loads(_bytes(text)), strict=True))
        drawn = _bytes(signature)
    except (ValueError, TypeError) as unreadable:
        raise Refused("Mã này không có phần tóm tắt đã ký. / This code holds no signed summary.") from unreadable
    if not point or told["version"] != 1 or len(drawn) != 64:
        raise Refused("Bản tóm tắt thuộc loại khác. / The summary is of another kind.")
    key = _keys(keys).get(str(told["key"]))
    if key is None:
        raise Refused("Không phải khóa của Cổng. / Not a key of the portal.")
    pair = encode_dss_signature(int.from_bytes(drawn[:32], "big"), int.from_bytes(drawn[32:], "big"))
    try:
        key.verify(pair, text.encode(), ECDSA(SHA256()))
    except InvalidSignature as wrong:
        raise Refused("Bản tóm tắt đã bị sửa, hoặc không phải của Cổng. / The summary was changed.") from wrong
    return told


def belongs(told: dict[str, object], pdf: bytes) -> bool:
    """Whether the file begins as the document did before its agency sealed it.

    Whether it was changed after that is told by its signatures: any PDF reader shows them.
    """
    length = int(str(told["length"]))
    return hashlib.sha256(pdf[:length]).digest()[:16] == _bytes(str(told["digest"])) and len(pdf) > length


def _keys(pem: bytes) -> dict[str, EllipticCurvePublicKey]:
    found = {}
    for part in pem.split(END)[:-1]:
        key = load_pem_public_key(part.strip() + b"\n" + END + b"\n")
        if isinstance(key, EllipticCurvePublicKey):
            info = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
            found[hashlib.sha256(info).hexdigest()[:8]] = key
    return found


def _bytes(letters: str) -> bytes:
    return urlsafe_b64decode(letters + "=" * (-len(letters) % 4))


def main(arguments: list[str]) -> int:
    if len(arguments) not in (2, 3):
        print(__doc__)
        return 2
    try:
        told = checked(arguments[1], Path(arguments[0]).read_bytes())
    except Refused as refused:
        print(refused)
        return 1
    for place, label in SHOWN.items():
        if told[place]:
            print(f"{label}: {told[place]}")
    if len(arguments) == 3 and not belongs(told, Path(arguments[2]).read_bytes()):
        print("Mã QR này của giấy khác. / This QR code belongs to another document.")
        return 1
    print("Chữ ký của Cổng đúng. / The portal's signature holds.")
    print("Thu hồi, thay thế: chỉ biết khi có mạng. / Revocation or replacement: known online only.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
