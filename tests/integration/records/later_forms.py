"""What applicants fill in for the procedures that came later: extension, changes of a business, licences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

PLACE = "31117"

EXTENSION, CHANGE, SUSPENSION, TERMINATION = "1.009998", "2.000720", "1.001570", "1.001266"
ALCOHOL, FOOD = "2.000620", "1.002425"

_BUSINESS: Mapping[str, Any] = {
    "code": "32A8010625", "name": "Hộ kinh doanh Mẫu An", "place_commune": PLACE, "founder": "person",
}  # fmt: skip

LATER: Mapping[str, tuple[Mapping[str, Any], tuple[str, ...], str]] = {
    EXTENSION: (
        {
            "permit_no": "45/GPXD", "permit_date": "2026-01-12", "plot_commune": PLACE, "started": False,
            "reason": "Chưa thu xếp đủ vốn.", "months": "12",
        },
        ("permit",),
        "district",
    ),
    CHANGE: (
        {**_BUSINESS, "items": ["name", "capital"], "changed_on": "2026-11-02", "capital": "80000000"},
        (),
        "district",
    ),
    SUSPENSION: (
        {**_BUSINESS, "kind": "suspend", "from": "2026-12-01", "to": "2027-02-28"},
        (),
        "district",
    ),
    TERMINATION: (
        {**_BUSINESS, "end_date": "2026-11-30", "debts_settled": True},
        (),
        "district",
    ),
    ALCOHOL: (
        {
            "reg_no": "32A8010625", "seller": "household", "trader_name": "Hộ kinh doanh Mẫu An", "drinks": True,
            "shop_commune": PLACE, "urban": True, "same_district": True,
            "points": [{"address": "Số 12 đường Mẫu", "commune": PLACE}],
            "suppliers": [{"name": "Công ty Mẫu Miền Tây", "licence_no": "12/GP-SCT"}],
        },
        ("premises", "supply"),
        "district",
    ),
    FOOD: (
        {
            "reg_no": "32A8010625", "business": "Quán cơm Mẫu An", "place": "Số 12 đường Mẫu",
            "place_commune": PLACE, "meals": "120",
            "workers": [
                {
                    "name": "Nguyễn Mẫu An", "id_no": "092085001234", "health_on": "2026-10-01",
                    "trained_on": "2026-09-15",
                }
            ],
        },
        ("premises", "training", "health"),
        "city",
    ),
}  # fmt: skip
