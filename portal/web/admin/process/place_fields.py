"""Where a step is done, as boxes of a form and as the grammar writes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Self

from flask import request

from portal.web.admin.process import choices
from portal.web.admin.process.choices import KEPT, OWNER
from portal.web.admin.process.rows import OptionalSelect, RowForm
from portal.web.fields import TextField
from portal.web.translation import Words
from portal.web.translation import gettext as _
from portal.web.translation import lazy_gettext as __
from portal.workflow.definition import Where

_BOXES: Mapping[str, tuple[str, ...]] = {
    Where.PLACE: ("level", "function", "within"),
    Where.RECEIVED: ("function",),
    Where.RETURN: ("function",),
    Where.FIELD: ("field", "level", "function", "within"),
    Where.EACH: ("level", "function", "within"),
    Where.APPLICANT: (),
    Where.AUTOMATIC: (),
    Where.EXTERNAL: ("level", "function", "within", "body"),
}
"""The boxes that count for each answer to "where"."""

_NEEDED: Mapping[str, tuple[str, ...]] = {
    Where.PLACE: ("level", "function"),
    Where.FIELD: ("field", "function"),
    Where.EACH: ("level", "function"),
    Where.EXTERNAL: ("level", "function"),
}

OFFICES = (Where.PLACE, Where.FIELD)
"""How an office is found that a whole process belongs to."""

COUNTERS = (*OFFICES, Where.RECEIVED, Where.RETURN)


class LevelRow(RowForm):
    """Who does it at one level, when that is not the usual one: an entry of `by_level`."""

    made_by = ("level", "function", "role")
    level = OptionalSelect(__("Ở cấp"), nothing=__("Không"))
    function = OptionalSelect(__("Chức năng"), nothing=__("Chọn"))
    role = OptionalSelect(__("Vai trò"), nothing=__("Chọn"))
    within = OptionalSelect(__("Của cơ quan"), nothing=__("Không ghi"))

    @classmethod
    def of(cls, name: str, by_level: Any) -> list[Self]:
        """The rows of a `by_level`, `name` before the names of their boxes."""
        written = by_level if isinstance(by_level, Mapping) else {}
        values = [{"level": level, **post} for level, post in written.items() if isinstance(post, Mapping)]
        rows = cls.rows(name, values, spare=1)
        for row in rows:
            row.level.offers(choices.levels())
            row.function.offers(choices.functions())
            row.within.offers(choices.functions())
            row.role.offers(choices.roles())
        return rows

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        wanted = (
            (self.level, _("Chọn cấp")),
            (self.function, _("Chọn chức năng")),
            (self.role, _("Chọn vai trò")),
        )
        for field, sentence in wanted:
            if valid and not field.data:
                field.errors = [sentence]
                return False
        return valid


def written_levels(rows: Sequence[LevelRow]) -> dict[str, dict[str, str]]:
    """What the rows say, as `by_level` has it."""
    names = ("function", "role", "within")
    return {
        str(row.level.data): {name: row[name].data for name in names if row[name].data}
        for row in rows
        if not row.is_blank
    }


class PlaceForm(RowForm):
    """The boxes of one place; `levels` are its rows for other levels. Both travel in the form of a page."""

    where = OptionalSelect(__("Nơi làm"), nothing=__("Chọn"))
    level = OptionalSelect(__("Cấp"), nothing=__("Không ghi"))
    function = OptionalSelect(__("Chức năng"), nothing=__("Không ghi"))
    within = OptionalSelect(__("Của cơ quan có chức năng"), nothing=__("Không ghi"))
    field = TextField(__("Trường của tờ khai"), required=False, hint=__("Ví dụ form.registered_at"), spellcheck=False)
    body_vi = TextField(__("Tên cơ quan ngoài Cổng"), required=False)
    body_en = TextField(__("Tên cơ quan bằng tiếng Anh"), required=False)

    levels: Sequence[LevelRow]
    nothing_said: str

    @classmethod
    def of(
        cls,
        at: Any,
        *,
        name: str = "",
        label: Words = "",
        wheres: Sequence[str] = (),
        nothing: str = "",
        has_levels: bool = True,
        has_body: bool = False,
    ) -> Self:
        """The boxes as the file fills them, or as they were sent. `wheres` are the answers to choose from, all when
        none are named; `nothing` is what no answer means, where that is one."""
        boxes = boxes_of(at)
        if boxes.get("by_level") and not has_levels:
            boxes = {"where": KEPT}
        form = cls(formdata=request.form if request.method == "POST" else None, prefix=name, data=boxes)
        if not has_body:
            del form.body_vi, form.body_en
        form.levels = LevelRow.of(f"{name}-levels".strip("-"), boxes.get("by_level")) if has_levels else []
        offered = choices.places() if not wheres else [one for one in choices.places() if one[0] in wheres]
        kept = [(KEPT, _("Giữ như trong tệp YAML"))] if boxes.get("where") == KEPT else []
        form.where.offers([*offered, *kept])
        form.where.label.text = str(label) or form.where.label.text
        form.where.nothing = nothing or form.where.nothing
        form.nothing_said = nothing
        form.level.offers(choices.levels())
        form.function.offers(choices.functions())
        form.within.offers(choices.functions())
        return form

    @property
    def forms(self) -> tuple[RowForm, ...]:
        """The boxes and the rows: the parts of the page's form."""
        return (self, *self.levels)

    @property
    def is_blank(self) -> bool:
        """Whether it may be left as it is: nothing was said where nothing need be."""
        return bool(self.nothing_said) and not self.where.data

    @property
    def has_faults(self) -> bool:
        """Whether one of the boxes that are mostly empty is wrong, or a row."""
        rare = ("within", "field", "body_vi", "body_en")
        return any(self[name].errors for name in rare if name in self) or any(row.errors for row in self.levels)

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        missing = _missing_box(self._boxes()) if self.where.data else ("where", _("Chọn nơi làm"))
        if missing is not None:
            self[missing[0]].errors = [missing[1]]
        return valid and missing is None

    def written(self, before: Any) -> Any:
        """The place as the grammar writes it; `before` is what the file says now. None when there is none."""
        return None if self.is_blank else written_place(self._boxes(), before)

    def _boxes(self) -> dict[str, Any]:
        return {**{name: self[name].data for name in _NAMES if name in self}, "by_level": written_levels(self.levels)}


_NAMES = ("where", "level", "function", "within", "field", "body_vi", "body_en")


def boxes_of(at: Any) -> dict[str, Any]:
    """What the boxes show; a place that they cannot say is kept as the file writes it."""
    if at is None:
        return {}
    if at == "$owner":
        return {"where": OWNER}
    if isinstance(at, str):
        return {"where": at if at in (Where.APPLICANT, Where.AUTOMATIC) else KEPT}
    where = at.get("where", str(Where.PLACE)) if isinstance(at, dict) else KEPT
    if where not in _BOXES or not _is_plain(at, where):
        return {"where": KEPT}
    body, entered = at.get("body") or {}, at.get("entered_by") or {}
    return {
        "where": where,
        "level": entered.get("level") or at.get("level"),
        "function": entered.get("function") or at.get("function"),
        "within": at.get("within"),
        "field": at.get("field"),
        "body_vi": body.get("vi"),
        "body_en": body.get("en"),
        "by_level": at.get("by_level") or {},
    }


def _missing_box(boxes: Mapping[str, Any]) -> tuple[str, str] | None:
    """The first box that the answer to "where" needs and that is empty, with what to say there."""
    needed = _NEEDED.get(boxes.get("where") or "", ())
    said = {"level": _("Chọn cấp"), "function": _("Chọn chức năng"), "field": _("Nhập trường của tờ khai")}
    name = next((name for name in needed if not boxes.get(name)), None)
    if name is None and bool(boxes.get("body_vi")) != bool(boxes.get("body_en")):
        return ("body_en" if boxes.get("body_vi") else "body_vi"), _("Nhập tên cơ quan bằng cả hai tiếng")
    return (name, said[name]) if name else None


def written_place(boxes: Mapping[str, Any], before: Any) -> Any:
    """The place as the grammar writes it; `before` is what the file says now."""
    where = boxes.get("where")
    shown = boxes_of(before)
    if where == KEPT or (shown and _said(shown) == _said({name: boxes.get(name) for name in shown})):
        return before
    if where == OWNER:
        return "$owner"
    if where in (Where.APPLICANT, Where.AUTOMATIC):
        return str(where)
    place: dict[str, Any] = {} if where == Where.PLACE else {"where": str(where)}
    names = [name for name in _BOXES[str(where)] if name != "body"]
    place |= {name: boxes[name] for name in names if boxes.get(name)}
    if where in (Where.RECEIVED, Where.RETURN):
        place.setdefault("function", "one_stop")
    if where == Where.EXTERNAL and boxes.get("body_vi"):
        place = _of_body(place, {"vi": boxes["body_vi"], "en": boxes["body_en"]})
    return place | ({"by_level": boxes["by_level"]} if boxes.get("by_level") else {})


def _of_body(place: dict[str, Any], body: dict[str, str]) -> dict[str, Any]:
    if "within" in place:
        return {**place, "body": body}
    office = {name: place[name] for name in ("level", "function")}
    return {"where": place["where"], "body": body, "entered_by": office}


def _said(boxes: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value or None for name, value in boxes.items()}


def _is_plain(at: Mapping[str, Any], where: str) -> bool:
    """Whether the boxes can say all of it."""
    known = {"where", "body", "entered_by", "by_level", *_BOXES[where]}
    scalars = [value for key, value in at.items() if key not in ("body", "entered_by", "by_level")]
    return set(at) <= known and all(isinstance(value, str) and "$" not in value for value in scalars)
