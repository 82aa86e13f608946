"""Which officials the city needs, and what they are called: pure, the same on every machine."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml

from portal.accounts.types import Role
from portal.units.types import Function, Level, UnitView

FILE = Path(__file__).parent / "data" / "officials.yaml"

SHARED = frozenset({Function.ONE_STOP, Function.LEADERSHIP, Function.REGISTRY})
"""Functions with roles of their own; every other one has a head and specialists."""

ROLES = {
    "lr": Role.LEADER,
    "hd": Role.HEAD,
    "sp": Role.SPECIALIST,
    "cl": Role.COUNTER_LEADER,
    "rec": Role.RECEPTIONIST,
    "ck": Role.CLERK,
}

FIRST_NAMED = (Function.PLANNING, Function.GREENERY, Function.URBAN_MANAGEMENT)
"""Of an office with several functions these have the first of its people, in this order, as they are named by hand."""

FOR_THE_COMMITTEE = "TM. ỦY BAN NHÂN DÂN"
HEADS = {
    "UBND": "CHỦ TỊCH",
    "Sở": "GIÁM ĐỐC",
    "Chi cục": "CHI CỤC TRƯỞNG",
    "Cục": "CỤC TRƯỞNG",
    "Ban": "TRƯỞNG BAN",
    "Thanh tra": "CHÁNH THANH TRA",
    "Phòng": "TRƯỞNG PHÒNG",
}
"""What the first in charge is called, by how the unit's name begins."""

TITLES = {
    Role.SPECIALIST: "Chuyên viên",
    Role.COUNTER_LEADER: "Trưởng bộ phận một cửa",
    Role.RECEPTIONIST: "Công chức tiếp nhận",
    Role.CLERK: "Văn thư",
}

SURNAMES = "Nguyễn Trần Lê Phạm Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Đinh Trương Mai Tô Cao Lâm Châu Tạ Lương"
GIVEN_NAMES = (
    "An Anh Ân Bảo Bích Chi Cường Dũng Duy Đào Đạt Đông Giang Hà Hải Hạnh Hiền Hòa Huệ Hùng Hương Khải Khánh Lan Liên "
    "Linh Loan Mai Minh Nam Nga Ngân Nhung Oanh Phong Phúc Phương Quân Quyên Sang Sen Tâm Thanh Thảo Thắng Thu Thủy "
    "Tiến Trang Trí Trúc Tuấn Tùng Tuyết Uyên Vân Việt Vinh Xuân Yến"
)


@dataclass(frozen=True)
class SamplePost:
    role: Role
    function: str | None = None
    title: str = ""
    capacity: str = ""


@dataclass(frozen=True)
class SampleOfficial:
    """One account: `<account code of the unit>.<what the person does><number>`."""

    login: str
    name: str
    unit: UnitView
    posts: tuple[SamplePost, ...]


def read_names(file: Path = FILE) -> Mapping[str, str]:
    """Account name → full name of the officials who are named by hand."""
    names: Mapping[str, str] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return names


def officials_of(units: Iterable[UnitView], names: Mapping[str, str], *, day: date) -> Iterator[SampleOfficial]:
    """Everybody whom the units need to do what they hold, and whoever is named beyond that."""
    for unit in units:
        needed = dict(_needed(unit, day=day))
        extra = {suffix: _deputy(unit, suffix) for suffix in _suffixes(unit, names) if suffix not in needed}
        for suffix, posts in (needed | extra).items():
            login = f"{unit.account_code}.{suffix}"
            yield SampleOfficial(login=login, name=names.get(login) or _made_name(login), unit=unit, posts=posts)


def _suffixes(unit: UnitView, names: Mapping[str, str]) -> list[str]:
    return [login.rpartition(".")[2] for login in names if login.rpartition(".")[0] == unit.account_code]


def _needed(unit: UnitView, *, day: date) -> Iterator[tuple[str, tuple[SamplePost, ...]]]:
    held = [holding.function for holding in unit.holdings if holding.is_in_force(day)]
    if Function.LEADERSHIP in held:
        yield "lr1", (_first(unit, Role.LEADER),)
        yield "lr2", (_second(unit, Role.LEADER),)
    if unit.level == Level.COMMUNE:
        yield from _of_a_commune()
        return
    if Function.ONE_STOP in held:
        yield "cl1", (_plain(Role.COUNTER_LEADER),)
        yield "rec1", (_plain(Role.RECEPTIONIST),)
        yield "rec2", (_plain(Role.RECEPTIONIST),)
    if Function.REGISTRY in held:
        yield "ck1", (_plain(Role.CLERK),)
    yield from _of_an_office(unit, sorted((function for function in held if function not in SHARED), key=_as_named))


def _as_named(function: str) -> tuple[int, str]:
    named = [str(first) for first in FIRST_NAMED]
    return (named.index(function) if function in named else len(named), function)


def _of_a_commune() -> Iterator[tuple[str, tuple[SamplePost, ...]]]:
    """A commune has no divisions: one person receives and appraises, another leads the counter and keeps the seal."""
    office = "Công chức Văn phòng – Thống kê"
    yield "cl1", (SamplePost(Role.COUNTER_LEADER, title=office), SamplePost(Role.CLERK, title=office))
    for suffix, function, title in (
        ("ju1", Function.JUSTICE, "Công chức Tư pháp – Hộ tịch"),
        ("lb1", Function.LABOUR, "Công chức Văn hóa – Xã hội"),
    ):
        yield suffix, (SamplePost(Role.SPECIALIST, function.value, title), SamplePost(Role.RECEPTIONIST, title=title))
    yield "ev1", (SamplePost(Role.SPECIALIST, Function.LAND.value, "Công chức Địa chính – Xây dựng"),)


def _of_an_office(unit: UnitView, functions: list[str]) -> Iterator[tuple[str, tuple[SamplePost, ...]]]:
    """In a department each function is a division with its head; an office of a district has one head for all."""
    if not functions:
        return
    divided = unit.level == Level.CITY and len(functions) > 1
    for number, function in enumerate(functions if divided else functions[:1], start=1):
        head = SamplePost(Role.HEAD, function if divided else None, _title_of_head(unit))
        yield f"hd{number}", (head,)
    specialities = functions if len(functions) > 1 else [None, None]
    for number, speciality in enumerate(specialities, start=1):
        yield f"sp{number}", (SamplePost(Role.SPECIALIST, speciality, TITLES[Role.SPECIALIST]),)


def _deputy(unit: UnitView, suffix: str) -> tuple[SamplePost, ...]:
    """Whoever is named beyond what a unit needs: a second head, one more specialist or receptionist."""
    role = ROLES[re.sub(r"\d+$", "", suffix)]
    return (_second(unit, role),) if role in (Role.LEADER, Role.HEAD) else (_plain(role),)


def _plain(role: Role) -> SamplePost:
    return SamplePost(role, title=TITLES[role])


def _first(unit: UnitView, role: Role) -> SamplePost:
    return SamplePost(role, title=_title_of_leader(unit), capacity=FOR_THE_COMMITTEE if unit.is_body else "")


def _second(unit: UnitView, role: Role) -> SamplePost:
    """A deputy signs KT. (in place of) the first, and for a committee TM. (on its behalf) stands above."""
    first = _title_of_leader(unit) if role is Role.LEADER else _title_of_head(unit)
    lines = [FOR_THE_COMMITTEE, f"KT. {first}"] if unit.is_body else [f"KT. {first}"]
    return SamplePost(role, title=f"PHÓ {first}", capacity="\n".join(lines))


def _title_of_leader(unit: UnitView) -> str:
    return next((title for beginning, title in HEADS.items() if unit.name.startswith(beginning)), "THỦ TRƯỞNG")


def _title_of_head(unit: UnitView) -> str:
    title = _title_of_leader(unit)
    return title if unit.level == Level.DISTRICT else HEADS["Phòng"]


def _made_name(login: str) -> str:
    surnames, given = SURNAMES.split(), GIVEN_NAMES.split()
    number = zlib.crc32(login.encode())
    return f"{surnames[number % len(surnames)]} Mẫu {given[number // len(surnames) % len(given)]}"
