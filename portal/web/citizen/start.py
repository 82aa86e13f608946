"""Before the first page of a form: where, through which counter, for whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.accounts import queries as accounts
from portal.accounts.types import OrganisationView, PersonView
from portal.catalogue import queries as catalogue
from portal.catalogue.queries import PublishedProcedure
from portal.catalogue.types import Field
from portal.core import clock
from portal.core.errors import InvalidInput, NotFound
from portal.core.unit_of_work import reading, unit_of_work
from portal.records import service
from portal.records.answers import is_in_register
from portal.records.drafts import DraftView, list_drafts
from portal.units import queries as units
from portal.units.resolution import Directory
from portal.web.citizen.draft_consent import consent_field
from portal.web.citizen.known_answers import FILER, ORGANISATION, known_answers
from portal.web.citizen.places import PlaceField, place_groups, receiving_counter
from portal.web.errors import tell
from portal.web.fields import BaseForm, ChoiceField
from portal.web.languages import current_language, localized
from portal.web.pages import page
from portal.web.sign_in import actor
from portal.web.translation import gettext as _
from portal.web.translation import lazy_gettext as __

blueprint = Blueprint("start", __name__)

LEVELS = {
    "commune": __("Ở bộ phận một cửa của phường, xã"),
    "district": __("Ở bộ phận một cửa của quận, huyện"),
    "city": __("Ở Trung tâm Phục vụ hành chính công thành phố"),
}


@dataclass(frozen=True)
class Beginning:
    """What the page before the first one is made from."""

    published: PublishedProcedure
    directory: Directory
    person: PersonView
    organisations: tuple[OrganisationView, ...]
    drafts: tuple[DraftView, ...]

    def field(self, name: str) -> Field | None:
        fields = (field for page in self.published.procedure.pages for field in page.fields)
        return next((field for field in fields if field.id == name), None)

    @property
    def place_field(self) -> Field | None:
        return self.field(self.published.procedure.place_field.removeprefix("form."))


@blueprint.route("/thu-tuc/<code>/bat-dau", methods=["GET", "POST"])
def show(code: str) -> ResponseReturnValue:
    with reading(actor()) as session:
        if catalogue.withdrawn_procedure(session, code) is not None:
            return redirect(url_for("procedures.show", code=code), 303)
    beginning = load(code)
    form = start_form(beginning)
    if form.is_valid_submission():
        try:
            draft_id = begin(beginning, form.answers)
        except InvalidInput as refused:
            tell(form, refused)
        else:
            return redirect(url_for("drafts.show", draft_id=draft_id), 303)
    return page("citizen/filing/start.html", form, procedure=beginning.published.procedure, drafts=beginning.drafts)


def load(code: str) -> Beginning:
    """Raises NotFound."""
    person_id = actor().person_id
    if person_id is None:
        raise NotFound
    with reading(actor()) as session:
        published = catalogue.get_procedure(session, code)
        return Beginning(
            published=published,
            directory=units.directory(session),
            person=accounts.get_person(session, person_id),
            organisations=tuple(accounts.list_organisations(session, person_id)),
            drafts=tuple(draft for draft in list_drafts(session, actor=actor()) if draft.procedure_code == code),
        )


def start_form(beginning: Beginning) -> BaseForm:
    """Only the questions that this procedure leaves open."""
    procedure = beginning.published.procedure
    fields: dict[str, Any] = {}
    if beginning.place_field is not None:
        groups = place_groups(beginning.directory, level=beginning.place_field.level, language=current_language())
        hint = localized(beginning.place_field.hint) or None
        fields["place"] = PlaceField(localized(beginning.place_field.label), groups=groups, hint=hint)
    if len(procedure.receivers) > 1:
        choices = [(level, LEVELS[level]) for level in procedure.receivers]
        fields["level"] = ChoiceField(_("Nộp hồ sơ ở đâu?"), thing=_("nơi nộp hồ sơ"), choices=choices)
    if beginning.field(FILER) is not None:
        fields["filer"] = ChoiceField(_("Làm cho ai?"), thing=_("làm cho ai"), choices=filers(beginning))
    if spared := [paper for paper in procedure.papers if is_in_register(paper)]:
        fields["consent"] = consent_field(spared)
    made: BaseForm = type("StartForm", (BaseForm,), fields).from_request()  # type: ignore[attr-defined]
    return made


def filers(beginning: Beginning) -> list[dict[str, Any]]:
    """For oneself, with a mandate, for an organisation: by name where the account knows it."""
    declared = beginning.field(FILER)
    listed: list[dict[str, Any]] = []
    for choice in declared.choices if declared else ():
        if choice.value == ORGANISATION and beginning.organisations:
            listed += [
                {"value": str(organisation.id), "text": _("Cho %(name)s", name=organisation.name)}
                for organisation in beginning.organisations
            ]
        else:
            listed.append({"value": choice.value, "text": localized(choice.label)})
    return listed


def begin(beginning: Beginning, chosen: dict[str, Any]) -> UUID:
    """The new draft, with everything that is known already. Raises InvalidInput when nobody receives there."""
    now, procedure = clock.now(), beginning.published.procedure
    chosen_filer = str(chosen.get("filer") or "self")
    organisation = next((one for one in beginning.organisations if str(one.id) == chosen_filer), None)
    filer = ORGANISATION if organisation else chosen_filer
    place = str(chosen.get("place") or beginning.person.place)
    counter = receiving_counter(
        procedure,
        beginning.directory,
        place=place,
        level=str(chosen.get("level") or procedure.receivers[0]),
        day=clock.local_day(now),
        field="place",
    )
    answers = known_answers(procedure, beginning.person, organisation, filer=filer)
    answers[FILER] = filer
    if beginning.place_field is not None:
        answers[beginning.place_field.id] = place
    with unit_of_work(actor()) as session:
        return service.start_draft(
            session,
            beginning.published,
            place=place,
            received_unit_id=counter.id,
            answers=answers,
            organisation_id=organisation.id if organisation else None,
            has_consent=bool(chosen.get("consent")),
            actor=actor(),
            now=now,
        )
