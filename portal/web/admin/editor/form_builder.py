"""The form of applicants: pages, questions, repeating groups, checks across answers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from portal.catalogue.source import Path
from portal.web.admin.editor import tables
from portal.web.admin.editor.papers_and_fees import named
from portal.web.admin.editor.parts import ANY, Collection, Part
from portal.web.admin.editor.questions import Both, Condition, Group, Lines, Number, Pick, Question, Text, Tick, Whole
from portal.web.admin.editor.rows import KEY, Rows
from portal.web.admin.opened_definition import FORM
from portal.web.translation import gettext as _
from portal.web.translation import lazy_gettext as __

_TEXTS = frozenset({"text", "long_text"})
_NUMBERS = frozenset({"integer", "decimal", "money"})
_SINGLE = _TEXTS | _NUMBERS | {"date", "yes_no", "choice", "unit"}

_TYPE = Pick("type", __("Kiểu"), __("Đổi kiểu rồi lưu thì các mục dưới đổi theo"), False, choices=tables.FIELD_TYPES)
_LABEL = Both("label", __("Câu hỏi"), optional=False)
FIELD_QUESTIONS: tuple[Question, ...] = (
    _TYPE,
    _LABEL,
    Both("hint", __("Gợi ý"), __("Kèm ví dụ")),
    Tick("required", __("Bắt buộc trả lời")),
    Condition("when", __("Chỉ hỏi khi"), __("Ví dụ form.kind == 'mandate'; trong nhóm: row.x")),
    Rows(
        "choices",
        __("Các lựa chọn"),
        optional=False,
        row_name=__("Lựa chọn"),
        keyed=True,
        questions=(
            Text(KEY, __("Mã"), optional=False, width=20),
            Both("", __("Chữ hiện ra"), optional=False),
        ),
        only=frozenset({"choice"}),
    ),
    Tick("several", __("Chọn được nhiều"), only=frozenset({"choice"})),
    Both("row_name", __("Một dòng gọi là"), __("Ví dụ tầng; nút sẽ là Thêm tầng"), only=frozenset({"group"})),
    Both("suffix", __("Đơn vị đo"), __("Ví dụ m²; để trống tiếng Anh thì như nhau"), same=True, only=_NUMBERS | _TEXTS),
    Number("min", __("Nhỏ nhất"), only=_NUMBERS),
    Number("max", __("Lớn nhất"), only=_NUMBERS),
    Whole("max_length", __("Nhiều nhất mấy ký tự"), only=_TEXTS),
    Pick("kind", __("Dạng đã biết"), choices=tables.KINDS, only=frozenset({"text", "integer"})),
    Rows(
        "level",
        __("Cấp của nơi được chọn"),
        row_name=__("Cấp"),
        alone=True,
        questions=(Pick("", __("Cấp"), optional=False, choices=tables.LEVELS),),
        only=frozenset({"unit"}),
    ),
    Pick("prefill", __("Điền sẵn từ"), choices=tables.PREFILLS, only=_SINGLE),
)
"""All that the grammar knows of a field of the form."""

_OF_ACTIONS = ("hint", "required", "choices", "several", "suffix", "min", "max", "max_length")
DESK_QUESTIONS: tuple[Question, ...] = (
    replace(_TYPE, choices=[(kind, said) for kind, said in tables.FIELD_TYPES if kind not in ("unit", "group")]),
    *(question for question in FIELD_QUESTIONS if question.at in ("label", *_OF_ACTIONS)),
)
"""What is asked of a field that an official fills in: the desk shows each, neither in groups nor by conditions."""

_PAGE = (Group(__("Trang"), (Both("title", __("Tên trang"), optional=False),)),)
_CHECK = (
    Group(
        __("Phép kiểm"),
        (
            Condition("that", __("Phải đúng"), __("Ví dụ form.total_m2 >= form.ground_m2"), optional=False),
            Both("message", __("Lời nhắc khi không đúng"), __("Nói cần sửa gì"), optional=False, rows=2),
            Lines("fields", __("Hiện ở câu hỏi"), __("Mỗi dòng một mã câu hỏi; để trống thì lấy trong điều kiện")),
            Tick("warns", __("Chỉ nhắc, vẫn cho đi tiếp")),
        ),
    ),
)


def _field_name(path: Path, entry: Any) -> str:
    return named(entry, "label", path[-1])


def _check_name(path: Path, _entry: Any) -> str:
    return _("Phép kiểm %(number)s", number=int(path[-1]) + 1)


PARTS = (
    Part(("pages", ANY), FORM, lambda path, entry: named(entry, "title", path[-1]), _PAGE),
    Part(("pages", ANY, "fields", ANY), FORM, _field_name, (Group(__("Câu hỏi"), FIELD_QUESTIONS),)),
    Part(("pages", ANY, "fields", ANY, "fields", ANY), FORM, _field_name, (Group(__("Câu hỏi"), FIELD_QUESTIONS),)),
    Part(("pages", ANY, "checks", ANY), FORM, _check_name, _CHECK),
)
COLLECTIONS = (
    Collection(
        ("pages",),
        FORM,
        __("Thêm trang"),
        (Both("title", __("Tên trang"), optional=False),),
        names_it="title",
        beginning={"fields": {}},
    ),
    Collection(
        ("pages", ANY, "fields"),
        FORM,
        __("Thêm câu hỏi"),
        (_TYPE, _LABEL),
        shown=__("Các câu hỏi"),
        names_it="label",
    ),
    Collection(
        ("pages", ANY, "fields", ANY, "fields"),
        FORM,
        __("Thêm câu hỏi vào nhóm"),
        (_TYPE, _LABEL),
        shown=__("Câu hỏi trong nhóm"),
        names_it="label",
    ),
    Collection(
        ("pages", ANY, "checks"),
        FORM,
        __("Thêm phép kiểm"),
        _CHECK[0].questions,
        shown=__("Phép kiểm giữa các câu trả lời"),
    ),
)
