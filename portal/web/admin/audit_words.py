"""Kinds of audit entries in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from portal.catalogue.words import ROLES, word
from portal.web.languages import localized
from portal.web.translation import Words
from portal.web.translation import lazy_gettext as __

_KINDS: dict[str, Words] = {
    "signed_in": __("đăng nhập"),
    "stepped_up": __("nhập lại mật khẩu để ký số"),
    "signed_out": __("đăng xuất"),
    "statement_brought": __("tải lên sao kê ngân hàng"),
    "record_read": __("xem hồ sơ"),
    "register_read": __("xem sổ, lịch hẹn hoặc bưu gửi của đơn vị"),
    "identity_numbers_seen": __("xem số định danh"),
    "account_read": __("xem tài khoản"),
    "accounts_searched": __("tìm tài khoản"),
    "accounts_opened": __("mở tài khoản"),
    "account_locked": __("khóa tài khoản"),
    "account_unlocked": __("mở khóa tài khoản"),
    "post_given": __("thêm vị trí"),
    "post_ended": __("đặt ngày hết của vị trí"),
    "organisation_entered": __("thêm tổ chức"),
    "tax_code_set": __("ghi mã số thuế của đơn vị"),
    "units_imported": __("nạp cây đơn vị"),
    "definition_kept": __("lưu bản soạn thủ tục"),
    "definition_sent": __("gửi duyệt bản soạn"),
    "definition_recalled": __("lấy lại bản soạn"),
    "definition_returned": __("trả lại bản soạn"),
    "definition_discarded": __("bỏ bản soạn"),
    "procedure_published": __("công bố thủ tục"),
    "procedure_withdrawn": __("ngừng thủ tục"),
    "procedure_restored": __("mở lại thủ tục"),
    "records_moving": __("chuyển hồ sơ sang bản khác"),
    "moving_sent": __("gửi duyệt lần chuyển hồ sơ"),
    "moving_returned": __("trả lại lần chuyển hồ sơ"),
    "moving_recalled": __("lấy lại lần chuyển hồ sơ"),
    "records_stopped": __("dừng chuyển hồ sơ"),
    "records_restoring": __("chuyển hồ sơ lại bản trước"),
    "definition_imported": __("nhập thủ tục từ tệp"),
    "jobs_tried_again": __("chạy lại việc chạy nền"),
    "audit_read": __("xem nhật ký"),
    "calendar_day_added": __("thêm ngày vào lịch"),
    "calendar_day_withdrawn": __("bỏ ngày khỏi lịch"),
    "office_hours_added": __("thêm giờ làm việc"),
    "office_hours_ended": __("kết thúc giờ làm việc"),
    "office_hours_withdrawn": __("bỏ giờ làm việc"),
}


_DETAILS: dict[str, Words] = {
    "purpose": __("mục đích"),
    "days": __("ngày"),
    "looked_for": __("tìm việc"),
    "code": __("thủ tục"),
    "number": __("bản"),
    "old": __("từ bản"),
    "new": __("sang bản"),
    "count": __("số hồ sơ"),
    "replaced_by": __("thay bằng"),
    "found": __("thấy"),
    "reason": __("lý do"),
    "role": __("vai trò"),
    "jobs": __("số việc"),
    "people": __("số người"),
    "posts": __("số vị trí"),
    "units": __("số đơn vị"),
    "places": __("số địa bàn"),
    "functions": __("số chức năng"),
    "source": __("căn cứ"),
    "unit": __("đơn vị"),
    "tax_code": __("mã số thuế"),
}
"""What an entry says beside who and whom. Keys of rows are for programs, and are not shown."""


def detail_words(details: Mapping[str, object]) -> str:
    """`mục đích: Trả lời khiếu nại · ngày: 15/11/2026–22/11/2026`."""
    shown = [(name, value) for name, value in details.items() if name in _DETAILS and value not in ("", None)]
    return " · ".join(f"{_DETAILS[name]}: {_value(name, value)}" for name, value in shown)


def _value(name: str, value: object) -> str:
    if name == "looked_for":
        return kind_words(str(value))
    if name == "role":
        return localized(word(ROLES, value))
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def kind_words(kind: str) -> str:
    """What was done; its name in the code when nobody has put it into words."""
    return str(_KINDS.get(kind, kind))


def kind_choices(kinds: Iterable[str]) -> list[dict[str, str]]:
    return [{"value": kind, "text": kind_words(kind)} for kind in kinds]
