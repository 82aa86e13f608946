"""Fields read what people type, keep it, and say in a sentence what is wrong."""

from __future__ import annotations

import unicodedata
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from flask import Flask, session
from werkzeug.datastructures import MultiDict

from portal.web.fields import (
    BaseForm,
    CheckField,
    ChecksField,
    ChoiceField,
    DateField,
    DecimalField,
    FileField,
    IntegerField,
    LongTextField,
    MoneyField,
    SelectField,
    TextField,
    YesNoField,
)
from portal.web.fields.numbers import parsed
from portal.web.pages import page


class House(BaseForm):
    full_name = TextField("Họ và tên", autocomplete="name")
    area = DecimalField("Diện tích đất", suffix="m²", minimum=1)
    floors = IntegerField("Ngôi nhà có mấy tầng?", thing="số tầng", minimum=1, maximum=50)
    value = MoneyField("Giá trị công trình")
    begins = DateField("Ngày khởi công", earliest=date(2026, 11, 20))
    basement = YesNoField("Có tầng hầm không?", thing="có tầng hầm hay không")
    grade = ChoiceField("Cấp công trình", choices=[("3", "Cấp III"), ("4", "Cấp IV")])
    ward = SelectField("Phường, xã", choices=[("xk", "Phường Xuân Khánh")])
    attached = ChecksField("Giấy tờ kèm theo", choices=[("a", "Bản vẽ"), ("b", "Cam kết")])
    note = LongTextField("Ghi chú", required=False)
    sworn = CheckField("Tôi cam đoan", unticked="Đánh dấu ô cam đoan")
    drawing = FileField("Bản vẽ thiết kế")


GOOD = {
    "full_name": "Nguyễn Thị Hoa",
    "area": "1.096,5",
    "floors": "3",
    "value": "1.250.000.000",
    "begins-day": "20",
    "begins-month": "11",
    "begins-year": "2026",
    "basement": "no",
    "grade": "3",
    "ward": "xk",
    "attached": "a",
    "sworn": "yes",
}


def sent(pages: Flask, **changes: Any) -> BaseForm:
    """The form after it was sent with the good answers, but for `changes` (None: not sent at all)."""
    answers = {name: value for name, value in {**GOOD, **changes}.items() if value is not None}
    answers.setdefault("drawing", (BytesIO(b"%PDF-1.7"), "ban-ve.pdf"))
    with pages.test_request_context("/to-khai", method="POST", data=answers):
        answers_with_token = BaseForm()["csrf_token"].current_token  # type: ignore[attr-defined]
        secret = session["csrf"]
    answers["drawing"] = (BytesIO(b"%PDF-1.7"), "ban-ve.pdf")
    if "drawing" in changes and changes["drawing"] is None:
        del answers["drawing"]
    answers["csrf_token"] = answers_with_token
    with pages.test_request_context("/to-khai", method="POST", data=answers):
        session["csrf"] = secret
        form = House.from_request()
        form.is_valid_submission()
        return form


def test_good_answers_become_values(pages: Flask) -> None:
    form = sent(pages)
    assert not form.errors
    answers = form.answers
    assert answers.pop("drawing").filename == "ban-ve.pdf"
    assert answers == {
        "full_name": "Nguyễn Thị Hoa",
        "area": Decimal("1096.5"),
        "floors": 3,
        "value": 1_250_000_000,
        "begins": date(2026, 11, 20),
        "basement": False,
        "grade": "3",
        "ward": "xk",
        "attached": ["a"],
        "note": "",
        "sworn": True,
    }


def test_text_is_kept_composed_without_invisible_characters(pages: Flask) -> None:
    typed = "  " + unicodedata.normalize("NFD", "Nguyễn  Thị") + "\u200b Hoa\u202e "
    assert sent(pages, full_name=typed).answers["full_name"] == "Nguyễn Thị Hoa"


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("full_name", "", "Nhập họ và tên"),
        ("full_name", "A" * 201, "Họ và tên phải ngắn hơn: nhiều nhất 200 ký tự. Vừa nhập 201 ký tự."),
        ("area", "", "Nhập diện tích đất"),
        ("area", "rộng", "Diện tích đất phải là một số, ví dụ 96,5. Vừa nhập rộng."),
        ("area", "0,5", "Diện tích đất phải từ 1 trở lên. Vừa nhập 0,5."),
        ("floors", "51", "Số tầng phải từ 50 trở xuống. Vừa nhập 51."),
        ("floors", "2,5", "Số tầng phải là số tròn, không có phần lẻ. Vừa nhập 2,5."),
        ("value", "-5", "Giá trị công trình phải từ 0 trở lên. Vừa nhập -5."),
        ("basement", None, "Chọn Có hoặc Không: có tầng hầm hay không"),
        ("grade", None, "Chọn cấp công trình"),
        ("grade", "9", "Chọn cấp công trình trong danh sách"),
        ("ward", "", "Chọn phường, xã"),
        ("ward", "zz", "Chọn phường, xã trong danh sách"),
        ("attached", None, "Chọn giấy tờ kèm theo"),
        ("attached", "z", "Chọn giấy tờ kèm theo trong danh sách"),
        ("sworn", None, "Đánh dấu ô cam đoan"),
        ("drawing", None, "Tải lên bản vẽ thiết kế"),
    ],
)
def test_a_wrong_answer_is_told_in_a_sentence(pages: Flask, name: str, value: Any, sentence: str) -> None:
    form = sent(pages, **{name: value})
    assert [error.text for error in form.error_list] == [sentence]


@pytest.mark.parametrize(
    ("typed", "sentence", "leads_to"),
    [
        (("", "", ""), "Nhập ngày khởi công", "#begins-day"),
        (("20", "", "2026"), "Ngày khởi công phải có tháng.", "#begins-month"),
        (("31", "2", "2027"), "Ngày khởi công phải là ngày có thật. Vừa nhập 31/2/2027.", "#begins-day"),
        (("20", "11", "26"), "Ngày khởi công phải có năm gồm 4 chữ số. Vừa nhập 20/11/26.", "#begins-year"),
        (("20", "mười", "2026"), "Ngày khởi công phải viết bằng chữ số. Vừa nhập 20/mười/2026.", "#begins-month"),
        (("19", "11", "2026"), "Ngày khởi công phải từ 20/11/2026 trở đi. Vừa nhập 19/11/2026.", "#begins-day"),
    ],
)
def test_a_wrong_day_is_told_and_led_to(
    pages: Flask, typed: tuple[str, str, str], sentence: str, leads_to: str
) -> None:
    boxes = dict(zip(("begins-day", "begins-month", "begins-year"), typed, strict=True))
    (error,) = sent(pages, **boxes).error_list
    assert (error.text, error.href) == (sentence, leads_to)


def test_what_was_typed_comes_back_with_the_error(pages: Flask) -> None:
    form = sent(pages, area="96,5 mét", **{"begins-day": "31", "begins-month": "2"})
    with pages.test_request_context("/to-khai"):
        area, begins = str(form["area"]()), str(form["begins"]())
    assert 'value="96,5 mét"' in area
    assert 'aria-describedby="area-error"' in area
    assert 'name="begins-day" type="text" inputmode="numeric" value="31"' in begins


@pytest.mark.parametrize(
    ("typed", "language", "value"),
    [
        ("96,5", "vi", "96.5"),
        ("1.250,5", "vi", "1250.5"),
        ("1.250", "vi", "1250"),
        ("96.5", "vi", "96.5"),
        ("1 250", "vi", "1250"),
        ("1,250.5", "en", "1250.5"),
        ("1,250", "en", "1250"),
        ("-2,5", "vi", "-2.5"),
        ("1.25.000", "vi", None),
        ("1e9", "vi", None),
        ("٣", "vi", None),
        ("9" * 16, "vi", None),
        ("", "vi", None),
    ],
)
def test_numbers_are_read_as_people_write_them(typed: str, language: str, value: str | None) -> None:
    assert parsed(typed, language=language) == (Decimal(value) if value else None)


def test_a_form_without_the_token_of_its_visitor_is_refused_and_kept(pages: Flask) -> None:
    with pages.test_request_context("/to-khai", method="POST", data={**GOOD, "csrf_token": "##stolen"}):
        form = House.from_request()
        assert not form.is_valid_submission()
        assert form.error_list[-1].text.startswith("Trang này mở từ lần đăng nhập trước. Các câu trả lời vẫn còn.")
        assert form.error_list[-1].href == ""
        assert form.answers["full_name"] == "Nguyễn Thị Hoa"


def test_an_optional_field_says_so_and_may_stay_empty(in_a_page: Flask) -> None:
    form = House(formdata=MultiDict({"note": ""}))
    assert "Ghi chú (nếu có)" in str(form["note"]())
    form.validate()
    assert "note" not in form.errors


def test_a_page_with_errors_answers_422_and_begins_its_title_with_them(pages: Flask) -> None:
    class Lookup(BaseForm):
        code = TextField("Mã hồ sơ")
        secret = TextField("Mã tra cứu")

    @pages.route("/tra-cuu", methods=["GET", "POST"])
    def look_up() -> Any:
        form = Lookup.from_request()
        form.is_valid_submission()
        return page("public/lookup/form.html", form)

    client = pages.test_client()
    assert client.get("/tra-cuu").status_code == 200
    answer = client.post("/tra-cuu", data={"code": "H13"})
    assert answer.status_code == 422
    assert "<title>Lỗi: Hồ sơ đang ở đâu?" in answer.text
    assert '<a href="#secret">Nhập mã tra cứu</a>' in answer.text
    assert 'value="H13"' in answer.text


def test_a_sum_is_asked_in_the_language_of_the_page(pages: Flask) -> None:
    for prefix, unit in (("", "đồng"), ("/en", "VND")):
        with pages.test_request_context("/to-khai", environ_overrides={"SCRIPT_NAME": prefix}):
            assert f">{unit}</div>" in str(House()["value"]())
