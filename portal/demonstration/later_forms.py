"""What made-up applicants write into the forms of extension, changes of a business, alcohol, food, trees and roads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from portal.core.clock import local_day

if TYPE_CHECKING:
    from portal.demonstration.applicants import Matter

SHOPS = ("Quán cơm Bếp Mẫu", "Tạp hóa Mẫu Hương", "Quán lẩu Mái Lá", "Quán nước Bến Mẫu", "Bếp ăn Lúa Mới")
STREETS = ("đường Hoa Giấy", "đường Mẫu Đơn", "đường Bông Súng")
TREES = (("Sao đen", "18", "62"), ("Bằng lăng", "9", "34"), ("Phượng vĩ", "11", "48"))
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


def _trees(matter: Matter, changes: Mapping[str, Any]) -> dict[str, Any]:
    """The second tree is moved, where there is one."""
    trees = []
    for number in range(1 + matter.number % 2):
        species, height, diameter = TREES[(matter.number + number) % len(TREES)]
        tree = {
            "species": species,
            "location": f"Vỉa hè trước số {24 + 4 * number}",
            "kind": "move" if number else "fell",
        }
        tree |= {"height_m": height, "diameter_cm": diameter}
        trees.append(tree | ({"new_place": "Công viên Mẫu Xanh"} if number else {}))
    return {
        "street": STREETS[matter.number % len(STREETS)],
        "tree_commune": matter.place,
        "trees": trees,
        "reason": ("danger", "dead", "works")[matter.number % 3],
        "from": _days(matter, 30),
        "to": _days(matter, 45),
        "replant": "Trồng thay một cây sao đen cao 3 m tại chỗ trong vòng 30 ngày.",
    }


def _road_works(matter: Matter, changes: Mapping[str, Any]) -> dict[str, Any]:
    start = matter.number % 6
    return {
        "road": STREETS[matter.number % len(STREETS)],
        "road_commune": matter.place,
        "km_from": f"{start}.2",
        "km_to": f"{start}.{4 + matter.number % 5}",
        "work": ("water", "power", "telecom", "drain")[matter.number % 4],
        "dig_m2": str(24 + matter.number % 7 * 6),
        "from": _days(matter, 21),
        "to": _days(matter, 35),
        "restore": "Đầm cát từng lớp 20 cm, móng đá dăm dày 30 cm, mặt bê tông nhựa dày 7 cm; xong trong 3 ngày.",
        "manager": "Trịnh Mẫu Công, 0900 000 321",
    }


LATER: Mapping[str, Callable[[Matter, Mapping[str, Any]], dict[str, Any]]] = {
    "1.001266": _termination,
    "1.001570": _suspension,
    "1.002425": _food,
    "1.002693": _trees,
    "1.009998": _extension,
    "1.013061": _road_works,
    "2.000620": _alcohol,
    "2.000720": _change,
}
