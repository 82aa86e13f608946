"""The card: everything of a procedure that is not a list of its own."""

from __future__ import annotations

from typing import NamedTuple

from portal.catalogue.asked_facts import drafted_form
from portal.catalogue.source import FILE, Source
from portal.catalogue.types import FieldType
from portal.web.admin.editor import tables
from portal.web.admin.editor.parts import Part
from portal.web.admin.editor.questions import (
    Amount,
    Both,
    Choices,
    Condition,
    Group,
    Lines,
    Many,
    Number,
    Pick,
    Question,
    Text,
    Whole,
)
from portal.web.admin.editor.rows import Rows
from portal.web.admin.opened_definition import CARD
from portal.web.languages import localized
from portal.web.translation import gettext as _
from portal.web.translation import lazy_gettext as __

_LEVEL = (Pick("", __("Cấp"), optional=False, choices=tables.LEVELS),)
_TIGHT = __("Ghi khi định mức dài hơn thời hạn vào dịp nghỉ dài ngày")


class _Answers(NamedTuple):
    """What the form asks, as the grammar names it: offered where an answer is named."""

    every: Choices
    places: Choices
    days: Choices
    groups: Choices

    @classmethod
    def of(cls, source: Source) -> _Answers:
        fields = drafted_form(source.text, FILE)
        kinds = (tuple(FieldType), (FieldType.UNIT,), (FieldType.DATE,), (FieldType.GROUP,))
        return cls(
            *([(f"form.{one.id}", localized(one.label)) for one in fields if one.type in kind] for kind in kinds)
        )


def _result(before: str, answers: _Answers) -> tuple[Question, ...]:
    return (
        Pick(
            f"{before}template",
            __("Mẫu văn bản"),
            __("Thủ tục chưa có mẫu riêng thì dùng mẫu chung"),
            optional=False,
            choices=tables.TEMPLATES,
        ),
        Both(f"{before}name", __("Tên giấy cấp ra"), optional=False),
        Text(f"{before}series", __("Sổ cho số"), __("Ví dụ GPXD"), optional=False, width=10),
        Text(
            f"{before}each",
            __("Mỗi dòng một bản, một số"),
            __("Nhóm lặp lại, ví dụ form.docs"),
            width=20,
            suggests=answers.groups,
        ),
        Text(
            f"{before}scan",
            __("Chụp bản chính khi"),
            __("Câu hỏi có hoặc không của mỗi dòng, ví dụ ecopy: bản chụp được đối chiếu, chứng thực và ký"),
            width=20,
        ),
        Amount(f"{before}validity_months", __("Hiệu lực (tháng)"), __("Số tháng, hoặc biểu thức")),
        Pick(f"{before}action", __("Với giấy đã cấp"), choices=tables.RESULT_ACTIONS, default="issue"),
        Text(
            f"{before}of",
            __("Câu trả lời có số của giấy đã cấp"),
            __("Ví dụ form.permit_no"),
            suggests=answers.every,
        ),
        Text(
            f"{before}of_day",
            __("Câu trả lời có ngày của giấy đã cấp"),
            __("Khi số bắt đầu lại mỗi năm"),
            suggests=answers.days,
        ),
        Text(f"{before}found_by", __("Tìm được theo"), __("Tên câu trả lời có mã khác, ví dụ code"), width=20),
        Pick(f"{before}signs_as", __("Ai ký"), choices=tables.SIGNS_AS, default="unit"),
    )


def _groups(source: Source) -> tuple[Group, ...]:
    answers = _Answers.of(source)
    return (
        Group(
            __("Tên"),
            (
                Text("code", __("Mã thủ tục"), __("Mã quốc gia, ví dụ 1.009994"), optional=False, width=10),
                Both("name", __("Tên theo pháp luật"), optional=False, rows=2),
                Both("everyday_name", __("Tên thường gọi"), __("Điều người dân nói: Xây nhà"), optional=False),
                Both(
                    "form_name",
                    __("Tên đơn, tờ khai theo pháp luật"),
                    __("Ví dụ Đơn đề nghị cấp giấy phép xây dựng; để trống là Tờ khai"),
                    rows=2,
                ),
                Both("summary", __("Tóm tắt"), __("Một câu: dành cho ai, để làm gì"), optional=False, rows=3),
                Text(
                    "field", __("Mã lĩnh vực"), __("Chữ thường không dấu, ví dụ construction"), optional=False, width=20
                ),
                Both("field_name", __("Tên lĩnh vực"), optional=False),
            ),
        ),
        Group(
            __("Nơi nhận, nơi quyết định"),
            (
                Rows(
                    "competent_level",
                    __("Cấp quyết định"),
                    __("Cấp thường dùng đứng trước"),
                    optional=False,
                    questions=_LEVEL,
                    row_name=__("Cấp quyết định"),
                    alone=True,
                ),
                Both("decided_by", __("Người hoặc nơi quyết định"), optional=False),
                Rows(
                    "receivers",
                    __("Quầy ở cấp nào nhận hồ sơ"),
                    __("Cấp thường dùng đứng trước"),
                    optional=False,
                    questions=_LEVEL,
                    row_name=__("Cấp nhận"),
                ),
                Both(
                    "subject",
                    __("Tên của hồ sơ"),
                    __(
                        "Câu trả lời đặt trong ngoặc nhọn: {form.plot_no}. "
                        "Để trống tiếng Anh thì hai thứ tiếng như nhau"
                    ),
                    optional=False,
                    same=True,
                ),
                Text(
                    "place_field",
                    __("Câu hỏi về nơi giải quyết"),
                    __("Một câu hỏi kiểu phường, xã của Biểu mẫu, ví dụ form.commune"),
                    optional=False,
                    width=20,
                    suggests=answers.places,
                ),
            ),
        ),
        Group(
            __("Thời hạn"),
            (
                Pick("term.unit", __("Cách tính"), optional=False, choices=tables.TERM_UNITS),
                Number("term.value", __("Số ngày hoặc giờ")),
                Text("term.cutoff", __("Nộp sau giờ nào thì trả hôm sau"), __("Ví dụ 15:00"), width=5),
                Rows(
                    "term.stages",
                    __("Thời hạn của từng cấp"),
                    row_name=__("Cấp"),
                    questions=(
                        Pick("level", __("Cấp"), optional=False, choices=tables.LEVELS),
                        Number("value", __("Số ngày hoặc giờ"), optional=False),
                        Pick("unit", __("Cách tính"), optional=False, choices=tables.STAGE_UNITS),
                        Both("tight", __("Vì sao định mức vượt"), _TIGHT),
                    ),
                ),
                Both("term.tight", __("Vì sao định mức vượt thời hạn"), _TIGHT, rows=2),
                Number("reception_hours", __("Giờ làm việc để trả lời có tiếp nhận"), __("Để trống là 8 giờ")),
                Both("extension", __("Khi nào được gia hạn"), rows=2),
            ),
        ),
        Group(
            __("Bổ sung"),
            (
                Whole("supplement.limit", __("Số lần yêu cầu bổ sung"), __("Để trống là 2 lần")),
                Text("supplement.wait", __("Chờ bổ sung"), __("30d là 30 ngày, 10wd là 10 ngày làm việc"), width=5),
                Pick("supplement.clock", __("Trong lúc chờ"), choices=tables.PAUSES, default="add"),
            ),
        ),
        Group(__("Kết quả"), _result("result.", answers)),
        Group(
            __("Kèm theo và sau kết quả"),
            (
                Rows(
                    "further_results",
                    __("Giấy cấp kèm"),
                    row_name=__("Giấy cấp kèm"),
                    questions=(*_result("", answers), Condition("if", __("Chỉ cấp khi"))),
                ),
                Rows(
                    "copies_to",
                    __("Nơi nhận kết quả để biết"),
                    __("Cơ quan theo cấp và chức năng, theo câu trả lời, hoặc cơ quan ngoài Cổng"),
                    row_name=__("Nơi nhận"),
                    questions=(
                        Pick("where", __("Tìm theo"), choices=tables.RECEIVERS, default="place"),
                        Pick("level", __("Cấp"), choices=tables.LEVELS),
                        Pick("function", __("Chức năng"), choices=tables.FUNCTIONS),
                        Pick("within", __("Của cơ quan có chức năng"), choices=tables.FUNCTIONS),
                        Text(
                            "field",
                            __("Câu trả lời có nơi"),
                            __("Ví dụ form.old_commune"),
                            width=20,
                            suggests=answers.places,
                        ),
                        Both("body", __("Tên cơ quan ngoài Cổng")),
                        Condition("if", __("Chỉ gửi khi")),
                    ),
                ),
                Rows(
                    "after",
                    __("Việc phải làm sau khi có kết quả"),
                    row_name=__("Việc"),
                    questions=(
                        Text("id", __("Mã"), optional=False, width=20),
                        Both("name", __("Việc phải làm"), optional=False),
                        Text(
                            "due",
                            __("Hạn"),
                            __("30d, 12m là 12 tháng, hoặc một ngày: form.to"),
                            optional=False,
                            suggests=answers.days,
                        ),
                    ),
                ),
            ),
        ),
        Group(
            __("Căn cứ và điều kiện"),
            (
                Rows(
                    "legal_basis",
                    __("Căn cứ pháp lý"),
                    row_name=__("Văn bản"),
                    questions=(
                        Text("number", __("Số hiệu"), optional=False, width=20),
                        Both("title", __("Tên văn bản"), optional=False, same=True),
                        Text("article", __("Điều, khoản"), width=20),
                    ),
                ),
                Rows(
                    "requirements",
                    __("Điều kiện"),
                    row_name=__("Điều kiện"),
                    questions=(Both("", __("Điều kiện"), optional=False),),
                ),
                Rows(
                    "not_needed",
                    __("Giấy tờ không cần nộp"),
                    row_name=__("Giấy tờ"),
                    questions=(Both("", __("Giấy tờ"), optional=False),),
                ),
            ),
        ),
        Group(
            __("Tìm kiếm"),
            (
                Many("audience", __("Dành cho"), choices=tables.AUDIENCES, default=("citizen",)),
                Whole("minutes", __("Số phút để điền"), __("Để trống là 15 phút")),
                Lines("life_events", __("Việc trong đời"), __("Mỗi dòng một mã, ví dụ build_a_house")),
                Lines("search_words", __("Từ để tìm"), __("Mỗi dòng một cách gọi"), rows=5),
            ),
        ),
    )


PARTS = (Part((), CARD, lambda _path, _entry: _("Thông tin"), more=_groups),)
