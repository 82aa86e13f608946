"""Deciding row by row: each row of a repeating answer is granted or refused, a refusal with its reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from portal.core.text import raised
from portal.records.answers import holds
from portal.records.decisions import DECISIONS, rows_of
from portal.records.desk import Desk
from portal.records.facts import facts_of_answers
from portal.records.types import ActionAnswers
from portal.web.fields import ChoiceField, LongTextField
from portal.web.languages import localized
from portal.web.official.action_forms import ActionForm
from portal.web.official.answer_tables import shown_value
from portal.web.translation import gettext as _
from portal.workflow.definition import Action

GRANTED, REFUSED = "yes", "no"
NAMED_BY = 2
"""How many answers of a row stand in its title."""


class DecidingForm(ActionForm):
    """An action's form with a decision for each of `count` rows."""

    count = 0

    def action_answers(self) -> ActionAnswers:
        answers = super().action_answers()
        decisions = [self._decision(number) for number in range(self.count)]
        return replace(answers, form={**answers.form, DECISIONS: decisions})

    def _decision(self, number: int) -> dict[str, Any]:
        if self.answers[f"granted_{number}"] == GRANTED:
            return {"granted": True}
        return {"granted": False, "reason": self.answers[f"reason_{number}"] or ""}


def deciding_form(made: type[ActionForm], titles: Sequence[str]) -> type[ActionForm]:
    """The form with two inputs more for each row."""
    fields: dict[str, Any] = {"count": len(titles)}
    for number, title in enumerate(titles):
        choices = [(GRANTED, _("Cấp")), (REFUSED, _("Không cấp"))]
        fields[f"granted_{number}"] = ChoiceField(title, thing=_("quyết định"), choices=choices, inline=True)
        fields[f"reason_{number}"] = LongTextField(
            _("Lý do không cấp"),
            hint=_("Chỉ ghi khi không cấp mục này"),
            rows=2,
            required=False,
            max_length=500,
        )
    return type("DecidingFormOfAction", (DecidingForm, made), fields)


def row_titles(desk: Desk, action: Action) -> list[str]:
    """`Cây 1: Sao đen, vỉa hè trước số 12`: the first answers of each row."""
    fields = (field for page in desk.grounds.procedure.pages for field in page.fields)
    group = next(field for field in fields if field.id == action.decide_each)
    name = localized(group.row_name or group.label)
    titles = []
    for number, row in enumerate(rows_of(desk.file.record.answers, action.decide_each), start=1):
        facts = {**facts_of_answers(row), "row": row}
        said = [
            shown_value(part, row[part.id], desk.grounds.directory)
            for part in group.fields
            if row.get(part.id) not in (None, "", []) and holds(part.when, facts)
        ]
        titles.append(f"{raised(name)} {number}: {', '.join(said[:NAMED_BY])}")
    return titles
