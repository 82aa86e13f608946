"""The receipt's words, worked out once, for those who only have to set them on a page."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from typing import Any

from portal.core.references import receipt_secret
from portal.documents import words
from portal.documents.contents import printable

TITLE = "Biên nhận hồ sơ nộp trực tuyến"
NATION = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")


def words_of(stored: Mapping[str, Any], *, record_id: Any, key: bytes, qr: bytes, help_number: str) -> dict[str, Any]:
    """What templates/documents/receipt.html prints, in its order."""
    content = printable("receipt", stored)
    applicant, sum_of_fees = content["applicant"], sum(fee["amount"] for fee in content["fees"])
    reached = [("Số điện thoại", applicant["phone"]), ("Thư điện tử", applicant["email"])]
    told = ". ".join(f"{label}: {value}" for label, value in reached if value)
    facts = [
        ("Người nộp hồ sơ: ", applicant["name"]),
        (f"Địa chỉ: {applicant['address']}", ""),
        (told, ""),
        (f"Nội dung yêu cầu giải quyết: {content['matter']}", ""),
        (f"Nộp lúc: {words.long_time(content['submitted_at'])}", ""),
        (f"Nơi tiếp nhận: {content['received_by']}", ""),
        ("Giấy tờ đã nộp:", ""),
    ]
    due = words.long_time(content["reception_due_at"])
    return {
        "title": TITLE,
        "above": list(words.head_lines(content["agency_above"])),
        "own": list(words.head_lines(content["agency"])),
        "nation": NATION,
        "place_and_day": f"{content['place']}, {words.long_date(content['made_on'])}",
        "subtitle": content["procedure_name"],
        "code": content["record_code"],
        "secret": receipt_secret(record_id, key=key, version=content["secret_version"]),
        "address": "Xem hồ sơ đang ở đâu: dichvucong.vidu.vn/tra-cuu",
        "qr": b64encode(qr).decode("ascii"),
        "qr_says": f"Mã QR mở trang tra cứu hồ sơ {content['record_code']}",
        "facts": [fact for fact in facts if fact[0]],
        "paper_head": ["TT", "Tên giấy tờ", "Loại", "Số lượng"],
        "papers": [
            [str(number), paper["name"], paper["kind"], f"{paper['quantity']:02d}"]
            for number, paper in enumerate(content["papers"], start=1)
        ],
        "fee_head": ["Phí, lệ phí", "Số tiền", "Tình trạng"],
        "fees": [[fee["name"], f"{words.money(fee['amount'])} đồng", fee["status"]] for fee in content["fees"]],
        "sum": f"Tổng cộng: {words.money(sum_of_fees)} đồng ({words.amount_in_words(sum_of_fees)}).",
        "next": [
            (f"1. {content['received_by']} kiểm tra và trả lời trước ", due, "."),
            ("2. Hồ sơ đủ: nhận Giấy tiếp nhận hồ sơ và hẹn trả kết quả, có ngày hẹn trả.", "", ""),
            ("3. Hồ sơ còn thiếu: nhận một phiếu ghi đủ các mục cần bổ sung.", "", ""),
        ],
        "notes": [
            "Ai có cả mã hồ sơ và mã tra cứu đều xem được tình trạng hồ sơ. Giữ biên nhận này cẩn thận. "
            f"Cần hỏi: gọi {help_number}.",
            "Biên nhận do Cổng dịch vụ công lập tự động, chưa phải giấy hẹn trả kết quả.",
        ],
    }
