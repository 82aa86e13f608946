"""What a QR code says without the network: checked by the program that anybody may take from the documents."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from portal.documents import rendering
from portal.paths import PROGRAMS
from tests.harness.signing import TrustedCity
from tests.unit.signing.conftest import DOCUMENT, Issued, revised

PROGRAM = PROGRAMS / "check_summary.py"
HOLDS = "Chữ ký của Cổng đúng."
ANOTHERS = "Mã QR này của giấy khác."
CHANGED = "Bản tóm tắt đã bị sửa"


@pytest.fixture
def address(issued: Issued) -> str:
    issuer = rendering.Issuer("https://dichvucong.vidu.vn", b"k" * 32, "0292 1022")
    return rendering.check_address(issuer, DOCUMENT, summary=issued.summary)


def said(folder: Path, address: str, *more: bytes, keys: bytes) -> tuple[int, str]:
    """What the program says, started without this project."""
    (folder / "keys.pem").write_bytes(keys)
    words = [sys.executable, "-I", str(PROGRAM), str(folder / "keys.pem"), address]
    for pdf in more:
        (folder / "asked.pdf").write_bytes(pdf)
        words.append(str(folder / "asked.pdf"))
    run = subprocess.run(words, capture_output=True, check=False, text=True, cwd=folder, env={"PYTHONUTF8": "1"})
    return run.returncode, run.stdout + run.stderr


def keys_of(trusted: TrustedCity) -> bytes:
    return (trusted.folder / "summary-keys.pem").read_bytes()


def test_a_code_and_its_document_hold(address: str, issued: Issued, trusted: TrustedCity, tmp_path: Path) -> None:
    code, words = said(tmp_path, address, issued.sealed, keys=keys_of(trusted))
    assert (code, HOLDS in words) == (0, True), words
    assert all(told in words for told in ("45/GPXD", "2026-02-05", "UBND quận Ninh Kiều", "Trần Mẫu An"))


def test_the_code_of_another_document_is_found_out(
    address: str, issued: Issued, trusted: TrustedCity, tmp_path: Path
) -> None:
    for other in (issued.signed, issued.sealed.replace(b"obj", b"obk", 1), b"%PDF-1.7"):
        code, words = said(tmp_path, address, other, keys=keys_of(trusted))
        assert (code, ANOTHERS in words) == (1, True), words


def test_no_letter_of_a_code_may_change(address: str, trusted: TrustedCity, tmp_path: Path) -> None:
    text, signature = address.rpartition("#")[2].split(".")
    other = "A" if text[60] != "A" else "B"
    for forged in (f"{text[:60]}{other}{text[61:]}.{signature}", f"{text}.{signature[::-1]}"):
        code, words = said(tmp_path, forged, keys=keys_of(trusted))
        assert code == 1, words
        assert HOLDS not in words


def test_a_key_of_ones_own_signs_for_nobody(address: str, tmp_path: Path) -> None:
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    own = generate_private_key(SECP256R1()).public_key()
    code, words = said(tmp_path, address, keys=own.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    assert (code, "Không phải khóa của Cổng." in words) == (1, True)


def test_a_code_without_a_summary_says_so(tmp_path: Path, trusted: TrustedCity) -> None:
    code, words = said(tmp_path, "https://dichvucong.vidu.vn/xac-thuc/qr/abc", keys=keys_of(trusted))
    assert (code, "không có phần tóm tắt" in words) == (1, True)


def test_a_later_revision_still_has_its_code_and_only_its_signatures_tell(
    address: str, issued: Issued, trusted: TrustedCity, tmp_path: Path
) -> None:
    assert said(tmp_path, address, revised(issued.sealed), keys=keys_of(trusted))[0] == 0


def test_the_code_is_small_enough_to_be_read_from_paper(address: str) -> None:
    import segno

    code = segno.make(address, error="l", mask=rendering.ANY_MASK)
    assert int(code.version) <= 15, "77 squares on 30 mm"
