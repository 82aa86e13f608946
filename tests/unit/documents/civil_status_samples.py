"""Believable contents for the papers of civil status: fictional persons."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.unit.documents.sample_parts import WARD, WARD_CHAIR

HOME = "12 Trần Hoàng Na, phường Xuân Khánh, quận Ninh Kiều, thành phố Cần Thơ"

SAMPLES: dict[str, dict[str, Any]] = {
    "marital_status": {
        **WARD,
        "name": "Nguyễn Thị Ngọc Huyền",
        "birth_date": date(1996, 3, 27),
        "gender": "Nữ",
        "ethnicity": "",
        "nationality": "Việt Nam",
        "person_number": "092196001234",
        "residence": HOME,
        "status": "Chưa đăng ký kết hôn với ai",
        "purpose": "kết hôn với Lê Hoàng Phúc, sinh năm 1993, phường An Khánh",
        "until": date(2026, 8, 5),
        "signature": WARD_CHAIR,
    },
    "birth_certificate": {
        **WARD,
        "child": "Nguyễn Minh Khang",
        "birth_date": date(2026, 1, 21),
        "birth_date_in_words": "ngày hai mươi mốt tháng một năm hai nghìn không trăm hai mươi sáu",
        "gender": "Nam",
        "ethnicity": "Kinh",
        "nationality": "Việt Nam",
        "born_at": "Bệnh viện Phụ sản thành phố Cần Thơ, phường An Khánh, quận Ninh Kiều",
        "hometown": "Xã Mỹ Khánh, huyện Phong Điền, thành phố Cần Thơ",
        "person_number": "092226004512",
        "mother": [
            {"label": "Họ và tên", "value": "Nguyễn Thị Ngọc Huyền"},
            {"label": "Năm sinh", "value": "1996"},
            {"label": "Dân tộc", "value": "Kinh"},
            {"label": "Quốc tịch", "value": "Việt Nam"},
            {"label": "Nơi cư trú", "value": HOME},
        ],
        "father": [],
        "registered_by": "Nguyễn Thị Ngọc Huyền",
        "relation": "mẹ",
        "book": "01/2026",
        "signature": WARD_CHAIR,
    },
    "civil_status_extract": {
        **WARD,
        "event": "khai sinh",
        "person": "Nguyễn Minh Khang",
        "facts": [
            {"label": "Ngày, tháng, năm sinh", "value": "21/01/2026"},
            {"label": "Giới tính", "value": "Nam"},
            {"label": "Nơi sinh", "value": "Bệnh viện Phụ sản thành phố Cần Thơ"},
            {"label": "Số đăng ký", "value": "12/KS"},
        ],
        "registered_at": "UBND phường Xuân Khánh",
        "copies": 2,
        "signature": WARD_CHAIR,
    },
    "pledge": {
        **WARD,
        "agency_above": "",
        "made_on": date(2026, 2, 5),
        "addressee": "ỦY BAN NHÂN DÂN PHƯỜNG XUÂN KHÁNH",
        "name": "Nguyễn Thị Ngọc Huyền",
        "birth_date": date(1996, 3, 27),
        "person_number": "092196001234",
        "residence": HOME,
        "about": "giấy xác nhận tình trạng hôn nhân",
        "words": "Từ năm 2015 đến năm 2019, khi ở phường An Hội, tôi không đăng ký kết hôn với ai.",
        "record_code": "000.18.01.H13-261109-0007",
    },
}

SERIES = {"marital_status": "XNTTHN", "birth_certificate": "KS", "civil_status_extract": "TLKS-BS"}
