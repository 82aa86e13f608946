"""The grammar's own words for people: levels, functions, roles, kinds, as tables and comparisons say them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from portal.catalogue.document_names import DOCUMENT_NAMES
from portal.catalogue.types import (
    Choice,
    Duty,
    FeeRule,
    Field,
    FieldType,
    LegalBasis,
    Reduction,
    Result,
    Stage,
    SupplementRule,
    Term,
)
from portal.core.wording import cited, number, short_day
from portal.workflow.definition import (
    ASKER,
    ActionKind,
    At,
    Branch,
    ClockRule,
    Condition,
    Duration,
    DurationUnit,
    End,
    Recipient,
    Text,
    Timer,
    TimerEffect,
    Where,
)

NOTHING = Text("không có", "none")
YES, NO = Text("có", "yes"), Text("không", "no")

LEVELS = {
    "city": Text("thành phố", "city"),
    "district": Text("quận, huyện", "district"),
    "commune": Text("phường, xã", "commune"),
}
FUNCTIONS = {
    "one_stop": Text("bộ phận một cửa", "one-stop counter"),
    "leadership": Text("lãnh đạo", "leadership"),
    "registry": Text("văn thư", "registry"),
    "justice": Text("tư pháp, hộ tịch", "justice"),
    "labour": Text("lao động, người có công", "labour"),
    "land": Text("đất đai", "land"),
    "urban_management": Text("quản lý đô thị", "urban management"),
    "trade": Text("công thương", "trade"),
    "finance_planning": Text("tài chính, kế hoạch", "finance and planning"),
    "food_safety": Text("an toàn thực phẩm", "food safety"),
    "planning": Text("quy hoạch", "planning"),
    "greenery": Text("cây xanh", "greenery"),
    "roads": Text("đường bộ", "roads"),
    "fire_police": Text("cảnh sát phòng cháy", "fire police"),
    "traffic_police": Text("cảnh sát giao thông", "traffic police"),
    "tax": Text("thuế", "tax"),
}
ROLES = {
    "receptionist": Text("người tiếp nhận", "receptionist"),
    "counter_leader": Text("trưởng bộ phận một cửa", "head of the counter"),
    "specialist": Text("chuyên viên", "specialist"),
    "head": Text("trưởng phòng", "head of office"),
    "leader": Text("lãnh đạo", "leader"),
    "clerk": Text("văn thư", "clerk"),
    "administrator": Text("quản trị", "administrator"),
    "applicant": Text("người nộp", "applicant"),
    "system": Text("tự động", "automatic"),
}
FIELD_TYPES = {
    FieldType.TEXT: Text("một dòng chữ", "a line of text"),
    FieldType.LONG_TEXT: Text("nhiều dòng chữ", "several lines"),
    FieldType.INTEGER: Text("số nguyên", "whole number"),
    FieldType.DECIMAL: Text("số thập phân", "decimal number"),
    FieldType.DATE: Text("ngày", "date"),
    FieldType.YES_NO: Text("có hoặc không", "yes or no"),
    FieldType.CHOICE: Text("chọn trong danh sách", "choice"),
    FieldType.UNIT: Text("phường, xã hoặc cơ quan", "commune or agency"),
    FieldType.GROUP: Text("nhóm lặp lại", "repeating group"),
    FieldType.MONEY: Text("số tiền", "sum of money"),
    FieldType.BOOKING: Text("giờ hẹn đến quầy", "time at the counter"),
}
PAPER_MODES = {
    "submit": Text("nộp", "hand in"),
    "present": Text("xuất trình", "show"),
    "surrender": Text("nộp lại bản chính", "surrender"),
}
FEE_KINDS = {"phi": Text("phí", "charge"), "le_phi": Text("lệ phí", "fee")}
MOMENTS = {
    "receiving": Text("khi nộp hồ sơ", "on submission"),
    "supplement": Text("khi bổ sung", "with a supplement"),
    "return": Text("khi nhận kết quả", "on return of the result"),
}
CLOCKS = {
    ClockRule.STATUTORY: Text("tính vào thời hạn", "counts in the term"),
    ClockRule.RECEPTION: Text("tính vào hạn tiếp nhận", "counts in the reception time"),
    ClockRule.PAUSED: Text("tạm dừng thời hạn", "the term stands still"),
    ClockRule.NONE: Text("không tính giờ", "no clock"),
}
SAME_OFFICE = {"skip": Text("không hỏi", "not asked")}
KINDS = {
    ActionKind.ADVANCE: Text("chuyển tiếp", "go on"),
    ActionKind.ACCEPT: Text("tiếp nhận", "accept"),
    ActionKind.SUPPLEMENT: Text("yêu cầu bổ sung", "ask for a supplement"),
    ActionKind.REFUSE: Text("từ chối tiếp nhận", "refuse"),
    ActionKind.REJECT: Text("đề nghị không cấp", "propose rejection"),
    ActionKind.APPROVE: Text("duyệt", "approve"),
    ActionKind.SEND_BACK: Text("trả lại", "send back"),
    ActionKind.ASSIGN: Text("phân công", "assign"),
    ActionKind.CONSULT: Text("hỏi ý kiến", "consult"),
    ActionKind.ANSWER: Text("góp ý", "answer"),
    ActionKind.DRAFT: Text("dự thảo kết quả", "draft"),
    ActionKind.INITIAL: Text("ký nháy", "initial"),
    ActionKind.SIGN: Text("ký", "sign"),
    ActionKind.ISSUE: Text("cho số, đóng dấu", "number and seal"),
    ActionKind.HAND_OVER: Text("chuyển giao", "hand over"),
    ActionKind.GIVE: Text("trả kết quả", "give"),
    ActionKind.EXTEND: Text("gia hạn", "extend"),
    ActionKind.DECLINE: Text("không đính chính", "decline to correct"),
    ActionKind.WITHDRAW: Text("rút hồ sơ", "withdraw"),
    ActionKind.STOP: Text("dừng hồ sơ", "stop"),
    ActionKind.SUBMIT: Text("nộp", "submit"),
    ActionKind.PAY: Text("nộp phí", "pay"),
    ActionKind.AUTOMATIC: Text("tự động", "automatic"),
}
DOCUMENTS = {name: Text(*said) for name, said in DOCUMENT_NAMES.items()} | {"result": Text("Kết quả", "The result")}
_WHERE = {
    Where.RECEIVED: Text("nơi đã tiếp nhận", "the counter that received"),
    Where.RETURN: Text("nơi trả kết quả", "the counter of return"),
    Where.FIELD: Text("cơ quan ghi trong tờ khai", "the agency named in the form"),
    Where.EACH: Text("cơ quan ở nơi của từng nhánh", "the agency at the place of each branch"),
    Where.APPLICANT: Text("người nộp", "the applicant"),
    Where.AUTOMATIC: Text("tự động", "automatic"),
    Where.EXTERNAL: Text("cơ quan ngoài Cổng", "a body outside the portal"),
}
_UNITS = {
    "working_days": Text("ngày làm việc", "working days"),
    "calendar_days": Text("ngày", "days"),
    "working_hours": Text("giờ làm việc", "working hours"),
}
_EFFECTS = {
    TimerEffect.REMIND: Text("nhắc", "remind"),
    TimerEffect.REMIND_APPLICANT: Text("nhắc người nộp", "remind the applicant"),
    TimerEffect.ESCALATE: Text("báo cấp trên", "escalate"),
    TimerEffect.REASSIGN: Text("đổi người làm", "reassign"),
    TimerEffect.ACT: Text("tự chuyển", "act"),
}


def word(words: dict[Any, Text], key: Any) -> Text:
    """The word of a table, or the key itself: a definition may name what no table knows."""
    return words.get(key) or Text(str(key), str(key))


def joined(texts: Iterable[Text], separator: str = ", ") -> Text:
    listed = list(texts)
    return Text(separator.join(one.vi for one in listed), separator.join(one.en or one.vi for one in listed))


def plain(value: object) -> Text:
    """A value that is the same in both languages."""
    return Text(str(value), str(value))


def amount(value: Decimal | int) -> Text:
    return Text(number(value), number(value, language="en"))


def shown(value: Any) -> Text:
    """Any value of a definition in words."""
    if value is None or value in ("", ()):
        return NOTHING
    for kinds, words in _SHOWN:
        if isinstance(value, kinds):
            return words(value)
    return plain(value)


def term(value: Term) -> Text:
    """`15 ngày làm việc`; the stages of a term each with its level."""
    if value.stages:
        return joined((_stage(stage) for stage in value.stages), "; ")
    if value.unit == "same_day":
        return Text(f"trong ngày, nộp trước {value.cutoff}", f"the same day when filed before {value.cutoff}")
    return _length(value.value, value.unit)


def duration(value: Duration) -> Text:
    units = {
        DurationUnit.WORKING_DAYS: "working_days",
        DurationUnit.CALENDAR_DAYS: "calendar_days",
        DurationUnit.WORKING_HOURS: "working_hours",
    }
    return _length(value.value, units[value.unit])


def place(at: At) -> Text:
    """Where a step is done: `quận, huyện: quản lý đô thị`."""
    if at.where is not Where.PLACE and at.where is not Where.EXTERNAL:
        return word(_WHERE, at.where)
    parts = [word(LEVELS, at.level), word(FUNCTIONS, at.function)]
    text = joined(parts, ": ")
    if at.within:
        within = word(FUNCTIONS, at.within)
        text = Text(f"{text.vi} của nơi làm {within.vi}", f"{text.en} of the office for {within.en}")
    if at.where is Where.EXTERNAL:
        text = Text(f"{text.vi} (ngoài Cổng)", f"{text.en} (outside the portal)")
    return text


def way_on(action: Any, names: dict[str, Text]) -> Text:
    """Where an action leads, in the names of the steps. `action` is an Action, or its ways alone."""
    if action.ends:
        return Text(f"kết thúc ({action.ends})", f"end ({action.ends})")
    if action.joins:
        name = word(names, action.joins)
        return Text(f"chờ đủ nhánh rồi đến {name.vi}", f"join at {name.en or name.vi}")
    if action.proposes:
        asked = joined((word(names, name) for name in action.proposes), ", ")
        approves = word(names, action.branches[0].step)
        return Text(
            f"đề nghị hỏi nơi được chọn ({asked.vi}), qua {approves.vi}",
            f"propose to ask whoever is ticked ({asked.en}), by way of {approves.en or approves.vi}",
        )
    if action.consults:
        asked = joined((word(names, branch.step) for branch in action.branches), ", ")
        return Text(f"hỏi nơi được chọn: {asked.vi}", f"ask whoever is ticked: {asked.en}")
    return joined((_branch(branch, names) for branch in action.branches), "; " if action.choice else " + ")


def _branch(branch: Branch, names: dict[str, Text]) -> Text:
    if branch.step == ASKER:
        return Text("về bước đã hỏi", "back to the step that asked")
    name = word(names, branch.step)
    if branch.when is None:
        return name
    return Text(f"{name.vi} khi {branch.when.source}", f"{name.en or name.vi} if {branch.when.source}")


def _length(value: Decimal, unit: str) -> Text:
    shown_number, words = amount(value), word(_UNITS, unit)
    return Text(f"{shown_number.vi} {words.vi}", f"{shown_number.en} {words.en}")


def _stage(stage: Stage) -> Text:
    level, length = word(LEVELS, stage.level), _length(stage.value, stage.unit)
    return Text(f"{level.vi} {length.vi}", f"{level.en} {length.en}")


def timer_words(timer: Timer) -> Text:
    """When a timer rings and what it does."""
    effect = word(_EFFECTS, timer.effect)
    silence = {"consent": Text(", im lặng là đồng ý", ", silence is consent"), "refusal": Text(", im lặng là từ chối")}
    said = silence.get(timer.silence or "", Text(""))
    moment = timer_moment(timer)
    return Text(f"{moment.vi}: {effect.vi}{said.vi}", f"{moment.en}: {effect.en}{said.en or said.vi}")


def timer_moment(timer: Timer) -> Text:
    """When a timer rings: after 12 days, 4 working hours before it is due, on the day of an answer."""
    if timer.day is not None:
        return Text(f"đến ngày {timer.day.source}", f"on the day {timer.day.source}")
    length = duration(timer.after)
    if timer.before_due:
        return Text(f"{length.vi} trước hạn", f"{length.en} before it is due")
    return Text(f"sau {length.vi}", f"after {length.en}")


def whole_place(at: At) -> Text:
    """Where a step is done, with everything that finds the office."""
    found = [at.body or place(at)]
    if at.where not in (Where.PLACE, Where.EXTERNAL):
        found += [word(FUNCTIONS, at.function)] if at.function else []
        found += [plain(at.field)] if at.field else []
        found += [word(FUNCTIONS, at.within)] if at.within else []
    if at.body:
        found.append(place(at))
    for level, post in at.by_level:
        parts = (word(LEVELS, level), word(FUNCTIONS, post.function), word(ROLES, post.role))
        found.append(joined((*parts, *([word(FUNCTIONS, post.within)] if post.within else [])), " · "))
    return joined(found, "; ")


_RESULT_ACTIONS = {
    "amend": Text("gia hạn kết quả trước", "prolongs an older result"),
    "replace": Text("thay kết quả trước", "replaces an older result"),
    "revoke": Text("thu hồi kết quả trước", "revokes an older result"),
}


def _result(result: Result) -> Text:
    """Everything that a definition says of a result."""
    months = result.validity_months
    valid = shown(months)
    parts = [
        plain(result.series),
        plain(result.template),
        *([Text(f"{valid.vi} tháng", f"{valid.en} months")] if months else []),
        *([Text("dấu của phòng", "the seal of the office")] if result.signs_as == "office" else []),
        *(
            [Text(f"mỗi dòng của {result.each} một số", f"a number for each row of {result.each}")]
            if result.each
            else []
        ),
        *(
            [Text(f"chụp bản chính khi {result.scan}", f"the original is scanned if {result.scan}")]
            if result.scan
            else []
        ),
        *([_RESULT_ACTIONS[result.action]] if result.action in _RESULT_ACTIONS else []),
        *(Text(f"theo {name}", f"by {name}") for name in (result.of, result.of_day, result.found_by) if name),
        *([Text(f"khi {result.when.source}", f"if {result.when.source}")] if result.when else []),
    ]
    said = joined(parts)
    return Text(f"{result.name.vi} ({said.vi})", f"{result.name.en or result.name.vi} ({said.en})")


def duty(value: Duty) -> Text:
    """What must be done after the result, and until when."""
    if value.day is not None:
        return Text(f"{value.name.vi}: ngày {value.day.source}", f"{value.name.en}: on {value.day.source}")
    if value.after is not None:
        length = duration(value.after)
        return Text(f"{value.name.vi}: trong {length.vi}", f"{value.name.en}: within {length.en}")
    return Text(f"{value.name.vi}: trong {value.months} tháng", f"{value.name.en}: within {value.months} months")


def recipient(value: Recipient) -> Text:
    """Who receives a copy, and when not always."""
    name = value.at.body or place(value.at)
    if value.when is None:
        return name
    return Text(f"{name.vi} khi {value.when.source}", f"{name.en or name.vi} if {value.when.source}")


def _supplement(rule: SupplementRule) -> Text:
    wait = duration(rule.wait) if rule.wait else NOTHING
    clock = {"add": Text("cộng thêm", "added"), "restart": Text("tính lại", "restarted")}[rule.clock]
    return Text(
        f"nhiều nhất {rule.limit} lần, chờ {wait.vi}, thời hạn {clock.vi}",
        f"at most {rule.limit} times, waiting {wait.en}, the term is {clock.en}",
    )


def _law(law: LegalBasis, language: str) -> str:
    parts = (law.number, law.title.in_language(language), cited(law.article, language=language))
    return " ".join(part for part in parts if part)


def _fee(rule: FeeRule) -> Text:
    return shown(rule.amount)


def _reduction(rule: Reduction) -> Text:
    amount, when = shown(rule.amount), plain(rule.when.source) if rule.when else NOTHING
    start, end = on_day(rule.valid_from), on_day(rule.valid_to)
    return Text(
        f"{rule.note.vi}: {amount.vi}, khi {when.vi}, từ {start.vi} đến {end.vi}, căn cứ {rule.legal_basis}",
        f"{rule.note.en}: {amount.en}, if {when.en}, from {start.en} to {end.en}, by {rule.legal_basis}",
    )


_SHOWN: tuple[tuple[Any, Callable[[Any], Text]], ...] = (
    (Text, lambda value: value),
    (bool, lambda value: YES if value else NO),
    ((Decimal, int), amount),
    (Condition, lambda value: plain(value.source)),
    (Duration, duration),
    (Term, term),
    (Result, _result),
    (Duty, duty),
    (SupplementRule, _supplement),
    (At, place),
    (Recipient, recipient),
    (ClockRule, lambda value: word(CLOCKS, value)),
    (ActionKind, lambda value: word(KINDS, value)),
    (FieldType, lambda value: word(FIELD_TYPES, value)),
    (Timer, timer_words),
    (FeeRule, _fee),
    (Reduction, _reduction),
    (Choice, lambda value: value.label),
    (Field, lambda value: value.label),
    (End, lambda value: plain(value.state)),
    (LegalBasis, lambda value: Text(*(_law(value, language) for language in ("vi", "en")))),
    ((tuple, list), lambda values: joined(map(shown, values), "; ")),
)


def on_day(value: Any) -> Text:
    """A day in a table, or no day."""
    return Text(short_day(value), short_day(value, language="en")) if value else NOTHING
