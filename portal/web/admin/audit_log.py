"""The audit log. It names people, so it asks for the purpose first and notes each look into it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.accounts import administration as accounts
from portal.accounts import queries as people
from portal.audit import queries, service
from portal.audit.queries import EntryFilter, EntryView
from portal.core import clock
from portal.core.errors import InvalidInput
from portal.core.unit_of_work import reading, unit_of_work
from portal.records import administration as records
from portal.web.admin.audit_words import detail_words, kind_choices, kind_words
from portal.web.admin.layout import Cell, admin_page
from portal.web.errors import tell
from portal.web.fields import BaseForm, DateField, SelectField, TextField
from portal.web.sign_in import actor
from portal.web.translation import gettext as _
from portal.web.translation import lazy_gettext as __
from portal.workflow.working_time import midnight

blueprint = Blueprint("admin_audit", __name__, url_prefix="/quan-tri/nhat-ky")

HERE = "/quan-tri/nhat-ky"
USUAL_STRETCH = timedelta(days=7)


class AuditForm(BaseForm):
    purpose = TextField(
        __("Xem để làm gì?"),
        thing=__("mục đích xem"),
        hint=__("Được ghi lại, ví dụ trả lời khiếu nại số 12/KN"),
        max_length=200,
    )
    first_day = DateField(__("Từ ngày"))
    last_day = DateField(__("Đến hết ngày"))
    kind = SelectField(__("Việc"), required=False)
    login = TextField(__("Tên tài khoản cán bộ"), required=False, width=20, autocomplete="off", spellcheck=False)
    code = TextField(__("Mã hồ sơ"), required=False, width=30, autocomplete="off", spellcheck=False)


@blueprint.route("", methods=["GET", "POST"])
def find() -> ResponseReturnValue:
    today = clock.local_day(clock.now())
    form = AuditForm.from_request(first_day=today - USUAL_STRETCH, last_day=today)
    with reading(actor()) as session:
        form.kind.items = kind_choices(queries.list_kinds(session))
    rows, has_more = None, False
    if form.is_valid_submission():
        try:
            with unit_of_work(actor()) as session:
                rows, has_more = _found(session, form)
        except InvalidInput as refused:
            tell(form, refused)
    return admin_page("audit.html", form, here=HERE, rows=rows, page=_asked_page(), has_more=has_more)


def _found(session: Session, form: AuditForm) -> tuple[list[list[Cell]], bool]:
    """One page of entries; that somebody looked, and why, is written before."""
    wanted = _filter(session, form)
    service.note(
        session,
        "audit_read",
        actor=actor(),
        now=clock.now(),
        purpose=form.answers["purpose"],
        days=f"{form.answers['first_day']:%d/%m/%Y}–{form.answers['last_day']:%d/%m/%Y}",
        looked_for=wanted.kind or "",
        by=str(wanted.actor_id or ""),
        record=str(wanted.record_id or ""),
    )
    entries, has_more = queries.find_entries(session, wanted, page=_asked_page())
    return _rows(session, entries), has_more


def _filter(session: Session, form: AuditForm) -> EntryFilter:
    """Raises InvalidInput when there is no such account or record, or when the days are the wrong way round."""
    answers = form.answers
    first: date = answers["first_day"]
    last: date = answers["last_day"]
    if last < first:
        raise InvalidInput("Ngày cuối phải từ ngày đầu trở đi", field="last_day")
    return EntryFilter(
        since=midnight(first),
        until=midnight(last + timedelta(days=1)),
        kind=answers["kind"] or None,
        actor_id=accounts.id_of_login(session, answers["login"]) if answers["login"] else None,
        record_id=_record_id(session, answers["code"]) if answers["code"] else None,
    )


def _record_id(session: Session, code: str) -> UUID:
    record_id = records.id_of(session, code)
    if record_id is None:
        raise InvalidInput("Không có hồ sơ mang mã này. Xem lại mã trên giấy tiếp nhận.", field="code")
    return record_id


def _asked_page() -> int:
    typed = request.form.get("page", "1")
    return max(int(typed), 1) if typed.isascii() and typed.isdigit() and len(typed) < 6 else 1


def _rows(session: Session, entries: list[EntryView]) -> list[list[Cell]]:
    """People by the names of their posts; who has none is a citizen and is not named."""
    ids = {entry.actor_id for entry in entries} | {entry.subject_id for entry in entries}
    names = people.official_names(session, {person_id for person_id in ids if person_id})
    codes = records.codes_of(session, {entry.record_id for entry in entries if entry.record_id})
    return [_row(entry, names, codes) for entry in entries]


def _row(entry: EntryView, names: dict[UUID, str], codes: dict[UUID, str]) -> list[Cell]:
    about = []
    if entry.record_id:
        about.append(_("hồ sơ %(code)s", code=codes.get(entry.record_id, str(entry.record_id))))
    if entry.subject_id and entry.subject_id != entry.actor_id:
        about.append(_person(entry.subject_id, names))
    return [
        {"text": _moment(entry.at), "num": True},
        _person(entry.actor_id, names) if entry.actor_id else _("Cổng"),
        kind_words(entry.kind),
        {"text": ", ".join(about), "note": detail_words(entry.details)},
    ]


def _person(person_id: UUID, names: dict[UUID, str]) -> str:
    return names.get(person_id) or _("một người dân")


def _moment(moment: datetime) -> str:
    local = clock.local(moment)
    return f"{local:%H:%M:%S} {local.day}/{local.month}/{local.year}"
