"""The form of one item of a supplement: a new file or a corrected answer, or "what I supplied is right" and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request

from portal.catalogue.types import Field, Page, Paper
from portal.core import clock
from portal.core.text import lowered
from portal.records.answers import faults_of_page
from portal.records.facts import facts_of_answers
from portal.records.supplements import AS_IT_IS, FILES, FULL, VALUE
from portal.web.citizen.answer_forms import AnswerForm, PartView, form_of, sent_with_changed_rows, without_empty_rows
from portal.web.citizen.answer_inputs import Surroundings
from portal.web.citizen.own_record import OwnRecord
from portal.web.citizen.papers import rules_of
from portal.web.citizen.typed_answers import as_typed
from portal.web.fields import BaseForm, ChoiceField, FilesField, LongTextField
from portal.web.languages import current_language, localized
from portal.web.translation import gettext as _

NEW = "new"
Item = Mapping[str, Any]


@dataclass(frozen=True)
class KeptAnswer:
    """A file that was kept as the answer to an item."""

    digest: str
    file_name: str


class ItemForm(BaseForm):
    """The way of answering, and why nothing changes. Names of inputs stay clear of those of a definition."""

    way: ChoiceField
    why: LongTextField

    def validate(self, extra_validators: Any = None) -> bool:
        self.why.required = self.way.data == AS_IT_IS
        is_right = super().validate(extra_validators)
        self.why.required = True
        return is_right


class PaperForm(ItemForm):
    """`files` come beside those that were kept before, and may stay empty when there are any."""

    files: FilesField
    kept: tuple[KeptAnswer, ...] = ()
    most_files = 1

    def validate(self, extra_validators: Any = None) -> bool:
        self.files.required = self.way.data == NEW and not self.kept
        is_right = super().validate(extra_validators)
        self.files.required = True
        if self.way.data == NEW and len(self.kept) + len(self.files.data or ()) > self.most_files:
            self.blame([_(FULL, count=self.most_files)])
        return is_right and not self.files.errors

    def blame(self, sentences: Sequence[str]) -> None:
        self.files.errors = list(sentences)


class CorrectionForm(ItemForm):
    """Beside the way, the inputs that the form had for this answer."""

    field: Field
    page: Page
    before: Mapping[str, Any]
    answer: AnswerForm

    @property
    def part(self) -> PartView:
        return self.answer.parts[0]

    @property
    def value(self) -> Any:
        return without_empty_rows(self.page.fields, self.answer.kept)[self.field.id]

    def validate(self, extra_validators: Any = None) -> bool:
        return super().validate(extra_validators) and (self.way.data != NEW or self._fits())

    def _fits(self) -> bool:
        """The new answer must fit the others at least as well as the old one did."""
        if not self.answer.validate():
            return False
        today = clock.local_day(clock.now())
        after = {**self.before, self.field.id: self.value}
        known = faults_of_page(self.page, self.before, facts_of_answers(self.before, today=today))
        for fault in faults_of_page(self.page, after, facts_of_answers(after, today=today)):
            if fault not in known and not fault.warns:
                self.answer.blame(fault)
        return not self.answer.errors

    @property
    def errors(self) -> dict[Any, Any]:
        return {**super().errors, **(self.answer.errors if self.way.data == NEW else {})}

    @property
    def error_list(self) -> list[Any]:
        return [*super().error_list, *(self.answer.error_list if self.way.data == NEW else [])]


def paper_form(own: OwnRecord, item: Item, *, is_sent: bool = True) -> PaperForm:
    """The form of a paper, as it was sent, or as the kept answer fills it: also when another form was sent."""
    paper, kept = paper_of(own, item["id"]), item["answer"] or {}
    inputs = {
        **_inputs(_("Tải lên giấy khác"), _("Tôi cho rằng giấy đã nộp là đúng"), _("Vì sao giấy đã nộp là đúng")),
        "files": FilesField(
            _("Chọn tệp hoặc chụp ảnh"),
            name="item-files",
            thing=lowered(localized(paper.name)),
            hint=rules_of(paper),
            accept=[f".{extension}" for extension in paper.formats],
        ),
        "kept": tuple(KeptAnswer(file["digest"], file["file_name"]) for file in kept.get(FILES, ())),
        "most_files": paper.max_files,
    }
    made = type("PaperFormOfAnItem", (PaperForm,), inputs)
    form: PaperForm = made.from_request(**_start(kept)) if is_sent else made(formdata=None, **_start(kept))  # type: ignore[attr-defined]
    return form


def correction_form(own: OwnRecord, item: Item) -> CorrectionForm:
    """The form of an answer to correct, as it was sent or as the kept answer, else the present one, fills it."""
    field, kept = field_of(own, item["id"]), item["answer"] or {}
    before = own.file.record.answers
    around = Surroundings(own.directory, current_language(), clock.local_day(own.now))
    if request.method == "POST":
        typed = sent_with_changed_rows((field,), request.form, around=around)
    else:
        typed = as_typed((field,), {field.id: kept.get(VALUE, before.get(field.id))}, language=current_language())
    inputs = _inputs(_("Sửa lại câu trả lời"), _("Tôi cho rằng câu trả lời đã đúng"), _("Vì sao câu trả lời đã đúng"))
    made: CorrectionForm = type("CorrectionFormOfAnItem", (CorrectionForm,), inputs).from_request(**_start(kept))  # type: ignore[attr-defined]
    made.field, made.before = field, before
    made.page = next(page for page in own.procedure.pages if field in page.fields)
    made.answer = form_of((field,), typed, around=around)
    for one in made.answer.fields():
        one.is_page_heading = False
    return made


def field_of(own: OwnRecord, field_id: str) -> Field:
    """The field of the definition that an item asks to correct."""
    return next(field for page in own.procedure.pages for field in page.fields if field.id == field_id)


def paper_of(own: OwnRecord, slot: str) -> Paper:
    """The paper of the definition that an item asks for."""
    return next(paper for paper in own.procedure.papers if paper.id == slot)


def _inputs(news: str, same: str, same_why: str) -> dict[str, Any]:
    choices = [(NEW, news), (AS_IT_IS, same)]
    return {
        "way": ChoiceField(_("Trả lời mục này thế nào?"), name="item-way", thing=_("cách trả lời"), choices=choices),
        "why": LongTextField(
            same_why, name="item-why", thing=_("lý do"), hint=_("Chỉ ghi khi chọn ý thứ hai"), rows=3, max_length=1000
        ),
    }


def _start(kept: Mapping[str, Any]) -> dict[str, Any]:
    way = AS_IT_IS if AS_IT_IS in kept else NEW  # nearly everybody sends something new: one tap less
    return {"way": way, "why": kept.get(AS_IT_IS, "")}
