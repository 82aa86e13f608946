"""Names under which files are shown and saved."""

from __future__ import annotations

import unicodedata

import pytest

from portal.files.names import display_name


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("Bản vẽ.pdf", "Bản vẽ.pdf"),
        (unicodedata.normalize("NFD", "Bản vẽ.pdf"), "Bản vẽ.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Ảnh\\đơn.PDF", "đơn.PDF"),
        ("a\r\nSet-Cookie: x.pdf", "a Set-Cookie_ x.pdf"),
        ("CON.pdf", "tệp CON.pdf"),
        ("", "tệp.pdf"),
        (".pdf", "tệp.pdf"),
        ("anh\u202efdp.exe", "anhfdp.exe.pdf"),
        ("giấy.html", "giấy.html.pdf"),
    ],
)
def test_a_name_is_made_safe_to_show_and_save(given: str, shown: str) -> None:
    assert display_name(given, media_type="application/pdf") == shown


def test_a_long_name_keeps_its_ending() -> None:
    shown = display_name("ă" * 10_000 + ".jpeg", media_type="image/jpeg")
    assert len(shown) == 100
    assert shown.endswith("ă.jpeg")
