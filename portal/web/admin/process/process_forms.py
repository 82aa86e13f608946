"""The frame of a process as a form: the shared process with its values, or a process of its own; named conditions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Self

from portal.catalogue.condition_checking import ConditionGround
from portal.catalogue.sketching import Sketch
from portal.web.admin.process import choices
from portal.web.admin.process.fields import (
    LENGTHS,
    NAME,
    ConditionField,
    NamesField,
    length,
    length_parts,
    offer_answers,
)
from portal.web.admin.process.place_fields import COUNTERS, OFFICES, LevelRow, PlaceForm, written_levels
from portal.web.admin.process.rows import OptionalSelect, RowForm, RowsForm
from portal.web.admin.process.step_forms import differing, items_of_choices, plain_number
from portal.web.fields import ChecksField, ChoiceField, DecimalField, HiddenField, IntegerField, TextField
from portal.web.translation import gettext as _
from portal.web.translation import lazy_gettext as __

ONE_STOP, OWN = "one_stop", "own"
NEVER = "none"
DAYS = ("remind", "again", "archive")
HOURS = ("forward", "assign", "review", "sign", "stamp")


class ConditionRow(RowForm):
    made_by = ("name", "source")
    name = TextField(__("Tên điều kiện"), required=False, max_length=40, spellcheck=False)
    source = ConditionField(__("Biểu thức"), required=False)

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        if valid and not (self.name.data and NAME.fullmatch(self.name.data)):
            self["name"].errors = [_("Tên điều kiện chỉ gồm chữ thường không dấu, số và dấu gạch dưới.")]
            return False
        if valid and not self.source.data:
            self.source.errors = [_("Nhập biểu thức")]
            return False
        return valid


class ProcessForm(RowsForm):
    """`owner` is the office that decides, `tail` where the result is signed, `give` the counter of return; `signers`
    are those of other levels."""

    revision = HiddenField()
    uses = ChoiceField(__("Quy trình"))
    forward = DecimalField(__("Chuyển hồ sơ"), minimum=0, width=4, suffix=__("giờ"), required=False)
    assign = DecimalField(__("Phân công"), minimum=0, width=4, suffix=__("giờ"), required=False)
    review = DecimalField(__("Xem xét, ký nháy"), minimum=0, width=4, suffix=__("giờ"), required=False)
    sign = DecimalField(__("Ký kết quả"), minimum=0, width=4, suffix=__("giờ"), required=False)
    stamp = DecimalField(__("Cho số, đóng dấu"), minimum=0, width=4, suffix=__("giờ"), required=False)
    first = OptionalSelect(__("Bước đầu tiên của cơ quan quyết định"), nothing=__("Chưa có"))
    drafters = ChecksField(__("Người làm các bước này không được ký"), required=False)
    signer = OptionalSelect(
        __("Người ký"), choices=(("leader", __("Lãnh đạo")), ("head", __("Trưởng phòng"))), nothing=__("Như thường lệ")
    )
    supplements = OptionalSelect(
        __("Yêu cầu bổ sung"), choices=(("none", __("Không có đường bổ sung")),), nothing=__("Có, như thường lệ")
    )
    fee_number = DecimalField(__("Chờ nộp phí trước khi thẩm định"), minimum=0, width=4, required=False)
    fee_unit = OptionalSelect(
        __("Đơn vị chờ nộp phí"),
        choices=LENGTHS,
        nothing=__("Không chờ"),
    )
    supplement_fee_number = DecimalField(__("Chờ nộp phí của lần bổ sung"), minimum=0, width=4, required=False)
    supplement_fee_unit = OptionalSelect(
        __("Đơn vị chờ nộp phí bổ sung"),
        choices=LENGTHS,
        nothing=__("Không chờ"),
    )
    extend_number = DecimalField(__("Lãnh đạo được gia hạn thêm"), minimum=0, width=4, required=False)
    extend_unit = OptionalSelect(
        __("Đơn vị gia hạn"),
        choices=LENGTHS,
        nothing=__("Không gia hạn"),
    )
    report_level = OptionalSelect(__("Gia hạn thì báo cáo cấp"), nothing=__("Không báo cáo"))
    report_function = OptionalSelect(__("Chức năng nhận báo cáo"), nothing=__("Không ghi"))
    correct = NamesField(
        __("Trường được đính chính sau khi cấp"),
        required=False,
        hint=__("Mã cách nhau bằng dấu phẩy; để trống là không"),
    )
    reception = DecimalField(
        __("Hạn trả lời tiếp nhận"), minimum=0, width=4, suffix=__("giờ"), required=False, hint=__("Để trống là 8 giờ")
    )
    presence = OptionalSelect(
        __("Người đến nhận kết quả"),
        choices=(("required", __("Người nộp hoặc ủy quyền")),),
        nothing=__("Ai giữ giấy hẹn cũng được"),
    )
    unclaimed = OptionalSelect(
        __("Kết quả không ai nhận"),
        choices=((NEVER, __("Để chờ mãi")), (OWN, __("Theo số ngày dưới đây"))),
        nothing=__("Như thường lệ"),
        hint=__("Như thường lệ là nhắc sau 30 và 180 ngày, lưu sau 365 ngày"),
    )
    remind = IntegerField(__("Nhắc sau"), minimum=1, maximum=999, suffix=__("ngày"), required=False)
    again = IntegerField(__("Nhắc lại sau"), minimum=1, maximum=999, suffix=__("ngày"), required=False)
    archive = IntegerField(__("Đưa vào lưu sau"), minimum=1, maximum=999, suffix=__("ngày"), required=False)
    paper_within = OptionalSelect(
        __("Bản giấy của hồ sơ"),
        choices=(
            (NEVER, __("Không theo dõi")),
            ("2wd", __("Trong 2 ngày làm việc")),
            ("3wd", __("Trong 3 ngày làm việc")),
        ),
        nothing=__("Trong ngày, như thường lệ"),
    )
    start = OptionalSelect(__("Bước bắt đầu"), nothing=__("Chưa có"))
    correct_at = OptionalSelect(__("Bước đính chính kết quả đã cấp"), nothing=__("Không đính chính"))

    owner: PlaceForm
    tail: PlaceForm
    give: PlaceForm
    signers: Sequence[LevelRow]
    conditions: Sequence[ConditionRow]

    @classmethod
    def of(cls, written: Mapping[str, Any], *, sketch: Sketch, ground: ConditionGround, revision: int) -> Self:
        """The form of a process as the file writes it, or as it was sent."""
        form = cls.from_request(revision=str(revision), **_values(written))
        named = written.get("conditions")
        pairs = [
            {"name": name, "source": source} for name, source in (named if isinstance(named, dict) else {}).items()
        ]
        form.conditions = ConditionRow.rows("condition", pairs)
        for row in form.conditions:
            row.source.ground = ConditionGround(ground.schema, ())
        form.uses.items = items_of_choices(
            [(ONE_STOP, _("Quy trình chung của bộ phận một cửa")), (OWN, _("Quy trình riêng, tự ghi mọi bước"))]
        )
        form._offer_places(given_values(written))
        offer_answers(ground, form.owner.field, form.tail.field, form.give.field)
        form.report_level.items = items_of_choices(choices.levels())
        form.report_function.items = items_of_choices(choices.functions())
        own = [choice for choice in choices.steps(sketch.process) if sketch.entries.get(choice[0])]
        form.first.items = form.drafters.items = items_of_choices(own)
        form.start.items = form.correct_at.items = items_of_choices(choices.steps(sketch.process))
        return form

    def _offer_places(self, given: Mapping[str, Any]) -> None:
        """Of the shared process; what is in them counts only when it is used."""
        self.owner = PlaceForm.of(given.get("owner"), label=__("Cơ quan quyết định tìm theo"), wheres=OFFICES)
        self.tail = PlaceForm.of(
            given.get("tail"),
            name="tail",
            label=__("Nơi xem xét, ký, đóng dấu"),
            wheres=OFFICES,
            nothing=_("Ở cơ quan quyết định"),
            has_levels=False,
        )
        self.give = PlaceForm.of(
            given.get("give"),
            name="give",
            label=__("Nơi trả kết quả"),
            wheres=COUNTERS,
            nothing=_("Bộ phận một cửa mà người nộp chọn"),
            has_levels=False,
        )
        self.signers = LevelRow.of("signers", given.get("signer_at"))
        shared = [*self.owner.forms, *self.tail.forms, *self.give.forms, *self.signers]
        self.parts = [*(shared if self.uses.data == ONE_STOP else ()), *self.conditions]

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        if self.uses.data != ONE_STOP:
            return valid
        if (self.fee_number.data is None) == bool(self.fee_unit.data):
            self.fee_number.errors = [_("Nhập số và đơn vị chờ nộp phí")]
            return False
        if (self.supplement_fee_number.data is None) == bool(self.supplement_fee_unit.data):
            self.supplement_fee_number.errors = [_("Nhập số và đơn vị chờ nộp phí")]
            return False
        if (self.extend_number.data is None) == bool(self.extend_unit.data):
            self.extend_number.errors = [_("Nhập số và đơn vị gia hạn")]
            return False
        if bool(self.report_level.data) != bool(self.report_function.data):
            self.report_function.errors = [_("Chọn cấp và chức năng nhận báo cáo")]
            return False
        if self.unclaimed.data == OWN and not (self.remind.data and self.archive.data):
            empty = self.archive if self.remind.data else self.remind
            empty.errors = [_("Nhập số ngày")]
            return False
        return valid

    @property
    def has_other_places(self) -> bool:
        """Whether the result is signed or returned elsewhere, or a box about that is wrong."""
        rows = (*self.tail.forms, *self.give.forms, *self.signers)
        filled = self.tail.where.data or self.give.where.data or not all(row.is_blank for row in self.signers)
        return bool(filled) or any(row.errors for row in rows)

    def changes(self, written: Mapping[str, Any], *, ends: Mapping[str, Any]) -> dict[str, Any]:
        """The keys of the process as the form says them. A process of its own begins with `ends`, the usual ones."""
        named = {row["name"].data: row.source.data for row in self.conditions if not row.is_blank}
        new: dict[str, Any] = {"conditions": named or None}
        if self.uses.data == ONE_STOP:
            new |= {"use": ONE_STOP, "with": self._values_given(written), "start": None}
            if written.get("use") is None:
                new |= {"ends": None, "correct": None}
        else:
            start = self.start.data or None
            new |= {"use": None, "with": None, "start": start, "ends": written.get("ends") or ends}
            new["correct"] = self.correct_at.data or None
        return differing(new, written)

    def _extension(self, before: Any) -> Any:
        """By how much, and who is told; a place that the boxes cannot say stays as the file writes it."""
        by = length(self.extend_number.data, self.extend_unit.data)
        if not by:
            return None
        written = before if isinstance(before, dict) else {}
        report: Any = {"level": self.report_level.data, "function": self.report_function.data}
        if not any(report.values()):
            kept = written.get("report_to")
            report = kept if not _is_plain(kept) else None
        new = {"by": by} | ({"report_to": report} if report else {})
        return written if new == written else new

    def _unclaimed(self, before: Any) -> Any:
        if self.unclaimed.data != OWN:
            return self.unclaimed.data or None
        new = {name: f"{self[name].data}d" for name in DAYS if self[name].data}
        return before if _unclaimed_boxes(before) == _unclaimed_boxes(new) else new

    def _values_given(self, written: Mapping[str, Any]) -> dict[str, Any]:
        before = dict(given_values(written))
        hours = {name: plain_number(self[name].data) for name in HOURS}
        reception = plain_number(self.reception.data)
        new = {
            "owner": self.owner.written(before.get("owner")),
            "hours": {name: value for name, value in hours.items() if value is not None},
            "first": self.first.data or None,
            "drafters": self.drafters.data or [],
            "tail": self.tail.written(before.get("tail")),
            "give": self.give.written(before.get("give")),
            "signer_at": written_levels(self.signers) or None,
            "signer": self.signer.data or None,
            "supplements": self.supplements.data or None,
            "fee": length(self.fee_number.data, self.fee_unit.data) or None,
            "supplement_fee": length(self.supplement_fee_number.data, self.supplement_fee_unit.data) or None,
            "extend": self._extension(before.get("extend")),
            "correct": self.correct.data or None,
            "reception": reception,
            "presence": self.presence.data or None,
            "unclaimed": self._unclaimed(before.get("unclaimed")),
            "paper_within": self.paper_within.data or None,
        }
        return {key: value for key, value in (before | differing(new, before)).items() if value is not None}


def given_values(written: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the file gives the shared process in `with`."""
    given = written.get("with")
    return given if isinstance(given, dict) else {}


def _unclaimed_boxes(written: Any) -> dict[str, Any]:
    """The three lengths when they are calendar days, as the page asks for them."""
    if not isinstance(written, dict):
        return {"unclaimed": NEVER if written == NEVER else ""}
    lengths = {name: str(written.get(name) or "").removesuffix("d") for name in DAYS}
    return {"unclaimed": OWN, **{name: int(length) for name, length in lengths.items() if length.isdecimal()}}


def _values(written: Mapping[str, Any]) -> dict[str, Any]:
    given = given_values(written)
    hours = given.get("hours") if isinstance(given.get("hours"), dict) else {}
    fee, supplement_fee = length_parts(given.get("fee")), length_parts(given.get("supplement_fee"))
    extension = given.get("extend") if isinstance(given.get("extend"), dict) else {}
    extend = length_parts((extension or {}).get("by"))
    told = (extension or {}).get("report_to")
    report = told if isinstance(told, dict) and _is_plain(told) else {}
    return {
        "uses": ONE_STOP if written.get("use") or (not written.get("steps") and not written.get("start")) else OWN,
        **{name: _number((hours or {}).get(name)) for name in HOURS},
        "first": given.get("first"),
        "drafters": given.get("drafters") or [],
        "signer": given.get("signer"),
        "supplements": given.get("supplements") if given.get("supplements") != "needed" else "",
        "fee_number": fee.get("number"),
        "fee_unit": fee.get("unit"),
        "supplement_fee_number": supplement_fee.get("number"),
        "supplement_fee_unit": supplement_fee.get("unit"),
        "extend_number": extend.get("number"),
        "extend_unit": extend.get("unit"),
        "report_level": report.get("level"),
        "report_function": report.get("function"),
        "correct": given.get("correct") if isinstance(given.get("correct"), list) else [],
        "reception": _number(given.get("reception")),
        "presence": given.get("presence") if given.get("presence") != NEVER else "",
        **_unclaimed_boxes(given.get("unclaimed")),
        "paper_within": given.get("paper_within") if given.get("paper_within") != "1wd" else "",
        "start": written.get("start"),
        "correct_at": written.get("correct"),
    }


def _is_plain(place: Any) -> bool:
    """Whether the boxes can say the place."""
    return isinstance(place, dict) and set(place) <= {"level", "function"}


def _number(given: Any) -> Decimal | None:
    return Decimal(str(given)) if isinstance(given, int | Decimal) else None
