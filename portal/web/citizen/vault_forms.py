"""The forms of the personal store."""

from __future__ import annotations

from typing import Any

from portal.core import clock
from portal.files.kinds import FORMATS
from portal.records.vault import MAX_MB, Details
from portal.web.fields import BaseForm, ChecksField, DateField, FileField, TextField
from portal.web.translation import gettext as _
from portal.web.translation import lazy_gettext as __

LONGEST = 160


class UploadForm(BaseForm):
    """A paper to be kept. What it is, is asked afterwards: the file is safe by then."""

    file = FileField(
        __("Chọn tệp hoặc chụp ảnh"),
        thing=__("giấy muốn giữ"),
        accept=[f".{extension}" for extension in FORMATS],
        hint=__("PDF hoặc ảnh, tối đa %(limit)s MB. Tệp có chữ ký số được kiểm tra ngay.", limit=MAX_MB),
    )


class DetailsForm(BaseForm):
    name = TextField(__("Tên giấy"), hint=__("Ví dụ Giấy chứng nhận quyền sử dụng đất"), max_length=LONGEST)
    number = TextField(__("Số"), thing=__("số của giấy"), required=False, max_length=60, width=20)
    issuer = TextField(__("Nơi cấp"), required=False, max_length=LONGEST)
    issued_on = DateField(__("Ngày cấp"), required=False)
    expires_on = DateField(__("Có hiệu lực đến hết"), thing=__("ngày hết hiệu lực"), required=False)

    def validate(self, extra_validators: Any = None) -> bool:
        is_right = super().validate(extra_validators)
        issued, expires = self.issued_on.data, self.expires_on.data
        if is_right and issued and issued > clock.local_day(clock.now()):
            self.issued_on.errors = [_("Ngày cấp phải không sau hôm nay. Xem lại trên giấy.")]
        if is_right and issued and expires and expires < issued:
            self.expires_on.errors = [_("Ngày hết hiệu lực phải không trước ngày cấp. Xem lại trên giấy.")]
        return is_right and not (self.issued_on.errors or self.expires_on.errors)

    @property
    def details(self) -> Details:
        return Details(
            name=self.name.data,
            number=self.number.data or "",
            issuer=self.issuer.data or "",
            issued_on=self.issued_on.data,
            expires_on=self.expires_on.data,
        )


class SuppliedForm(BaseForm):
    """Which papers of earlier records to keep."""

    papers: ChecksField


def supplied_form(choices: list[dict[str, Any]]) -> SuppliedForm:
    field = ChecksField(_("Giữ những giấy nào?"), thing=_("ít nhất một giấy"), choices=choices)
    made: SuppliedForm = type("SuppliedFormOfAPerson", (SuppliedForm,), {"papers": field}).from_request()  # type: ignore[attr-defined]
    return made
