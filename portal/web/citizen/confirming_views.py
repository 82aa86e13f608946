"""What the pages of the applicant's own step show, and the form of each of its actions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import request, url_for

from portal.catalogue.types import Field
from portal.core import clock, wording
from portal.core.errors import NotFound
from portal.records.answers import visible_fields
from portal.records.corrections import correctable
from portal.records.facts import facts_of_answers
from portal.records.record_file import DocumentView
from portal.records.types import RecordState, TaskRow
from portal.web.citizen.answer_forms import AnswerForm, form_of, sent_with_changed_rows, without_empty_rows
from portal.web.citizen.answer_inputs import Surroundings
from portal.web.citizen.answer_words import AnswerWords
from portal.web.citizen.own_record import OwnRecord
from portal.web.citizen.typed_answers import as_typed
from portal.web.languages import current_language, localized
from portal.workflow.definition import Action, Step, Where


@dataclass(frozen=True)
class Turn:
    """The applicant's open step, other than a supplement."""

    task: TaskRow
    step: Step

    def action(self, action_id: str) -> Action:
        """Raises NotFound."""
        for action in self.step.actions:
            if action.id == action_id:
                return action
        raise NotFound("Bước này không có việc đó. Mở lại hồ sơ để xem.")


def turn_of(own: OwnRecord) -> Turn | None:
    """What waits for the applicant's word, the oldest first."""
    for task in own.file.open_tasks:
        step = own.procedure.process.step(task.step)
        if step.at.where is Where.APPLICANT and step.state == RecordState.APPLICANT_CONFIRMS:
            return Turn(task, step)
    return None


def draft_of(own: OwnRecord) -> DocumentView | None:
    """The draft that the applicant looks at, once it is drawn."""
    draft = own.file.result
    if turn_of(own) is None or draft is None or draft.number is not None or draft.rendered_at is None:
        return None
    return draft if draft.drafted_at is None or draft.rendered_at >= draft.drafted_at else None


def fields_of(own: OwnRecord, action: Action) -> tuple[Field, ...]:
    """What the action asks: its own form, and the answers that it lets the applicant correct."""
    own_form: tuple[Field, ...] = action.form
    return (*own_form, *correctable(own.procedure, action, own.file.record.answers))


def turn_form(own: OwnRecord, action: Action) -> AnswerForm:
    """The form of an action, as it was sent, or filled with the answers of now."""
    fields = fields_of(own, action)
    around = Surroundings(own.directory, current_language(), clock.local_day(own.now))
    if request.method == "POST":
        typed = sent_with_changed_rows(fields, request.form, around=around)
    else:
        typed = as_typed(fields, own.file.record.answers, language=current_language())
    form = form_of(fields, typed, around=around)
    for field in form.fields():
        field.is_page_heading = False
    return form


def answers_of(own: OwnRecord, action: Action, form: AnswerForm) -> dict[str, Any]:
    """What was filled in, as records keep it."""
    kept = without_empty_rows(form.asked, form.kept)
    return {name: value for name, value in kept.items() if value not in (None, "", []) or name in action.corrects}


def shown_turn(own: OwnRecord, turn: Turn) -> dict[str, Any]:
    """The context of citizen/confirm.html."""
    return {
        **_common(own, turn),
        "tables": _tables(own, turn),
        "picture": url_for("confirming.picture", code=own.code) if draft_of(own) else "",
        "choices": [
            {
                "text": localized(action.label),
                "href": url_for("confirming.act", code=own.code, action_id=action.id),
                "has_page": bool(action.form or action.corrects),
            }
            for action in turn.step.actions
        ],
    }


def shown_action(own: OwnRecord, turn: Turn, action: Action) -> dict[str, Any]:
    """The context of citizen/confirm_action.html."""
    only = len(turn.step.actions) == 1
    return {
        **_common(own, turn),
        "label": localized(action.label),
        "heading": localized(turn.step.name if only else action.label),
        "back_href": url_for("record.show" if only else "confirming.show", code=own.code),
        "corrects": bool(action.corrects),
    }


def _common(own: OwnRecord, turn: Turn) -> dict[str, Any]:
    silence = next((timer.silence for timer in turn.step.timers if timer.silence), None)
    return {
        "code": own.code,
        "subject": localized(own.view.subject),
        "title": localized(turn.step.name),
        "due": wording.moment(turn.task.due_at, language=current_language()),
        "silence_is_consent": silence == "consent",
    }


def _tables(own: OwnRecord, turn: Turn) -> list[dict[str, Any]]:
    """The answers that the draft was made from: the pages of those that may be corrected."""
    named = {name for action in turn.step.actions for name in action.corrects}
    answers = own.file.record.answers
    facts, words = facts_of_answers(answers), AnswerWords(own.directory)
    tables = []
    for page in own.procedure.pages:
        fields = [field for field in visible_fields(page, facts) if field.id in named]
        rows = [{"key": localized(field.label), "value": words.of(field, answers.get(field.id))} for field in fields]
        if rows:
            tables.append({"title": localized(page.title), "rows": rows})
    return tables
