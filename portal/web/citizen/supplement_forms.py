"""The form of one item of a supplement: a new file or a corrected answer, or "what I supplied is right" and why."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from portal.catalogue.types import Field, FieldType, Paper
from portal.core.errors import InvalidInput
from portal.files import service as files
from portal.records.answers import faults_of_page
from portal.records.facts import facts_of_answers
from portal.records.supplements import AS_IT_IS, FILES, VALUE
from portal.web.citizen.own_record import OwnRecord
from portal.web.fields import (
    BaseForm,
    ChecksField,
    ChoiceField,
    DateField,
    DecimalField,
    FilesField,
    IntegerField,
    LongTextField,
    MoneyField,
    SelectField,
    TextField,
    YesNoField,
)
from portal.web.languages import localized
from portal.web.translation import gettext as _

NEW = "new"
Item = Mapping[str, Any]


class ItemForm(BaseForm):
    """What is asked for depends on the way chosen; nothing is required of the other."""

    way: ChoiceField
    why: LongTextField

    @property
    def given(self) -> Any:
        """The input for the new file or the corrected answer."""
        return self._fields["given"]

    def validate(self, extra_validators: Any = None) -> bool:
        way = str(self.way.data)
        needs = {"given": self.given.required, "why": self.why.required}
        self.given.required = needs["given"] and way == NEW
        self.why.required = way == AS_IT_IS
        is_right = super().validate(extra_validators)
        if way != NEW:
            self.given.errors = ()
        self.given.required, self.why.required = needs["given"], needs["why"]
        return is_right or not self.errors

    def blame(self, sentence: str) -> None:
        self.given.errors = [sentence]

    def shown_way(self) -> Any:
        """The choice with its inputs opening under it."""
        self.way.items[0]["conditional"] = self.given()
        self.way.items[1]["conditional"] = self.why()
        return self.way()


def form_for(own: OwnRecord, item: Item) -> ItemForm:
    """The form as it was sent, or as the kept answer fills it."""
    kept: Mapping[str, Any] = item["answer"] or {}
    is_paper = item["kind"] == "paper"
    news = _("Tải lên giấy khác") if is_paper else _("Sửa lại câu trả lời")
    same = _("Tôi cho rằng giấy đã nộp là đúng") if is_paper else _("Tôi cho rằng câu trả lời đã đúng")
    given = _file_input(own, item, kept) if is_paper else _field_input(field_of(own, item["id"]), own)
    inputs = {
        "way": ChoiceField(
            _("Trả lời mục này thế nào?"), thing=_("cách trả lời"), choices=[(NEW, news), (AS_IT_IS, same)]
        ),
        "given": given,
        "why": LongTextField(_("Vì sao"), thing=_("lý do"), rows=3, max_length=1000),
    }
    made: type[ItemForm] = type("ItemFormOfASupplement", (ItemForm,), inputs)
    start = {"way": (AS_IT_IS if AS_IT_IS in kept else NEW) if kept else None, "why": kept.get(AS_IT_IS, "")}
    if not is_paper:
        start["given"] = _as_data(field_of(own, item["id"]), kept.get(VALUE, own.file.record.answers.get(item["id"])))
    return made.from_request(**start)


def answer_of(session: Session, form: ItemForm, own: OwnRecord, item: Item, *, now: datetime) -> dict[str, Any]:
    """What `records.service.answer_item` keeps. Raises InvalidInput when a file or an answer will not do."""
    if form.way.data == AS_IT_IS:
        return {AS_IT_IS: form.why.data}
    if item["kind"] == "field":
        return {VALUE: _corrected(form, own, field_of(own, item["id"]))}
    uploads = form.given.data
    if not uploads:
        return dict(item["answer"])
    paper = paper_of(own, item["id"])
    if len(uploads) > paper.max_files:
        raise InvalidInput("Mục này nhận nhiều nhất %(count)s tệp. Chọn lại.", count=paper.max_files)
    kept = [
        files.keep_upload(
            session,
            upload.stream,
            file_name=upload.filename or "",
            formats=paper.formats,
            max_mb=paper.max_mb,
            now=now,
        )
        for upload in uploads
    ]
    return {FILES: [{"digest": file.digest, "file_name": file.file_name} for file in kept]}


def field_of(own: OwnRecord, field_id: str) -> Field:
    """The field of the definition that the item asks to correct."""
    return next(field for page in own.procedure.pages for field in page.fields if field.id == field_id)


def paper_of(own: OwnRecord, slot: str) -> Paper:
    """The paper of the definition that the item asks for."""
    return next(paper for paper in own.procedure.papers if paper.id == slot)


def _corrected(form: ItemForm, own: OwnRecord, field: Field) -> Any:
    """The new answer, which must fit the others as well as the old one did."""
    value = _to_keep(form.given.data)
    page = next(page for page in own.procedure.pages if field in page.fields)
    before: dict[str, Any] = own.file.record.answers
    known = faults_of_page(page, before, facts_of_answers(before))
    after = {**before, field.id: value}
    for fault in faults_of_page(page, after, facts_of_answers(after)):
        if fault not in known and not fault.warns:
            raise InvalidInput(localized(fault.sentence))
    return value


def _file_input(own: OwnRecord, item: Item, kept: Mapping[str, Any]) -> FilesField:
    paper = paper_of(own, item["id"])
    formats = ", ".join(name.upper() for name in paper.formats)
    return FilesField(
        _("Tệp mới"),
        thing=item["label"],
        required=FILES not in kept,
        hint=_("%(formats)s, tối đa %(size)s MB một tệp", formats=formats, size=paper.max_mb),
        accept=[f".{name}" for name in paper.formats],
    )


def _field_input(field: Field, own: OwnRecord) -> Any:
    label = localized(field.label)
    given = {"required": field.required, "hint": localized(field.hint) or None}
    limits = {"minimum": field.minimum, "maximum": field.maximum, "suffix": field.suffix}
    match field.type:
        case FieldType.LONG_TEXT:
            return LongTextField(label, max_length=field.max_length or 5000, **given)
        case FieldType.INTEGER:
            return IntegerField(label, **limits, **given)
        case FieldType.DECIMAL:
            return DecimalField(label, **limits, **given)
        case FieldType.MONEY:
            return MoneyField(label, minimum=int(field.minimum or 0), maximum=field.maximum, **given)
        case FieldType.DATE:
            return DateField(label, **given)
        case FieldType.YES_NO:
            return YesNoField(label, **given)
        case FieldType.CHOICE:
            choices = [(choice.value, localized(choice.label)) for choice in field.choices]
            return (ChecksField if field.several else ChoiceField)(label, choices=choices, **given)
        case FieldType.UNIT:
            places = [place for place in own.directory.places(field.level or "commune")]
            return SelectField(label, choices=[(place.code, localized(place)) for place in places], **given)
        case _:
            return TextField(label, max_length=field.max_length or 200, **given)


def _as_data(field: Field, value: Any) -> Any:
    """A kept answer as the input wants it."""
    if value in (None, ""):
        return None
    if field.type is FieldType.DATE:
        return date.fromisoformat(value)
    if field.type is FieldType.DECIMAL:
        return Decimal(str(value))
    if field.type in (FieldType.INTEGER, FieldType.MONEY):
        return int(value)
    return value


def _to_keep(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value
