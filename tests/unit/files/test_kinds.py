"""Files of strangers, examined in a process of their own."""

from __future__ import annotations

import time
import zlib
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from portal.core.errors import InvalidInput
from portal.files.kinds import draw_page, examine

FORMATS = ("pdf", "jpg", "png")


@pytest.fixture
def upload(tmp_path: Path) -> Path:
    return tmp_path / "upload"


def pdf(*, pages: int = 1) -> pikepdf.Pdf:
    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page(page_size=(595, 842))
    return document


def refusal(upload: Path, *, file_name: str = "a.pdf", formats: tuple[str, ...] = FORMATS) -> str:
    with pytest.raises(InvalidInput) as refused:
        examine(upload, file_name=file_name, formats=formats)
    return refused.value.sentence % refused.value.details


def test_a_pdf_is_known_with_its_pages_whatever_its_name(upload: Path) -> None:
    pdf(pages=3).save(upload)
    examined = examine(upload, file_name="a.exe", formats=FORMATS)
    assert (examined.media_type, examined.pages) == ("application/pdf", 3)


@pytest.mark.parametrize(("form", "media_type"), [("JPEG", "image/jpeg"), ("PNG", "image/png")])
def test_a_picture_is_one_page(upload: Path, form: str, media_type: str) -> None:
    Image.new("RGB", (300, 200), "white").save(upload, form)
    examined = examine(upload, file_name="a", formats=FORMATS)
    assert (examined.media_type, examined.pages) == (media_type, 1)


def test_a_web_page_named_pdf_is_refused_with_what_to_do(upload: Path) -> None:
    upload.write_text("\n <!DOCTYPE html><html><script>alert(1)</script></html>")
    assert refusal(upload) == "Tệp tên .pdf nhưng là trang web. Mở tệp gốc, lưu thành PDF."


@pytest.mark.parametrize(
    ("content", "file_name", "beginning"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "a.svg", "Tệp này là trang web."),
        (b"PK\x03\x04" + bytes(60), "don.docx", "Tệp này là văn bản Word."),
        (b"PK\x03\x04" + bytes(60), "ho_so.zip", "Tệp này là tệp nén."),
        (b"GIF89a<script>alert(1)</script>", "a.gif", "Kiểu ảnh này chưa dùng được."),
        (b"\x00\x00\x00\x18ftypheic" + bytes(40), "IMG_1.HEIC", "Kiểu ảnh này chưa dùng được."),
        (b"\x00\x00\x00\x1cftypmif1" + bytes(40), "IMG_1.jpg", "Kiểu ảnh này chưa dùng được."),
        (b"AC1032" + bytes(60), "nha.dwg", "Tệp này là bản vẽ CAD."),
        (bytes(100), "a.pdf", "Không nhận ra kiểu tệp này."),
    ],
)
def test_another_kind_is_refused_by_its_everyday_name(
    upload: Path, content: bytes, file_name: str, beginning: str
) -> None:
    upload.write_bytes(content)
    assert refusal(upload, file_name=file_name).startswith(beginning)


def test_a_picture_is_refused_where_only_pdf_is_asked(upload: Path) -> None:
    Image.new("RGB", (30, 20)).save(upload, "PNG")
    assert refusal(upload, formats=("pdf",)).startswith("Mục này chỉ nhận PDF.")


@pytest.mark.parametrize(
    ("content", "file_name", "formats"),
    [
        *((b"ghi ch\xc3\xba", "ghi-chu.txt", formats) for formats in (("pdf",), ("jpg", "png"), ("jpg",), FORMATS)),
        (b"GIF89a", "a.gif", ("pdf",)),
        (b"GIF89a", "a.gif", ("jpg",)),
        (b"AC1032" + bytes(60), "nha.dwg", ("jpg", "png")),
        (b"PK\x03\x04" + bytes(60), "don.docx", ("jpg", "png")),
        (b"<html>", "a.pdf", ("jpg", "png")),
        (b"%PDF-1.7", "a.pdf", ("jpg", "png")),
        (b"\x89PNG\r\n\x1a\n", "a.png", ("jpg",)),
    ],
)
def test_nothing_is_suggested_that_is_not_taken(
    upload: Path, content: bytes, file_name: str, formats: tuple[str, ...]
) -> None:
    upload.write_bytes(content)
    _what_it_is, suggested = refusal(upload, file_name=file_name, formats=formats).split(". ", 1)
    assert {kind for kind in ("PDF", "JPG", "PNG") if kind in suggested} == {kind.upper() for kind in formats}


def test_a_locked_pdf_is_refused(upload: Path) -> None:
    pdf().save(upload, encryption=pikepdf.Encryption(owner="o", user="u"))
    assert refusal(upload).startswith("Tệp PDF có mật khẩu.")


def test_a_broken_pdf_is_refused(upload: Path) -> None:
    upload.write_bytes(b"%PDF-1.7\n" + b"x" * 5000)
    assert refusal(upload).startswith("Không đọc được tệp này.")


def test_half_of_a_pdf_is_refused_though_readers_mend_it_by_leaving_pages_out(upload: Path) -> None:
    pdf(pages=3).save(upload)
    whole = upload.read_bytes()
    upload.write_bytes(whole[: len(whole) // 2])
    assert refusal(upload).startswith("Không đọc được tệp này.")


def test_a_truncated_picture_is_refused(upload: Path) -> None:
    whole = BytesIO()
    Image.effect_noise((400, 400), 90).save(whole, "PNG")
    upload.write_bytes(whole.getvalue()[:-3000])
    assert refusal(upload).startswith("Không đọc được tệp này.")


def with_script_when_opened(document: pikepdf.Pdf) -> None:
    document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


def with_launch_behind_a_link(document: pikepdf.Pdf) -> None:
    link = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot,
        Subtype=pikepdf.Name.Link,
        Rect=[0, 0, 10, 10],
        A=pikepdf.Dictionary(S=pikepdf.Name.Launch, F="cmd.exe"),
    )
    document.pages[0].Annots = document.make_indirect(pikepdf.Array([link]))


def with_another_file_inside(document: pikepdf.Pdf) -> None:
    document.attachments["a.exe"] = b"MZ"


def with_script_in_a_name_tree(document: pikepdf.Pdf) -> None:
    script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="1")
    document.Root.Names = pikepdf.Dictionary(JavaScript=pikepdf.Dictionary(Names=pikepdf.Array(["a", script])))


@pytest.mark.parametrize(
    "armed",
    [with_script_when_opened, with_launch_behind_a_link, with_another_file_inside, with_script_in_a_name_tree],
)
def test_a_pdf_that_does_something_is_refused(upload: Path, armed: object) -> None:
    document = pdf()
    armed(document)  # type: ignore[operator]
    document.save(upload, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    assert refusal(upload).startswith("Tệp PDF có chương trình hoặc tệp khác bên trong.")


def test_a_pdf_that_only_opens_at_a_page_is_welcome(upload: Path) -> None:
    document = pdf()
    document.Root.OpenAction = pikepdf.Array([document.pages[0].obj, pikepdf.Name.Fit])
    document.save(upload)
    assert examine(upload, file_name="a.pdf", formats=FORMATS).pages == 1


def test_a_hundred_thousand_pages_are_refused_soon(upload: Path) -> None:
    document = pdf()
    sheet = document.pages[0].obj
    document.Root.Pages.Kids = pikepdf.Array([sheet] * 100_000)
    document.Root.Pages.Count = 100_000
    document.save(upload)
    started = time.monotonic()
    assert refusal(upload)
    assert time.monotonic() - started < 11


def test_a_picture_that_unpacks_to_gigabytes_is_refused_before_it_is_unpacked(upload: Path) -> None:
    side = 60_000
    header = side.to_bytes(4, "big") * 2 + b"\x08\x02\x00\x00\x00"
    rows = zlib.compress(bytes(1_000_000), 9)
    chunks = [(b"IHDR", header), (b"IDAT", rows), (b"IEND", b"")]
    upload.write_bytes(
        b"\x89PNG\r\n\x1a\n"
        + b"".join(
            len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")
            for kind, data in chunks
        )
    )
    assert refusal(upload).startswith("Ảnh lớn hơn 50 triệu điểm ảnh.")


@pytest.mark.parametrize("form", ["PDF", "PNG", "JPEG"])
def test_a_preview_is_a_picture_drawn_anew(upload: Path, form: str) -> None:
    Image.new("RGB", (2480, 3508), "#0B4A55").save(upload, form)
    media_type = {"PDF": "application/pdf", "PNG": "image/png", "JPEG": "image/jpeg"}[form]
    with Image.open(BytesIO(draw_page(upload, media_type=media_type, page=1))) as drawn:
        assert drawn.format == "PNG"
        assert max(drawn.size) == 1240
        assert drawn.getpixel((400, 400))[2] in range(0x53, 0x58)  # type: ignore[index]
