"""A believable content for every template: fictional persons, real layout."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

SECRET_VERSION = 1
CODE = "000.18.01.H13-261109-0007"


def _moment(day: int, hour: int, minute: int) -> datetime:
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

SAMPLES: dict[str, dict[str, Any]] = {
    "form01": {
        **COUNTER,
        "record_code": CODE,
        "secret_version": SECRET_VERSION,
        "procedure_name": PERMIT,
        "received_by": "UBND quận Ninh Kiều",
        "applicant": APPLICANT,
        "matter": MATTER,
        "papers": PAPERS,
        "sets": 1,
        "term": "15 ngày kể từ ngày nhận đủ hồ sơ hợp lệ",
        "received_at": _moment(5, 8, 5),
        "due_at": _moment(20, 17, 0),
        "return_to": "Bộ phận một cửa UBND phường Xuân Khánh",
        "fees": FEES,
        "receiver": "Phạm Thị Ngọc Ánh",
    },
    "form02": {
        **COUNTER,
        "record_code": CODE,
        "procedure_name": PERMIT,
        "applicant": APPLICANT,
        "matter": MATTER,
        "round": 1,
        "items": [
            {
                "name": "Bản vẽ thiết kế xây dựng",
                "wanted": "Nộp bản thay thế có mặt bằng móng và sơ đồ đấu nối thoát nước",
                "reason": "Bản vẽ đã nộp chưa có mặt bằng móng, mặt cắt móng.",
                "basis": "Điều 55 Nghị định 175/2024/NĐ-CP",
                "originals": 2,
                "certified": 0,
                "plain": 0,
            },
            {
                "name": "Cam kết bảo đảm an toàn đối với công trình liền kề",
                "wanted": "Nộp thêm",
                "reason": "Tờ khai ghi có công trình liền kề nhưng chưa có bản cam kết.",
                "basis": "khoản 5 Điều 55 Nghị định 175/2024/NĐ-CP",
                "originals": 1,
                "certified": 0,
                "plain": 0,
            },
        ],
        "answer_by": date(2026, 3, 9),
        "due_before": "17:00 ngày 20/02/2026",
        "due_after": "tính lại từ ngày nhận đủ hồ sơ bổ sung",
        "contact_name": "ông Trần Văn Lộc",
        "contact_place": "Phòng Quản lý đô thị",
        "signature": {"capacity": ["TRƯỞNG PHÒNG QUẢN LÝ ĐÔ THỊ"], "name": "Huỳnh Quốc Việt"},
    },
    "form03": {
        **COUNTER,
        "record_code": CODE,
        "procedure_name": PERMIT,
        "refused_by": "Bộ phận Tiếp nhận và Trả kết quả UBND quận Ninh Kiều",
        "applicant": APPLICANT,
        "matter": MATTER,
        "reasons": [
            {
                "text": "Thửa đất nằm ngoài địa bàn quận Ninh Kiều.",
                "basis": "khoản 3 Điều 103 Luật Xây dựng số 50/2014/QH13",
            },
            {"text": "Giấy tờ về quyền sử dụng đất không mang tên người nộp, không có văn bản ủy quyền.", "basis": ""},
        ],
        "advice": "Ông/Bà có thể nộp hồ sơ tại bộ phận một cửa UBND quận Cái Răng, nơi có thửa đất.",
        "signature": {"capacity": ["TRƯỞNG BỘ PHẬN", "TIẾP NHẬN VÀ TRẢ KẾT QUẢ"], "name": "Võ Thị Ngọc Ẩn"},
    },
    "receipt": {
        **COUNTER,
        "agency_above": "ỦY BAN NHÂN DÂN PHƯỜNG XUÂN KHÁNH",
        "record_code": CODE,
        "secret_version": SECRET_VERSION,
        "procedure_name": PERMIT,
        "received_by": "Bộ phận một cửa UBND phường Xuân Khánh",
        "applicant": APPLICANT,
        "matter": MATTER,
        "papers": PAPERS,
        "fees": [{**FEES[0], "status": "chưa nộp"}],
        "submitted_at": _moment(5, 20, 41),
        "reception_due_at": _moment(6, 17, 0),
    },
    "control_slip": {
        **COUNTER,
        "record_code": CODE,
        "procedure_name": PERMIT,
        "applicant": APPLICANT,
        "responsible": "Phòng Quản lý đô thị quận Ninh Kiều",
        "cooperating": ["Phòng Cảnh sát PCCC và CNCH", "Văn phòng Đăng ký đất đai quận Ninh Kiều"],
        "received_at": _moment(5, 8, 5),
        "due_at": _moment(20, 17, 0),
        "hand_overs": [
            {
                "from_unit": "Bộ phận một cửa phường Xuân Khánh",
                "from_person": "Phạm Thị Ngọc Ánh",
                "handed_at": _moment(5, 9, 10),
                "to_unit": "Phòng Quản lý đô thị quận Ninh Kiều",
                "to_person": "Trần Văn Lộc",
                "received_at": _moment(5, 9, 42),
                "outcome": "Trước hạn",
                "note": "Kèm 02 bộ bản vẽ giấy",
            },
            {
                "from_unit": "Phòng Quản lý đô thị quận Ninh Kiều",
                "from_person": "Trần Văn Lộc",
                "handed_at": _moment(12, 15, 30),
                "to_unit": "Văn thư UBND quận Ninh Kiều",
                "to_person": "",
                "received_at": None,
                "outcome": "",
                "note": "",
            },
        ],
    },
    "letter": {
        **OFFICE,
        "agency": "PHÒNG QUẢN LÝ ĐÔ THỊ",
        "about": "lấy ý kiến về phòng cháy, chữa cháy đối với nhà ở riêng lẻ tại 12 Trần Hoàng Na",
        "addressees": [
            "Phòng Cảnh sát PCCC và CNCH, Công an thành phố Cần Thơ",
            "Văn phòng Đăng ký đất đai quận Ninh Kiều",
        ],
        "paragraphs": [
            "Phòng Quản lý đô thị đang thẩm định hồ sơ mã số 000.18.01.H13-261109-0007 của bà Nguyễn Thị Ngọc Huyền "
            "đề nghị cấp giấy phép xây dựng nhà ở riêng lẻ tại 12 Trần Hoàng Na, phường Xuân Khánh.",
            "Căn cứ Điều 102 Luật Xây dựng, đề nghị quý cơ quan có ý kiến về các nội dung sau, trước "
            "ngày 17 tháng 02 năm 2026. Quá thời hạn trên mà không có ý kiến thì được coi là đồng ý.",
        ],
        "columns": ["TT", "Nội dung", "Giấy tờ kèm theo"],
        "rows": [
            ["1", "Khoảng cách an toàn phòng cháy với nhà liền kề", "Bản vẽ mặt bằng"],
            ["2", "Lối thoát nạn", ""],
        ],
        "closing": "Trân trọng./.",
        "recipients": ["Như trên", "UBND quận (để báo cáo)", "Lưu: VT, QLĐT"],
        "signature": {"capacity": ["TRƯỞNG PHÒNG"], "name": "Huỳnh Quốc Việt"},
    },
    "minutes": {
        **OFFICE,
        "agency": "PHÒNG QUẢN LÝ ĐÔ THỊ",
        "made_on": date(2026, 2, 9),
        "title": "KIỂM TRA THỰC ĐỊA",
        "about": "đề nghị cấp giấy phép xây dựng nhà ở riêng lẻ",
        "record_code": CODE,
        "opened_at": _moment(9, 8, 30),
        "closed_at": _moment(9, 9, 45),
        "venue": "12 Trần Hoàng Na, phường Xuân Khánh",
        "participants": [
            {"name": "Trần Văn Lộc", "role": "Chuyên viên Phòng Quản lý đô thị"},
            {"name": "Nguyễn Thị Ngọc Huyền", "role": "Chủ đầu tư"},
        ],
        "facts": [
            {"label": "Diện tích lô đất đo thực tế", "value": "96,5 m²"},
            {"label": "Công trình liền kề", "value": "Nhà 2 tầng phía đông, cách ranh 0,2 m"},
            {"label": "Đã khởi công", "value": "Chưa"},
        ],
        "findings": ["Ranh đất khớp giấy chứng nhận. Hẻm trước nhà rộng 4 m, xe chữa cháy vào được."],
        "conclusion": "Hiện trạng phù hợp với hồ sơ.",
        "signatures": [
            {"capacity": ["CHỦ ĐẦU TƯ"], "name": "Nguyễn Thị Ngọc Huyền"},
            {"capacity": ["NGƯỜI KIỂM TRA"], "name": "Trần Văn Lộc"},
        ],
    },
    "construction_permit": {
        **DISTRICT,
        "owner": "Nguyễn Thị Ngọc Huyền",
        "owner_number": "092190004321",
        "owner_address": APPLICANT["address"],
        "building": "Nhà ở riêng lẻ, cấp III",
        "designer": "Công ty TNHH Tư vấn Xây dựng Hậu Giang (chứng chỉ CAT-00012345)",
        "checker": "",
        "site": "12 Trần Hoàng Na, phường Xuân Khánh, quận Ninh Kiều",
        "plot_number": "215, tờ bản đồ 12",
        "plot_area": 96.5,
        "base_level": "+2,70 m (hệ Hòn Dấu)",
        "setback": "cách lộ giới 2,4 m",
        "footprint": 72,
        "total_floor": 1216.25,
        "height": 11.4,
        "floors": "03 tầng",
        "land_papers": "Giấy chứng nhận quyền sử dụng đất số CS 012345, cấp ngày 12/5/2018",
        "months": 12,
        "conditions": ["Che chắn công trình và giữ sạch mặt đường trong thời gian thi công."],
        "recipients": ["Như Mục 1", "Phòng Quản lý đô thị", "UBND phường Xuân Khánh", "Lưu: VT"],
        "signature": CHAIR,
    },
    "household_business_certificate": {
        **OFFICE,
        "business_number": "32A8010625",
        "first_registered_on": None,
        "change": 0,
        "name": "Hộ kinh doanh Quán Cơm Tấm Bà Hằng",
        "address": "45/7 đường 3 Tháng 2, phường Xuân Khánh, quận Ninh Kiều, thành phố Cần Thơ",
        "phone": "0907 111 222",
        "email": "",
        "lines": [
            {"title": "Nhà hàng và các dịch vụ ăn uống phục vụ lưu động", "code": "5610", "main": True},
            {"title": "Dịch vụ phục vụ đồ uống", "code": "5630", "main": False},
        ],
        "capital": 150_000_000,
        "owner": "Lê Thúy Hằng",
        "gender": "Nữ",
        "birth_date": date(1988, 12, 1),
        "ethnicity": "Khmer",
        "nationality": "Việt Nam",
        "owner_number": "092188001234",
        "owner_address": "45/7 đường 3 Tháng 2, phường Xuân Khánh, quận Ninh Kiều, thành phố Cần Thơ",
        "founder": "Các thành viên hộ gia đình",
        "members": [
            {
                "name": "Lê Thúy Hằng",
                "birth_date": date(1988, 12, 1),
                "number": "092188001234",
                "relation": "chủ hộ",
                "share": 100_000_000,
            },
            {
                "name": "Sơn Ngọc Thạch",
                "birth_date": date(1985, 3, 9),
                "number": "092085004455",
                "relation": "chồng",
                "share": 50_000_000,
            },
        ],
        "signature": HEAD,
    },
    "certified_copy": {
        **WARD,
        "record_code": "000.18.01.H13-260205-0012",
        "requested_by": "Nguyễn Thị Ngọc Huyền",
        "papers": [{"title": "Bằng tốt nghiệp đại học số 0123456", "pages": 2, "copies": 3}],
        "book": "01/2026",
        "electronic": True,
        "signature": WARD_CHAIR,
    },
    "certified_signature": {
        **WARD,
        "record_code": "000.18.01.H13-260205-0013",
        "venue": "trụ sở UBND phường Xuân Khánh, quận Ninh Kiều, thành phố Cần Thơ",
        "certifier": "Lưu Thị Quyên",
        "certifier_title": "Chủ tịch UBND phường Xuân Khánh",
        "signers": [{"name": "Nguyễn Thị Ngọc Huyền", "number": "092190004321"}],
        "paper": "Giấy ủy quyền nhận hồ sơ",
        "receiver": "bà Phạm Thị Ngọc Ánh",
        "book": "01/2026",
        "signature": WARD_CHAIR,
    },
    "allowance_decision": {
        "agency_above": "ỦY BAN NHÂN DÂN THÀNH PHỐ CẦN THƠ",
        "agency": "SỞ LAO ĐỘNG - THƯƠNG BINH VÀ XÃ HỘI",
        "place": "Cần Thơ",
        "made_on": None,
        "issuer": "GIÁM ĐỐC SỞ LAO ĐỘNG - THƯƠNG BINH VÀ XÃ HỘI",
        "bases": [
            "Pháp lệnh Ưu đãi người có công với cách mạng số 02/2020/UBTVQH14 ngày 09 tháng 12 năm 2020",
            "Nghị định số 131/2021/NĐ-CP ngày 30 tháng 12 năm 2021 của Chính phủ",
            "Nghị định số 75/2021/NĐ-CP ngày 24 tháng 7 năm 2021 của Chính phủ",
        ],
        "proposed_by": "Trưởng phòng Người có công",
        "beneficiary": "Trần Văn Ẩn",
        "beneficiary_number": "092055000777",
        "beneficiary_address": "ấp Mỹ Phước, xã Mỹ Khánh, huyện Phong Điền, thành phố Cần Thơ",
        "relation": "cháu ruột",
        "martyr": "Trần Văn Đặng",
        "died_on": date(1972, 4, 30),
        "merit_number": "TB-114",
        "amount": 1_400_000,
        "from_year": 2026,
        "executors": "Chánh Văn phòng Sở, Trưởng phòng Người có công, Chủ tịch UBND xã Mỹ Khánh",
        "recipients": ["Như Điều 3", "Phòng LĐTBXH huyện Phong Điền", "Lưu: VT, NCC"],
        "signature": {"capacity": ["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"], "name": "Nguyễn Ngọc Phượng"},
    },
    "rejection": {
        **OFFICE,
        "decided_by": "Phòng Tài chính - Kế hoạch quận Ninh Kiều",
        "record_code": CODE,
        "procedure_name": "Đăng ký thành lập hộ kinh doanh",
        "addressee": "Lê Thúy Hằng",
        "addressee_address": "45/7 đường 3 Tháng 2, phường Xuân Khánh",
        "matter": "Đăng ký Hộ kinh doanh Quán Cơm Tấm Bà Hằng",
        "reasons": [
            {
                "text": "Người đăng ký đang là chủ một hộ kinh doanh khác.",
                "basis": "khoản 1 Điều 80 Nghị định 01/2021/NĐ-CP",
            }
        ],
        "advice": "Ông/Bà có thể chấm dứt hộ kinh doanh đã đăng ký rồi nộp lại hồ sơ.",
        "recipients": ["Như trên", "Lưu: VT"],
        "signature": HEAD,
    },
    "apology": {
        **OFFICE,
        "record_code": CODE,
        "procedure_name": "Cấp giấy phép xây dựng nhà ở riêng lẻ",
        "apologises": "UBND quận Ninh Kiều",
        "addressee": "Lê Thúy Hằng",
        "addressee_address": "45/7 đường 3 Tháng 2, phường Xuân Khánh",
        "matter": "Giấy phép xây dựng nhà tại thửa 245",
        "accepted_at": "2026-11-09T08:12:00+07:00",
        "was_due_at": "2026-12-01T17:00:00+07:00",
        "reason": "Cơ quan được hỏi ý kiến trả lời chậm.",
        "new_day": "2026-12-08",
        "recipients": ["Như trên", "Lưu: VT"],
        "signature": HEAD,
    },
}

SERIES = {
    "form02": "HDHS",
    "letter": "QLĐT",
    "construction_permit": "GPXD",
    "household_business_certificate": "GCN-HKD",
    "certified_copy": "SCT/BS",
    "certified_signature": "SCT/CK,ĐC",
    "allowance_decision": "QĐ-SLĐTBXH",
    "rejection": "TB-TCKH",
    "apology": "PXL",
}
