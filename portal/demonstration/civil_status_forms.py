"""What made-up applicants write into the forms of civil status."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from portal.core.clock import local_day

if TYPE_CHECKING:
    from portal.demonstration.applicants import Matter

CHILDREN = (("Minh", "Khang", "m"), ("Ngọc", "Hân", "f"), ("Gia", "Bảo", "m"), ("Thảo", "Nguyên", "f"))
HOSPITALS = ("Bệnh viện Phụ sản thành phố Cần Thơ", "Bệnh viện Nhi đồng thành phố Cần Thơ")
EVENTS = ("birth", "marriage", "other")


def _marital_status(matter: Matter, changes: Mapping[str, Any]) -> dict[str, Any]:
    """`lived` of the changes names the communes of earlier years, `other` for another province."""
    begin = min(matter.who.birth_date.year + 20, 2012)
    years = [begin, *(2014 + 4 * number for number, _ in enumerate(changes.get("lived", ())))]
    places = [*changes.get("lived", ()), matter.place]
    periods = [
        {**_where(place), "from": f"{year}-01-01", "to": f"{following - 1}-12-31"}
        for place, year, following in zip(places, years, [*years[1:], 2026], strict=True)
    ]
    purpose = ("marriage", "property", "loan")[matter.number % 3]
    return {
        "commune": matter.place,
        "status": "never",
        "purpose": purpose,
        **({"partner": "Phạm Mẫu Duyên, sinh năm 1998, ở phường Hưng Lợi"} if purpose == "marriage" else {}),
        "reissue": False,
        "periods": periods,
    }


def _where(place: str) -> dict[str, str]:
    if place == "other":
        return {"where": "other", "elsewhere": "Phường 1, thành phố Vĩnh Long"}
    return {"where": "cantho", "commune": place}


def _birth(matter: Matter, changes: Mapping[str, Any]) -> dict[str, Any]:
    who = matter.who
    middle, given, gender = CHILDREN[matter.number % len(CHILDREN)]
    is_mother = who.gender == "female"
    own, other = ("mother", "father") if is_mother else ("father", "mother")
    surname = who.name.split()[0]
    return {
        "register_at": matter.place,
        "relation": own,
        "surname": surname,
        "middle": f"Mẫu {middle}",
        "given": given,
        "dob": (local_day(matter.now) - timedelta(days=9 + matter.number % 20)).isoformat(),
        "gender": gender,
        "ethnicity": "Kinh",
        "nationality": "Việt Nam",
        "born_at": HOSPITALS[matter.number % len(HOSPITALS)],
        "hometown": "Thành phố Cần Thơ",
        **_parent(own, who.name, who.birth_date.year, who.address),
        **_parent(other, "Võ Mẫu Hiền" if own == "father" else "Võ Mẫu Hậu", who.birth_date.year + 2, who.address),
        "copies": str(matter.number % 4),
        "linked": matter.number % 2 == 0,
        "return_by": "counter",  # in person, to sign the register
        "return_unit": matter.place,
    }


def _parent(which: str, name: str, year: int, residence: str) -> dict[str, Any]:
    return {
        f"{which}_known": True,
        f"{which}_name": name,
        f"{which}_birth_year": str(year),
        f"{which}_ethnicity": "Kinh",
        f"{which}_nationality": "Việt Nam",
        f"{which}_residence": residence,
    }


def _extract(matter: Matter, changes: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "commune": matter.place,
        "relation": "self",
        "event": EVENTS[matter.number % 3],
        "person": matter.who.name,
        "person_dob": matter.who.birth_date.isoformat(),
        "registered_at": matter.place,
        "copies": str(1 + matter.number % 3),
    }


CIVIL_STATUS: Mapping[str, Callable[[Matter, Mapping[str, Any]], dict[str, Any]]] = {
    "1.001193": _birth,
    "1.004873": _marital_status,
    "2.000635": _extract,
}
