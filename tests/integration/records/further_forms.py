"""What an applicant fills in for civil status, trees and road works: answers, papers, level of the counter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

ROAD_WORKS, TREES, MARITAL, BIRTH, EXTRACT = "1.013061", "1.002693", "1.004873", "1.001193", "2.000635"
CAI_KHE, TAN_AN = "31117", "31135"

FORMS: Mapping[str, tuple[Mapping[str, Any], tuple[str, ...], str]] = {
    ROAD_WORKS: (
        {
            "road": "đường 3 Tháng 2", "road_commune": CAI_KHE, "km_from": "2.4", "km_to": "2.9", "work": "water",
            "dig_m2": "36", "from": "2026-12-01", "to": "2026-12-20", "restore": "Thảm bê tông nhựa dày 7 cm.",
            "manager": "Lê Mẫu Phúc, 0900000002",
        },
        ("approval", "drawings", "traffic"),
        "city",
    ),
    TREES: (
        {
            "street": "đường Mẫu Đơn", "tree_commune": CAI_KHE, "reason": "works", "from": "2026-12-10",
            "to": "2026-12-17", "replant": "Trồng hai cây sao đen.",
            "trees": [
                {"species": "Sao đen", "location": "trước số 12", "height_m": "14", "diameter_cm": "45",
                 "kind": "fell"},
                {"species": "Lộc vừng", "location": "trước số 14", "height_m": "4.5", "diameter_cm": "18",
                 "kind": "move", "new_place": "công viên Mẫu"},
                {"species": "Dầu rái", "location": "trước số 16", "height_m": "18", "diameter_cm": "60",
                 "kind": "fell"},
            ],
        },
        ("map", "photos"),
        "city",
    ),
    MARITAL: (
        {
            "status": "never", "purpose": "marriage", "partner": "Trần Mẫu Bình, 1990, phường Tân An", "reissue": False,
            "periods": [{"where": "cantho", "commune": CAI_KHE, "from": "2008-01-01", "to": "2026-11-01"}],
        },
        (),
        "commune",
    ),
    BIRTH: (
        {
            "register_at": CAI_KHE, "relation": "father", "surname": "Nguyễn", "middle": "Mẫu", "given": "Khang",
            "dob": "2026-10-21", "gender": "m", "ethnicity": "Kinh", "nationality": "Việt Nam",
            "born_at": "Bệnh viện Mẫu", "hometown": "Xã Mẫu, thành phố Cần Thơ",
            "mother_known": True, "mother_name": "Trần Mẫu Bình", "mother_birth_year": "1990",
            "mother_ethnicity": "Kinh", "mother_nationality": "Việt Nam", "mother_residence": "Số 12 đường Mẫu",
            "father_known": False, "copies": "2", "linked": True, "return_by": "counter", "return_unit": CAI_KHE,
        },
        ("birth_paper",),
        "commune",
    ),
    EXTRACT: (
        {
            "relation": "self", "event": "birth", "person": "Nguyễn Mẫu An", "person_dob": "1985-03-12",
            "registered_at": TAN_AN, "copies": "2",
        },
        (),
        "commune",
    ),
}  # fmt: skip
