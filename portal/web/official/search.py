"""Finding a record by its code or by the applicant's name. Sent by POST: a name does not belong into an address."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.catalogue import queries as catalogue
from portal.core import clock
from portal.core.errors import InvalidInput
from portal.core.unit_of_work import reading
from portal.records.finding import MOST, FoundRecord, find_records
from portal.records.queues import count_desk
from portal.web.errors import tell
from portal.web.fields import BaseForm, TextField
from portal.web.languages import localized
from portal.web.official.deadlines import shown_day
from portal.web.official.menu import menu
from portal.web.pages import page
from portal.web.sign_in import actor
from portal.web.state_words import state_tag
from portal.web.translation import gettext as _
from portal.web.translation import lazy_gettext as __

blueprint = Blueprint("official_search", __name__, url_prefix="/can-bo/tim")


class SearchForm(BaseForm):
    q = TextField(
        __("Mã hồ sơ hoặc tên người nộp"),
        hint=__("Có dấu hay không dấu đều được. Mã gõ một phần cũng được, ví dụ 261109-0007"),
        kind="search",
        width=30,
        autocomplete="off",
    )


@blueprint.route("", methods=["GET", "POST"])
def find() -> ResponseReturnValue:
    now = clock.now()
    form = SearchForm.from_request()
    rows: list[dict[str, object]] | None = None
    with reading(actor()) as session:
        if form.is_valid_submission():
            try:
                found = find_records(session, form.answers["q"])
                rows = [_row(session, record, now) for record in found]
            except InvalidInput as refused:
                tell(form, refused)
        counts = count_desk(session, actor=actor(), now=now)
    return page(
        "official/search.html",
        form,
        navigation=menu(counts, actor=actor(), here="/can-bo/tim"),
        found=rows,
        is_cut=rows is not None and len(rows) == MOST,
        most=MOST,
    )


def _row(session: Session, record: FoundRecord, now: datetime) -> dict[str, object]:
    return {
        "name": record.applicant_name,
        "code": record.code,
        "href": url_for("official_records.show", code=record.code),
        "procedure": localized(catalogue.version(session, record.version_id).procedure.everyday_name),
        "state": state_tag(record.state),
        "line": _("nộp %(day)s", day=shown_day(record.submitted_at, now=now)),
    }
