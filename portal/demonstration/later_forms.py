"""What made-up applicants write into the forms of extension, changes of a business, alcohol and food."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from portal.core.clock import local_day

if TYPE_CHECKING:
    from portal.demonstration.applicants import Matter

SHOPS = ("Quán cơm Bếp Mẫu", "Tạp hóa Mẫu Hương", "Quán lẩu Mái Lá", "Quán nước Bến Mẫu", "Bếp ăn Lúa Mới")
SUPPLIERS = (("Công ty Rượu Mẫu Miền Tây", "12/GP-SCT"), ("Công ty Nước giải khát Mẫu", "08/GP-BCT"))


def _days(matter: Matter, days: int) -> str:
    return (local_day(matter.now) + timedelta(days=days)).isoformat()


def _business(matter: Matter) -> dict[str, Any]:
    return {
        "code": f"32A8{6000 + matter.number:06d}",
        "name": f"Hộ kinh doanh {SHOPS[matter.number % len(SHOPS)]} {matter.number}",
        "place_commune": matter.place,
        "founder": "person",
    }


def _extension(matter: Matter, changes: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "permit_no": f"{20 + matter.number}/GPXD",
        "permit_date": _days(matter, -300 - matter.number % 40),
        "plot_commune": matter.place,
        "started": False,
        "reason": "Gia đình chưa thu xếp đủ vốn, mùa mưa kéo dài nên chưa làm móng được.",
        "months": str((6, 12)[matter.number % 2]),
    }


def _change(matter: Matter, changes: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **_business(matter),
        "items": ["capital"],
        "changed_on": _days(matter, -3),
        "capital": str(60_000_000 + matter.number * 5_000_000),
    }


def _suspension(matter: Matter, changes: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **_business(matter),
        "kind": "suspend",
        "from": _days(matter, 14),
        "to": _days(matter, 74),
        "reason": "Sửa lại mặt bằng.",
    }


def _termination(matter: Matter, changes: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **_business(matter),
        "end_date": _days(matter, 10),
        "reason": "Chuyển sang việc khác.",
        "debts_settled": True,
    }


def _alcohol(matter: Matter, changes: Mapping[str, Any]) -> dict[str, Any]:
    shop = _business(matter)
    return {
        "reg_no": shop["code"],
        "seller": "household",
        "trader_name": shop["name"],
        "drinks": True,
        "shop_commune": matter.place,
        "urban": matter.number % 2 == 0,
        "same_district": True,
        "points": [{"address": matter.address, "commune": matter.place}],
        "suppliers": [{"name": name, "licence_no": number} for name, number in SUPPLIERS[: 1 + matter.number % 2]],
    }


def _food(matter: Matter, changes: Mapping[str, Any]) -> dict[str, Any]:
    examined, trained = _days(matter, -40), _days(matter, -60)
    return {
        "reg_no": f"32A8{6000 + matter.number:06d}",
        "business": SHOPS[matter.number % len(SHOPS)],
        "place": matter.address,
        "place_commune": matter.place,
        "meals": str(60 + matter.number % 5 * 60),
        "workers": [
            {"name": matter.who.name, "id_no": matter.who.id_number, "health_on": examined, "trained_on": trained},
            {"name": "Lê Mẫu Bếp", "id_no": "092190900999", "health_on": examined, "trained_on": trained},
        ],
    }


LATER: Mapping[str, Callable[[Matter, Mapping[str, Any]], dict[str, Any]]] = {
    "1.001266": _termination,
    "1.001570": _suspension,
    "1.002425": _food,
    "1.009998": _extension,
    "2.000620": _alcohol,
    "2.000720": _change,
}
