"""Who submits the sample records, and what they write into the forms: pure, the same on every machine."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from portal.accounts.identity import shown_phone
from portal.core.clock import local_day
from portal.delivery import operator
from portal.demonstration.accounts import CITIZENS, ORGANISATION, SampleCitizen
from portal.demonstration.civil_status_forms import CIVIL_STATUS
from portal.demonstration.later_forms import LATER
from portal.demonstration.officials import GIVEN_NAMES, SURNAMES
from portal.records.types import POST

Item = TypeVar("Item")

LIVED = "lived"
"""A change that is no answer: where else somebody lived."""

MOST = 40
"""How many applicants there are besides those whose accounts are shown."""

HOMES = ("31117", "31135", "31312", "31299", "31144", "31120", "31150", "31300", "31303")
STREETS = ("đường Mẫu Đơn", "hẻm 7 đường Phù Sa", "đường Hoa Giấy", "hẻm 12 đường Lá Dừa", "đường Bông Súng")
SHOPS = (
    ("Quán cơm Bếp Mẫu", "Bán cơm và đồ uống tại chỗ", "5610"),
    ("Tạp hóa Mẫu Hương", "Bán lẻ lương thực, thực phẩm", "4711"),
    ("Tiệm may Đường Kim", "May đo trang phục", "1410"),
    ("Quán cà phê Bến Mẫu", "Dịch vụ phục vụ đồ uống", "5630"),
    ("Sửa xe Hai Bánh", "Sửa chữa mô tô, xe máy", "4542"),
    ("Tiệm bánh Lúa Mới", "Sản xuất và bán bánh ngọt", "1071"),
    ("Vườn cây Mẫu Xanh", "Bán lẻ cây giống, hoa tươi", "4773"),
    ("Tiệm tóc Mây Mẫu", "Cắt tóc, làm đầu", "9631"),
)
PAPERS_TO_COPY = (
    "Bằng tốt nghiệp đại học",
    "Giấy khai sinh",
    "Sổ hộ khẩu cũ",
    "Chứng chỉ tiếng Anh",
    "Hợp đồng thuê nhà",
)


def applicant(number: int) -> SampleCitizen:
    """One of the generated applicants, 1 to MOST: a number that can be, a name that says that it is a sample."""
    surnames, given = SURNAMES.split(), GIVEN_NAMES.split()
    is_woman = number % 2 == 0
    year = 60 + number * 7 % 39
    name = f"{surnames[number * 5 % len(surnames)]} Mẫu {given[number * 11 % len(given)]}"
    return SampleCitizen(
        id_number=f"092{int(is_woman)}{year:02d}{900_000 + number:06d}",
        name=name,
        birth_date=date(1900 + year, 1 + number % 12, 1 + number * 3 % 28),
        gender="female" if is_woman else "male",
        phone=f"+849000001{number:02d}",
        address=f"Số {10 + number * 3}, {picked(STREETS, number, 'home')}",
        place=HOMES[number % len(HOMES)],
        description="",
        description_en="",
    )


def applicants() -> Iterator[SampleCitizen]:
    return (applicant(number) for number in range(1, MOST + 1))


def person_named(who: str) -> SampleCitizen:
    """`an`, `binh`, `chi`, or the number of a generated applicant."""
    shown = dict(zip(("an", "binh", "chi"), CITIZENS, strict=True))
    return shown.get(who) or applicant(int(who))


@dataclass(frozen=True)
class Matter:
    """What a record is about, as far as forms differ: who, where, which of the variants, at what time."""

    who: SampleCitizen
    place: str
    number: int
    now: datetime

    @property
    def address(self) -> str:
        return f"Số {7 + self.number * 4}, {picked(STREETS, self.number, 'matter')}"


def answers_for(procedure_code: str, matter: Matter, changes: Mapping[str, Any]) -> dict[str, Any]:
    """A complete form; `changes` are the answers in which this record differs from the usual one."""
    own = FORMS[procedure_code](matter, changes)
    answers = {**_about_applicant(matter), **own, **{name: value for name, value in changes.items() if name != LIVED}}
    return {**_receiver(matter.who), **answers} if answers["return_by"] == POST else answers


def picked(choices: Sequence[Item], number: int, salt: str) -> Item:
    return choices[zlib.crc32(f"{salt}{number}".encode()) % len(choices)]


def _about_applicant(matter: Matter) -> dict[str, Any]:
    who = matter.who
    by_post = POST if operator.is_offered() else "online"
    return_by = ("online", "counter", "online", by_post)[matter.number % 4]
    answers = {
        "filer": "self",
        "full_name": who.name,
        "id_no": who.id_number,
        "birth_date": who.birth_date.isoformat(),
        "address": who.address,
        "commune": who.place,
        "phone": shown_phone(who.phone),
        "return_by": return_by,
    }
    if return_by == "counter":
        answers["return_unit"] = matter.place
    if who.id_number == ORGANISATION.representative:
        answers |= {"filer": "org", "org_name": ORGANISATION.name, "tax_code": ORGANISATION.tax_code}
    return answers


def _receiver(who: SampleCitizen) -> dict[str, Any]:
    """Of what goes by post: the applicant at home."""
    return {
        "post_name": who.name,
        "post_phone": shown_phone(who.phone),
        "post_where": "city",
        "post_commune": who.place,
        "post_address": who.address,
    }


def _permit(matter: Matter, changes: Mapping[str, Any]) -> dict[str, Any]:
    storeys = int(changes.get("floors_above", 1 + matter.number % 4))
    footprint = 56 + matter.number * 7 % 48
    kinds = ["ground"] + ["upper"] * (storeys - 1)
    return {
        "plot_no": str(100 + matter.number * 13),
        "map_sheet": str(3 + matter.number % 40),
        "plot_m2": f"{footprint + 18 + matter.number % 9}.5",
        "plot_commune": matter.place,
        "tenure": "owned",
        "adjacent": matter.number % 3 == 0,
        "planning_zone": False,
        "grade": "III" if storeys > 3 else "IV",
        "use": "housing",
        "footprint_m2": str(footprint),
        "floors": [{"kind": kind, "area_m2": str(footprint)} for kind in kinds],
        "total_floor_m2": str(footprint * storeys),
        "height_m": f"{storeys * 3 + 1}.2",
        "floors_above": str(storeys),
        "designer": "person",
        "designer_name": f"Kiến trúc sư {applicant(MOST).name}",
        "certificate_no": f"CTH-0009{matter.number:04d}",
        "months": str(4 + storeys),
    }


def _shop(matter: Matter, changes: Mapping[str, Any]) -> dict[str, Any]:
    name, title, code = SHOPS[matter.number % len(SHOPS)]
    return {
        "gender": "f" if matter.who.gender == "female" else "m",
        "ethnicity": ("Kinh", "Kinh", "Khmer", "Hoa")[matter.number % 4],
        "name": f"Hộ kinh doanh {name} {matter.number}",
        "place": matter.address,
        "place_commune": matter.place,
        "lines": [{"title": title, "vsic": code, "main": True}],
        "capital": str(30_000_000 + matter.number * 5_000_000),
        "start_date": (local_day(matter.now) + timedelta(days=20)).isoformat(),
        "workers": str(1 + matter.number % 4),
        "founder": "person",
    }


def _worship(matter: Matter, changes: Mapping[str, Any]) -> dict[str, Any]:
    surname = matter.who.name.split()[0]
    return {
        "commune": matter.place,
        "relation": ("con", "cháu ruột", "em ruột")[matter.number % 3],
        "name": f"{surname} Mẫu {picked(GIVEN_NAMES.split(), matter.number, 'martyr')}",
        "died_on": date(1965 + matter.number % 10, 1 + matter.number % 12, 5 + matter.number % 20).isoformat(),
        "merit_no": f"CT {400 + matter.number:03d} bt",
        "decision_no": f"{900 + matter.number}/TTg",
        "file_at": "cantho",
        "no_monthly": True,
        "kin": [
            {
                "name": matter.who.name,
                "birth_year": str(matter.who.birth_date.year),
                "address": matter.who.address,
                "relation": "con",
                "signed": True,
            },
            {"name": f"{surname} Mẫu Sáu", "birth_year": "1931", "death_year": "2009", "relation": "mẹ"},
        ],
    }


def _copies(matter: Matter, changes: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "office": matter.place,
        "docs": [
            {
                "title": picked(PAPERS_TO_COPY, matter.number, "copy"),
                "issuer": "vn",
                "pages": "1" if matter.number % 3 == 0 else str(1 + matter.number % 5),
                "copies": str(1 + matter.number % 4),
                "ecopy": matter.number % 3 == 0,
            }
        ],
    }


def _signature(matter: Matter, changes: Mapping[str, Any]) -> dict[str, Any]:
    is_mandate = matter.number % 2 == 0
    return {
        "office": matter.place,
        "kind": "mandate" if is_mandate else "cv",
        **({"paid": False} if is_mandate else {}),
        "texts": str(1 + matter.number % 2),
        "signers": [{"name": matter.who.name, "id_no": matter.who.id_number, "fingerprint": False}],
    }


FORMS: Mapping[str, Callable[[Matter, Mapping[str, Any]], dict[str, Any]]] = {
    "1.009994": _permit,
    "1.001612": _shop,
    "1.010803": _worship,
    "2.000815": _copies,
    "2.000884": _signature,
    **CIVIL_STATUS,
    **LATER,
}
"""What each procedure asks beyond the person of the applicant."""
