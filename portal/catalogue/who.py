"""Who does a step, in words: the office at a level, the applicant, the portal; and the role in it."""

from __future__ import annotations

from collections.abc import Mapping

from portal.catalogue.levels import LEVELS
from portal.units.types import Function
from portal.workflow.bpmn import Lane
from portal.workflow.definition import At, Process, Step, Text, Where

FUNCTIONS: Mapping[str, Text] = {
    Function.ONE_STOP: Text("Bộ phận một cửa", "One-stop counter"),
    Function.LEADERSHIP: Text("Lãnh đạo Ủy ban", "Leadership"),
    Function.REGISTRY: Text("Văn thư", "Registry"),
    Function.JUSTICE: Text("Tư pháp", "Justice"),
    Function.LABOUR: Text("Lao động, người có công", "Labour and people of merit"),
    Function.LAND: Text("Đất đai", "Land"),
    Function.URBAN_MANAGEMENT: Text("Quản lý đô thị", "Urban management"),
    Function.TRADE: Text("Công thương", "Trade"),
    Function.FINANCE_PLANNING: Text("Tài chính, kế hoạch", "Finance and planning"),
    Function.FOOD_SAFETY: Text("An toàn thực phẩm", "Food safety"),
    Function.PLANNING: Text("Quy hoạch", "Planning"),
    Function.GREENERY: Text("Cây xanh", "Greenery"),
    Function.ROADS: Text("Đường bộ", "Roads"),
    Function.FIRE_POLICE: Text("Cảnh sát phòng cháy", "Fire police"),
    Function.TRAFFIC_POLICE: Text("Cảnh sát giao thông", "Traffic police"),
    Function.TAX: Text("Thuế", "Tax"),
}
ROLES: Mapping[str, Text] = {
    "receptionist": Text("Cán bộ một cửa", "Receptionist"),
    "counter_leader": Text("Trưởng bộ phận một cửa", "Head of the counter"),
    "specialist": Text("Chuyên viên", "Specialist"),
    "head": Text("Trưởng đơn vị", "Head of office"),
    "leader": Text("Lãnh đạo", "Leader"),
    "clerk": Text("Văn thư", "Clerk"),
    "applicant": Text("Người nộp", "Applicant"),
    "system": Text("Tự động", "Automatic"),
}
_RECEIVED = Text("Một cửa nơi tiếp nhận", "Counter of reception")
_RETURN = Text("Một cửa nơi trả kết quả", "Counter of return")
_APPLICANT = Text("Người nộp", "Applicant")
_PORTAL = Text("Cổng dịch vụ công", "The portal")
_OUTSIDE = Text("{office} (ngoài cổng)", "{office} (outside the portal)")


def office_of(at: At, *, language: str) -> str:
    """The office that does a step, without its level: Quản lý đô thị; Lãnh đạo Ủy ban."""
    fixed = {Where.RECEIVED: _RECEIVED, Where.RETURN: _RETURN, Where.APPLICANT: _APPLICANT, Where.AUTOMATIC: _PORTAL}
    if at.where in fixed:
        return fixed[at.where].in_language(language)
    office = _function(at.function, language)
    return _OUTSIDE.in_language(language).format(office=office) if at.where is Where.EXTERNAL else office


def level_of(at: At, *, language: str) -> str:
    """The level of a step's office; "" where it has none of its own."""
    return next((level.name.in_language(language) for level in LEVELS if level.id == at.level), "")


def unit_of(at: At, *, language: str) -> str:
    """Level and office together: Quận, huyện: Quản lý đô thị."""
    level, office = level_of(at, language=language), office_of(at, language=language)
    return f"{level}: {office}" if level else office


def role_of(step: Step, *, language: str) -> str:
    known = ROLES.get(step.role or "")
    return known.in_language(language) if known else step.role or ""


def lanes_of(process: Process, *, language: str) -> tuple[tuple[Lane, ...], Mapping[str, str]]:
    """One lane for each office at a level, the highest level first, then the counters, the portal, the applicant; and
    the lane of every step."""
    order = {level.id: number for number, level in enumerate(LEVELS)}
    after = {Where.RECEIVED: 10, Where.RETURN: 11, Where.AUTOMATIC: 12, Where.APPLICANT: 13}
    found: dict[str, tuple[int, Lane]] = {}
    lane_of: dict[str, str] = {}
    for step in process.steps.values():
        at = step.at
        key = ".".join(part for part in (at.where, at.level, at.function) if part)
        place = after.get(at.where, order.get(at.level or "", 9))
        found.setdefault(key, (place, Lane(key, unit_of(at, language=language))))
        lane_of[step.id] = key
    lanes = [lane for _, lane in sorted(found.values(), key=lambda item: item[0])]
    if not any(step.at.where is Where.APPLICANT for step in process.steps.values()):
        lanes.append(Lane(Where.APPLICANT, _APPLICANT.in_language(language)))
        lane_of.setdefault("", Where.APPLICANT)
    return tuple(lanes), lane_of


def _function(function: str | None, language: str) -> str:
    known = FUNCTIONS.get(function or "")
    return known.in_language(language) if known else function or ""
