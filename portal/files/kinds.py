"""What a file is, found from its content and structure, never from its name."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import puremagic

from portal.core.errors import InvalidInput, Unavailable
from portal.core.text import marked
from portal.files.names import extension

SECONDS = 10
_INSPECTION = Path(__file__).with_name("inspection.py")

FORMATS = {"pdf": "application/pdf", "jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png"}
_BEGINNINGS = ((b"%PDF-", "application/pdf"), (b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"))

REFUSALS = {
    "encrypted": marked("Tệp PDF có mật khẩu. Mở tệp, bỏ mật khẩu, lưu lại rồi tải lên."),
    "too_many_pages": marked("Tệp PDF có hơn 400 trang. Tách thành nhiều tệp."),
    "active": marked("Tệp PDF có chương trình hoặc tệp khác bên trong. In tệp ra PDF mới rồi tải lên."),
    "broken": marked("Không đọc được tệp này. Mở thử trên máy, lưu hoặc chụp lại rồi tải lên."),
    "too_many_pixels": marked("Ảnh lớn hơn 50 triệu điểm ảnh. Chụp hoặc quét lại với độ phân giải thấp hơn."),
    "too_heavy": marked("Tệp quá phức tạp, không kiểm tra được. In tệp ra PDF mới rồi tải lên."),
}
_MISNAMED_PAGE = marked("Tệp tên .%(extension)s nhưng là trang web. Mở tệp gốc, lưu thành PDF.")
_OTHER_KINDS = (
    ({"html", "htm", "xhtml", "mhtml", "svg"}, marked("Tệp này là trang web. Mở tệp gốc, lưu thành PDF.")),
    ({"doc", "docx", "odt", "rtf"}, marked("Tệp này là văn bản Word. Mở tệp, lưu thành PDF rồi tải lên.")),
    ({"xls", "xlsx", "ods"}, marked("Tệp này là bảng tính. Mở tệp, lưu thành PDF rồi tải lên.")),
    ({"zip", "rar", "7z", "gz", "tar"}, marked("Tệp này là tệp nén. Giải nén rồi tải lên từng tệp.")),
    ({"dwg", "dxf"}, marked("Tệp này là bản vẽ CAD. In bản vẽ ra PDF rồi tải lên.")),
)
_PICTURES = {"heic", "heif", "webp", "gif", "bmp", "tif", "tiff"}
_OTHER_PICTURE = marked("Kiểu ảnh này chưa dùng được. Lưu thành %(kinds)s rồi tải lên.")
_UNKNOWN = marked("Không nhận ra kiểu tệp này. Lưu tệp thành %(kinds)s rồi tải lên.")
_NOT_ASKED = marked("Mục này chỉ nhận %(kinds)s. Lưu tệp thành %(kinds)s rồi tải lên.")


@dataclass(frozen=True)
class Examined:
    media_type: str
    pages: int


def examine(path: Path, *, file_name: str, formats: tuple[str, ...]) -> Examined:
    """The kind of the file and its number of pages. `formats` are extensions: pdf, jpg, png.

    Raises InvalidInput when it is none of them, is broken, locked, or does something when it is opened, and
    Unavailable when the check itself could not run.
    """
    with path.open("rb") as opened:
        beginning = opened.read(4096)
    media_type = next((kind for start, kind in _BEGINNINGS if beginning.startswith(start)), None)
    if media_type is None:
        raise _not_a_paper(beginning, file_name, formats)
    if media_type not in {FORMATS[form] for form in formats}:
        raise InvalidInput(_NOT_ASKED, kinds=_named(formats))
    verdict = _inspected(path, media_type)
    if "refused" in verdict:
        reason = verdict["refused"]
        raise InvalidInput(REFUSALS[reason], reason=reason)
    return Examined(media_type, int(verdict["pages"]))


def draw_page(path: Path, *, media_type: str, page: int) -> bytes:
    """The page as PNG. Raises Unavailable when it cannot be drawn."""
    try:
        return _run("preview", str(path), media_type, str(page))
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as failed:
        raise Unavailable(marked("Chưa xem trước được tệp này. Tải tệp về để xem.")) from failed


def draw_scan(path: Path, *, page: int) -> bytes:
    """The page of a PDF as JPEG, as sharp as a scan. Raises Unavailable when it cannot be drawn."""
    try:
        return _run("scan", str(path), str(page))
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as failed:
        raise Unavailable(marked("Chưa đọc được bản chụp này. Chụp lại rồi tải lên.")) from failed


def _inspected(path: Path, media_type: str) -> dict[str, Any]:
    try:
        verdict: dict[str, Any] = json.loads(_run("inspect", str(path), media_type))
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
        return {"refused": "too_heavy"}
    return verdict


def _run(*arguments: str) -> bytes:
    # Isolated (-I): neither this folder nor the environment decides what the script imports.
    command = [sys.executable, "-I", str(_INSPECTION), *arguments]
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS, check=True).stdout


def _not_a_paper(beginning: bytes, file_name: str, formats: tuple[str, ...]) -> InvalidInput:
    """What helps with this kind of file, and ends in a kind that is taken here."""
    found, named = _guessed_extension(beginning), extension(file_name)

    def is_one_of(extensions: set[str]) -> bool:
        return found in extensions or (found in {"", "zip"} and named in extensions)

    if is_one_of(_PICTURES):
        pictures = tuple(form for form in formats if form != "pdf")
        return InvalidInput(_OTHER_PICTURE, kinds=_named(pictures or formats))
    sentence = next((sentence for extensions, sentence in _OTHER_KINDS if is_one_of(extensions)), None)
    if sentence is None:
        return InvalidInput(_UNKNOWN, kinds=_named(formats))
    if "pdf" not in formats:
        return InvalidInput(_NOT_ASKED, kinds=_named(formats))
    if found in _OTHER_KINDS[0][0] and named in FORMATS:
        return InvalidInput(_MISNAMED_PAGE, extension=named)
    return InvalidInput(sentence)


def _named(formats: tuple[str, ...]) -> str:
    return ", ".join(form.upper() for form in formats)


def _guessed_extension(beginning: bytes) -> str:
    text = beginning.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith((b"<!doctype html", b"<html", b"<head", b"<body", b"<script", b"<svg", b"<?xml")):
        return "html"
    if beginning[4:8] == b"ftyp" and beginning[8:12] in {b"heic", b"heix", b"mif1", b"hevc"}:
        return "heic"
    if beginning.startswith(b"PK"):
        return "zip"  # also Word and Excel: there the name decides which sentence helps
    try:
        return puremagic.from_string(beginning).lstrip(".").lower()
    except puremagic.PureError:
        return ""
