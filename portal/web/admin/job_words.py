"""Kinds of jobs and their queues in words."""

from __future__ import annotations

from portal.jobs.types import DOCUMENTS, MESSAGES, SIGNATURES
from portal.web.translation import Words
from portal.web.translation import lazy_gettext as __

QUEUES: dict[str, Words] = {
    MESSAGES: __("tin và hẹn giờ"),
    DOCUMENTS: __("văn bản"),
    SIGNATURES: __("ký số"),
}

_KINDS: dict[str, Words] = {
    "task_timer": __("hẹn giờ của bước"),
    "make_document": __("tạo văn bản PDF"),
    "make_request": __("in phiếu yêu cầu bổ sung đã gửi"),
    "carry_batch": __("làm nhiều hồ sơ một lần"),
    "print_list": __("tạo danh sách chung"),
    "tell_applicant": __("báo tin cho người nộp"),
    "mail_message": __("gửi thư điện tử kèm giấy tờ"),
    "tell_officials": __("báo tin cho cán bộ"),
    "tell_recipients": __("báo tin cho nơi nhận bản sao"),
    "payment_captured": __("ghi nhận tiền đã thu"),
    "place_parcel": __("gửi đơn cho bưu điện"),
    "cancel_parcel": __("hủy đơn với bưu điện"),
    "track_parcel": __("hỏi bưu điện về bưu gửi"),
    "parcel_moved": __("ghi nhận tin của bưu điện"),
    "poll_payment": __("hỏi ngân hàng về khoản chờ"),
    "send_refund": __("gửi lệnh hoàn tiền"),
    "match_suspense": __("ghi tiền chờ vào phí của hồ sơ"),
    "fee_returned": __("đổi biên lai của khoản phí đã hoàn"),
    "compare_books": __("đối soát với sổ của ngân hàng"),
    "collect_records": __("tìm hồ sơ để chuyển bản"),
    "rehearse_records": __("thử chuyển hồ sơ sang bản khác"),
    "move_records": __("chuyển hồ sơ sang bản khác"),
    "restore_records": __("chuyển lại hồ sơ về bản cũ"),
    "forget_rehearsals": __("xóa lần thử chuyển đã cũ"),
    "move_drafts": __("chuyển bản nháp sang bản mới"),
    "call_register": __("hỏi cơ sở dữ liệu"),
    "draw_book": __("lập bản in của sổ"),
    "booking_near": __("nhắc giờ hẹn của ngày mai"),
    "booking_over": __("xem người hẹn đã đến chưa"),
    "paper_due": __("xem bản giấy đã tới chưa"),
    "watch_receipts": __("xem biên lai nào chưa đóng dấu được"),
    "seal_receipts": __("đóng dấu lại biên lai khi thiết bị ký trả lời"),
    "watch_due_dates": __("xem hẹn nào sẽ trễ"),
    "watch_records": __("xem hồ sơ nào đứng yên"),
    "watch_expiry": __("nhắc kết quả sắp hết hạn"),
}


def kind_words(kind: str) -> str:
    """What a job does; its name in the code when nobody has put it into words."""
    return str(_KINDS.get(kind, kind))
