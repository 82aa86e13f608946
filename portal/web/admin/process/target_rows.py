"""Where an action leads, as rows: a step and when it is opened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Self

from portal.catalogue.condition_checking import ConditionGround
from portal.web.admin.process import choices
from portal.web.admin.process.fields import ConditionField
from portal.web.admin.process.rows import OptionalSelect, RowForm
from portal.web.fields import TextField
from portal.web.translation import gettext as _
from portal.web.translation import lazy_gettext as __
from portal.workflow.definition import Process

KEYS = frozenset({"step", "each", "if", "unless"})
"""What the rows can say of a target."""


class TargetRow(RowForm):
    made_by = ("step",)
    step = OptionalSelect(__("Bước"), nothing=__("Không"))
    mode = OptionalSelect(__("Lúc nào"), choices=(("if", __("Khi")), ("unless", __("Trừ khi"))), nothing=__("Luôn"))
    condition = ConditionField(__("Điều kiện"), required=False)
    each = TextField(__("Mỗi nơi một nhánh"), required=False, spellcheck=False)

    @classmethod
    def of(cls, targets: Any, *, process: Process, ground: ConditionGround) -> list[Self]:
        rows = cls.rows("target", [_values(target) for target in listed_targets(targets)])
        for row in rows:
            row.step.items = [{"value": value, "text": text} for value, text in choices.targets(process)]
            dangling = row.step.object_data or ""
            if dangling and dangling not in {item["value"] for item in row.step.items}:
                row.step.items.append({"value": dangling, "text": _("%(name)s (chưa có)", name=dangling)})
            row.condition.ground = ground
            row.condition.each = str(row.each.data or "")
        return rows

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        if valid and bool(self.mode.data) != bool(self.condition.data):
            if self.mode.data:
                self.condition.errors = [_("Nhập điều kiện, hoặc chọn Luôn")]
            else:
                self.mode.errors = [_("Chọn Khi hoặc Trừ khi cho điều kiện này")]
            return False
        return valid

    def written(self) -> Any:
        target: dict[str, Any] = {"step": self.step.data}
        target |= {"each": self.each.data} if self.each.data else {}
        target |= {self.mode.data: self.condition.data} if self.mode.data else {}
        return target if len(target) > 1 else self.step.data


def written_targets(rows: Sequence[TargetRow]) -> Any:
    """The targets as the grammar writes them: a name alone when there is one without a condition."""
    targets = [row.written() for row in rows if not row.is_blank]
    return targets[0] if len(targets) == 1 and isinstance(targets[0], str) else targets


def listed_targets(targets: Any) -> list[dict[str, Any]]:
    """However they are written, each as a mapping."""
    listed = targets if isinstance(targets, list) else [targets] if targets else []
    return [target if isinstance(target, dict) else {"step": target} for target in listed]


def is_plain(targets: Any) -> bool:
    """Whether the rows can say all of it."""
    for target in listed_targets(targets):
        if not set(target) <= KEYS or not all(isinstance(value, str) for value in target.values()):
            return False
    return not isinstance(targets, dict) or "step" in targets


def _values(target: Mapping[str, Any]) -> dict[str, Any]:
    mode = next((name for name in ("if", "unless") if target.get(name)), "")
    return {
        "step": target.get("step"),
        "mode": mode,
        "condition": target.get(mode) if mode else "",
        "each": target.get("each"),
    }
