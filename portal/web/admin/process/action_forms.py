"""An action of a step as a form. An action of the shared process shows only what the definition changes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Self

from portal.catalogue.condition_checking import ConditionGround
from portal.catalogue.sketching import Sketch
from portal.web.admin.process import choices
from portal.web.admin.process.fields import (
    LENGTHS,
    ConditionField,
    IdField,
    NamesField,
    length,
    length_parts,
    offer_answers,
)
from portal.web.admin.process.receiver_fields import ReceiverForm
from portal.web.admin.process.rows import OptionalSelect, RowsForm
from portal.web.admin.process.step_forms import differing, items_of_choices
from portal.web.admin.process.target_rows import TargetRow, is_plain, listed_targets, written_targets
from portal.web.fields import BaseForm, ChecksField, ChoiceField, DecimalField, HiddenField, IntegerField, TextField
from portal.web.translation import gettext as _
from portal.web.translation import lazy_gettext as __

WAYS = ("to", "choose", "consult", "join", "end")
RARE = (
    "outcome", "times", "limit", "number", "asks", "decide_each", "corrects", "batch", "paper_days", "cutoff",
)  # fmt: skip
SHARED, KEPT = "shared", "kept"
"""Ways on that the form does not write: that of the shared action, and one that only the file can say."""


_LIMIT = {"number": "limit", "unit": "limit_unit"}


class ActionForm(RowsForm):
    """`targets` are the steps that the action leads to, `report` who receives a copy of the documents it makes."""

    revision = HiddenField()
    base = OptionalSelect(__("Hành động chung"), nothing=__("Không, ghi đủ ở đây"))
    label_vi = TextField(__("Tên nút"), required=False)
    label_en = TextField(__("Tên nút bằng tiếng Anh"), required=False)
    kind = OptionalSelect(__("Loại"), nothing=__("Như hành động chung"))
    mode = OptionalSelect(__("Được làm"), choices=(("if", __("Khi")), ("unless", __("Trừ khi"))), nothing=__("Luôn"))
    condition = ConditionField(__("Điều kiện"), required=False)
    way = ChoiceField(__("Sau đó"))
    approved_at = OptionalSelect(
        __("Duyệt trước khi hỏi"),
        nothing=__("Không, hỏi ngay"),
        hint=__("Bước duyệt có hành động hỏi ý kiến của mình"),
    )
    end = OptionalSelect(__("Kết thúc"), nothing=__("Chọn"))
    needs = ChecksField(__("Người làm phải ghi"), required=False)
    documents = ChecksField(__("Văn bản được tạo"), required=False)
    outcome = TextField(
        __("Kết quả của bước"), required=False, width=20, hint=__("Ví dụ granted, rejected"), spellcheck=False
    )
    times = IntegerField(__("Nhiều nhất mấy lần"), minimum=1, maximum=99, required=False)
    number = DecimalField(__("Gia hạn thêm"), minimum=0, width=4, required=False)
    unit = OptionalSelect(
        __("Đơn vị gia hạn"),
        choices=LENGTHS,
        nothing=__("Không gia hạn"),
    )
    limit = DecimalField(
        __("Chỉ làm được trong"), minimum=0, width=4, required=False, hint=__("Tính từ ngày tiếp nhận")
    )
    limit_unit = OptionalSelect(__("Đơn vị của hạn làm"), choices=LENGTHS, nothing=__("Lúc nào cũng làm được"))
    paper_days = IntegerField(
        __("Bản giấy theo sau trong"),
        minimum=1,
        maximum=9,
        suffix=__("ngày làm việc"),
        required=False,
        hint=__("Chỉ khi loại là chuyển giao. 1 là ngay trong ngày"),
    )
    cutoff = TextField(
        __("Giao sau giờ này thì tính từ ngày sau"),
        required=False,
        width=5,
        hint=__("Ví dụ 15:00, để trống là 15:00"),
        spellcheck=False,
    )
    asks = OptionalSelect(
        __("Nhớ là bước đã hỏi"), choices=(("yes", __("Có")), ("no", __("Không"))), nothing=__("Theo loại hành động")
    )
    corrects = NamesField(__("Trường người nộp được sửa"), required=False, hint=__("Mã cách nhau bằng dấu phẩy"))
    decide_each = TextField(
        __("Quyết định từng dòng của"), required=False, hint=__("Ví dụ form.trees"), spellcheck=False, width=20
    )
    batch = OptionalSelect(
        __("Làm nhiều hồ sơ một lần"),
        choices=(("list", __("Có, lập một danh sách chung")),),
        nothing=__("Không, làm từng hồ sơ"),
        hint=__("Hành động không hỏi gì thêm mới làm được nhiều hồ sơ một lần"),
    )

    targets: Sequence[TargetRow]
    report: ReceiverForm

    @classmethod
    def of(
        cls,
        written: Mapping[str, Any],
        *,
        sketch: Sketch,
        ground: ConditionGround,
        shared: Sequence[str],
        revision: int,
    ) -> Self:
        """The form of an action as the file writes it, or as it was sent."""
        form = cls.from_request(revision=str(revision), **_values(written))
        targets = _targets(written)
        form.targets = TargetRow.of(targets if is_plain(targets) else None, process=sketch.process, ground=ground)
        form.report = ReceiverForm.of(written.get("report_to"), ground=ground)
        form.parts = [*form.targets, form.report]
        form.base.items = [{"value": name, "text": name} for name in shared]
        form.kind.items = items_of_choices(choices.kinds())
        if "as" not in written:
            form.kind.nothing = _("Chuyển tiếp")
            form.kind.items = [item for item in form.kind.items if item["value"] != "advance"]
        form.condition.ground = ground
        offer_answers(ground, form.decide_each)
        form.way.items = items_of_choices(_ways(written, has_shared=bool(shared)))
        form.approved_at.items = items_of_choices(choices.steps(sketch.process))
        form.end.items = items_of_choices(choices.ends(sketch.process))
        form.needs.items = items_of_choices(choices.needs())
        form.documents.items = items_of_choices(choices.documents(written.get("documents") or ()))
        return form

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        for name, sentence in self._mistakes():
            field = self[name]
            if not field.errors:
                field.errors = [sentence]
                valid = False
        return valid

    @property
    def has_more(self) -> bool:
        """Whether one of the rarer boxes says something or is wrong."""
        return self.report.has_more or any(self[name].data or self[name].errors for name in RARE)

    def _mistakes(self) -> list[tuple[str, str]]:
        """What boxes say together that none says alone."""
        found = []
        if not self.base.data:
            labels = (self.label_vi, self.label_en)
            found += [(label.short_name, label.missing()) for label in labels if not label.data]
            found += [("way", _("Chọn nơi hành động dẫn đến"))] if self.way.data == SHARED else []
        elif bool(self.label_vi.data) != bool(self.label_en.data):
            found.append(("label_en" if self.label_vi.data else "label_vi", _("Nhập tên nút bằng cả hai tiếng")))
        if bool(self.mode.data) != bool(self.condition.data):
            both = ("condition", _("Nhập điều kiện, hoặc chọn Luôn"))
            found.append(both if self.mode.data else ("mode", _("Chọn Khi hoặc Trừ khi cho điều kiện này")))
        found += self._mistakes_of_the_way()
        if (self.number.data is None) == bool(self.unit.data):
            found.append(("number", _("Nhập số và đơn vị gia hạn")))
        if (self.limit.data is None) == bool(self.limit_unit.data):
            found.append(("limit", _("Nhập số và đơn vị của hạn làm")))
        if self.cutoff.data and not self.paper_days.data:
            found.append(("paper_days", _("Nhập số ngày mà bản giấy phải tới")))
        return found

    def _mistakes_of_the_way(self) -> list[tuple[str, str]]:
        found = []
        filled = [row for row in self.targets if not row.is_blank]
        if self.way.data in ("to", "choose", "consult", "join") and not filled:
            found.append(("way", _("Chọn bước mà hành động dẫn đến")))
        if self.way.data == "join" and (len(filled) > 1 or any(row.mode.data for row in filled)):
            found.append(("way", _("Chỉ một bước mở khi đủ các nhánh, không kèm điều kiện")))
        if self.way.data == "consult" and any(row.mode.data or row.each.data for row in filled):
            found.append(("way", _("Cơ quan để người làm chọn hỏi thì không kèm điều kiện")))
        if self.way.data == "end" and not self.end.data:
            found.append(("end", _("Chọn kết thúc")))
        return found

    def changes(self, written: Mapping[str, Any]) -> dict[str, Any]:
        """The keys of the action as the form says them; None for one that goes, and only what differs."""
        new: dict[str, Any] = {
            "as": self.base.data or None,
            "label": {"vi": self.label_vi.data, "en": self.label_en.data} if self.label_vi.data else None,
            "kind": self.kind.data or None,
            "if": self.condition.data if self.mode.data == "if" else None,
            "unless": self.condition.data if self.mode.data == "unless" else None,
            "needs": self.needs.data or None,
            "documents": self.documents.data or None,
            "outcome": self.outcome.data or None,
            "times": self.times.data,
            "extends": length(self.number.data, self.unit.data) or None,
            "report_to": self.report.written(written.get("report_to")),
            "within": length(self.limit.data, self.limit_unit.data) or None,
            "paper_within": f"{self.paper_days.data}wd" if self.paper_days.data else None,
            "cutoff": self.cutoff.data or None,
            "asks": {"yes": True, "no": False}.get(self.asks.data or ""),
            "corrects": self.corrects.data or None,
            "decide_each": self.decide_each.data or None,
            "batch": {"document": self.batch.data} if self.batch.data else None,
            **self._way(written),
        }
        if written.get("kind") == "advance" and new["kind"] is None:
            new["kind"] = "advance"
        return differing(new, written)

    def _way(self, written: Mapping[str, Any]) -> dict[str, Any]:
        if self.way.data == KEPT:
            return {}
        new: dict[str, Any] = dict.fromkeys(WAYS)
        targets = written_targets(self.targets)
        if self.way.data == "end":
            new["end"] = self.end.data
        elif self.way.data == "join":
            new["join"] = targets
        elif self.way.data == "consult":
            new["consult"] = _in_list(targets)
            new["to"] = self.approved_at.data or None
        elif self.way.data in ("to", "choose"):
            way = str(self.way.data)
            same = listed_targets(written.get(way)) == listed_targets(targets)
            new[way] = written[way] if same else targets if way == "to" else _in_list(targets)
        return new


class NewActionForm(BaseForm):
    """What a new action needs before it has a page of its own."""

    revision = HiddenField()
    action_id = IdField(__("Mã hành động"), hint=__("Ví dụ done. Phép thử gọi hành động bằng bước.mã."))
    base = OptionalSelect(__("Hành động chung"), nothing=__("Không, ghi riêng"))
    label_vi = TextField(__("Tên nút"), required=False)
    label_en = TextField(__("Tên nút bằng tiếng Anh"), required=False)

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        for field in (self.label_vi, self.label_en):
            if not self.base.data and not field.data and not field.errors:
                field.errors = [field.missing()]
                valid = False
        return valid

    @property
    def written(self) -> dict[str, Any] | None:
        """The action that the file begins with; nothing for the shared action of the same name."""
        label = {"label": {"vi": self.label_vi.data, "en": self.label_en.data}} if self.label_vi.data else {}
        if self.base.data:
            return {"as": self.base.data, **label} if label or self.base.data != self.action_id.data else None
        return label


def as_written(value: Any, name: str) -> dict[str, Any]:
    """The action as a mapping: an empty one is the shared action of its name."""
    return dict(value) if isinstance(value, dict) else {"as": name}


def _ways(written: Mapping[str, Any], *, has_shared: bool) -> list[choices.Choice]:
    return [
        *([(SHARED, _("Như hành động chung"))] if has_shared else []),
        ("to", _("Mở bước dưới đây; nhiều bước thì song song")),
        ("choose", _("Mở bước đầu tiên đúng điều kiện")),
        ("consult", _("Hỏi ý kiến: người làm chọn hỏi bước nào dưới đây")),
        ("join", _("Chờ đủ các nhánh rồi mở bước")),
        ("end", _("Kết thúc hồ sơ")),
        *([(KEPT, _("Giữ như trong tệp YAML"))] if not is_plain(_targets(written)) else []),
    ]


def _days(written: Any) -> int | None:
    """The days of `1wd`; None for what the check will find fault with."""
    number = str(written or "").removesuffix("wd")
    return int(number) if number.isdecimal() else None


def _targets(written: Mapping[str, Any]) -> Any:
    return next((written[way] for way in ("consult", "choose", "to", "join") if written.get(way)), None)


def _listed(batch: Any) -> str | None:
    return batch.get("document") if isinstance(batch, dict) else None


def _in_list(targets: Any) -> list[Any]:
    return targets if isinstance(targets, list) else [targets]


def _values(written: Mapping[str, Any]) -> dict[str, Any]:
    label = written.get("label") or {}
    mode = next((name for name in ("if", "unless") if written.get(name)), "")
    way = next((name for name in ("consult", *WAYS) if written.get(name)), SHARED if "as" in written else "to")
    return {
        "base": written.get("as"),
        "label_vi": label.get("vi"),
        "label_en": label.get("en"),
        "kind": written.get("kind") if "as" in written or written.get("kind") != "advance" else "",
        "mode": mode,
        "condition": written.get(mode) if mode else "",
        "way": way if is_plain(_targets(written)) else KEPT,
        "approved_at": written.get("to") if isinstance(written.get("to"), str) else "",
        "end": written.get("end"),
        "needs": written.get("needs") or [],
        "documents": written.get("documents") or [],
        "outcome": written.get("outcome"),
        "times": written.get("times"),
        **length_parts(written.get("extends")),
        **{_LIMIT[name]: part for name, part in length_parts(written.get("within")).items()},
        "paper_days": _days(written.get("paper_within")),
        "cutoff": written.get("cutoff"),
        "asks": {True: "yes", False: "no"}.get(written.get("asks")),  # type: ignore[arg-type]
        "corrects": written.get("corrects"),
        "decide_each": written.get("decide_each"),
        "batch": _listed(written.get("batch")),
    }
