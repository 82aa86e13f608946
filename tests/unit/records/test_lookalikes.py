"""Codes that lead to a site which only looks like the portal."""

from __future__ import annotations

import pytest

from portal.records.lookalikes import lookalike

OWN = "dichvucong.cantho.gov.vn"


@pytest.mark.parametrize(
    ("code", "host"),
    [
        ("https://dichvucong-cantho.com/giay", "dichvucong-cantho.com"),
        ("https://dichvucong.cantho.gov.vn.example/", "dichvucong.cantho.gov.vn.example"),
        ("https://dichvucong.cantho.gov.vn@swindler.example/", "swindler.example"),
        ("HTTPS://Swindler.example/xac-thuc/qr/00", "swindler.example"),
        ("swindler.example/en/tra-cuu/qr/00", "swindler.example"),
        ("https://xn--dichvucng-cantho-p8k.vn/", "xn--dichvucng-cantho-p8k.vn"),
        ("https://dichvucong.cantho.gov.vn/xac-thuc/qr/00#ab", ""),
        ("https://dichvucong.gov.vn/tra-cuu", ""),
        ("https://dichvucong.haugiang.gov.vn/xac-thuc/qr/00", ""),
        ("https://vietqr.example/pay", ""),
        ("00020101021238570010A000000727", ""),
        ("https://[::1", ""),
        ("Tổng: 12.5 m2", ""),
        ("", ""),
    ],
)
def test_a_name_or_a_page_like_ours_somewhere_else_is_told(code: str, host: str) -> None:
    assert lookalike(["WIFI:S:quay;;", code], own_host=OWN) == host
