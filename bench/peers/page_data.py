"""What the compared page shows: the same for both sets of macros."""

from typing import Any

INPUTS = [
    {
        "name": f"field_{number}",
        "label": f"Câu hỏi số {number}",
        "hint": f"Ví dụ về câu trả lời số {number}",
        "value": f"Câu trả lời số {number}",
        "error": f"Nhập câu trả lời số {number}" if number in (2, 7) else None,
    }
    for number in range(1, 13)
]
RADIOS = [{"value": f"r{number}", "text": f"Lựa chọn {number}"} for number in range(1, 5)]
OPTIONS = [{"value": f"o{number}", "text": f"Phường số {number}"} for number in range(1, 11)]
SUMMARY = [
    {"key": f"Mục {number}", "value": f"Nội dung của mục {number}", "href": f"/sua/{number}"} for number in range(1, 11)
]
HEAD = ["Mã hồ sơ", "Người nộp", "Thủ tục", "Hạn", "Việc"]
TABLE = [[f"{column} {row}" for column in HEAD] for row in range(1, 26)]
ERRORS = [{"text": field["error"], "href": f"#{field['name']}"} for field in INPUTS if field["error"]]
CRUMBS = [
    {"text": "Trang đầu", "href": "/"},
    {"text": "Thủ tục", "href": "/thu-tuc"},
    {"text": "Tờ khai", "href": "/t"},
]

PAGE: dict[str, Any] = {
    "inputs": INPUTS,
    "radio_items": RADIOS,
    "options": OPTIONS,
    "summary": SUMMARY,
    "head": HEAD,
    "rows": TABLE,
    "errors": ERRORS,
    "crumbs": CRUMBS,
}
