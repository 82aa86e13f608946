"""How a trial begins: the place, the counter, the hour, and the answers that conditions speak about."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, time
from typing import Any

from flask import request
from werkzeug.datastructures import MultiDict
from wtforms.validators import StopValidation

from portal.catalogue.asked_facts import AskedFacts, asked_facts
from portal.catalogue.levels import LEVELS
from portal.catalogue.types import Page, Procedure, SequenceTest
from portal.core import clock
from portal.trials.stage import TrialGround
from portal.trials.types import TrialStart
from portal.units.types import Level
from portal.web.citizen.answer_forms import AnswerForm, as_sent, form_of, with_changed_rows, without_empty_rows
from portal.web.citizen.answer_inputs import Surroundings
from portal.web.citizen.places import PlaceField, place_groups
from portal.web.citizen.typed_answers import as_typed
from portal.web.fields import BaseForm, CheckField, ChoiceField, DateField, SelectField, TextField
from portal.web.languages import current_language, localized
from portal.web.translation import gettext as _
from portal.web.translation import lazy_gettext as __
from portal.workflow.definition import Text
from portal.workflow.working_time import VIETNAM, WorkingCalendar

PREFIX = "start-"
_HOUR = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
CHANNELS = [("online", __("Nộp trên Cổng")), ("counter", __("Nộp tại quầy")), ("post", __("Nộp qua bưu chính"))]
KINDS = [("person", __("Cá nhân")), ("organisation", __("Tổ chức"))]


class HourField(TextField):
    """An hour of the day, as 8:30."""

    def pre_validate(self, form: Any) -> None:
        super().pre_validate(form)
        if not _HOUR.fullmatch(str(self.data or "").strip()):
            raise StopValidation(self.must(_("có dạng 8:30"), given=self.data))

    @property
    def hour(self) -> time:
        return time.fromisoformat(str(self.data).strip().rjust(5, "0"))


class StartForm(BaseForm):
    """Place, counter and hour; `facts` are the answers, in the very inputs that citizens get."""

    class Meta(BaseForm.Meta):
        csrf = False  # the token is that of `facts`, on the same page

    facts: AnswerForm

    def validate(self, extra_validators: Any = None) -> bool:
        is_valid = super().validate(extra_validators)
        return self.facts.validate() and is_valid

    @property
    def error_list(self) -> list[Any]:
        return [*super().error_list, *(error for error in self.facts.error_list if error.href)]

    @property
    def at(self) -> datetime:
        hour: Any = self["hour"]
        return datetime.combine(self.answers["day"], hour.hour, VIETNAM)


def start_form(ground: TrialGround, *, now: datetime, test: SequenceTest | None) -> StartForm:
    """The form as it was sent; else as it begins, with the facts of one of the definition's tests."""
    procedure, asked = ground.procedure, asked_facts(ground.procedure)
    page = _page(procedure, asked)
    language = current_language()
    around = Surroundings(ground.directory, language, clock.local_day(now))
    facts = test.facts if test else {}
    given = _first_values(ground, facts, now=now)
    form = _made(ground, asked, facts).from_request(prefix=PREFIX, **given)
    answers = as_typed(page.fields, _answers(page, facts), language=language)
    form.facts = form_of(page.fields, _sent(page, around) if request.method == "POST" else answers, around=around)
    return form


def rows_were_changed() -> bool:
    """Whether a button for one row more or less was pressed: the page comes back, and nothing begins."""
    return bool({"add", "remove"} & request.form.keys())


def start_of(form: StartForm, procedure: Procedure) -> TrialStart:
    """What the form says."""
    given = form.answers
    fields = form.facts.asked
    answers: dict[str, Any] = {
        name: value
        for name, value in without_empty_rows(fields, form.facts.kept).items()
        if value not in (None, "", [], False)
    }
    if given.get("poor_household"):
        answers["poor_household"] = True
    if given.get("kind") == "organisation":
        answers["filer"] = "org"
    return TrialStart(
        place=given["place"],
        level=given.get("level") or procedure.receivers[0],
        at=form.at,
        answers=answers,
        channel=given.get("channel") or "online",
        unpaid=bool(given.get("unpaid")),
    )


def first_hour(calendar: WorkingCalendar, now: datetime) -> datetime:
    """The beginning of work on the next working day: a trial that begins at night begins with waiting."""
    day = calendar.add_working_days(clock.local_day(now), days=1)
    return calendar.sessions_on(day)[0][0]


def _made(ground: TrialGround, asked: AskedFacts, facts: Mapping[str, Any]) -> type[StartForm]:
    groups = place_groups(ground.directory, level=Level.COMMUNE, language=current_language())
    fields: dict[str, Any] = {"place": PlaceField(_("Nơi có việc"), groups=groups)}
    if len(ground.procedure.receivers) > 1:
        levels = {level.id: localized(level.name) for level in LEVELS}
        choices = [(level, levels[level]) for level in ground.procedure.receivers]
        fields["level"] = ChoiceField(_("Nộp ở quầy cấp nào"), thing=_("cấp"), choices=choices)
    fields |= {"day": DateField(_("Ngày nộp")), "hour": HourField(_("Giờ nộp"), max_length=5, width=5)}
    if "channel" in asked.record or _has_paper(ground.procedure):
        fields["channel"] = SelectField(_("Cách nộp"), choices=CHANNELS)
    if "unpaid" in asked.record or any(fee.moment == "receiving" for fee in ground.procedure.fees):
        fields["unpaid"] = CheckField(_("Còn phí chưa nộp"), required=False)
    if "kind" in asked.applicant:
        fields["kind"] = ChoiceField(_("Người nộp là"), thing=_("loại người nộp"), choices=KINDS, inline=True)
    if "poor_household" in asked.applicant:
        fields["poor_household"] = CheckField(_("Thuộc hộ nghèo"), required=False)
    return type("StartFormOfProcedure", (StartForm,), fields)


def _has_paper(procedure: Procedure) -> bool:
    """Whether it matters that a record came by hand: its paper follows it then."""
    return any(action.paper_within for step in procedure.process.steps.values() for action in step.actions)


def _first_values(ground: TrialGround, facts: Mapping[str, Any], *, now: datetime) -> dict[str, Any]:
    form, record, applicant = (facts.get(name) or {} for name in ("form", "record", "applicant"))
    place = form.get(ground.procedure.place_field.removeprefix("form."))
    begins = first_hour(ground.book.as_known(now), now)
    communes = ground.directory.communes()
    return {
        "place": place or (communes[0].code if communes else ""),
        "level": record.get("receiving_level") or ground.procedure.receivers[0],
        "day": begins.date(),
        "hour": f"{begins:%H:%M}",
        "channel": record.get("channel") or "online",
        "unpaid": bool(record.get("unpaid")),
        "kind": applicant.get("kind") or "person",
        "poor_household": bool(applicant.get("poor_household")),
    }


def _page(procedure: Procedure, asked: AskedFacts) -> Page:
    """The facts as a page of a form. The place is asked above them."""
    place = procedure.place_field.removeprefix("form.")
    return Page("facts", Text(""), tuple(field for field in asked.fields if field.id != place))


def _answers(page: Page, facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of the test; of each repeating group at least one row to fill in."""
    groups: dict[str, Any] = {field.id: [{}] for field in page.fields if field.fields}
    return {**groups, **(facts.get("form") or {})}


def _sent(page: Page, around: Surroundings) -> MultiDict[str, Any]:
    changed = with_changed_rows(page.fields, as_sent(page, request.form, around=around), request.form)
    if changed is None:
        return request.form
    return as_typed(page.fields, changed[0], language=around.language)
