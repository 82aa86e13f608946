"""What the documents are called that steps make, and the templates of results, Vietnamese and English."""

from __future__ import annotations

from collections.abc import Mapping

DOCUMENT_NAMES: Mapping[str, tuple[str, str]] = {
    "form01": ("Giấy tiếp nhận hồ sơ và hẹn trả kết quả", "Receipt and appointment slip"),
    "form02": ("Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ", "Request for supplement"),
    "form03": ("Phiếu từ chối tiếp nhận giải quyết hồ sơ", "Refusal"),
    "slip": ("Phiếu kiểm soát quá trình giải quyết hồ sơ", "Process control slip"),
    "letter": ("Văn bản hỏi ý kiến", "Letter asking for an opinion"),
    "minutes": ("Biên bản kiểm tra", "Minutes"),
    "list": ("Danh sách đề nghị", "List"),
    "decision": ("Quyết định thành lập đoàn thẩm định", "Decision on the inspection team"),
    "notice": ("Thông báo", "Notice"),
    "extension": ("Thông báo gia hạn thời gian giải quyết", "Notice that the term is extended"),
    "opinion": ("Văn bản góp ý", "Opinion"),
    "pledge": ("Giấy cam đoan", "Declaration"),
    "report": ("Báo cáo khắc phục", "Report on the remedies"),
    "file": ("Văn bản chuyển hồ sơ", "Letter that passes the record on"),
}

STOPPING_NAME = ("Thông báo dừng giải quyết hồ sơ", "Notice that work on the record has stopped")
"""Made by the portal whenever a record ends undecided: no action names it."""

DOCUMENTS = (*DOCUMENT_NAMES, "result")
"""What an action may make: one of those, or the result itself."""

GENERAL_RESULT = "general_result"
"""The template that prints the answers of any form, for results that have none of their own."""

RESULT_TEMPLATES: Mapping[str, tuple[str, str]] = {
    GENERAL_RESULT: ("Mẫu chung, in các câu trả lời của tờ khai", "General: prints the answers of the form"),
    "alcohol_licence": ("Giấy phép bán lẻ rượu", "Licence to retail alcohol"),
    "allowance_decision": ("Quyết định trợ cấp", "Decision on an allowance"),
    "birth_certificate": ("Giấy khai sinh", "Birth certificate"),
    "certified_copy": ("Lời chứng bản sao", "Certification of a copy"),
    "certified_signature": ("Lời chứng chữ ký", "Certification of a signature"),
    "civil_status_extract": ("Trích lục hộ tịch", "Civil-status extract"),
    "construction_permit": ("Giấy phép xây dựng", "Construction permit"),
    "food_safety_certificate": ("Giấy chứng nhận an toàn thực phẩm", "Food-safety certificate"),
    "household_business_certificate": ("Giấy chứng nhận hộ kinh doanh", "Household-business certificate"),
    "marital_status": ("Giấy xác nhận tình trạng hôn nhân", "Certificate of marital status"),
    "permit_extension": ("Gia hạn giấy phép xây dựng", "Extension of a construction permit"),
    "road_works_permit": ("Giấy phép thi công đường bộ", "Permit for road works"),
    "suspension_confirmation": ("Xác nhận tạm ngừng kinh doanh", "Confirmation of a suspension"),
    "termination_notice": ("Thông báo chấm dứt kinh doanh", "Notice of a termination"),
    "tree_permit": ("Giấy phép chặt hạ cây xanh", "Permit to fell trees"),
}
"""Each prints answers of one kind of form, and what that form lacks stays empty."""
