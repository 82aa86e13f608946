"""The opinion of another agency, and the answer of a body without accounts: entries that a template of the shared
process makes into steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Self

from wtforms.validators import StopValidation

from portal.catalogue.condition_checking import ConditionGround
from portal.catalogue.sketching import Sketch
from portal.web.admin.process import choices as offered
from portal.web.admin.process.fields import offer_answers
from portal.web.admin.process.place_fields import PlaceForm
from portal.web.admin.process.process_forms import given_values
from portal.web.admin.process.rows import OptionalSelect, RowsForm
from portal.web.admin.process.step_forms import differing, items_of_choices, listed, plain_number
from portal.web.admin.process.timer_rows import TimerRow, written_timers
from portal.web.fields import DecimalField, HiddenField, LongTextField, SelectField, TextField
from portal.web.translation import gettext as _
from portal.web.translation import lazy_gettext as __
from portal.workflow.definition import Where

OPINION, ENTERED = "opinion", "entered_answer"


class AnswersField(LongTextField):
    """The answers to choose from, one a line: `agree | Đồng ý | Agree`."""

    def process_data(self, value: Any) -> None:
        listed = value.items() if isinstance(value, dict) else ()
        pairs = [(name, text if isinstance(text, dict) else {}) for name, text in listed]
        self.data = "\n".join(f"{name} | {text.get('vi', '')} | {text.get('en', '')}" for name, text in pairs)

    def pre_validate(self, form: Any) -> None:
        super().pre_validate(form)
        for number, parts in enumerate(self._lines(), start=1):
            if len(parts) != 3 or not all(parts):
                sentence = _("Dòng %(number)s phải có đủ ba phần: mã | tiếng Việt | tiếng Anh.", number=number)
                raise StopValidation(sentence)

    @property
    def choices(self) -> dict[str, dict[str, str]]:
        return {name: {"vi": vi, "en": en} for name, vi, en in self._lines()}

    def _lines(self) -> list[tuple[str, ...]]:
        lines = [line for line in str(self.data or "").split("\n") if line.strip()]
        return [tuple(part.strip() for part in line.split("|")) for line in lines]


class ConsultationForm(RowsForm):
    """An entry with `template`. `timers` are the reminder, the deadline, and what silence means; `place` is the agency
    that is asked, or the office that enters the answer."""

    revision = HiddenField()
    name_vi = TextField(__("Tên bước"))
    name_en = TextField(__("Tên bước bằng tiếng Anh"))
    sign_name_vi = TextField(__("Tên bước ký"))
    sign_name_en = TextField(__("Tên bước ký bằng tiếng Anh"))
    stop_vi = TextField(__("Tên chặng người dân thấy"))
    stop_en = TextField(__("Tên chặng bằng tiếng Anh"))
    body_vi = TextField(__("Tên cơ quan ngoài Cổng"))
    body_en = TextField(__("Tên cơ quan bằng tiếng Anh"))
    hours = DecimalField(__("Định mức soạn"), minimum=0, maximum=2000, width=4, suffix=__("giờ làm việc"))
    sign_hours = DecimalField(__("Định mức ký"), minimum=0, maximum=2000, width=4, suffix=__("giờ làm việc"))
    clock = SelectField(__("Thời hạn"))
    choices = AnswersField(
        __("Các câu trả lời"), rows=4, hint=__("Mỗi dòng: mã | tiếng Việt | tiếng Anh, ví dụ agree | Đồng ý | Agree")
    )
    same_office = OptionalSelect(
        __("Khi nơi hỏi cũng là nơi góp ý"),
        choices=(("skip", __("Không hỏi, nhánh coi như xong")),),
        nothing=__("Vẫn hỏi"),
    )
    join = SelectField(__("Đủ các nhánh thì mở bước"))

    place: PlaceForm
    timers: Sequence[TimerRow]

    @classmethod
    def of(
        cls, written: Mapping[str, Any], *, sketch: Sketch, ground: ConditionGround, step: str, revision: int
    ) -> Self:
        """The form of an entry as the file writes it, or as it was sent."""
        given = given_values(written)
        form = cls.from_request(revision=str(revision), **_values(given))
        left_out = _ENTERED_ONLY if written.get("template") == OPINION else _OPINION_ONLY
        for name in left_out:
            del form[name]
        form.place = _place(written, given)
        offer_answers(ground, form.place.field)
        form.timers = TimerRow.of(listed(given.get("timers")), process=sketch.process, ground=ground)
        form.parts = [*form.place.forms, *form.timers]
        if "clock" in form:
            form.clock.items = items_of_choices(offered.clocks())
        others = [choice for choice in offered.steps(sketch.process) if sketch.entries.get(choice[0]) != step]
        form.join.items = items_of_choices(others)
        return form

    def changes(self, written: Mapping[str, Any]) -> dict[str, Any]:
        """The entry's `with` as the form says it, when it differs."""
        before = dict(written.get("with") or {})
        new = {
            "name": self._pair("name"),
            "sign_name": self._pair("sign_name"),
            "stop": self._pair("stop"),
            **self._place(before),
            "hours": plain_number(self.hours.data),
            "sign_hours": plain_number(self.sign_hours.data) if "sign_hours" in self else None,
            "clock": self.clock.data if "clock" in self else None,
            "choices": self.choices.choices if "choices" in self else None,
            "same_office": (self.same_office.data or None) if "same_office" in self else None,
            "join": self.join.data,
            "timers": written_timers(self.timers, listed(before.get("timers"))) or None,
        }
        changed = differing(new, before)
        merged = before | changed
        return {"with": {key: value for key, value in merged.items() if value is not None}} if changed else {}

    def _pair(self, name: str) -> dict[str, str] | None:
        if f"{name}_vi" not in self:
            return None
        return {"vi": self[f"{name}_vi"].data, "en": self[f"{name}_en"].data}

    def _place(self, before: Mapping[str, Any]) -> dict[str, Any]:
        if "body_vi" in self:
            return {"body": self._pair("body"), "entered_by": self.place.written(before.get("entered_by"))}
        return {"at": self.place.written(before.get("at"))}


def _place(written: Mapping[str, Any], given: Mapping[str, Any]) -> PlaceForm:
    """Of the agency that is asked; of a body without accounts that of the office which enters its answer."""
    if written.get("template") == OPINION:
        wheres = (offered.OWNER, Where.PLACE, Where.FIELD, Where.EACH)
        return PlaceForm.of(given.get("at") or {}, label=__("Cơ quan góp ý"), wheres=wheres)
    return PlaceForm.of(given.get("entered_by") or {}, label=__("Nơi nhập trả lời"), wheres=(Where.PLACE,))


_ENTERED_ONLY = ("body_vi", "body_en", "clock", "choices")
_OPINION_ONLY = ("sign_name_vi", "sign_name_en", "sign_hours", "same_office")


def _values(given: Mapping[str, Any]) -> dict[str, Any]:
    pairs = {
        f"{name}_{language}": (given.get(name) or {}).get(language)
        for name in ("name", "sign_name", "stop", "body")
        for language in ("vi", "en")
    }
    return {
        **pairs,
        "hours": _number(given.get("hours")),
        "sign_hours": _number(given.get("sign_hours")),
        "clock": given.get("clock") or "statutory",
        "choices": given.get("choices"),
        "same_office": given.get("same_office"),
        "join": given.get("join"),
    }


def _number(given: Any) -> Decimal | None:
    return Decimal(str(given)) if isinstance(given, int | Decimal) else None
