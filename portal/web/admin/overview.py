"""The first page of administrators: what needs attention, and doors to everything else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.catalogue import administration
from portal.catalogue.administration import DefinitionDraftView, MissingFunction
from portal.catalogue.words import FUNCTIONS, word
from portal.core import clock
from portal.core.unit_of_work import reading
from portal.core.wording import short_moment
from portal.jobs import queries as jobs
from portal.jobs.queries import JobState
from portal.web.admin import standstill
from portal.web.admin.job_words import kind_words
from portal.web.admin.layout import admin_page
from portal.web.languages import current_language, localized
from portal.web.sign_in import actor
from portal.web.translation import gettext as _
from portal.web.translation import ngettext

blueprint = Blueprint("admin_overview", __name__, url_prefix="/quan-tri")

MOST_PLACES = 5


@dataclass(frozen=True)
class Concern:
    """Something to look after: what, how urgent, and where to do something about it."""

    text: str
    note: str
    href: str
    tag: str
    colour: str


@blueprint.get("")
def show() -> ResponseReturnValue:
    now = clock.now()
    with reading(actor()) as session:
        concerns = [*_stuck(now), *_jobs(session, now), *_drafts(session), *_functions(session, now)]
    return admin_page("overview.html", here="/quan-tri", concerns=concerns, doors=_doors())


def _stuck(now: datetime) -> list[Concern]:
    """Records that nobody can carry on: more urgent than anything else here."""
    stuck, _still = standstill.found(now=now)
    if not stuck:
        return []
    text = ngettext("%(num)s hồ sơ không ai làm tiếp được", "%(num)s hồ sơ không ai làm tiếp được", len(stuck))
    note = ", ".join(one.code for one in stuck[:MOST_PLACES])
    return [Concern(text, note, url_for("admin_standstill.show"), _("Đứng yên"), "red")]


def _jobs(session: Session, now: datetime) -> list[Concern]:
    """What was given up first; overdue timers stand among the late ones by name."""
    found = []
    for state, tag, colour in (
        (JobState.GIVEN_UP, _("Đã bỏ dở"), "red"),
        (JobState.LATE, _("Trễ"), "orange"),
    ):
        for kind in jobs.count_kinds(session, state, now=now):
            text = ngettext("%(num)s việc: %(kind)s", "%(num)s việc: %(kind)s", kind.count, kind=kind_words(kind.kind))
            oldest = short_moment(kind.oldest, language=current_language())
            note = _("Lâu nhất từ %(moment)s", moment=oldest)
            found.append(Concern(text, note, url_for("admin_jobs.show", loc=state.value), tag, colour))
    return found


def _drafts(session: Session) -> list[Concern]:
    """Sent by somebody else: to decide. One's own: to mend, or waiting."""
    return [_concern_of(draft) for draft in administration.list_definition_drafts(session)]


def _concern_of(draft: DefinitionDraftView) -> Concern:
    mine = draft.written_by == actor().person_id
    name = localized(draft) or draft.code or _("chưa có tên")
    href = url_for("admin_definitions.show", draft_id=draft.id)
    if draft.state == "sent":
        compare = url_for("admin_definitions.show", draft_id=draft.id, section="so-sanh")
        note = _("Chờ người thứ hai duyệt") if mine else _("%(name)s gửi duyệt", name=draft.written_by_name)
        return Concern(name, note, href if mine else compare, _("Chờ duyệt"), "blue" if mine else "orange")
    if draft.state == "returned":
        note = _("%(name)s trả lại: %(reason)s", name=draft.decided_by_name, reason=draft.reason)
        return Concern(name, note, href, _("Bị trả lại"), "orange")
    if draft.mistakes:
        note = ngettext("Bản soạn còn %(num)s lỗi", "Bản soạn còn %(num)s lỗi", draft.mistakes)
        return Concern(name, f"{note} · {draft.written_by_name}", href, _("Có lỗi"), "yellow")
    return Concern(name, _("Chưa gửi duyệt · %(name)s", name=draft.written_by_name), href, _("Đang soạn"), "grey")


def _functions(session: Session, now: datetime) -> list[Concern]:
    return [_lack(missing) for missing in administration.missing_functions(session, day=clock.local_day(now))]


def _lack(missing: MissingFunction) -> Concern:
    places = ", ".join(missing.places[:MOST_PLACES])
    more = len(missing.places) - MOST_PLACES
    note = _("%(procedure)s, bước %(step)s", procedure=localized(missing.procedure.procedure.name), step=missing.step)
    return Concern(
        _(
            "Không đơn vị nào giữ chức năng %(function)s ở %(places)s",
            function=localized(word(FUNCTIONS, missing.function)),
            places=places + (f" (+{more})" if more > 0 else ""),
        ),
        note,
        url_for("admin_units.tree"),
        _("Thiếu đơn vị"),
        "red",
    )


def _doors() -> list[dict[str, str]]:
    return [
        {"href": url_for(endpoint), "text": text, "note": note}
        for endpoint, text, note in (
            ("admin_procedures.index", _("Thủ tục"), _("Các bản, soạn và công bố bản mới, ngừng nhận hồ sơ")),
            ("admin_units.tree", _("Đơn vị"), _("Cây đơn vị theo ngày, chức năng, vị trí")),
            ("admin_accounts.find", _("Tài khoản"), _("Cán bộ, vị trí, khóa và mở khóa")),
            ("admin_calendar.year", _("Lịch làm việc"), _("Ngày nghỉ, ngày làm bù, giờ làm việc")),
            ("admin_standstill.show", _("Hồ sơ đứng yên"), _("Không ai làm tiếp được, hoặc lâu không có gì mới")),
            ("admin_jobs.show", _("Việc chạy nền"), _("Việc chờ, việc bỏ dở, chạy lại")),
            ("admin_audit.find", _("Nhật ký"), _("Ai đã xem gì, đổi gì")),
        )
    ]
