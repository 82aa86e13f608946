"""Kinds of audit entries in words."""

from __future__ import annotations

from collections.abc import Iterable

from portal.web.translation import Words
from portal.web.translation import lazy_gettext as __

_KINDS: dict[str, Words] = {
    "signed_in": __("đăng nhập"),
    "signed_out": __("đăng xuất"),
    "record_read": __("xem hồ sơ"),
    "account_read": __("xem tài khoản"),
    "accounts_searched": __("tìm tài khoản"),
    "accounts_opened": __("mở tài khoản"),
    "account_locked": __("khóa tài khoản"),
    "account_unlocked": __("mở khóa tài khoản"),
    "post_given": __("thêm vị trí"),
    "post_ended": __("đặt ngày hết của vị trí"),
    "organisation_entered": __("thêm tổ chức"),
    "units_imported": __("nạp cây đơn vị"),
    "definition_kept": __("lưu bản soạn thủ tục"),
    "definition_sent": __("gửi duyệt bản soạn"),
    "definition_recalled": __("lấy lại bản soạn"),
    "definition_returned": __("trả lại bản soạn"),
    "definition_discarded": __("bỏ bản soạn"),
    "procedure_published": __("công bố thủ tục"),
    "procedure_withdrawn": __("ngừng thủ tục"),
    "procedure_restored": __("mở lại thủ tục"),
    "jobs_tried_again": __("chạy lại việc chạy nền"),
    "audit_read": __("xem nhật ký"),
    "calendar_day_added": __("thêm ngày vào lịch"),
    "calendar_day_withdrawn": __("bỏ ngày khỏi lịch"),
    "office_hours_added": __("thêm giờ làm việc"),
    "office_hours_ended": __("kết thúc giờ làm việc"),
    "office_hours_withdrawn": __("bỏ giờ làm việc"),
}


def kind_words(kind: str) -> str:
    """What was done; its name in the code when nobody has put it into words."""
    return str(_KINDS.get(kind, kind))


def kind_choices(kinds: Iterable[str]) -> list[dict[str, str]]:
    return [{"value": kind, "text": kind_words(kind)} for kind in kinds]
