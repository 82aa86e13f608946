"""A process changed step by step, in a real browser at both widths, with and without JavaScript."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.journeys.visitor import Visitor


def test_a_step_is_added_and_drawn(visitor: Visitor) -> None:
    page = visitor.sign_in("quantri").page
    visitor.open("/quan-tri/thu-tuc/2.000884").press("Soạn bản mới")
    process = page.url.removeprefix(visitor.address).removesuffix("/thong-tin") + "/quy-trinh"
    for place in ("", "/khung", "/buoc/witness", "/buoc/witness/hanh-dong/signed", "/buoc/witness/bo", "/yaml/tests"):
        visitor.open(process + place)
    visitor.open(process).press("Thêm bước")
    visitor.fill({"step_id": "compare", "name_vi": "Đối chiếu", "name_en": "Compare"}).press("Thêm bước")
    visitor.fill({"where": "received", "role": "receptionist"}).press("Lưu bước")
    visitor.open(f"{process}/buoc/witness/hanh-dong/signed")
    visitor.fill({"target-0-step": "compare", "way": "to", "mode": "if", "condition": "form.nothing"})
    visitor.press("Lưu hành động")
    expect(page.locator("#condition-error")).to_contain_text("không có trường này")
    visitor.fill({"mode": "", "condition": ""}).press("Lưu hành động")
    expect(page.locator("#hinh-quy-trinh")).to_contain_text("Đối chiếu")
    assert "Đối chiếu" in visitor.open(process).words()
