"""Two definitions compared in words: what is added, removed, moved or changed, and what of it breaks drafts or records.

Breaking means: an answer, a paper or an open task of the older definition has no place in the newer one, or the newer
one asks for something that the older did not. Who moves records from one version to the other must look there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any

from portal.catalogue import words
from portal.catalogue.types import Field, Procedure
from portal.catalogue.words import NOTHING, joined, place, shown, way_on, word
from portal.workflow.definition import Action, Step, Text


class Part(StrEnum):
    """The part of a definition in which something differs, in the order of pages."""

    CARD = "card"
    TERM = "term"
    PAPERS = "papers"
    FEES = "fees"
    FORM = "form"
    STEPS = "steps"
    ACTIONS = "actions"


class Mark(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"
    CHANGED = "changed"


@dataclass(frozen=True)
class Change:
    """One difference. `about` names what of the thing differs; added and removed things have none."""

    part: Part
    mark: Mark
    thing: Text
    about: Text | None = None
    before: Text | None = None
    after: Text | None = None
    breaking: bool = False


Breaks = Callable[[Any, Any], bool]


@dataclass(frozen=True)
class Attribute:
    """What of a thing may differ: its name on the page, its value, and when a difference breaks something."""

    about: Text
    value: Callable[[Any], Any]
    breaks: Breaks = lambda before, after: False
    words: Callable[[Any], Text] = shown


def compare(before: Procedure, after: Procedure) -> tuple[Change, ...]:
    """Every difference, part by part in the order of pages; empty when a reader would see none."""
    return tuple(
        [
            *_attributes(Part.CARD, None, before, after, _CARD),
            *_attributes(Part.TERM, None, before, after, _TERM),
            *_things(Part.PAPERS, _papers(before), _papers(after), _PAPER, added=lambda paper: paper.required),
            *_things(Part.FEES, _fees(before), _fees(after), _FEE, removed=lambda fee: False),
            *_form(before, after),
            *_process(before, after),
        ]
    )


def _always(before: Any, after: Any) -> bool:
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


def _of(name: str, vi: str, en: str, breaks: Breaks | None = None, table: dict[Any, Text] | None = None) -> Attribute:
    said = (lambda value: _from_table(table, value)) if table is not None else shown
    return Attribute(
        Text(vi, en), lambda thing: getattr(thing, name), breaks or (lambda before, after: False), words=said
    )


def _from_table(table: dict[Any, Text], value: Any) -> Text:
    if isinstance(value, tuple):
        return joined(word(table, one) for one in value) if value else NOTHING
    return word(table, value) if value is not None else NOTHING


_CARD = (
    _of("name", "Tên thủ tục", "Name"),
    _of("everyday_name", "Tên thường gọi", "Everyday name"),
    _of("summary", "Giới thiệu", "Summary"),
    _of("field_name", "Lĩnh vực", "Field"),
    _of("competent_level", "Cấp quyết định", "Deciding level", _always, words.LEVELS),
    _of("decided_by", "Nơi quyết định", "Decided by"),
    _of("receivers", "Nơi nhận hồ sơ", "Receiving counters", _loses, words.LEVELS),
    _of("result", "Kết quả", "Result"),
    _of("further_results", "Giấy cấp kèm", "Papers that come with it"),
    _of("copies_to", "Nơi nhận để biết", "Copies for information"),
    _of("subject", "Tiêu đề hồ sơ", "Title of a record"),
    _of("place_field", "Ô cho biết nơi giải quyết", "Field that says the place", _always),
    _of("audience", "Đối tượng", "Audience", _loses),
    _of("minutes", "Số phút điền", "Minutes to fill in"),
    _of("requirements", "Điều kiện", "Requirements"),
    _of("not_needed", "Không cần nộp", "Not needed"),
    _of("legal_basis", "Căn cứ pháp lý", "Legal basis"),
    _of("life_events", "Việc trong đời", "Life events"),
    _of("search_words", "Từ tìm kiếm", "Search words"),
)
_TERM = (
    _of("term", "Thời hạn giải quyết", "Term"),
    _of("supplement", "Bổ sung hồ sơ", "Supplements"),
    _of("reception_hours", "Hạn trả lời tiếp nhận (giờ làm việc)", "Answer to a submission (working hours)"),
    _of("extension", "Gia hạn", "Extension"),
)
_PAPER = (
    _of("name", "Tên", "Name"),
    _of("hint", "Hướng dẫn", "Hint"),
    _of("required", "Bắt buộc", "Required", _turns_on),
    _of("when", "Chỉ cần khi", "Needed only if", _always),
    _of("formats", "Loại tệp", "Formats", _loses),
    _of("max_mb", "Dung lượng tối đa (MB)", "Largest size (MB)", _falls),
    _of("max_files", "Số tệp tối đa", "Most files", _falls),
    _of("copies", "Số bản", "Copies"),
    _of("mode", "Cách nộp", "How it is handed in", None, words.PAPER_MODES),
    _of("replaced_by", "Dữ liệu thay thế", "Register that spares it"),
)
_FEE = (
    _of("name", "Tên", "Name"),
    _of("kind", "Loại", "Kind", None, words.FEE_KINDS),
    _of("amount", "Mức thu (đồng)", "Amount (VND)"),
    _of("moment", "Thời điểm thu", "Moment", None, words.MOMENTS),
    _of("exempt_if", "Miễn khi", "Exempt if"),
    _of("legal_basis", "Căn cứ", "Legal basis"),
    _of("note", "Ghi chú", "Note"),
    Attribute(Text("Có hiệu lực đến hết", "In force until"), lambda fee: fee.valid_to, words=words.on_day),
)
_FIELD = (
    _of("label", "Câu hỏi", "Label"),
    _of("hint", "Hướng dẫn", "Hint"),
    _of("type", "Kiểu", "Type", _always),
    _of("required", "Bắt buộc", "Required", _turns_on),
    _of("when", "Chỉ hỏi khi", "Asked only if", _always),
    _of("choices", "Lựa chọn", "Choices", _loses_choice),
    _of("several", "Chọn nhiều", "Several choices", _always),
    _of("minimum", "Nhỏ nhất", "Smallest", _rises),
    _of("maximum", "Lớn nhất", "Largest", _falls),
    _of("max_length", "Độ dài tối đa", "Longest", _falls),
    _of("kind", "Dạng dữ liệu", "Known format", lambda before, after: after is not None),
    _of("level", "Cấp được chọn", "Level to choose from", _always, words.LEVELS),
    _of("suffix", "Đơn vị", "Suffix"),
    _of("row_name", "Tên một dòng", "Name of a row"),
    _of("prefill", "Điền sẵn từ", "Filled in from"),
)
_STEP = (
    _of("name", "Tên", "Name"),
    _of("stop", "Tên người dân thấy", "Name that citizens see"),
    Attribute(Text("Nơi làm", "Where"), lambda step: step.at, _always, words=place),
    _of("role", "Vai trò", "Role", _always, words.ROLES),
    _of("quota", "Thời gian (giờ làm việc)", "Quota (working hours)"),
    _of("clock", "Cách tính giờ", "Clock"),
    _of("timers", "Hẹn giờ", "Timers"),
    _of("same_office", "Khi nơi hỏi cũng là nơi góp ý", "When it would ask itself", None, words.SAME_OFFICE),
    _of("opens_after", "Mở khi đủ số nhánh", "Opens after so many branches"),
    _of("checklist", "Việc phải kiểm", "Checklist"),
    _of("differs_from", "Không cùng người với bước", "Not the person of"),
    _of("state", "Trạng thái hồ sơ", "State of the record"),
    _of("consultation", "Nhóm hỏi ý kiến", "Consultation"),
    Attribute(Text("Dữ liệu hỏi tự động", "Automatic call"), lambda step: step.automatic and step.automatic.call),
)
_ACTION = (
    _of("label", "Tên nút", "Label"),
    _of("kind", "Loại", "Kind", _always),
    _of("needs", "Cần có", "Needs"),
    _of("outcome", "Kết luận", "Outcome", _always),
    _of("documents", "Văn bản tạo ra", "Documents"),
    _of("when", "Chỉ khi", "Only if"),
    _of("times", "Số lần tối đa", "At most"),
    _of("paper_within", "Bản giấy theo sau (ngày làm việc)", "Paper follows within (working days)"),
    _of("cutoff", "Giờ chốt chuyển bản giấy", "Cutoff for the paper"),
    _of("form", "Phải điền", "Form"),
    _of("batch", "Làm nhiều hồ sơ một lần, lập", "Many records at once, with one"),
    _of("extends", "Gia hạn thêm", "Extends the term by"),
    _of("report_to", "Báo cáo cho", "Reports to"),
    _of("corrects", "Trường được sửa", "Answers that may be put right"),
)


def _attributes(
    part: Part, thing: Text | None, before: Any, after: Any, attributes: Iterable[Attribute]
) -> Iterator[Change]:
    for attribute in attributes:
        old, new = attribute.value(before), attribute.value(after)
        if old != new:
            yield Change(
                part,
                Mark.CHANGED,
                thing or attribute.about,
                attribute.about if thing is not None else None,
                attribute.words(old),
                attribute.words(new),
                attribute.breaks(old, new),
            )


def _things(
    part: Part,
    before: Mapping[Any, tuple[Text, Any]],
    after: Mapping[Any, tuple[Text, Any]],
    attributes: Iterable[Attribute],
    *,
    added: Callable[[Any], bool] = lambda thing: False,
    removed: Callable[[Any], bool] = lambda thing: True,
) -> Iterator[Change]:
    """Things known by a key: those that came, those that went, what differs, and which stand elsewhere."""
    for key, (name, thing) in before.items():
        if key not in after:
            yield Change(part, Mark.REMOVED, name, breaking=removed(thing))
    moved = _moved([key for key in before if key in after], [key for key in after if key in before])
    for key, (name, thing) in after.items():
        if key not in before:
            yield Change(part, Mark.ADDED, name, breaking=added(thing))
            continue
        if key in moved:
            yield Change(part, Mark.MOVED, name)
        yield from _attributes(part, name, before[key][1], thing, attributes)


def _moved(before: list[Any], after: list[Any]) -> set[Any]:
    """The fewest things that were taken out and put elsewhere."""
    kept = SequenceMatcher(a=before, b=after, autojunk=False).get_matching_blocks()
    stayed = {before[block.a + offset] for block in kept for offset in range(block.size)}
    return set(before) - stayed


def _papers(procedure: Procedure) -> dict[str, tuple[Text, Any]]:
    return {paper.id: (paper.name, paper) for paper in procedure.papers}


def _fees(procedure: Procedure) -> dict[Any, tuple[Text, Any]]:
    """An amount is a dated fact: the same line from another day is another one."""
    found = {}
    for fee in procedure.fees:
        since = words.on_day(fee.valid_from)
        dated = Text(f"{fee.name.vi}, từ {since.vi}", f"{fee.name.en}, from {since.en}") if fee.valid_from else fee.name
        found[fee.id, fee.valid_from] = (dated, fee)
    return found


def _fields(fields: Iterable[Field], above: Text | None = None) -> Iterator[tuple[str, tuple[Text, Field]]]:
    for field in fields:
        name = joined((above, field.label), " › ") if above is not None else field.label
        key = field.id if above is None else f"{above.vi}/{field.id}"
        yield key, (name, replace(field, fields=()))
        yield from _fields(field.fields, name)


def _form(before: Procedure, after: Procedure) -> Iterator[Change]:
    pages_before = {page.id: (page.title, page) for page in before.pages}
    pages_after = {page.id: (page.title, page) for page in after.pages}
    title = (_of("title", "Tiêu đề trang", "Title of the page"),)
    yield from _things(Part.FORM, pages_before, pages_after, title, removed=lambda page: False)
    for page in after.pages:
        if page.id in pages_before:
            yield from _checks(page.title, pages_before[page.id][1].checks, page.checks)
    fields_before = dict(_fields(field for page in before.pages for field in page.fields))
    fields_after = dict(_fields(field for page in after.pages for field in page.fields))
    yield from _things(Part.FORM, fields_before, fields_after, _FIELD, added=lambda field: field.required)


def _checks(title: Text, before: Iterable[Any], after: Iterable[Any]) -> Iterator[Change]:
    """A check has no name: a changed condition is one that went and one that came."""
    old = {check.condition.source: check for check in before}
    new = {check.condition.source: check for check in after}
    for source, check in old.items():
        if source not in new:
            yield Change(Part.FORM, Mark.REMOVED, _check_name(title, source), before=check.message)
    for source, check in new.items():
        name = _check_name(title, source)
        if source not in old:
            yield Change(Part.FORM, Mark.ADDED, name, after=check.message, breaking=not check.warns)
            continue
        message = (_of("message", "Câu báo", "Message"), _of("warns", "Chỉ nhắc", "Warns only"))
        yield from _attributes(Part.FORM, name, old[source], check, message)


def _check_name(title: Text, source: str) -> Text:
    return Text(f"{title.vi}: kiểm tra {source}", f"{title.en}: check {source}")


def _process(before: Procedure, after: Procedure) -> Iterator[Change]:
    old, new = before.process, after.process
    start = Attribute(Text("Bước đầu tiên", "First step"), lambda process: process.start, _always)
    putting_right = Text("Bước đính chính kết quả", "Step that puts a result right")
    correct = Attribute(putting_right, lambda process: process.correct)
    yield from _attributes(Part.STEPS, None, old, new, (start, correct))
    yield from _things(Part.STEPS, _steps(old.steps), _steps(new.steps), _STEP)
    ends_before = {name: (_end_name(name), end) for name, end in old.ends.items()}
    ends_after = {name: (_end_name(name), end) for name, end in new.ends.items()}
    yield from _things(Part.STEPS, ends_before, ends_after, (_of("state", "Trạng thái", "State", _always),))
    names = {step.id: step.name for step in (*old.steps.values(), *new.steps.values())}
    way = Attribute(Text("Đi đến", "Leads to"), _leads, _always, words=lambda action: way_on(action, names))
    yield from _things(Part.ACTIONS, _actions(old.steps, new.steps), _actions(new.steps, old.steps), (*_ACTION, way))
    always = Text("Luôn mở", "Always open")
    always_before = {action.id: (joined((always, action.label), " › "), action) for action in old.always}
    always_after = {action.id: (joined((always, action.label), " › "), action) for action in new.always}
    yield from _things(Part.ACTIONS, always_before, always_after, (*_ACTION, way))


@dataclass(frozen=True)
class _Way:
    """Where an action leads, and nothing else of it: what is compared."""

    branches: tuple[Any, ...]
    choice: bool
    consults: bool
    proposes: tuple[str, ...]
    joins: str | None
    ends: str | None


def _leads(action: Action) -> _Way:
    return _Way(action.branches, action.choice, action.consults, action.proposes, action.joins, action.ends)


def _end_name(name: str) -> Text:
    return Text(f"Kết thúc {name}", f"End {name}")


def _steps(steps: Mapping[str, Step]) -> dict[str, tuple[Text, Step]]:
    return {step.id: (step.name, step) for step in steps.values()}


def _actions(steps: Mapping[str, Step], other: Mapping[str, Step]) -> dict[str, tuple[Text, Action]]:
    """Those of the steps that both processes have: a step that came or went says enough by itself."""
    return {
        f"{step.id}.{action.id}": (joined((step.name, action.label), " › "), action)
        for step in steps.values()
        if step.id in other
        for action in step.actions
    }
