"""What the samples of contents are made of: fictional persons, real layout."""

from __future__ import annotations

from datetime import UTC, date, datetime

SECRET_VERSION = 1
CODE = "000.18.01.H13-261109-0007"


def moment(day: int, hour: int, minute: int) -> datetime:
    return datetime(2026, 2, day, hour - 7, minute, tzinfo=UTC)


DAY = date(2026, 2, 5)
COUNTER = {
    "agency_above": "ỦY BAN NHÂN DÂN QUẬN NINH KIỀU",
    "agency": "BỘ PHẬN TIẾP NHẬN VÀ TRẢ KẾT QUẢ",
    "place": "Ninh Kiều",
    "made_on": DAY,
}
DISTRICT = {"agency_above": "", "agency": "ỦY BAN NHÂN DÂN QUẬN NINH KIỀU", "place": "Ninh Kiều", "made_on": None}
OFFICE = {
    "agency_above": "ỦY BAN NHÂN DÂN QUẬN NINH KIỀU",
    "agency": "PHÒNG TÀI CHÍNH - KẾ HOẠCH",
    "place": "Ninh Kiều",
    "made_on": None,
}
WARD = {
    "agency_above": "QUẬN NINH KIỀU",
    "agency": "ỦY BAN NHÂN DÂN PHƯỜNG XUÂN KHÁNH",
    "place": "Xuân Khánh",
    "made_on": None,
}
CHAIR = {"capacity": ["TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"], "name": "Trương Mỹ Nghi"}
HEAD = {"capacity": ["TRƯỞNG PHÒNG"], "name": "Đỗ Hữu Thượng"}
WARD_CHAIR = {"capacity": ["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"], "name": "Lưu Thị Quyên"}
APPLICANT = {
    "name": "Nguyễn Thị Ngọc Huyền",
    "address": "12 Trần Hoàng Na, phường Xuân Khánh, quận Ninh Kiều, thành phố Cần Thơ",
    "phone": "0939 000 123",
    "email": "huyen@vidu.vn",
}
PAPERS = [
    {"name": "Giấy tờ về quyền sử dụng đất", "kind": "bản sao", "quantity": 1},
    {"name": "Bản vẽ thiết kế xây dựng", "kind": "bản chính", "quantity": 2},
    {"name": "Cam kết bảo đảm an toàn đối với công trình liền kề", "kind": "bản chính", "quantity": 1},
]
FEES = [{"name": "Lệ phí cấp giấy phép xây dựng", "amount": 75_000, "status": "đã nộp trực tuyến 05/02/2026"}]
MATTER = "Xây dựng nhà ở riêng lẻ tại 12 Trần Hoàng Na"
PERMIT = "Cấp giấy phép xây dựng nhà ở riêng lẻ"
