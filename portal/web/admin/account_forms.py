"""Forms about officials' accounts."""

from __future__ import annotations

from typing import Any

from portal.accounts.types import Role
from portal.catalogue.words import ROLES, word
from portal.web.fields import BaseForm, DateField, LongTextField, SelectField, TextField
from portal.web.languages import localized
from portal.web.translation import gettext as _
from portal.web.translation import lazy_gettext as __


class SearchForm(BaseForm):
    q = TextField(
        __("Tên hoặc tên tài khoản"),
        hint=__("Có dấu hay không dấu đều được, ví dụ nk.qldt hoặc nguyen mau"),
        kind="search",
        width=30,
        autocomplete="off",
    )


class LockForm(BaseForm):
    reason = LongTextField(__("Lý do khóa"), rows=2, max_length=300, required=False)


class GroupedField(SelectField):
    """A long list in groups (optgroup)."""

    groups: list[dict[str, Any]]

    def arguments(self) -> dict[str, Any]:
        return {**super().arguments(), "items": [{"value": "", "text": _("Chọn")}, *self.groups]}


class PostForm(BaseForm):
    unit = GroupedField(__("Đơn vị công tác"))
    role = SelectField(__("Vai trò"))
    function = SelectField(__("Chức năng"), required=False, hint=__("Để trống thì làm mọi việc của đơn vị"))
    title = TextField(__("Chức danh"), required=False, hint=__("In dưới chữ ký, ví dụ CHỦ TỊCH"), width=30)
    valid_from = DateField(__("Từ ngày"))
    valid_to = DateField(__("Đến hết ngày"), required=False)

    @classmethod
    def with_choices(cls, unit_groups: list[dict[str, Any]], functions: list[tuple[str, str]]) -> PostForm:
        """The form as sent or empty, its lists filled."""
        form = cls.from_request()
        form.unit.groups = unit_groups
        form.unit.items = [choice for group in unit_groups for choice in group["choices"]]
        form.role.items = [{"value": role.value, "text": localized(word(ROLES, role.value))} for role in Role]
        form.function.items = [{"value": value, "text": text} for value, text in functions]
        return form


class EndPostForm(BaseForm):
    last_day = DateField(__("Ngày cuối cùng giữ vị trí"), thing=__("ngày cuối cùng"))
