"""What the documents are called that steps make, Vietnamese and English."""

from __future__ import annotations

from collections.abc import Mapping

DOCUMENT_NAMES: Mapping[str, tuple[str, str]] = {
    "form01": ("Giấy tiếp nhận hồ sơ và hẹn trả kết quả", "Receipt and appointment slip"),
    "form02": ("Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ", "Request for supplement"),
    "form03": ("Phiếu từ chối tiếp nhận, giải quyết hồ sơ", "Refusal"),
    "slip": ("Phiếu kiểm soát quá trình giải quyết hồ sơ", "Process control slip"),
    "letter": ("Văn bản hỏi ý kiến", "Letter asking for an opinion"),
    "minutes": ("Biên bản kiểm tra", "Minutes"),
    "list": ("Danh sách đề nghị", "List"),
    "decision": ("Quyết định thành lập đoàn thẩm định", "Decision on the inspection team"),
    "file": ("Hồ sơ gốc nơi khác chuyển đến", "The original file, sent from elsewhere"),
    "notice": ("Thông báo", "Notice"),
    "extension": ("Thông báo gia hạn thời gian giải quyết", "Notice that the term is extended"),
    "opinion": ("Văn bản góp ý", "Opinion"),
    "pledge": ("Giấy cam đoan", "Declaration"),
    "report": ("Báo cáo khắc phục", "Report on the remedies"),
}
