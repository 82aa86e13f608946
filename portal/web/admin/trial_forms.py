"""What a pretended official fills in: the fields of the action, brief and filled in beforehand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from portal.catalogue.types import Field, FieldType
from portal.core import clock
from portal.records.answers import asked_papers, visible_fields
from portal.records.corrections import correctable
from portal.records.decisions import rows_of
from portal.records.types import ActionAnswers, SupplementItem
from portal.trials.happenings import LateAnswer, OpenTask, Trial
from portal.trials.stage import TrialGround
from portal.web.fields import BaseForm, DateField, LongTextField, TextField
from portal.web.languages import localized
from portal.web.official.action_forms import LONGEST_REASON, ActionForm, form_of
from portal.web.official.row_decisions import GRANTED, deciding_form
from portal.web.official.supplement_form import Ticks
from portal.web.translation import gettext as _
from portal.web.translation import lazy_gettext as __
from portal.workflow.definition import Action

FILLED_IN_FOR_ONE = frozenset({"person"})
"""What an action needs that a trial gives it by itself."""


class WaitForm(BaseForm):
    """The clock moves on to a day, in the morning."""

    day = DateField(__("Đến ngày"), thing=__("ngày"))


class ApologyForm(BaseForm):
    """The new day that is offered with an apology."""

    day = DateField(__("Ngày hẹn trả mới"), thing=__("ngày"))
    reason = LongTextField(__("Lý do trễ hẹn"), max_length=LONGEST_REASON, rows=2)


class KeepForm(BaseForm):
    name = TextField(__("Tên phép thử"), max_length=60)


class ReasonForm(BaseForm):
    reason = LongTextField(__("Lý do"), max_length=LONGEST_REASON, rows=2)


class ItemsForm(ActionForm):
    """A request for supplement: what is ticked, all for the same reason."""

    labels: tuple[tuple[str, str], ...] = ()

    def action_answers(self) -> ActionAnswers:
        given = super().action_answers()
        ticked = set(self.answers["items"])
        return replace(given, items=tuple(self._item(*pair) for pair in self.labels if pair[0] in ticked))

    def _item(self, value: str, label: str) -> SupplementItem:
        kind, _dash, name = value.partition("-")
        return SupplementItem(kind, name, label, self.answers["item_reason"])


def needs_page(action: Action) -> bool:
    """Whether something is filled in before the action; else its button does it at once."""
    needed = set(action.needs) - FILLED_IN_FOR_ONE
    return bool(needed or action.form or action.decide_each or action.corrects)


def move_form(ground: TrialGround, trial: Trial, met: OpenTask, action: Action) -> ActionForm:
    """The form of the action on this task. What can be guessed stands in it already."""
    asked = replace(action, form=_fields(ground, trial, action), needs=_needs(action))
    made = form_of(replace(met.step, checklist=()), asked)
    if "items" in action.needs:
        made = _with_items(made, ground, trial)
    if action.decide_each:
        made = deciding_form(made, _row_titles(trial, action))
    return made.from_request(**_guessed(ground, trial, action, asked.form))


def late_form(ground: TrialGround, trial: Trial, late: LateAnswer) -> ActionForm:
    """The opinion of an agency whose silence was counted."""
    return form_of(replace(late.step, checklist=()), late.action).from_request(
        **_guessed(ground, trial, late.action, late.action.form)
    )


def _needs(action: Action) -> tuple[str, ...]:
    return tuple(need for need in action.needs if need not in FILLED_IN_FOR_ONE)


def _fields(ground: TrialGround, trial: Trial, action: Action) -> tuple[Field, ...]:
    """The action's own fields, and the answers that it lets the applicant correct."""
    known = (FieldType.UNIT, FieldType.GROUP, FieldType.BOOKING)
    corrected = correctable(ground.procedure, action, trial.facts["form"]) if action.corrects else ()
    free = [replace(field, required=False) for field in corrected if field.type not in known]
    return (*action.form, *free)


def _with_items(made: type[ActionForm], ground: TrialGround, trial: Trial) -> type[ActionForm]:
    labels = tuple(_items(ground, trial))
    fields = {
        "labels": labels,
        "items": Ticks(_("Cần bổ sung"), thing=_("mục cần bổ sung"), choices=labels),
        "item_reason": TextField(_("Lý do của các mục"), max_length=200),
    }
    return type("ItemsFormOfAction", (ItemsForm, made), fields)


def _items(ground: TrialGround, trial: Trial) -> Iterator[tuple[str, str]]:
    for paper in asked_papers(ground.procedure, trial.facts):
        yield f"paper-{paper.id}", localized(paper.name)
    for page in ground.procedure.pages:
        fields = (field for field in visible_fields(page, trial.facts) if field.type is not FieldType.BOOKING)
        yield from ((f"field-{field.id}", localized(field.label)) for field in fields)


def _row_titles(trial: Trial, action: Action) -> list[str]:
    rows = rows_of(trial.facts["form"], action.decide_each)
    return [_("Mục %(number)s", number=number) for number in range(1, len(rows) + 1)]


def _guessed(ground: TrialGround, trial: Trial, action: Action, fields: tuple[Field, ...]) -> dict[str, Any]:
    own = {field.id for field in action.form}
    guessed = {field.id: _guess(field, trial.now) for field in fields if field.required and field.id in own}
    guessed |= {name: value for name, value in trial.proposed.items() if action.consults and name in own}
    answers = trial.facts["form"]
    guessed |= {field.id: answers.get(field.id) for field in fields if field.id not in own}
    rows = rows_of(answers, action.decide_each) if action.decide_each else ()
    return {
        **{name: value for name, value in guessed.items() if value not in (None, "")},
        **{f"granted_{number}": GRANTED for number in range(len(rows))},
        "items": [value for value, _label in _items(ground, trial)][:1],
        "reason": _("Lý do khi chạy thử"),
        "item_reason": _("Lý do khi chạy thử"),
    }


def _guess(field: Field, now: datetime) -> Any:
    if field.type is FieldType.CHOICE and field.choices:
        first = field.choices[0].value
        return [first] if field.several else first
    if field.type is FieldType.DATE:
        return clock.local_day(now)
    if field.type in (FieldType.INTEGER, FieldType.MONEY, FieldType.DECIMAL):
        return field.minimum if field.minimum is not None else 1
    return _("Chạy thử") if field.type in (FieldType.TEXT, FieldType.LONG_TEXT) else None
