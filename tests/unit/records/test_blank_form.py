"""The form to fill in by hand asks what the definition asks."""

from __future__ import annotations

import pytest

from portal.catalogue.types import FieldType
from portal.records.contents.blank_form import BlankForm, Question, blank_form
from tests.unit.catalogue.test_definitions import PROCEDURES, every_procedure

PERMIT, CHANGE, BIRTH = "1.009994", "2.000720", "1.001193"


def questions(form: BlankForm) -> list[Question]:
    return [question for _, section in form.sections for question in section]


def asked(code: str, label: str) -> Question:
    return next(question for question in questions(blank_form(PROCEDURES[code])) if question.label.vi == label)


@every_procedure
def test_every_question_and_every_paper_stands_on_the_form_once(code: str) -> None:
    procedure, form = PROCEDURES[code], blank_form(PROCEDURES[code])
    fields = [field for page in procedure.pages for field in page.fields]
    assert [question.label for question in questions(form)] == [field.label for field in fields]
    assert [question.place for question in questions(form)] == [str(n) for n in range(1, len(fields) + 1)]
    assert [paper.name for paper in form.papers] == [paper.name for paper in procedure.papers]
    for question, field in zip(questions(form), fields, strict=True):
        assert (question.only_if is None) == (field.when is None)
        if field.type is FieldType.CHOICE:
            assert [choice for choice in question.choices] == [choice.label for choice in field.choices]
        assert [column.label for column in question.columns] == [column.label for column in field.fields]


@pytest.mark.parametrize(
    ("code", "label", "words"),
    [
        (PERMIT, "Tên tổ chức", "khi chọn “Cho tổ chức” ở câu 1"),
        (PERMIT, "Tên bên thiết kế", "khi không chọn “Chủ nhà tự thiết kế” ở câu 33"),
        (CHANGE, "Trụ sở mới", "khi chọn “Địa chỉ trụ sở” ở câu 20"),
        (BIRTH, "Họ và tên mẹ", "khi chọn “Có” ở câu 24"),
    ],
)
def test_a_question_that_only_some_answer_says_who(code: str, label: str, words: str) -> None:
    said = asked(code, label).only_if
    assert said is not None
    assert said.vi == words


def test_a_paper_that_a_register_spares_asks_for_consent() -> None:
    form = blank_form(PROCEDURES[PERMIT])
    assert form.asks_consent
    assert [paper.name.vi for paper in form.papers if paper.is_spared] == ["Giấy tờ về quyền sử dụng đất"]


def test_an_identity_number_has_a_box_for_each_digit() -> None:
    assert (asked(PERMIT, "Số định danh cá nhân").kind, asked(PERMIT, "Số định danh cá nhân").cells) == ("cells", 12)


@pytest.mark.parametrize(
    ("code", "label", "beside"),
    [
        (PERMIT, "Họ và tên", True),
        (PERMIT, "Tên tổ chức", False),
        (PERMIT, "Số định danh cá nhân", True),
        (CHANGE, "Ngày sinh chủ hộ mới", False),
    ],
)
def test_an_answer_stands_beside_its_question_only_where_there_is_room_to_write(
    code: str, label: str, beside: bool
) -> None:
    assert asked(code, label).is_short is beside


def test_yes_or_no_in_a_table_is_one_box_to_tick() -> None:
    assert [column.label.vi for column in asked("2.000815", "Các giấy tờ").columns if column.ticks] == ["Bản điện tử"]
