"""Which keys of a definition are compared, what each is called, and when a difference breaks something."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from portal.catalogue import words
from portal.catalogue.types import Term
from portal.catalogue.words import NOTHING, joined, shown, word
from portal.workflow.definition import Text

Breaks = Callable[[Any, Any], bool]


@dataclass(frozen=True)
class Attribute:
    """What of a thing may differ: its name on the page, its value, and when a difference breaks something."""

    about: Text
    value: Callable[[Any], Any]
    breaks: Breaks = lambda before, after: False
    words: Callable[[Any], Text] = shown


def always_breaks(before: Any, after: Any) -> bool:
    """Of keys whose every change breaks something."""
    return True


def _turns_on(before: Any, after: Any) -> bool:
    return bool(after) and not before


def _loses(before: Any, after: Any) -> bool:
    return not set(before) <= set(after)


def _falls(before: Any, after: Any) -> bool:
    return after is not None and (before is None or after < before)


def _rises(before: Any, after: Any) -> bool:
    return after is not None and (before is None or after > before)


def _loses_choice(before: Any, after: Any) -> bool:
    return not {choice.value for choice in before} <= {choice.value for choice in after}


def attribute_of(
    name: str, vi: str, en: str, breaks: Breaks | None = None, table: dict[Any, Text] | None = None
) -> Attribute:
    said = (lambda value: _from_table(table, value)) if table is not None else shown
    return Attribute(
        Text(vi, en), lambda thing: getattr(thing, name), breaks or (lambda before, after: False), words=said
    )


def _from_table(table: dict[Any, Text], value: Any) -> Text:
    if isinstance(value, tuple):
        return joined(word(table, one) for one in value) if value else NOTHING
    return word(table, value) if value is not None else NOTHING


CARD = (
    attribute_of("name", "Tên thủ tục", "Name"),
    attribute_of("everyday_name", "Tên thường gọi", "Everyday name"),
    attribute_of("form_name", "Tên đơn, tờ khai", "Title of the form"),
    attribute_of("summary", "Giới thiệu", "Summary"),
    attribute_of("field_name", "Lĩnh vực", "Field"),
    attribute_of("field", "Mã lĩnh vực", "Code of the field"),
    attribute_of("competent_levels", "Cấp quyết định", "Deciding level", always_breaks, words.LEVELS),
    attribute_of("decided_by", "Nơi quyết định", "Decided by"),
    attribute_of("receivers", "Nơi nhận hồ sơ", "Receiving counters", _loses, words.LEVELS),
    attribute_of("result", "Kết quả", "Result"),
    attribute_of("further_results", "Giấy cấp kèm", "Papers that come with it"),
    attribute_of("copies_to", "Nơi nhận để biết", "Copies for information"),
    attribute_of("after", "Việc phải làm sau khi có kết quả", "Duties after the result"),
    attribute_of("subject", "Tiêu đề hồ sơ", "Title of a record"),
    attribute_of("place_field", "Ô cho biết nơi giải quyết", "Field that says the place", always_breaks),
    attribute_of("audience", "Đối tượng", "Audience", _loses),
    attribute_of("minutes", "Số phút điền", "Minutes to fill in"),
    attribute_of("requirements", "Điều kiện", "Requirements"),
    attribute_of("not_needed", "Không cần nộp", "Not needed"),
    attribute_of("legal_basis", "Căn cứ pháp lý", "Legal basis"),
    attribute_of("life_events", "Việc trong đời", "Life events"),
    attribute_of("search_words", "Từ tìm kiếm", "Search words"),
)
TERM = (
    Attribute(Text("Thời hạn giải quyết", "Term"), lambda procedure: _without_reason(procedure.term)),
    Attribute(
        Text("Lý do định mức dài hơn thời hạn quanh dịp nghỉ", "Why the quotas are longer around holidays"),
        lambda procedure: (procedure.term.tight, *(stage.tight for stage in procedure.term.stages)),
    ),
    attribute_of("supplement", "Bổ sung hồ sơ", "Supplements"),
    attribute_of("reception_hours", "Hạn trả lời tiếp nhận (giờ làm việc)", "Answer to a submission (working hours)"),
    attribute_of("extension", "Gia hạn", "Extension"),
)
PAPER = (
    attribute_of("name", "Tên", "Name"),
    attribute_of("hint", "Hướng dẫn", "Hint"),
    attribute_of("required", "Bắt buộc", "Required", _turns_on),
    attribute_of("when", "Chỉ cần khi", "Needed only if", always_breaks),
    attribute_of("formats", "Loại tệp", "Formats", _loses),
    attribute_of("max_mb", "Dung lượng tối đa (MB)", "Largest size (MB)", _falls),
    attribute_of("max_files", "Số tệp tối đa", "Most files", _falls),
    attribute_of("copies", "Số bản", "Copies"),
    attribute_of("mode", "Cách nộp", "How it is handed in", None, words.PAPER_MODES),
    attribute_of("replaced_by", "Dữ liệu thay thế", "Register that spares it"),
    attribute_of("one_of", "Nhóm chỉ cần một giấy", "Set of which one is enough"),
    attribute_of("signed", "Phải ký số", "Must be signed electronically", _turns_on),
)
FEE = (
    attribute_of("name", "Tên", "Name"),
    attribute_of("kind", "Loại", "Kind", None, words.FEE_KINDS),
    attribute_of("amount", "Mức thu (đồng)", "Amount (VND)"),
    attribute_of("moment", "Thời điểm thu", "Moment", None, words.MOMENTS),
    attribute_of("exempt_if", "Miễn khi", "Exempt if"),
    attribute_of("reductions", "Giảm, miễn", "Reductions"),
    attribute_of("legal_basis", "Căn cứ", "Legal basis"),
    attribute_of("note", "Ghi chú", "Note"),
    attribute_of("refund_if", "Hoàn lại khi", "Given back if"),
    attribute_of("refund_note", "Ghi chú về hoàn lại", "Note on giving back"),
    Attribute(Text("Có hiệu lực đến hết", "In force until"), lambda fee: fee.valid_to, words=words.on_day),
)
FIELD = (
    attribute_of("label", "Câu hỏi", "Label"),
    attribute_of("hint", "Hướng dẫn", "Hint"),
    attribute_of("type", "Kiểu", "Type", always_breaks),
    attribute_of("required", "Bắt buộc", "Required", _turns_on),
    attribute_of("when", "Chỉ hỏi khi", "Asked only if", always_breaks),
    attribute_of("choices", "Lựa chọn", "Choices", _loses_choice),
    attribute_of("several", "Chọn nhiều", "Several choices", always_breaks),
    attribute_of("minimum", "Nhỏ nhất", "Smallest", _rises),
    attribute_of("maximum", "Lớn nhất", "Largest", _falls),
    attribute_of("max_length", "Độ dài tối đa", "Longest", _falls),
    attribute_of("kind", "Dạng dữ liệu", "Known format", lambda before, after: after is not None),
    attribute_of("level", "Cấp được chọn", "Level to choose from", always_breaks, words.LEVELS),
    attribute_of("suffix", "Đơn vị", "Suffix"),
    attribute_of("row_name", "Tên một dòng", "Name of a row"),
    attribute_of("prefill", "Điền sẵn từ", "Filled in from"),
)
STEP = (
    attribute_of("name", "Tên", "Name"),
    attribute_of("stop", "Tên người dân thấy", "Name that citizens see"),
    Attribute(Text("Nơi làm", "Where"), lambda step: step.at, always_breaks, words=words.whole_place),
    attribute_of("role", "Vai trò", "Role", always_breaks, words.ROLES),
    attribute_of("quota", "Thời gian (giờ làm việc)", "Quota (working hours)"),
    attribute_of("clock", "Cách tính giờ", "Clock"),
    attribute_of("same_office", "Khi nơi hỏi cũng là nơi góp ý", "When it would ask itself", None, words.SAME_OFFICE),
    attribute_of("opens_after", "Mở khi đủ số nhánh", "Opens after so many branches"),
    attribute_of("checklist", "Việc phải kiểm", "Checklist"),
    attribute_of("differs_from", "Không cùng người với bước", "Not the person of"),
    attribute_of("state", "Trạng thái hồ sơ", "State of the record"),
    attribute_of("consultation", "Nhóm hỏi ý kiến", "Consultation"),
    Attribute(Text("Dữ liệu hỏi tự động", "Automatic call"), lambda step: step.automatic and step.automatic.call),
)
ACTION = (
    attribute_of("label", "Tên nút", "Label"),
    attribute_of("kind", "Loại", "Kind", always_breaks),
    attribute_of("needs", "Cần có", "Needs"),
    attribute_of("outcome", "Kết luận", "Outcome", always_breaks),
    attribute_of("documents", "Văn bản tạo ra", "Documents", None, words.DOCUMENTS),
    attribute_of("when", "Chỉ khi", "Only if"),
    attribute_of("times", "Số lần tối đa", "At most"),
    attribute_of("within", "Chỉ làm được trong (từ ngày tiếp nhận)", "Only within (from acceptance)"),
    attribute_of("asks", "Nhớ là bước đã hỏi", "Remembers who asked"),
    attribute_of("by", "Người làm", "By whom", always_breaks, words.ROLES),
    attribute_of("closed_in", "Không làm được ở bước", "Not at the steps"),
    attribute_of("decide_each", "Quyết định từng dòng của", "Decides each row of"),
    attribute_of("paper_within", "Bản giấy theo sau (ngày làm việc)", "Paper follows within (working days)"),
    attribute_of("cutoff", "Giờ chốt chuyển bản giấy", "Cutoff for the paper"),
    attribute_of("form", "Phải điền", "Form"),
    attribute_of("batch", "Làm nhiều hồ sơ một lần, lập", "Many records at once, with one"),
    attribute_of("extends", "Gia hạn thêm", "Extends the term by"),
    attribute_of("report_to", "Báo cáo cho", "Reports to"),
    attribute_of("corrects", "Trường được sửa", "Answers that may be put right"),
)


END = (
    attribute_of("state", "Trạng thái", "State", always_breaks),
    attribute_of("codes", "Mã trạng thái quốc gia", "National status codes"),
    attribute_of("closes_all", "Đóng các nhánh khác", "Closes the other branches"),
)


def _without_reason(term: Term) -> Term:
    """The term itself: the reason has a line of its own, and only terms of a day look at the hour."""
    stages = tuple(replace(stage, tight=None) for stage in term.stages)
    cutoff = term.cutoff if term.unit == "same_day" else Term.cutoff
    return replace(term, tight=None, stages=stages, cutoff=cutoff)
