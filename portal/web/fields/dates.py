"""A day, in three boxes."""

from __future__ import annotations

from datetime import date
from typing import Any

from wtforms.utils import unset_value
from wtforms.validators import StopValidation

from portal.core.text import composed
from portal.core.wording import short_day
from portal.web.fields.base import Legended
from portal.web.languages import current_language
from portal.web.translation import Words, gettext

PARTS = ("day", "month", "year")


class DateField(Legended):
    """`data` is a date. Sent as <name>-day, <name>-month, <name>-year. earliest and latest are included."""

    macro = "date_input"

    def __init__(
        self, label: Words, *arguments: Any, earliest: date | None = None, latest: date | None = None, **given: Any
    ) -> None:
        self.birthday = given.pop("autocomplete", None) == "bday"
        super().__init__(label, *arguments, **given)
        self.earliest = earliest
        self.latest = latest
        self.typed = ("", "", "")
        self.wrong: tuple[str, ...] = ()

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        super().process(None, data, extra_filters)
        self.raw_data = []
        if self.data is not None:
            self.typed = (str(self.data.day), str(self.data.month), str(self.data.year))
        if formdata is None:
            return
        day, month, year = (composed(formdata.get(f"{self.name}-{part}", "")).strip() for part in PARTS)
        self.typed = (day, month, year)
        self.data = None
        if any(self.typed):
            try:
                self.data = self.read()
            except ValueError as error:
                self.process_errors = [str(error)]

    def sent(self) -> dict[str, str]:
        """The boxes as an address carries them."""
        return {f"{self.name}-{part}": typed for part, typed in zip(PARTS, self.typed, strict=True)}

    def read(self) -> date:
        """The day that the boxes say, or ValueError with the sentence for the applicant."""
        self.wrong = tuple(part for part, typed in zip(PARTS, self.typed, strict=True) if not typed)
        if self.wrong:
            names = {"day": gettext("ngày"), "month": gettext("tháng"), "year": gettext("năm")}
            raise ValueError(self.must(gettext("có %(parts)s", parts=", ".join(names[part] for part in self.wrong))))
        self.wrong = tuple(
            part for part, typed in zip(PARTS, self.typed, strict=True) if not (typed.isascii() and typed.isdigit())
        )
        if self.wrong:
            raise ValueError(self.must(gettext("viết bằng chữ số"), given="/".join(self.typed)))
        if len(self.typed[2]) != 4:
            self.wrong = ("year",)
            raise ValueError(self.must(gettext("có năm gồm 4 chữ số"), given="/".join(self.typed)))
        try:
            return date(*(int(typed) for typed in reversed(self.typed)))
        except (ValueError, OverflowError):
            raise ValueError(self.must(gettext("là ngày có thật"), given="/".join(self.typed))) from None

    def pre_validate(self, form: Any) -> None:
        super().pre_validate(form)
        if self.earliest is not None and self.data < self.earliest:
            raise StopValidation(
                self.must(gettext("từ %(day)s trở đi", day=self.said(self.earliest)), given=self.said())
            )
        if self.latest is not None and self.data > self.latest:
            raise StopValidation(self.must(gettext("không sau %(day)s", day=self.said(self.latest)), given=self.said()))

    def said(self, value: date | None = None) -> str:
        return short_day(self.data if value is None else value, language=current_language())

    @property
    def error_id(self) -> str:
        return f"{self.id}-{self.wrong[0] if self.wrong else 'day'}"

    def arguments(self) -> dict[str, Any]:
        given = super().arguments()
        del given["label_classes"]
        completions = ("bday-day", "bday-month", "bday-year") if self.birthday else (None, None, None)
        return {**given, "values": self.typed, "wrong": self.wrong, "autocomplete": completions}
