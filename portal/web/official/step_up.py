"""Giving the password once more before keys are used: once for a while, for this sign-in alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue

from portal.accounts import service as accounts
from portal.core import clock
from portal.core.errors import InvalidInput
from portal.core.unit_of_work import reading, unit_of_work
from portal.records.queues import count_desk
from portal.records.signing import WaitingDocument, WaitingLetter
from portal.signing import service as signing
from portal.web.errors import tell
from portal.web.fields import BaseForm, PasswordField
from portal.web.languages import localized
from portal.web.official.menu import menu
from portal.web.pages import page
from portal.web.sign_in import actor
from portal.web.translation import lazy_gettext as __

PASSWORD = "password"  # noqa: S105 - the name of a field


class StepUpForm(BaseForm):
    password = PasswordField(__("Mật khẩu"), hint=__("Mật khẩu bạn dùng để đăng nhập"))


def who_confirms() -> str:
    """Whose password is tried: so many wrong ones, whatever network they come from."""
    return str(actor().person_id)


def shown_name(key: UUID) -> str:
    """The name under which a page says which files it has shown for a task or letter, each for itself."""
    return f"shown-{key}"


def confirm_signing(
    chosen: Sequence[WaitingDocument | WaitingLetter], *, heading: str, address: str
) -> UUID | ResponseReturnValue:
    """The authority to sign; without one, the page that asks for the password and keeps what was ticked."""
    now = clock.now()
    with reading(actor()) as session:
        known = signing.open_session(session, actor=actor(), now=now)
    if known is not None:
        return known
    if PASSWORD not in request.form:
        return _asked(StepUpForm(), chosen, heading=heading, address=address)
    form = StepUpForm.from_request()
    if form.is_valid_submission():
        try:
            with unit_of_work(actor()) as session:
                accounts.confirm(session, form.answers[PASSWORD], actor=actor(), now=now)
                return signing.begin_session(session, actor=actor(), now=now)
        except InvalidInput as wrong:
            tell(form, wrong)
    return _asked(form, chosen, heading=heading, address=address, status=422)


def _asked(
    form: StepUpForm,
    chosen: Sequence[WaitingDocument | WaitingLetter],
    *,
    heading: str,
    address: str,
    status: int | None = None,
) -> ResponseReturnValue:
    with reading(actor()) as session:
        counts = count_desk(session, actor=actor(), now=clock.now())
    return page(
        "official/step_up.html",
        form,
        status=status,
        heading=heading,
        documents=[_named(document) for document in chosen],
        minutes=round(signing.LASTS.total_seconds() / 60),
        back=address,
        navigation=menu(counts, actor=actor(), here=address),
    )


def _named(document: WaitingDocument | WaitingLetter) -> dict[str, Any]:
    name = shown_name(document.key)
    return {
        "field": "letter" if isinstance(document, WaitingLetter) else "task",
        "key": document.key,
        "titles": [localized(one.title) for one in document.documents],
        "applicant": document.applicant_name,
        "code": document.record_code,
        "shown_name": name,
        "shown": request.form.getlist(name),
    }
