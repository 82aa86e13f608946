"""Words of the choices that the grammar has."""

from __future__ import annotations

from flask_babel.speaklater import LazyString

from portal.catalogue import words
from portal.catalogue.document_names import RESULT_TEMPLATES
from portal.core.text import raised
from portal.web.languages import localized
from portal.web.translation import lazy_gettext as __
from portal.workflow.definition import Text


def _said(name: Text) -> str:
    return raised(localized(name))


LEVELS = (
    ("city", __("Thành phố")),
    ("district", __("Quận, huyện")),
    ("commune", __("Phường, xã")),
)
AUDIENCES = (("citizen", __("Người dân")), ("business", __("Doanh nghiệp, hộ kinh doanh")))
TERM_UNITS = (
    ("working_days", __("Ngày làm việc")),
    ("calendar_days", __("Ngày, kể cả ngày nghỉ")),
    ("working_hours", __("Giờ làm việc")),
    ("same_day", __("Trong ngày")),
    ("stages", __("Mỗi cấp một thời hạn")),
)
STAGE_UNITS = TERM_UNITS[:3]
RESULT_ACTIONS = (
    ("issue", __("Cấp mới")),
    ("amend", __("Sửa đổi, gia hạn giấy đã cấp")),
    ("replace", __("Thay giấy đã cấp")),
    ("revoke", __("Thu hồi giấy đã cấp")),
)
RECEIVERS = (
    ("place", __("Cấp và chức năng")),
    ("field", __("Nơi ghi trong câu trả lời")),
    ("received", __("Nơi tiếp nhận")),
    ("external", __("Cơ quan ngoài Cổng")),
)
TEMPLATES = tuple((name, LazyString(_said, Text(*said))) for name, said in RESULT_TEMPLATES.items())
FUNCTIONS = tuple((code, LazyString(_said, name)) for code, name in words.FUNCTIONS.items())
SIGNS_AS = (("unit", __("Ủy ban ký")), ("office", __("Phòng ký, có con dấu riêng")))
PAUSES = (("add", __("Cộng thời gian chờ vào thời hạn")), ("restart", __("Tính lại thời hạn từ đầu")))
FORMATS = (("pdf", "PDF"), ("jpg", "JPG"), ("png", "PNG"))
COPIES = (
    ("O1", __("1 bản chính")),
    ("O2", __("2 bản chính")),
    ("O3", __("3 bản chính")),
    ("C1", __("1 bản sao")),
    ("C2", __("2 bản sao")),
    ("C3", __("3 bản sao")),
    ("P1", __("Xuất trình 1 bản, nhận lại ngay")),
)
MODES = (
    ("submit", __("Tải lên")),
    ("present", __("Xuất trình tại quầy")),
    ("surrender", __("Nộp lại bản cũ khi nhận kết quả")),
)
REGISTERS = (
    ("population_register", __("Dữ liệu dân cư")),
    ("land_register", __("Dữ liệu đất đai")),
    ("business_register", __("Dữ liệu đăng ký kinh doanh")),
    ("civil_status_register", __("Dữ liệu hộ tịch")),
    ("tax_register", __("Dữ liệu thuế")),
    ("hospital_data", __("Dữ liệu bệnh viện")),
    ("electronic_identity", __("Căn cước điện tử")),
    ("result_registry", __("Kết quả đã cấp của thành phố")),
    ("earlier_result", __("Kết quả lần trước")),
    ("certified_copy", __("Bản sao chứng thực điện tử")),
)
FEE_KINDS = (("le_phi", __("Lệ phí")), ("phi", __("Phí")))
MOMENTS = (
    ("receiving", __("Khi nộp hồ sơ")),
    ("supplement", __("Khi bổ sung")),
    ("return", __("Khi nhận kết quả")),
)
FIELD_TYPES = (
    ("text", __("Chữ, một dòng")),
    ("long_text", __("Chữ, nhiều dòng")),
    ("integer", __("Số nguyên")),
    ("decimal", __("Số có phần lẻ")),
    ("money", __("Số tiền")),
    ("date", __("Ngày")),
    ("booking", __("Giờ hẹn đến quầy")),
    ("yes_no", __("Có hoặc không")),
    ("choice", __("Chọn trong danh sách")),
    ("unit", __("Phường xã, quận huyện")),
    ("group", __("Nhóm câu hỏi lặp lại")),
)
KINDS = (
    ("id_number", __("Số định danh cá nhân")),
    ("phone", __("Số điện thoại")),
    ("email", __("Thư điện tử")),
    ("tax_code", __("Mã số thuế")),
    ("person_name", __("Họ và tên người")),
    ("year", __("Năm")),
    ("number", __("Số hiệu")),
)
PREFILLS = (
    ("applicant.full_name", __("Họ và tên người nộp")),
    ("applicant.id_no", __("Số định danh người nộp")),
    ("applicant.birth_date", __("Ngày sinh người nộp")),
    ("applicant.gender", __("Giới tính người nộp")),
    ("applicant.address", __("Địa chỉ người nộp")),
    ("applicant.commune", __("Phường xã của người nộp")),
    ("applicant.phone", __("Số điện thoại người nộp")),
    ("applicant.email", __("Thư điện tử người nộp")),
    ("applicant.org_name", __("Tên tổ chức")),
    ("applicant.tax_code", __("Mã số thuế tổ chức")),
)
END_STATES = (
    ("returned", __("Đã trả kết quả")),
    ("refused", __("Không tiếp nhận")),
    ("withdrawn", __("Đã rút")),
    ("expired", __("Hết hạn")),
    ("stopped", __("Đã dừng")),
)
ENDING_KINDS = (("withdraw", __("Rút hồ sơ")), ("stop", __("Dừng giải quyết")))
ENDING_PERSONS = (("applicant", __("Người nộp")), ("leader", __("Lãnh đạo cơ quan quyết định")))
OUTCOMES = (("granted", __("Được cấp")), ("rejected", __("Không được cấp")))
CHANNELS = (("online", __("Nộp trên Cổng")), ("counter", __("Nộp tại quầy")), ("post", __("Nộp qua bưu chính")))
APPLICANTS = (("person", __("Cá nhân")), ("organisation", __("Tổ chức")))
