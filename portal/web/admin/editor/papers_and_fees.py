"""Papers and fees."""

from __future__ import annotations

from typing import Any

from portal.web.admin.editor import tables
from portal.web.admin.editor.parts import ANY, Collection, Part
from portal.web.admin.editor.questions import Amount, Both, Condition, Day, Group, Many, Pick, Text, Tick, Whole
from portal.web.admin.editor.rows import Rows
from portal.web.admin.opened_definition import FEES, PAPERS
from portal.web.languages import current_language
from portal.web.translation import lazy_gettext as __

_PAPER = (
    Group(
        __("Giấy tờ"),
        (
            Both("name", __("Tên giấy tờ"), optional=False),
            Both("hint", __("Gợi ý"), __("Cần chụp những gì, lấy ở đâu"), rows=2),
            Tick("required", __("Bắt buộc"), default=True),
            Condition("when", __("Chỉ cần khi"), __("Ví dụ form.floors > 3")),
            Text("one_of", __("Một trong nhóm"), __("Giấy tờ cùng một chữ ở đây: có một là đủ"), width=20),
        ),
    ),
    Group(
        __("Cách nộp"),
        (
            Pick("mode", __("Cách nộp"), choices=tables.MODES, default="submit"),
            Pick("copies", __("Số bản"), choices=tables.COPIES, default="O1"),
            Many("formats", __("Loại tệp"), choices=tables.FORMATS, default=("pdf", "jpg", "png")),
            Tick("signed", __("Phải ký số: chỉ nhận tệp PDF có chữ ký số đúng"), default=False),
            Whole("max_mb", __("Tệp lớn nhất"), __("Để trống là 10 MB"), suffix="MB"),
            Whole("max_files", __("Nhiều nhất mấy tệp"), __("Để trống là 10 tệp")),
            Pick("replaced_by", __("Dữ liệu thay được giấy này"), choices=tables.REGISTERS),
        ),
    ),
)
_FEE = (
    Group(
        __("Khoản thu"),
        (
            Pick("kind", __("Loại"), optional=False, choices=tables.FEE_KINDS),
            Both("name", __("Tên khoản thu"), optional=False),
            Rows(
                "amounts",
                __("Mức thu"),
                optional=False,
                row_name=__("Mức thu"),
                questions=(
                    Amount("amount", __("Số tiền (đồng)"), __("Số tròn, hoặc biểu thức: 10000 * form.copies"), False),
                    Day("from", __("Từ ngày")),
                    Day("to", __("Đến ngày")),
                    Text("legal_basis", __("Căn cứ")),
                ),
            ),
            Both("note", __("Cách tính, nói bằng lời"), __("Ví dụ 10.000 đồng một bản")),
            Pick("moment", __("Khi nào thu"), choices=tables.MOMENTS, default="receiving"),
            Condition("exempt_if", __("Miễn khi"), __("Ví dụ applicant.poor_household")),
            Rows(
                "reductions",
                __("Giảm, miễn có thời hạn"),
                __("Dòng đầu tiên còn hiệu lực và đúng điều kiện được dùng"),
                row_name=__("Mức giảm"),
                questions=(
                    Both("note", __("Ai được giảm, nói bằng lời"), __("Ví dụ Nộp trực tuyến được giảm một nửa"), False),
                    Condition("if", __("Giảm khi"), __("Ví dụ record.channel == 'online'")),
                    Amount("amount", __("Số tiền còn phải nộp (đồng)"), __("Để trống là miễn")),
                    Day("from", __("Từ ngày")),
                    Day("to", __("Đến ngày")),
                    Text("legal_basis", __("Căn cứ")),
                ),
            ),
        ),
    ),
    Group(
        __("Trả lại"),
        (
            Condition("refund.if", __("Trả lại tiền khi"), __("Hỏi khi hồ sơ kết thúc mà không có kết quả")),
            Both("refund.note", __("Nói bằng lời")),
        ),
    ),
)


def named(entry: Any, key: str, otherwise: object) -> str:
    """The text of an entry in the language of the page, as far as there is one."""
    said = entry.get(key) if isinstance(entry, dict) else None
    if isinstance(said, dict):
        return str(said.get(current_language()) or said.get("vi") or otherwise)
    return str(said or otherwise)


PARTS = (
    Part(("papers", ANY), PAPERS, lambda path, entry: named(entry, "name", path[-1]), _PAPER),
    Part(("fees", ANY), FEES, lambda path, entry: named(entry, "name", path[-1]), _FEE),
)
COLLECTIONS = (
    Collection(
        ("papers",),
        PAPERS,
        __("Thêm giấy tờ"),
        (Both("name", __("Tên giấy tờ"), optional=False),),
        names_it="name",
    ),
    Collection(
        ("fees",),
        FEES,
        __("Thêm khoản thu"),
        (
            Pick("kind", __("Loại"), optional=False, choices=tables.FEE_KINDS),
            Both("name", __("Tên khoản thu"), optional=False),
        ),
        names_it="name",
    ),
)
