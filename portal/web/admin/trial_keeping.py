"""A walked sequence becomes one of the definition's own tests."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.catalogue.drafting import OPEN_TO_WRITER
from portal.catalogue.findings import DefinitionError
from portal.catalogue.kept_tests import free_name, written
from portal.core import clock
from portal.core.errors import Conflict, InvalidInput, NotAllowed
from portal.core.unit_of_work import unit_of_work
from portal.trials import service
from portal.web.admin.layout import admin_page
from portal.web.admin.opened_trial import Walked, walked
from portal.web.admin.trial_forms import KeepForm
from portal.web.admin.trials import HERE, REFUSALS, back_to_trial, tell_of_mistakes
from portal.web.errors import said, tell
from portal.web.sign_in import actor
from portal.web.translation import gettext as _

blueprint = Blueprint("admin_trial_keeping", __name__, url_prefix="/quan-tri/ban-soan/<uuid:draft_id>/chay-thu")
blueprint.register_error_handler(DefinitionError, tell_of_mistakes)


@blueprint.route("/giu", methods=["GET", "POST"])
def keep(draft_id: UUID) -> ResponseReturnValue:
    found = walked(draft_id)
    form = KeepForm.from_request(name=free_name(found.ground.procedure))
    if form.is_valid_submission():
        try:
            kept(found, form.answers["name"])
        except REFUSALS as refused:
            tell(form, refused)
        else:
            flash(_("Đã thêm phép thử %(name)s vào bản soạn.", name=form.answers["name"]), "success")
            return redirect(url_for("admin_definitions.show", draft_id=draft_id, section="thu"), 303)
    return keep_page(found, form)


def kept(found: Walked, name: str) -> None:
    with unit_of_work(actor()) as session:
        service.keep_as_test(
            session, found.draft.id, name=name, actor=actor(), now=clock.now(), seen_revision=found.draft.revision
        )


def keep_page(found: Walked, form: KeepForm) -> ResponseReturnValue:
    """The test as it will be written. Without one, back to the trial, which says why."""
    try:
        test = service.kept_test_of(found.ground, found.kept, found.trial, name=form.answers["name"] or "T")
    except (Conflict, InvalidInput, NotAllowed) as refused:
        flash(said(refused), "notice")
        return back_to_trial(found.draft.id)
    mine = found.draft.written_by == actor().person_id
    may_change = mine and found.draft.state in OPEN_TO_WRITER
    return admin_page("trial/keep.html", form, here=HERE, draft=found.draft, text=written(test), may_change=may_change)
