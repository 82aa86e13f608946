"""The internal procedure as agencies publish it: step, unit, role, content, time and result of each step.

The one-stop decrees (61/2018/NĐ-CP, since 01/7/2025 118/2025/NĐ-CP) ask for such a table, approved and in public view.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from portal.catalogue.document_names import DOCUMENT_NAMES
from portal.catalogue.types import Procedure
from portal.catalogue.who import level_of, office_of, role_of
from portal.catalogue.words import timer_words
from portal.workflow.date_words import count_days, working_length
from portal.workflow.definition import Duration, DurationUnit, Step, Text, TimerEffect
from portal.workflow.lane_route import route_from, steps_of

HEADINGS = (
    Text("TT", "No."),
    Text("Bước công việc", "Step"),
    Text("Đơn vị", "Unit"),
    Text("Người thực hiện", "Done by"),
    Text("Nội dung công việc", "What is done"),
    Text("Thời gian", "Time"),
    Text("Kết quả", "Result"),
)
_TITLE = Text("Quy trình nội bộ: {name}", "Internal procedure: {name}")
_WAIT = Text("chờ tối đa {length}", "waits at most {length}")
_REMIND = Text("nhắc sau {length}", "reminder after {length}")
_PAPER = Text(
    "bản giấy, nếu có, theo sau trong {length}; giao sau {cutoff} thì sáng hôm sau",
    "paper, if any, follows within {length}; handed over after {cutoff}, the next morning",
)
_SILENCE = {
    "consent": Text("quá {length} không trả lời thì coi như đồng ý", "no answer within {length} counts as consent"),
    "refusal": Text(
        "quá {length} không trả lời thì coi như không đồng ý", "no answer within {length} counts as refusal"
    ),
}
_RESULT = Text("Kết quả đã ký số, đóng dấu", "The signed and sealed result")


@dataclass(frozen=True)
class StepRow:
    """One step. `number` counts the usual way; steps that only some records need have none."""

    step_id: str
    number: int | None
    name: str
    unit: str
    role: str
    content: tuple[str, ...]
    time: tuple[str, ...]
    result: tuple[str, ...]


@dataclass(frozen=True)
class StepTable:
    """`usual` is the way when nothing is missing and nobody objects; `sometimes` what a record may need besides."""

    title: str
    code: str
    headings: tuple[str, ...]
    usual: tuple[StepRow, ...]
    sometimes: tuple[StepRow, ...]

    @property
    def rows(self) -> tuple[StepRow, ...]:
        return self.usual + self.sometimes


def step_table(procedure: Procedure, *, language: str) -> StepTable:
    """The table of a procedure in one of the two languages."""
    process = procedure.process
    on_way = {step.id: number for number, step in enumerate(steps_of(route_from(process, process.start)), start=1)}
    rows = [_row(step, on_way.get(step.id), language) for step in process.steps.values()]
    return StepTable(
        title=_TITLE.in_language(language).format(name=procedure.name.in_language(language)),
        code=procedure.code,
        headings=tuple(heading.in_language(language) for heading in HEADINGS),
        usual=tuple(sorted((row for row in rows if row.number), key=lambda row: row.number or 0)),
        sometimes=tuple(row for row in rows if not row.number),
    )


def _row(step: Step, number: int | None, language: str) -> StepRow:
    level, office = level_of(step.at, language=language), office_of(step.at, language=language)
    return StepRow(
        step_id=step.id,
        number=number,
        name=step.name.in_language(language),
        unit=f"{office} ({level.lower()})" if level else office,
        role=role_of(step, language=language),
        content=_content(step, language),
        time=_time(step, language),
        result=_result(step, language),
    )


def _content(step: Step, language: str) -> tuple[str, ...]:
    """What is checked, then what may be done with the record."""
    checks = [item.in_language(language) for item in step.checklist]
    return (*checks, *(action.label.in_language(language) for action in step.actions))


def _time(step: Step, language: str) -> tuple[str, ...]:
    found = [working_length(step.quota, language, whole=True)] if step.quota else []
    for timer in step.timers:
        length = _length(timer.after, language)
        if timer.before_due or timer.day is not None:
            found.append(timer_words(timer).in_language(language))
        elif timer.effect is not TimerEffect.ACT:
            found.append(_REMIND.in_language(language).format(length=length))
        else:
            found.append(_SILENCE.get(timer.silence or "", _WAIT).in_language(language).format(length=length))
    for action in step.actions:
        if action.paper_within:
            length = count_days(Decimal(action.paper_within), language, working=True)
            found.append(_PAPER.in_language(language).format(length=length, cutoff=action.cutoff))
    return tuple(found)


def _length(duration: Duration, language: str) -> str:
    if duration.unit is DurationUnit.WORKING_HOURS:
        return working_length(duration.value, language, in_hours=True)
    return count_days(duration.value, language, working=duration.unit is DurationUnit.WORKING_DAYS)


def _result(step: Step, language: str) -> tuple[str, ...]:
    kinds = dict.fromkeys(kind for action in step.actions for kind in action.makes)
    return tuple(_document(kind, language) for kind in kinds)


def _document(kind: str, language: str) -> str:
    if kind == "result":
        return _RESULT.in_language(language)
    vietnamese, english = DOCUMENT_NAMES.get(kind, (kind, kind))
    return english if language == "en" else vietnamese
