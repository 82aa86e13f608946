"""Answers that an action puts right: asked as the applicant was asked them, filled with what they are now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import request

from portal.catalogue.types import Field, Procedure
from portal.core import clock
from portal.records.corrections import correctable, new_faults
from portal.records.desk import Desk
from portal.records.types import ActionAnswers
from portal.web.citizen.answer_forms import AnswerForm, form_of, sent_with_changed_rows, without_empty_rows
from portal.web.citizen.answer_inputs import Surroundings
from portal.web.citizen.typed_answers import as_typed
from portal.web.languages import current_language
from portal.web.official.action_forms import ActionForm
from portal.workflow.definition import Action


class CorrectingForm(ActionForm):
    """An action's form, after the inputs of the answers that it puts right."""

    procedure: Procedure
    before: Mapping[str, Any]
    corrected: AnswerForm

    @property
    def kept(self) -> dict[str, Any]:
        return without_empty_rows(self.corrected.asked, self.corrected.kept)

    def validate(self, extra_validators: Any = None) -> bool:
        is_right = super().validate(extra_validators)
        return self._fits() and is_right

    def _fits(self) -> bool:
        """The answers must fit the others at least as well as before."""
        if not self.corrected.validate():
            return False
        today = clock.local_day(clock.now())
        for fault in new_faults(self.procedure, self.before, {**self.before, **self.kept}, today=today):
            self.corrected.blame(fault)
        return not self.corrected.errors

    def action_answers(self) -> ActionAnswers:
        given = super().action_answers()
        return replace(given, form={**given.form, **self.kept})

    @property
    def errors(self) -> dict[Any, Any]:
        return {**self.corrected.errors, **super().errors}

    @property
    def error_list(self) -> list[Any]:
        return [*self.corrected.error_list, *super().error_list]


def with_corrected_answers(made: type[ActionForm], desk: Desk, action: Action, **values: Any) -> ActionForm:
    """The form as it was sent, or filled; before its own inputs those of the answers that the action puts right."""
    fields = correctable(desk.grounds.procedure, action, desk.file.record.answers)
    if not fields:
        return made.from_request(**values)
    form: CorrectingForm = type("CorrectingFormOfAction", (CorrectingForm, made), {}).from_request(**values)  # type: ignore[attr-defined]
    form.procedure, form.before = desk.grounds.procedure, desk.file.record.answers
    form.corrected = _inputs(desk, fields)
    form.parts = form.corrected.parts
    return form


def _inputs(desk: Desk, fields: tuple[Field, ...]) -> AnswerForm:
    around = Surroundings(desk.grounds.directory, current_language(), clock.local_day(clock.now()))
    if request.method == "POST":
        typed = sent_with_changed_rows(fields, request.form, around=around)
    else:
        typed = as_typed(fields, desk.file.record.answers, language=around.language)
    form = form_of(fields, typed, around=around)
    for field in form.fields():
        field.is_page_heading = False
    return form
