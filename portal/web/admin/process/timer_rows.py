"""The timers of a step as rows: reminder, report to the superior, and what happens when the time is up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Self

from portal.catalogue.condition_checking import ConditionGround
from portal.web.admin.process import choices
from portal.web.admin.process.fields import DayOfAnswerField, length, length_parts
from portal.web.admin.process.rows import GroupedSelect, OptionalSelect, RowForm
from portal.web.fields import DecimalField, TextField
from portal.web.translation import gettext as _
from portal.web.translation import lazy_gettext as __
from portal.workflow.definition import Process

WAYS = ("to", "join", "end")

ON = "on"
"""In place of the unit of a length: a day that an answer says."""

KEYS = frozenset({"after", "before_due", ON, "effect", "silence", "outcome", *WAYS})
"""What the rows can say of a timer."""

BEFORE = "-"
"""Marks the units of a length that ends when the step is due, as in the labels of timers (`-4h`)."""


class TimerRow(RowForm):
    made_by = ("number", "unit", "day")
    number = DecimalField(__("Bao lâu"), minimum=0, width=4, required=False)
    unit = OptionalSelect(
        __("Đơn vị"),
        choices=(
            ("d", __("ngày lịch")),
            ("wd", __("ngày làm việc")),
            ("h", __("giờ làm việc")),
            (f"{BEFORE}d", __("ngày lịch trước hạn")),
            (f"{BEFORE}wd", __("ngày làm việc trước hạn")),
            (f"{BEFORE}h", __("giờ làm việc trước hạn")),
            (ON, __("đến ngày ghi trong tờ khai")),
        ),
        nothing=__("Chọn"),
    )
    day = DayOfAnswerField(__("Ngày trong tờ khai"), required=False)
    effect = OptionalSelect(
        __("Việc"),
        choices=(
            ("remind", __("Nhắc")),
            ("remind_applicant", __("Nhắc người nộp")),
            ("escalate", __("Báo cấp trên")),
            ("reassign", __("Để đồng nghiệp nhận")),
        ),
        nothing=__("Tự chuyển"),
    )
    silence = OptionalSelect(
        __("Không trả lời thì"),
        choices=(("consent", __("Coi như đồng ý")), ("refusal", __("Coi như không đồng ý"))),
        nothing=__("Hết thời hạn"),
    )
    way = GroupedSelect(__("Dẫn đến"), nothing=__("Không"))
    outcome = TextField(__("Kết quả của bước"), required=False, max_length=40, spellcheck=False)

    @classmethod
    def of(cls, timers: Sequence[Any], *, process: Process, ground: ConditionGround) -> list[Self]:
        """The rows of a step's timers, with the steps and ends of the process to choose from."""
        rows = cls.rows("timer", [_values(timer) for timer in timers if isinstance(timer, dict)])
        for row in rows:
            row.day.ground = ground
            row.way.offer(
                {
                    _("Sang bước"): _with("to", choices.steps(process)),
                    _("Chờ đủ nhánh rồi mở"): _with("join", choices.steps(process)),
                    _("Kết thúc"): _with("end", choices.ends(process)),
                }
            )
        return rows

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        mistake = self._mistake()
        if mistake is not None:
            self[mistake[0]].errors = [mistake[1]]
        return mistake is None

    def _mistake(self) -> tuple[str, str] | None:
        """What the boxes say together that none says alone: the box, and the sentence."""
        is_day = self.unit.data == ON
        if not self.unit.data:
            return "unit", _("Chọn đơn vị thời gian")
        if is_day and not self.day.data:
            return "day", _("Nhập câu trả lời có ngày, ví dụ form.from")
        if self.day.data and not is_day:
            return "day", _("Chọn “đến ngày ghi trong tờ khai”, hoặc để trống ngày")
        if (self.number.data is None) != is_day:
            return "number", _("Để trống số: ngày lấy từ tờ khai") if is_day else _("Nhập số thời gian")
        if self.way.data and self.effect.data:
            return "way", _("Nhắc và báo cấp trên không dẫn đến đâu")
        if not self.way.data and not self.effect.data:
            return "way", _("Chọn bước hoặc kết thúc mà hẹn giờ dẫn đến")
        return None

    def written(self, before: Any) -> dict[str, Any]:
        """The timer of this row; what the form does not know of the one before stays."""
        kept = {key: value for key, value in before.items() if key not in KEYS} if isinstance(before, dict) else {}
        timer: dict[str, Any] = dict([self._moment()])
        timer |= {"effect": self.effect.data} if self.effect.data else {}
        timer |= {"silence": self.silence.data} if self.silence.data and not self.effect.data else {}
        way, _sign, target = str(self.way.data or "").partition(":")
        timer |= {way: target} if target else {}
        timer |= {"outcome": self.outcome.data} if self.outcome.data and target else {}
        return timer | kept

    def _moment(self) -> tuple[str, str]:
        unit = str(self.unit.data)
        if unit == ON:
            return ON, str(self.day.data)
        return "before_due" if unit.startswith(BEFORE) else "after", length(self.number.data, unit.removeprefix(BEFORE))


def written_timers(rows: Sequence[TimerRow], before: Sequence[Any]) -> list[dict[str, Any]]:
    """The timers that the rows say; emptied rows are gone."""
    old = [*(timer for timer in before if isinstance(timer, dict)), *(None for _row in rows)]
    return [row.written(timer) for row, timer in zip(rows, old, strict=False) if not row.is_blank]


def _values(timer: Mapping[str, Any]) -> dict[str, Any]:
    way = next((name for name in WAYS if timer.get(name)), "")
    effect = timer.get("effect")
    length_of = length_parts(timer.get("after") or timer.get("before_due"))
    if "before_due" in timer and length_of.get("unit"):
        length_of["unit"] = f"{BEFORE}{length_of['unit']}"
    moment = {"unit": ON, "day": timer[ON]} if timer.get(ON) else length_of
    return {
        **moment,
        "effect": effect if effect != "act" else "",
        "silence": timer.get("silence"),
        "way": f"{way}:{timer[way]}" if way else "",
        "outcome": timer.get("outcome"),
    }


def _with(way: str, listed: list[choices.Choice]) -> list[choices.Choice]:
    return [(f"{way}:{value}", text) for value, text in listed]
