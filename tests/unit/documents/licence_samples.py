"""Licences and notices of the later procedures, filled in."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.unit.documents.sample_parts import CHAIR, CODE, DISTRICT, HEAD, OFFICE

SAMPLES: dict[str, dict[str, Any]] = {
    "permit_extension": {
        **DISTRICT,
        "owner": "Nguyễn Thị Ngọc Huyền",
        "owner_number": "092185001234",
        "permit_number": "45/GPXD",
        "permit_date": date(2025, 3, 10),
        "site": "phường Xuân Khánh, quận Ninh Kiều",
        "reason": "Gia đình chưa thu xếp đủ vốn, mùa mưa kéo dài nên chưa làm móng được.",
        "months": 12,
        "round": 1,
        "valid_until": date(2027, 3, 10),
        "recipients": ["Chủ đầu tư", "Lưu: VT, hồ sơ"],
        "signature": CHAIR,
    },
    "suspension_confirmation": {
        **OFFICE,
        "name": "Hộ kinh doanh Quán Cơm Tấm Bà Hằng",
        "business_number": "32A8010625",
        "address": "45/7 đường 3 Tháng 2, phường Xuân Khánh",
        "owner": "Lê Thị Thúy Hằng",
        "suspends": True,
        "from_day": date(2026, 3, 1),
        "to_day": date(2026, 8, 31),
        "reason": "Sửa nhà.",
        "recipients": ["Chủ hộ kinh doanh", "Chi cục Thuế", "Lưu: VT"],
        "signature": HEAD,
    },
    "termination_notice": {
        **OFFICE,
        "name": "Hộ kinh doanh Quán Cơm Tấm Bà Hằng",
        "business_number": "32A8010625",
        "address": "45/7 đường 3 Tháng 2, phường Xuân Khánh",
        "owner": "Lê Thị Thúy Hằng",
        "owner_number": "092185001234",
        "end_date": date(2026, 2, 28),
        "reason": "Chuyển về quê sinh sống.",
        "recipients": ["Như trên", "Chi cục Thuế", "Lưu: VT"],
        "signature": HEAD,
    },
    "alcohol_licence": {
        **OFFICE,
        "agency": "PHÒNG KINH TẾ",
        "holder": "Hộ kinh doanh Tạp hóa Mẫu Hương",
        "registration_number": "32A8010625",
        "address": "12 Trần Hoàng Na, phường Xuân Khánh",
        "phone": "0939 000 123",
        "points": [{"address": "12 Trần Hoàng Na, phường Xuân Khánh"}, {"address": "3 Nguyễn Trãi, phường Cái Khế"}],
        "suppliers": [
            {"name": "Công ty TNHH Rượu Mẫu Miền Tây", "licence_number": "12/GP-SCT"},
            {"name": "Công ty cổ phần Nước giải khát Mẫu", "licence_number": "08/GP-BCT"},
        ],
        "valid_until": date(2031, 2, 5),
        "bases": [{"text": "Nghị định về kinh doanh rượu số 105/2017/NĐ-CP", "basis": ""}],
        "recipients": ["Như Điều 1", "Sở Công Thương", "Lưu: VT, hồ sơ"],
        "signature": HEAD,
    },
    "food_safety_certificate": {
        **OFFICE,
        "agency_above": "SỞ Y TẾ THÀNH PHỐ CẦN THƠ",
        "agency": "CHI CỤC AN TOÀN VỆ SINH THỰC PHẨM",
        "business": "Quán cơm Bếp Mẫu",
        "holder": "Nguyễn Thị Ngọc Huyền",
        "registration_number": "32A8010625",
        "address": "12 Trần Hoàng Na, phường Xuân Khánh",
        "phone": "0939 000 123",
        "meals": 120,
        "valid_until": date(2029, 2, 5),
        "recipients": ["Chủ cơ sở", "UBND nơi có cơ sở", "Lưu: VT, hồ sơ"],
        "signature": {"capacity": ["CHI CỤC TRƯỞNG"], "name": "Đỗ Hữu Thượng"},
    },
    "team_decision": {
        **OFFICE,
        "agency_above": "SỞ Y TẾ THÀNH PHỐ CẦN THƠ",
        "agency": "CHI CỤC AN TOÀN VỆ SINH THỰC PHẨM",
        "issuer": "CHI CỤC TRƯỞNG CHI CỤC AN TOÀN VỆ SINH THỰC PHẨM",
        "about": "chứng nhận an toàn thực phẩm cho Quán cơm Bếp Mẫu",
        "record_code": CODE,
        "members": [
            {"name": "Huỳnh Quốc Việt", "part": "Trưởng đoàn"},
            {"name": "Phạm Thị Ngọc Ánh", "part": "Thư ký"},
            {"name": "Trần Văn Lộc", "part": "Thành viên"},
        ],
        "venue": "12 Trần Hoàng Na, phường Xuân Khánh",
        "visit_on": date(2026, 2, 12),
        "visit_hour": "8 giờ 30",
        "recipients": ["Như Điều 3", "Lưu: VT"],
        "signature": {"capacity": ["CHI CỤC TRƯỞNG"], "name": "Đỗ Hữu Thượng"},
    },
}
