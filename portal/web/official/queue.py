"""What waits for an official and for his unit, and taking it into one's own hands."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.calendars import queries as calendars
from portal.catalogue.queries import listing_steps
from portal.core import clock
from portal.core.unit_of_work import reading
from portal.records.queue_conditions import QueueFilter, QueueScope
from portal.records.queues import DeskCounts, count_desk, list_kinds_of_work, procedures_of, read_desk
from portal.web.languages import ENGLISH, current_language
from portal.web.official.menu import menu, shown_count
from portal.web.official.queue_address import QueueAddress, address_of_queue, carried_queue, read_key
from portal.web.official.queue_filter import filter_form_of, narrowed_by, said_narrowing
from portal.web.official.queue_rows import shown_rows
from portal.web.pages import page
from portal.web.post_words import said_unit
from portal.web.sign_in import actor
from portal.web.translation import gettext as _
from portal.web.translation import lazy_gettext as __

blueprint = Blueprint("official_queue", __name__, url_prefix="/can-bo")

FILTERS = {
    QueueFilter.ALL: __("Tất cả"),
    QueueFilter.OVERDUE: __("Quá hạn"),
    QueueFilter.TODAY: __("Hạn hôm nay"),
    QueueFilter.SUPPLEMENTED: __("Mới bổ sung xong"),
    QueueFilter.OPINION: __("Có ý kiến trả lời"),
    QueueFilter.UNCOLLECTED: __("Chưa đến nhận"),
    QueueFilter.STILL: __("Đứng yên hơn 3 ngày"),
}


@blueprint.get("")
def mine() -> ResponseReturnValue:
    return _queue(address_of_queue(QueueScope.MINE))


@blueprint.get("/don-vi")
def unit() -> ResponseReturnValue:
    return _queue(address_of_queue(QueueScope.UNIT))


@blueprint.route("/loc", methods=["GET", "POST"])
def narrow() -> ResponseReturnValue:
    """Procedure, step, day and columns. What is chosen goes into the address of the queue, which may be kept."""
    queue = carried_queue() or QueueAddress()
    with reading(actor()) as session:
        counts = count_desk(session, actor=actor(), now=clock.now())
        work = list_kinds_of_work(session, actor=actor(), scope=queue.scope)
        in_english = current_language() == ENGLISH
        procedures = procedures_of(session, [kind.record_id for kind in work]) if in_english else {}
    form = filter_form_of(work, procedures, queue)
    if form.is_valid_submission():
        return redirect(narrowed_by(form, queue).href(), 303)
    return page(
        "official/queue_filter.html",
        form,
        back=queue.href(),
        navigation=menu(counts, actor=actor(), here=_address(queue.scope)),
    )


@blueprint.get("/phim-tat")
def keys() -> ResponseReturnValue:
    with reading(actor()) as session:
        counts = count_desk(session, actor=actor(), now=clock.now())
    return page("official/keys.html", navigation=menu(counts, actor=actor(), here="/can-bo/phim-tat"))


def _queue(queue: QueueAddress) -> ResponseReturnValue:
    now, who, after = clock.now(), actor(), read_key(request.args.get("sau"))
    with reading(who) as session:
        found, counts = read_desk(session, queue.part(after=after), actor=who, now=now)
        in_english = current_language() == ENGLISH
        procedures = procedures_of(session, [row.record_id for row in found.rows]) if in_english else {}
        listing = listing_steps(session)
        calendar = calendars.working_calendar(session, now=now)
    return page(
        "official/queue.html",
        heading=_heading(queue.scope, counts),
        navigation=menu(counts, actor=who, here=_address(queue.scope)),
        pills=_pills(queue, counts),
        filter_href=url_for("official_queue.narrow", **queue.carried()),
        narrowed=said_narrowing(queue.narrowing, now=now),
        all_href=queue.without_narrowing().href(),
        columns={column.name.lower() for column in queue.columns},
        rows=shown_rows(
            found.rows, queue=queue, actor=who, now=now, calendar=calendar, procedures=procedures, listing=listing
        ),
        previous={"href": queue.href(), "text": _("Về đầu danh sách")} if after else None,
        next={"href": queue.href(found.next), "text": _("Xem tiếp")} if found.next else None,
        empty=_empty(queue, counts),
    )


def _heading(scope: QueueScope, counts: DeskCounts) -> str:
    of_unit = said_unit(actor().posts[0]) if scope is QueueScope.UNIT and actor().posts else ""
    start = _("Việc của %(unit)s", unit=of_unit) if of_unit else _("Việc của tôi")
    total, late = counts.shown[QueueFilter.ALL], counts.shown[QueueFilter.OVERDUE]
    if late:
        numbers = {"start": start, "count": shown_count(total), "late": shown_count(late)}
        return _("%(start)s: %(count)s việc, %(late)s việc quá hạn", **numbers)
    return _("%(start)s: %(count)s việc", start=start, count=shown_count(total))


def _pills(queue: QueueAddress, counts: DeskCounts) -> list[dict[str, object]]:
    return [
        {
            "text": f"{words} {shown_count(counts.shown[only])}",
            "href": queue.with_filter(only).href(),
            "current": only is queue.only,
        }
        for only, words in FILTERS.items()
        if only is not QueueFilter.UNCOLLECTED or counts.shown[only] or only is queue.only
    ]


def _address(scope: QueueScope) -> str:
    return "/can-bo" if scope is QueueScope.MINE else "/can-bo/don-vi"


def _empty(queue: QueueAddress, counts: DeskCounts) -> str:
    if queue.only is not QueueFilter.ALL and counts.shown[QueueFilter.ALL]:
        return _("Không có việc nào ở mục này. Chọn mục khác ở trên.")
    if queue.narrowing.parts:
        return _("Không có việc nào như vậy. Bỏ lọc để thấy mọi việc.")
    if counts.unclaimed:
        return _("Đã xong hết việc. Cả đơn vị còn %(count)s việc chưa ai nhận.", count=counts.unclaimed)
    return _("Đã xong hết việc. Cả đơn vị không còn việc nào chưa ai nhận.")
