"""The timers of a step as rows: reminder, report to the superior, and what happens when the time is up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Self

from portal.web.admin.process import choices
from portal.web.admin.process.fields import length, length_parts
from portal.web.admin.process.rows import GroupedSelect, OptionalSelect, RowForm
from portal.web.fields import DecimalField
from portal.web.translation import gettext as _
from portal.web.translation import lazy_gettext as __
from portal.workflow.definition import Process

WAYS = ("to", "join", "end")

BEFORE = "-"
"""Marks the units of a length that ends when the step is due, as in the labels of timers (`-4h`)."""


class TimerRow(RowForm):
    made_by = ("number", "unit")
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
        ),
        nothing=__("Chọn"),
    )
    effect = OptionalSelect(
        __("Việc"),
        choices=(
            ("remind", __("Nhắc")),
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

    @classmethod
    def of(cls, timers: Sequence[Any], *, process: Process) -> list[Self]:
        """The rows of a step's timers, with the steps and ends of the process to choose from."""
        rows = cls.rows("timer", [_values(timer) for timer in timers if _has_row(timer)])
        for row in rows:
            row.way.offer(
                {
                    _("Sang bước"): _with("to", choices.steps(process)),
                    _("Chờ đủ nhánh rồi mở"): _with("join", choices.steps(process)),
                    _("Kết thúc"): _with("end", choices.ends(process)),
                }
            )
        return rows

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        if valid and self.number.data is None:
            self.number.errors = [_("Nhập số thời gian")]
            return False
        if valid and not self.unit.data:
            self.unit.errors = [_("Chọn đơn vị thời gian")]
            return False
        if valid and bool(self.way.data) == bool(self.effect.data):
            needed = _("Chọn bước hoặc kết thúc mà hẹn giờ dẫn đến")
            self.way.errors = [_("Nhắc và báo cấp trên không dẫn đến đâu") if self.way.data else needed]
            return False
        return valid

    def written(self, before: Any) -> dict[str, Any]:
        """The timer of this row; what the form does not know of the one before stays."""
        known = {"after", "before_due", "effect", "silence", *WAYS}
        kept = {key: value for key, value in before.items() if key not in known} if isinstance(before, dict) else {}
        unit = str(self.unit.data)
        moment = "before_due" if unit.startswith(BEFORE) else "after"
        timer: dict[str, Any] = {moment: length(self.number.data, unit.removeprefix(BEFORE))}
        timer |= {"effect": self.effect.data} if self.effect.data else {}
        timer |= {"silence": self.silence.data} if self.silence.data and not self.effect.data else {}
        way, _sign, target = str(self.way.data or "").partition(":")
        timer |= {way: target} if target else {}
        return timer | kept


def written_timers(rows: Sequence[TimerRow], before: Sequence[Any]) -> list[dict[str, Any]]:
    """The timers that the rows say; emptied rows are gone. Those of a day (`on`) stay: only YAML has them."""
    old = [*(timer for timer in before if _has_row(timer)), *(None for _row in rows)]
    timers = [row.written(timer) for row, timer in zip(rows, old, strict=False) if not row.is_blank]
    for place, timer in enumerate(before):
        if not _has_row(timer):
            timers.insert(place, timer)
    return timers


def _has_row(timer: Any) -> bool:
    return isinstance(timer, dict) and "on" not in timer


def _values(timer: Mapping[str, Any]) -> dict[str, Any]:
    way = next((name for name in WAYS if timer.get(name)), "")
    effect = timer.get("effect")
    length_of = length_parts(timer.get("after") or timer.get("before_due"))
    if "before_due" in timer and length_of.get("unit"):
        length_of["unit"] = f"{BEFORE}{length_of['unit']}"
    return {
        **length_of,
        "effect": effect if effect != "act" else "",
        "silence": timer.get("silence"),
        "way": f"{way}:{timer[way]}" if way else "",
    }


def _with(way: str, listed: list[choices.Choice]) -> list[choices.Choice]:
    return [(f"{way}:{value}", text) for value, text in listed]
