"""Fields of the forms of a process: texts in two languages line by line, lengths of time, conditions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from wtforms.validators import StopValidation

from portal.catalogue.condition_checking import ConditionGround
from portal.core.text import composed
from portal.web.fields import LongTextField, TextField
from portal.web.fields.base import PortalField
from portal.web.languages import localized
from portal.web.translation import Words, gettext, lazy_gettext
from portal.workflow.definition import Text

LENGTHS = (("d", lazy_gettext("ngày lịch")), ("wd", lazy_gettext("ngày làm việc")), ("h", lazy_gettext("giờ làm việc")))
"""The units of a length of time."""

NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")


class IdField(TextField):
    """A name of the grammar. `taken` are those that there are already."""

    def __init__(self, label: Words, *arguments: Any, **given: Any) -> None:
        super().__init__(label, *arguments, max_length=40, width=20, spellcheck=False, autocomplete="off", **given)
        self.taken: Sequence[str] = ()

    def pre_validate(self, form: Any) -> None:
        super().pre_validate(form)
        if not NAME.fullmatch(self.data):
            condition = gettext("chỉ gồm chữ thường không dấu, số và dấu gạch dưới, bắt đầu bằng chữ")
            raise StopValidation(self.must(condition, given=self.data))
        if self.data in self.taken:
            raise StopValidation(gettext("Đã có %(name)s. Chọn mã khác.", name=self.data))


class PairsField(LongTextField):
    """Texts in both languages, one a line, the Vietnamese first: `Đủ giấy tờ | All papers are there`."""

    def process_data(self, value: Any) -> None:
        pairs = [pair for pair in value or () if isinstance(pair, dict)]
        self.data = "\n".join(f"{pair.get('vi', '')} | {pair.get('en', '')}" for pair in pairs)

    def pre_validate(self, form: Any) -> None:
        super().pre_validate(form)
        for number, line in enumerate(self._lines(), start=1):
            if not all(part.strip() for part in line.partition("|")):
                sentence = gettext("Dòng %(number)s phải có cả hai tiếng: tiếng Việt | tiếng Anh.", number=number)
                raise StopValidation(sentence)

    @property
    def pairs(self) -> list[dict[str, str]]:
        each = (line.partition("|") for line in self._lines())
        return [{"vi": vi.strip(), "en": en.strip()} for vi, _, en in each]

    def _lines(self) -> list[str]:
        return [line for line in str(self.data or "").split("\n") if line.strip()]


class NamesField(TextField):
    """Names in a row with commas between them; `data` is a list."""

    def process_data(self, value: Any) -> None:
        self.data = [str(name) for name in value or ()]

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        typed = composed(str(valuelist[0])) if valuelist else ""
        self.data = [name.strip() for name in typed.replace("\n", ",").split(",") if name.strip()]

    def is_empty(self) -> bool:
        return not self.data

    def pre_validate(self, form: Any) -> None:
        PortalField.pre_validate(self, form)

    def shown_value(self) -> str:
        return ", ".join(self.data or ())


def offer_answers(ground: ConditionGround, *fields: TextField) -> None:
    """Offer the answers of the form while one of them is named in these boxes."""
    for field in fields:
        field.suggestions = [(name, "") for name in ground.answers]


class ConditionField(TextField):
    """A CEL expression, or the name of one of the process's conditions. `ground` says what it may speak of."""

    def __init__(self, label: Words, *arguments: Any, **given: Any) -> None:
        super().__init__(label, *arguments, max_length=1000, spellcheck=False, autocomplete="off", **given)
        self.ground: ConditionGround | None = None
        self.each = ""

    def cleaned(self, typed: str) -> str:
        return composed(typed).strip()

    def pre_validate(self, form: Any) -> None:
        super().pre_validate(form)
        fault = self.fault(self.ground) if self.ground is not None else None
        if fault is not None:
            raise StopValidation(localized(fault))

    def fault(self, ground: ConditionGround) -> Text | None:
        """What is wrong with what was typed."""
        return ground.fault(self.data, each=self.each)


class DayOfAnswerField(ConditionField):
    """An answer that is a date, as `form.from`."""

    def fault(self, ground: ConditionGround) -> Text | None:
        return ground.fault_of_day(self.data)


def length(number: Decimal | None, unit: str) -> str:
    """A length of time as the grammar writes it: 12d, 3wd, 4h."""
    return f"{number.normalize():f}{unit}" if number is not None else ""


def length_parts(written: Any) -> dict[str, Any]:
    """Number and unit of a length, as the boxes of a form are filled."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)(d|wd|h)", str(written or ""))
    return {"number": Decimal(found[1]), "unit": found[2]} if found else {}
