"""Forms of decisions about the calendar: days, hours of work, taking back. Each asks for the document."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import time
from typing import Any, Self
from uuid import UUID

from portal.calendars.book import Hours
from portal.calendars.explain import WEEKDAY_NAMES
from portal.units.resolution import Directory
from portal.web.admin.account_forms import GroupedField
from portal.web.admin.accounts import unit_groups
from portal.web.fields import BaseForm, CheckField, ChoiceField, DateField, TextField
from portal.web.fields.base import PlainLabel
from portal.web.translation import Words
from portal.web.translation import gettext as _
from portal.web.translation import lazy_gettext as __
from portal.workflow.working_time import DayKind, Session

SWAP = "swap"

_SESSION = re.compile(r"(\d{1,2})[:hg.](\d{2})\s*(?:-|–|đến|to)\s*(\d{1,2})[:hg.](\d{2})")


class DocumentField(TextField):
    """The document that orders a decision."""

    def __init__(self, hint: Words | None = None, **given: Any) -> None:
        hint = hint or __("Số, ngày của văn bản, ví dụ 1234/UBND-NC ngày 20/11/2026")
        super().__init__(__("Căn cứ"), hint=hint, max_length=200, **given)


class ForUnitForm(BaseForm):
    """A decision for the city, or for one unit."""

    unit: GroupedField

    @classmethod
    def in_city(cls, directory: Directory, **values: Any) -> Self:
        """The form as sent or empty, the units in its list."""
        form = cls.from_request(**values)
        form.unit.groups = unit_groups(directory)
        form.unit.items = [choice for group in form.unit.groups for choice in group["choices"]]
        return form

    @property
    def unit_id(self) -> UUID | None:
        return named_unit(self.unit.data or "")


def named_unit(written: str) -> UUID | None:
    """The unit that is named; nothing, or what names none, is the whole city."""
    try:
        return UUID(written)
    except ValueError:
        return None


def _whose_hours(statutory: Words, counter: Words, *, counted: Words) -> list[dict[str, Any]]:
    """The two kinds of hours as choices; `counted` is what counts by the first."""
    doors = __("Chỉ cho người dân biết khi nào quầy mở; không hạn nào đổi")
    return [
        {"value": Hours.STATUTORY.value, "text": statutory, "hint": counted},
        {"value": Hours.COUNTER.value, "text": counter, "hint": doors},
    ]


class DayForm(ForUnitForm):
    kind = ChoiceField(
        __("Đổi gì?"),
        thing=__("đổi gì"),
        choices=[
            (DayKind.OFF.value, __("Cho nghỉ một ngày làm việc")),
            (DayKind.WORK.value, __("Làm việc vào một ngày nghỉ")),
            (SWAP, __("Hoán đổi: nghỉ một ngày, làm bù ngày khác")),
        ],
    )
    day = DateField(__("Ngày"), hint=__("Ngày nghỉ, hoặc ngày nghỉ được đem làm"))
    worked = DateField(__("Ngày làm bù"), required=False, hint=__("Chỉ khi hoán đổi"))
    name = TextField(__("Vì sao"), thing=__("lý do"), hint=__("Người dân thấy, ví dụ Nghỉ tránh bão"), max_length=200)
    name_en = TextField(
        __("Vì sao, bằng tiếng Anh"), hint=__("Trang tiếng Anh dùng câu này, ví dụ Storm"), max_length=200
    )
    source = DocumentField()
    hours = ChoiceField(
        __("Áp dụng cho"),
        thing=__("áp dụng cho gì"),
        choices=_whose_hours(
            __("Thời hạn và quầy"), __("Chỉ quầy"), counted=__("Thời hạn và hạn từng bước tính theo ngày này")
        ),
    )
    unit = GroupedField(__("Chỉ cho một đơn vị"), required=False, hint=__("Để trống thì áp dụng cả thành phố"))


class WithdrawDayForm(BaseForm):
    source = DocumentField(__("Số, ngày của văn bản bỏ ngày này; nhập nhầm thì ghi: nhập nhầm"))


class SessionsField(PlainLabel, TextField):
    """Sessions of one weekday, `07:00-11:00, 13:00-17:00`; `data` is a list of pairs of times. Empty: closed."""

    def __init__(self, label: Words, **given: Any) -> None:
        super().__init__(label, required=False, width=20, spellcheck=False, autocomplete="off", **given)

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        typed = self.cleaned(str(valuelist[0])) if valuelist else ""
        self.data = []
        if typed:
            self.data = self.read(typed)

    def read(self, typed: str) -> list[tuple[time, time]]:
        """The sessions, or ValueError with the sentence for the administrator."""
        try:
            return [_session(part.strip()) for part in re.split("[,;]", typed)]
        except ValueError:
            raise ValueError(self.must(_("ghi như 07:00-11:00, 13:00-17:00"), given=typed)) from None

    def shown_value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return ", ".join(f"{starts:%H:%M}-{ends:%H:%M}" for starts, ends in self.data or ())

    def is_empty(self) -> bool:
        return not self.data


def _session(typed: str) -> tuple[time, time]:
    """Raises ValueError for what is no session."""
    found = _SESSION.fullmatch(typed)
    if found is None:
        raise ValueError(typed)
    hours = [int(part) for part in found.groups()]
    return time(hours[0], hours[1]), time(hours[2], hours[3])


class HoursForm(ForUnitForm):
    unit = GroupedField(__("Chỉ cho một đơn vị"), required=False, hint=__("Để trống thì áp dụng cả thành phố"))
    hours = ChoiceField(
        __("Giờ nào?"),
        thing=__("giờ nào"),
        choices=_whose_hours(
            __("Giờ làm việc"), __("Giờ mở quầy"), counted=__("Thời hạn và hạn từng bước tính theo giờ này")
        ),
    )
    valid_from = DateField(__("Từ ngày"))
    valid_to = DateField(__("Đến hết ngày"), required=False, hint=__("Để trống nếu chưa có ngày kết thúc"))
    weekday_0 = SessionsField(__("Thứ Hai"))
    weekday_1 = SessionsField(__("Thứ Ba"))
    weekday_2 = SessionsField(__("Thứ Tư"))
    weekday_3 = SessionsField(__("Thứ Năm"))
    weekday_4 = SessionsField(__("Thứ Sáu"))
    weekday_5 = SessionsField(__("Thứ Bảy"))
    weekday_6 = SessionsField(__("Chủ nhật"))
    replacing = CheckField(
        __("Thay giờ đang áp dụng trong thời gian này"),
        required=False,
        hint=__("Hết thời gian này, giờ cũ áp dụng trở lại"),
    )
    source = DocumentField()

    @property
    def week(self) -> dict[int, list[tuple[time, time]]]:
        return {weekday: self.answers[f"weekday_{weekday}"] for weekday in range(len(WEEKDAY_NAMES))}

    def weekdays(self) -> list[Any]:
        """The fields of the week, Monday first."""
        return [self[f"weekday_{weekday}"] for weekday in range(len(WEEKDAY_NAMES))]

    @staticmethod
    def filled(week: Sequence[Sequence[Session]]) -> dict[str, list[tuple[time, time]]]:
        """Sessions by weekday as values of the fields."""
        return {f"weekday_{at}": [(one.starts, one.ends) for one in sessions] for at, sessions in enumerate(week)}


class EndHoursForm(BaseForm):
    last_day = DateField(__("Ngày cuối cùng"), thing=__("ngày cuối cùng"))
    source = DocumentField()
