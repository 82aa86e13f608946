"""A step as a form: what the grammar knows of it beside its actions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Self

from flask import request

from portal.catalogue.condition_checking import ConditionGround
from portal.catalogue.sketching import Sketch
from portal.web.admin.process import choices
from portal.web.admin.process.fields import IdField, PairsField, offer_answers
from portal.web.admin.process.place_fields import PlaceForm
from portal.web.admin.process.rows import OptionalSelect, RowsForm
from portal.web.admin.process.timer_rows import TimerRow, written_timers
from portal.web.fields import (
    BaseForm,
    ChecksField,
    ChoiceField,
    DecimalField,
    HiddenField,
    IntegerField,
    SelectField,
    TextField,
)
from portal.web.translation import gettext as _
from portal.web.translation import lazy_gettext as __

RARE = (
    *("stop_vi", "stop_en", "state", "consultation", "call", "opens_after", "same_office", "checklist", "differs_from"),
)


class StepForm(RowsForm):
    """A step of one desk, of the applicant or of the portal, with its place and its timers."""

    revision = HiddenField()
    name_vi = TextField(__("Tên bước"))
    name_en = TextField(__("Tên bước bằng tiếng Anh"))
    stop_vi = TextField(__("Tên chặng người dân thấy"), required=False)
    stop_en = TextField(__("Tên chặng bằng tiếng Anh"), required=False)
    role = OptionalSelect(__("Vai trò"), nothing=__("Không ghi"))
    hours = DecimalField(__("Định mức"), minimum=0, maximum=2000, width=4, suffix=__("giờ làm việc"), required=False)
    clock = SelectField(__("Thời hạn"))
    state = OptionalSelect(__("Trạng thái hồ sơ"), nothing=__("Như thường lệ"))
    checklist = PairsField(
        __("Danh mục phải kiểm"), rows=4, required=False, hint=__("Mỗi dòng một mục: tiếng Việt | tiếng Anh")
    )
    differs_from = ChecksField(__("Không được là người đã làm"), required=False)
    consultation = TextField(
        __("Góp ý"),
        required=False,
        width=20,
        spellcheck=False,
        hint=__("Mã của ý kiến; các bước cùng mã chung một hạn"),
    )
    call = TextField(
        __("Cơ sở dữ liệu phải hỏi"), required=False, width=20, spellcheck=False, hint=__("Của bước Cổng tự làm")
    )

    opens_after = IntegerField(
        __("Mở khi mấy nhánh đã xong"), minimum=1, maximum=20, required=False, hint=__("Để trống là đủ mọi nhánh")
    )

    same_office = OptionalSelect(
        __("Khi nơi hỏi cũng là nơi góp ý"),
        choices=(("skip", __("Không hỏi, nhánh coi như xong")),),
        nothing=__("Vẫn hỏi"),
    )

    place: PlaceForm
    timers: Sequence[TimerRow]

    @classmethod
    def of(
        cls, written: Mapping[str, Any], *, sketch: Sketch, ground: ConditionGround, step: str, revision: int
    ) -> Self:
        """The form of a step as the file writes it, or as it was sent."""
        form = cls.from_request(revision=str(revision), **_values(written))
        wheres = () if sketch.uses else choices.places_without_owner()
        form.place = PlaceForm.of(written.get("at"), wheres=wheres, has_body=True)
        offer_answers(ground, form.place.field)
        form.timers = TimerRow.of(listed(written.get("timers")), process=sketch.process, ground=ground)
        form.parts = [*form.place.forms, *form.timers]
        form.role.items = items_of_choices(choices.roles())
        form.clock.items = items_of_choices(choices.clocks())
        form.state.items = items_of_choices(choices.states())
        others = [choice for choice in choices.steps(sketch.process) if _may_be_named(choice[0], sketch, written, step)]
        form.differs_from.items = items_of_choices(others)
        return form

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        if bool(self.stop_vi.data) != bool(self.stop_en.data):
            (self.stop_en if self.stop_vi.data else self.stop_vi).errors = [_("Nhập tên chặng bằng cả hai tiếng")]
            return False
        return valid

    @property
    def has_more(self) -> bool:
        """Whether one of the rarer boxes is wrong."""
        return any(self[name].errors for name in RARE)

    def changes(self, written: Mapping[str, Any]) -> dict[str, Any]:
        """The keys of the step as the form says them; None for one that goes, and only what differs."""
        new: dict[str, Any] = {
            "name": {"vi": self.name_vi.data, "en": self.name_en.data},
            "stop": {"vi": self.stop_vi.data, "en": self.stop_en.data} if self.stop_vi.data else None,
            "at": self.place.written(written.get("at")),
            "role": self.role.data or None,
            "hours": plain_number(self.hours.data),
            "clock": self.clock.data if self.clock.data != "statutory" or "clock" in written else None,
            "state": self.state.data or None,
            "consultation": self.consultation.data or None,
            "differs_from": self.differs_from.data or None,
            "checklist": self.checklist.pairs or None,
            "call": self.call.data or None,
            "opens_after": self.opens_after.data,
            "same_office": self.same_office.data or None,
            "timers": written_timers(self.timers, listed(written.get("timers"))) or None,
        }
        return differing(new, written)


class NewStepForm(BaseForm):
    """What a new step needs before it has a page of its own."""

    revision = HiddenField()
    kind = ChoiceField(__("Loại bước"))
    step_id = IdField(__("Mã bước"), hint=__("Ví dụ appraise. Phép thử và điều kiện gọi bước bằng mã."))
    name_vi = TextField(__("Tên bước"))
    name_en = TextField(__("Tên bước bằng tiếng Anh"))
    after = OptionalSelect(__("Đứng sau bước"), nothing=__("Cuối bảng"))


class RenameForm(BaseForm):
    revision = HiddenField()
    new_id = IdField(__("Mã mới"))


def kinds_of_steps(*, has_templates: bool) -> list[dict[str, Any]]:
    """What a new step may be; the last two are written by templates of the shared process."""
    kinds = [
        ("desk", _("Việc của một đơn vị"), ""),
        ("applicant", _("Việc của người nộp"), _("Thời hạn tạm dừng trong lúc chờ")),
        ("automatic", _("Cổng tự làm"), _("Hỏi một cơ sở dữ liệu; cần hẹn giờ cho lúc không trả lời")),
    ]
    if has_templates:
        kinds += [
            ("opinion", _("Góp ý của cơ quan khác"), _("Hai bước: soạn và ký, chung một hạn")),
            ("entered_answer", _("Trả lời của cơ quan ngoài Cổng"), _("Cán bộ nhập văn bản trả lời")),
        ]
    return [{"value": value, "text": text, "hint": hint} for value, text, hint in kinds]


def new_step(form: NewStepForm, *, has_owner: bool) -> dict[str, Any]:
    """What a step of the chosen kind begins with."""
    name = {"vi": form.name_vi.data, "en": form.name_en.data}
    if form.kind.data in ("opinion", "entered_answer"):
        return {"template": form.kind.data, "with": {"name": name}}
    at: Any = {"applicant": "applicant", "automatic": "automatic"}.get(str(form.kind.data))
    role = {"applicant": "applicant", "automatic": "system"}.get(str(form.kind.data), "specialist")
    at = at or ("$owner" if has_owner else None)
    step: dict[str, Any] = {"name": name, **({"at": at} if at else {}), "role": role}
    return step | ({"clock": "paused"} if form.kind.data == "applicant" else {})


def differing(new: Mapping[str, Any], written: Mapping[str, Any]) -> dict[str, Any]:
    """What the form says otherwise than the file; ticked names have no order of their own."""
    return {key: value for key, value in new.items() if _compared(written.get(key)) != _compared(value)}


def _compared(value: Any) -> str:
    names = isinstance(value, list) and all(isinstance(name, str) for name in value)
    return repr(sorted(value) if names else value)


def plain_number(value: Decimal | None) -> Decimal | int | None:
    """As the file would write it: 4, 0.25."""
    if value is None:
        return None
    return int(value) if value == int(value) else value.normalize()


def seen_revision() -> int:
    """The revision of the draft that the page was made of."""
    typed = request.form.get("revision", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else 0


def _may_be_named(other: str, sketch: Sketch, written: Mapping[str, Any], step: str) -> bool:
    """For four eyes: the steps that officials do and that the file itself writes, and those named already."""
    by_official = sketch.process.steps[other].role not in (None, "applicant", "system")
    is_own = sketch.entries.get(other) is not None and by_official
    return other != step and (is_own or other in (written.get("differs_from") or ()))


def _values(written: Mapping[str, Any]) -> dict[str, Any]:
    name, stop = written.get("name") or {}, written.get("stop") or {}
    return {
        "name_vi": name.get("vi"),
        "name_en": name.get("en"),
        "stop_vi": stop.get("vi"),
        "stop_en": stop.get("en"),
        "role": written.get("role"),
        "hours": Decimal(str(written["hours"])) if isinstance(written.get("hours"), int | Decimal) else None,
        "clock": written.get("clock") or "statutory",
        "state": written.get("state"),
        "checklist": written.get("checklist"),
        "differs_from": written.get("differs_from") or [],
        "consultation": written.get("consultation"),
        "call": written.get("call"),
        "opens_after": written.get("opens_after"),
        "same_office": written.get("same_office"),
    }


def listed(given: Any) -> list[Any]:
    return given if isinstance(given, list) else []


def items_of_choices(listed: Sequence[tuple[str, str]]) -> list[dict[str, Any]]:
    return [{"value": value, "text": text} for value, text in listed]
