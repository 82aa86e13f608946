"""A definition changed part by part, in a real browser at both widths, with and without JavaScript."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.journeys.visitor import Visitor


def test_a_question_is_added_to_a_form(visitor: Visitor) -> None:
    page = visitor.sign_in("quantri").page
    visitor.open("/quan-tri/thu-tuc/2.000884").press("Soạn bản mới")
    draft = page.url.removeprefix(visitor.address).removesuffix("/thong-tin")
    for place in ("giay-to", "sua/papers/text", "phi", "sua/fees/signature", "sua/pages/signature/checks/0"):
        visitor.open(f"{draft}/{place}")
    visitor.open(f"{draft}/bieu-mau").press("Thêm câu hỏi")
    visitor.fill({"q-type": "choice", "q-label-vi": "Ngôn ngữ", "q-label-en": "Language"}).press("Thêm")
    expect(page.locator(".govuk-error-summary")).to_contain_text("Thêm các lựa chọn")
    visitor.press("Thêm dòng Các lựa chọn")
    visitor.fill({"q-choices-0-key": "vi", "q-choices-0-value-vi": "Tiếng Việt", "q-choices-0-value-en": "Vietnamese"})
    visitor.fill({"q-when": "form.texts > "}).press("Lưu và kiểm")
    expect(page.locator("#q-when-error")).to_contain_text("Biểu thức dừng giữa chừng")
    expect(page.locator("[name=q-choices-0-value-vi]")).to_have_value("Tiếng Việt")
    visitor.fill({"q-when": "form.texts > 1"}).press("Lưu và kiểm")
    assert page.url.endswith("/bieu-mau#muc-pages-signature-fields-ngon_ngu")
    visitor.open(f"{draft}/bieu-mau").press("Lên Ngôn ngữ")
    assert "Tiếng Việt" in visitor.words()
    visitor.open(f"{draft}/xoa/pages/signature/fields/ngon_ngu").press("Xóa")
    assert "Ngôn ngữ" not in visitor.open(f"{draft}/bieu-mau").words()
