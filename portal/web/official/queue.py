"""What waits for an official and for his unit, and taking it into one's own hands."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.calendars import queries as calendars
from portal.core import clock
from portal.core.errors import PortalError
from portal.core.unit_of_work import reading, unit_of_work
from portal.records import service
from portal.records.queues import DeskCounts, QueueFilter, QueueKey, QueueScope, procedures_of, read_desk
from portal.web.errors import said
from portal.web.languages import ENGLISH, current_language
from portal.web.official.menu import menu, shown_count
from portal.web.official.queue_rows import read_key, shown_rows, written_key
from portal.web.pages import page
from portal.web.sign_in import actor, own_address
from portal.web.translation import gettext as _
from portal.web.translation import lazy_gettext as __
from portal.web.translation import ngettext

blueprint = Blueprint("official_queue", __name__, url_prefix="/can-bo")

FILTERS = {
    QueueFilter.ALL: __("Tất cả"),
    QueueFilter.OVERDUE: __("Quá hạn"),
    QueueFilter.TODAY: __("Hạn hôm nay"),
    QueueFilter.SUPPLEMENTED: __("Mới bổ sung xong"),
    QueueFilter.OPINION: __("Có ý kiến trả lời"),
    QueueFilter.STILL: __("Đứng yên hơn 3 ngày"),
}


@blueprint.get("")
def mine() -> ResponseReturnValue:
    return _queue(QueueScope.MINE)


@blueprint.get("/don-vi")
def unit() -> ResponseReturnValue:
    return _queue(QueueScope.UNIT)


@blueprint.post("/nhan-viec")
def claim() -> ResponseReturnValue:
    """Each task for itself: one that somebody else has taken keeps back no other."""
    claimed = 0
    for task_id, seen in _chosen():
        try:
            with unit_of_work(actor()) as session:
                service.claim_task(session, task_id, actor=actor(), now=clock.now(), seen_version=seen)
        except PortalError as refused:
            flash(said(refused), "notice")
        else:
            claimed += 1
    if claimed:
        flash(ngettext("Đã nhận %(num)s việc.", "Đã nhận %(num)s việc.", claimed), "success")
    return redirect(own_address(request.form.get("back"), otherwise=url_for("official_queue.mine")), 303)


def _chosen() -> list[tuple[UUID, int]]:
    """The task whose own button was pressed, else the ticked ones, each with its version as the page showed it."""
    named = request.form.getlist("one") or request.form.getlist("task")
    try:
        return [(UUID(key), int(version)) for key, _mark, version in (one.partition("~") for one in named)]
    except ValueError:
        return []


def _queue(scope: QueueScope) -> ResponseReturnValue:
    now, who = clock.now(), actor()
    only, after = _asked_filter(), read_key(request.args.get("sau"))
    with reading(who) as session:
        found, counts = read_desk(session, actor=who, now=now, scope=scope, only=only, after=after)
        procedures = procedures_of(session, found.rows) if current_language() == ENGLISH else {}
        calendar = calendars.working_calendar(session, now=now)
    return page(
        "official/queue.html",
        heading=_heading(scope, counts),
        navigation=menu(counts, actor=who, here=_address(scope)),
        pills=_pills(scope, only, counts),
        rows=shown_rows(found.rows, actor=who, now=now, calendar=calendar, procedures=procedures),
        scope=scope.value,
        previous={"href": _link(scope, only), "text": _("Về đầu danh sách")} if after else None,
        next={"href": _link(scope, only, found.next), "text": _("Xem tiếp")} if found.next else None,
        empty=_empty(only, counts),
    )


def _asked_filter() -> QueueFilter:
    try:
        return QueueFilter(request.args.get("loc", QueueFilter.ALL))
    except ValueError:
        return QueueFilter.ALL


def _heading(scope: QueueScope, counts: DeskCounts) -> str:
    of_unit = actor().posts[0].unit_name if scope is QueueScope.UNIT else ""
    start = _("Việc của %(unit)s", unit=of_unit) if of_unit else _("Việc của tôi")
    total, late = counts.shown[QueueFilter.ALL], counts.shown[QueueFilter.OVERDUE]
    if late:
        numbers = {"start": start, "count": shown_count(total), "late": shown_count(late)}
        return _("%(start)s: %(count)s việc, %(late)s việc quá hạn", **numbers)
    return _("%(start)s: %(count)s việc", start=start, count=shown_count(total))


def _pills(scope: QueueScope, chosen: QueueFilter, counts: DeskCounts) -> list[dict[str, object]]:
    return [
        {"text": f"{words} {shown_count(counts.shown[only])}", "href": _link(scope, only), "current": only is chosen}
        for only, words in FILTERS.items()
    ]


def _link(scope: QueueScope, only: QueueFilter, after: QueueKey | None = None) -> str:
    endpoint = "official_queue.mine" if scope is QueueScope.MINE else "official_queue.unit"
    loc = None if only is QueueFilter.ALL else only.value
    return url_for(endpoint, loc=loc, sau=written_key(after) if after else None)


def _address(scope: QueueScope) -> str:
    return "/can-bo" if scope is QueueScope.MINE else "/can-bo/don-vi"


def _empty(only: QueueFilter, counts: DeskCounts) -> str:
    if only is not QueueFilter.ALL and counts.shown[QueueFilter.ALL]:
        return _("Không có việc nào ở mục này. Chọn mục khác ở trên.")
    if counts.unclaimed:
        return _("Đã xong hết việc. Cả đơn vị còn %(count)s việc chưa ai nhận.", count=counts.unclaimed)
    return _("Đã xong hết việc. Cả đơn vị không còn việc nào chưa ai nhận.")
