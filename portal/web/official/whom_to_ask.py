"""The agencies of a consulting action, by their names and with what was asked of them before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from portal.catalogue.consulting import ASKED
from portal.catalogue.types import Choice
from portal.core.errors import InvalidInput, NotFound
from portal.core.text import lowered
from portal.records.asking import whereabouts_of
from portal.records.desk import Desk
from portal.records.questions import AgencyQuestion, questions_of
from portal.units.types import UnresolvedFunction
from portal.web.languages import localized
from portal.web.official.deadlines import shown_day
from portal.web.official.opinion_list import question_tag
from portal.web.translation import gettext as _
from portal.workflow.definition import Action, Text


def with_agencies(desk: Desk, action: Action, *, now: datetime) -> Action:
    """The action, whose choices say which agency each is and how its last question stands."""
    questions = questions_of(desk.file)
    form = tuple(
        replace(field, choices=tuple(_choice(desk, choice, questions, now) for choice in field.choices))
        if field.id == ASKED
        else field
        for field in action.form
    )
    return replace(action, form=form) if action.consults or action.proposes else action


def _choice(desk: Desk, choice: Choice, questions: Iterable[AgencyQuestion], now: datetime) -> Choice:
    step = desk.grounds.procedure.process.step(choice.value)
    words = [localized(choice.label)]
    try:
        unit = whereabouts_of(desk.file.record, desk.grounds, desk.facts, now=now).desk_of(step).unit
        words.append(localized(step.at.body or unit) if step.at.body or unit else "")
    except (UnresolvedFunction, InvalidInput, NotFound):
        pass  # nobody there: the check of the definition says so
    before = [question for question in questions if question.consultation == step.consultation]
    label = ": ".join(word for word in words if word)
    if before:
        day, said = shown_day(before[-1].asked_at, now=now), question_tag(before[-1], now).text
        label = _("%(agency)s. Đã hỏi %(day)s: %(answer)s", agency=label, day=day, answer=lowered(said))
    return Choice(choice.value, Text(label, label))
