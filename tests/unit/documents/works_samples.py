"""Believable contents for permits of works in streets and parks."""

from __future__ import annotations

from datetime import date
from typing import Any

DIRECTOR = {"capacity": ["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"], "name": "Bùi Thanh Sơn"}

SAMPLES: dict[str, dict[str, Any]] = {
    "tree_permit": {
        "agency_above": "ỦY BAN NHÂN DÂN THÀNH PHỐ CẦN THƠ",
        "agency": "SỞ XÂY DỰNG",
        "place": "Cần Thơ",
        "made_on": None,
        "holder": "Nguyễn Thị Ngọc Huyền",
        "holder_address": "12 Trần Hoàng Na, phường Xuân Khánh, quận Ninh Kiều",
        "street": "đường Trần Hoàng Na, Phường Xuân Khánh",
        "trees": [
            {"species": "Sao đen", "location": "vỉa hè trước số 12", "size": "cao 14 m, thân 45 cm",
             "treatment": "chặt hạ", "granted": True, "reason": ""},
            {"species": "Lộc vừng", "location": "vỉa hè trước số 14", "size": "cao 4,5 m, thân 18 cm",
             "treatment": "dịch chuyển đến công viên Lưu Hữu Phước", "granted": True, "reason": ""},
            {"species": "Dầu rái", "location": "vỉa hè trước số 16", "size": "cao 18 m, thân 60 cm",
             "treatment": "chặt hạ", "granted": False, "reason": "Cây khỏe, không nằm trong phạm vi công trình."},
        ],
        "reason": "vướng công trình được duyệt",
        "replant": "Trồng hai cây sao đen cao trên 3 m tại cùng vỉa hè trong 60 ngày.",
        "from_day": date(2026, 2, 20),
        "to_day": date(2026, 2, 27),
        "until": date(2026, 3, 5),
        "recipients": ["Như mục 1", "UBND quận Ninh Kiều", "Lưu: VT, hồ sơ"],
        "signature": DIRECTOR,
    },
    "road_works_permit": {
        "agency_above": "ỦY BAN NHÂN DÂN THÀNH PHỐ CẦN THƠ",
        "agency": "SỞ GIAO THÔNG VẬN TẢI",
        "place": "Cần Thơ",
        "made_on": None,
        "holder": "Công ty Cấp nước Mẫu",
        "holder_address": "2A Nguyễn Trãi, phường Cái Khế, quận Ninh Kiều",
        "holder_phone": "0292 000 0200",
        "road": "đường 3 Tháng 2",
        "stretch": "từ km 2,4 đến km 2,9",
        "lies_in": "Phường Hưng Lợi",
        "work": "cấp nước",
        "area": 36.5,
        "manager": "Lê Hoàng Phúc, 0912 345 678",
        "restore": "Lấp cát, lu lèn từng lớp 20 cm, cấp phối đá dăm dày 30 cm, thảm bê tông nhựa dày 7 cm.",
        "from_day": date(2026, 2, 20),
        "to_day": date(2026, 3, 10),
        "bases": ["Luật Đường bộ số 35/2024/QH15"],
        "recipients": ["Như mục 1", "Phòng Cảnh sát giao thông", "Lưu: VT, hồ sơ"],
        "signature": DIRECTOR,
    },
}  # fmt: skip

SERIES = {"tree_permit": "GP-SXD", "road_works_permit": "GP-SGTVT"}
