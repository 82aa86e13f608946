"""Where a step is done, as boxes of a form and as the grammar writes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.web.admin.process.choices import KEPT, OWNER
from portal.web.translation import gettext as _
from portal.workflow.definition import Where

_BOXES: Mapping[str, tuple[str, ...]] = {
    Where.PLACE: ("level", "function", "within"),
    Where.RECEIVED: ("function",),
    Where.RETURN: ("function",),
    Where.FIELD: ("field", "function", "within"),
    Where.EACH: ("level", "function", "within"),
    Where.APPLICANT: (),
    Where.AUTOMATIC: (),
    Where.EXTERNAL: ("level", "function", "body"),
}
"""The boxes that count for each answer to "where"."""

_NEEDED: Mapping[str, tuple[str, ...]] = {
    Where.PLACE: ("level", "function"),
    Where.FIELD: ("field", "function"),
    Where.EACH: ("level", "function"),
    Where.EXTERNAL: ("level", "function"),
}


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
    }


def missing_box(boxes: Mapping[str, Any]) -> tuple[str, str] | None:
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
    if where == KEPT or (shown and shown == {name: boxes.get(name) or None for name in shown}):
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
        body = {"vi": boxes["body_vi"], "en": boxes["body_en"]}
        return {
            "where": "external",
            "body": body,
            "entered_by": {"level": boxes["level"], "function": boxes["function"]},
        }
    return place


def _is_plain(at: Mapping[str, Any], where: str) -> bool:
    """Whether the boxes can say all of it."""
    known = {"where", "body", "entered_by", *_BOXES[where]}
    scalars = [value for key, value in at.items() if key not in ("body", "entered_by")]
    return set(at) <= known and all(isinstance(value, str) and "$" not in value for value in scalars)
