"""Who receives a copy of what an action makes, as boxes of a form and as the grammar writes it: `report_to`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from flask import request

from portal.catalogue.condition_checking import ConditionGround
from portal.web.admin.editor import tables
from portal.web.admin.process import choices
from portal.web.admin.process.choices import KEPT
from portal.web.admin.process.fields import ConditionField, offer_answers
from portal.web.admin.process.rows import OptionalSelect, RowForm
from portal.web.fields import TextField
from portal.web.translation import gettext as _
from portal.web.translation import lazy_gettext as __
from portal.workflow.definition import Where

BOXES: Mapping[str, tuple[str, ...]] = {
    Where.PLACE: ("level", "function", "within"),
    Where.FIELD: ("field", "level", "function", "within"),
    Where.RECEIVED: ("function",),
    Where.EXTERNAL: ("body_vi", "body_en"),
}
"""The boxes that count for each answer to "where"."""

_MAY_BE_EMPTY = ("within",)


class ReceiverForm(RowForm):
    """The boxes of one receiver. They travel in the form of a page."""

    where = OptionalSelect(__("Gửi bản sao văn bản cho"), nothing=__("Không gửi cho ai"))
    level = OptionalSelect(__("Cấp"), nothing=__("Không ghi"))
    function = OptionalSelect(__("Chức năng"), nothing=__("Không ghi"))
    within = OptionalSelect(__("Của cơ quan có chức năng"), nothing=__("Không ghi"))
    field = TextField(__("Câu trả lời có nơi"), required=False, hint=__("Ví dụ form.old_commune"), spellcheck=False)
    body_vi = TextField(__("Tên cơ quan ngoài Cổng"), required=False)
    body_en = TextField(__("Tên cơ quan bằng tiếng Anh"), required=False)
    condition = ConditionField(__("Chỉ gửi khi"), required=False)

    @classmethod
    def of(cls, written: Any, *, ground: ConditionGround) -> Self:
        """The boxes as the file fills them, or as they were sent."""
        boxes = _boxes_of(written)
        form = cls(formdata=request.form if request.method == "POST" else None, prefix="report", data=boxes)
        kept = [(KEPT, _("Giữ như trong tệp YAML"))] if boxes.get("where") == KEPT else []
        form.where.offers([*((value, str(said)) for value, said in tables.RECEIVERS), *kept])
        form.level.offers(choices.levels())
        form.function.offers(choices.functions())
        form.within.offers(choices.functions())
        offer_answers(ground, form.field)
        form.condition.ground = ConditionGround(ground.schema, ())
        return form

    @property
    def is_blank(self) -> bool:
        return not self.where.data

    @property
    def has_more(self) -> bool:
        """Whether somebody is named, or a box is wrong."""
        return bool(self.where.data or any(field.errors for field in self))

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        needed = (name for name in BOXES.get(str(self.where.data), ()) if name not in _MAY_BE_EMPTY)
        if self.where.data == Where.FIELD:
            needed = (name for name in ("field", "function"))
        missing: Any = next((self[name] for name in needed if not self[name].data), None)
        if missing is not None and not missing.errors:
            missing.errors = [missing.missing()]
        return valid and missing is None

    def written(self, before: Any) -> Any:
        """The receiver as the grammar writes it; `before` is what the file says now. None for none."""
        where = str(self.where.data or "")
        if not where:
            return None
        boxes = {name: self[name].data for name in BOXES.get(where, ()) if self[name].data}
        shown = _boxes_of(before)
        same = {**boxes, "where": where, "condition": self.condition.data or None}
        if where == KEPT or {key: value for key, value in same.items() if value} == _said(shown):
            return before
        body = {"body": {"vi": boxes.pop("body_vi"), "en": boxes.pop("body_en")}} if "body_vi" in boxes else {}
        start = {} if where == Where.PLACE else {"where": where}
        return start | boxes | body | ({"if": self.condition.data} if self.condition.data else {})


def _boxes_of(written: Any) -> dict[str, Any]:
    """What the boxes show; a receiver that they cannot say is kept as the file writes it."""
    if written is None:
        return {}
    where = str(written.get("where", Where.PLACE)) if isinstance(written, Mapping) else KEPT
    if where not in BOXES or not isinstance(written, Mapping):
        return {"where": KEPT}
    body = written.get("body") if isinstance(written.get("body"), Mapping) else {}
    boxes = {name: written.get(name) for name in ("level", "function", "within", "field")}
    boxes |= {"body_vi": (body or {}).get("vi"), "body_en": (body or {}).get("en")}
    filled = {name for name, value in boxes.items() if value}
    if not set(written) <= {"where", "if", "body", *boxes} or not filled <= set(BOXES[where]):
        return {"where": KEPT}
    return {**boxes, "where": where, "condition": written.get("if")}


def _said(boxes: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in boxes.items() if value}
