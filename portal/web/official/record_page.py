"""One record before an official, as its page prints it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from flask import url_for

from portal.bookings.queries import BookingView
from portal.core import clock
from portal.core.actor import Actor
from portal.core.text import lowered
from portal.core.wording import day, desk_day
from portal.files.types import FileFacts
from portal.records.answers import is_in_register
from portal.records.cash import may_take
from portal.records.clocks import record_standing, shares_of
from portal.records.consent import spared_papers
from portal.records.desk import Desk
from portal.records.journey import days, journey
from portal.records.record_view import ended_from, view_of
from portal.records.scans import Scan
from portal.records.types import CANCELLED, UNDONE, TaskRow
from portal.web.item_names import item_name
from portal.web.languages import current_language, localized
from portal.web.official.act_box import ActBox, act_boxes
from portal.web.official.aftercare import Pair, Remedy, copy_pairs, duty_pairs, fee_pairs, remedy_of
from portal.web.official.answer_tables import Table, answer_tables
from portal.web.official.archive import archive_href
from portal.web.official.correcting import offers_correction
from portal.web.official.deadlines import promise_tag, shown_day
from portal.web.official.ending import ended_words, stop_of
from portal.web.official.hand_over import slip_href
from portal.web.official.happenings import happenings
from portal.web.official.older_result import older_result_tables
from portal.web.official.opinion_list import OpinionRow, opinion_rows
from portal.web.official.paper_list import DocumentRow, PaperList, Worths, document_rows, paper_list
from portal.web.official.record_address import Wanted
from portal.web.official.scans import PaperRow, scan_rows
from portal.web.official.transfers import TransferRow, transfers_of
from portal.web.official.undo_note import UndoNote, undo_note
from portal.web.official.visits import VisitNote, visit_note
from portal.web.parcel_words import ParcelWords, parcel_words
from portal.web.person_names import person_name
from portal.web.record_timeline import TimelineItem
from portal.web.standing_words import ShareRow, share_rows, standing_tag
from portal.web.state_words import Tag, state_tag
from portal.web.translation import Words
from portal.web.translation import gettext as _
from portal.web.translation import lazy_gettext as __
from portal.workflow.date_words import working_length
from portal.workflow.day_words import DrawnDays
from portal.workflow.definition import Where
from portal.workflow.engine import SKIPPED
from portal.workflow.lanes import LanePicture

CHANNELS: dict[str, Words] = {
    "online": __("nộp trực tuyến"),
    "counter": __("nộp tại quầy"),
    "post": __("nộp qua bưu điện"),
}

LEFT_OUT = (CANCELLED, SKIPPED, UNDONE)
"""Outcomes of tasks that nobody did."""


@dataclass(frozen=True)
class Asked:
    """A request for supplement, as it was sent."""

    title: str
    lines: list[tuple[str, str]]  # what, why


@dataclass(frozen=True)
class RecordPage:
    title: str
    code: str
    line: str
    tags: list[Tag]
    sections: list[dict[str, object]]
    boxes: list[ActBox]
    tables: list[Table]
    number_href: str | None
    papers: PaperList
    picture: LanePicture
    days: DrawnDays | None
    due: str
    why_href: str
    standing: Tag | None
    shares: list[ShareRow]
    asked: list[Asked]
    opinions: list[OpinionRow]
    happenings: list[TimelineItem]
    documents: list[DocumentRow]
    open_tasks: list[Pair]
    past: list[Pair]
    laws: list[str]
    consent: str  # whether registers may be asked, and since when
    ended: str  # who took it back or stopped it, when and why
    archive_href: str  # "" for whoever may not give a result from the archive, or when it was given
    stop_href: str  # "" for whoever may not stop it
    correct_href: str  # to open it again; "" for whoever may not, or when there is nothing to put right
    copies: list[Pair]
    fees: list[Pair]
    cash_href: str  # to take what is owed, for who sits at the counter
    duties: list[Pair]
    transfers: list[TransferRow]
    parcel: ParcelWords | None
    slip_href: str  # to print the slip of hand-over at the counter
    visit: VisitNote | None = None
    scans: list[PaperRow] = field(default_factory=list)  # papers that become electronic copies
    remedy: Remedy | None = None
    undo: UndoNote | None = None


def record_page(
    desk: Desk,
    facts: Mapping[str, FileFacts],
    worths: Worths,
    *,
    actor: Actor,
    now: datetime,
    wanted: Wanted,
    kept_scans: Mapping[int, Scan] | None = None,
    booked: BookingView | None = None,
) -> RecordPage:
    record, view, language = desk.file.record, view_of(desk.file), current_language()
    procedure, directory, calendar = desk.grounds.procedure, desk.grounds.directory, desk.grounds.calendar
    papers = paper_list(desk, facts, worths, wanted=wanted, now=now)
    documents = document_rows(desk.file.documents, code=record.code, now=now)
    opinions = opinion_rows(desk, actor=actor, now=now)
    events = happenings(desk)
    asked = _asked(desk, now)
    standing = record_standing(view, desk.grounds.book, now=now)
    tables = [*answer_tables(desk, numbers_shown=wanted.numbers_shown), *older_result_tables(desk)]
    return RecordPage(
        title=_("%(name)s: %(matter)s", name=record.applicant_name, matter=lowered(localized(procedure.name))),
        code=record.code,
        line=_line(desk, now),
        tags=_tags(desk, now),
        sections=_sections(len(papers.rows), len(asked), len(opinions), len(events), len(documents)),
        boxes=act_boxes(desk, actor=actor, now=now, wanted=wanted),
        tables=tables,
        number_href=_number_href(tables, record.code, wanted),
        papers=papers,
        picture=journey(view, procedure, directory, calendar, now=now, language=language, every_step=True),
        days=days(view, procedure, desk.grounds.book, now=now, language=language),
        due=day(record.due_at, language=language) if record.due_at else "",
        why_href=url_for("official_records.why", code=record.code),
        standing=standing_tag(standing) if standing else None,
        shares=share_rows(shares_of(view, procedure, desk.grounds.book, now=now), directory),
        asked=asked,
        opinions=opinions,
        happenings=events,
        documents=documents,
        open_tasks=[_open_pair(desk, task, now) for task in desk.file.open_tasks],
        past=[_past_pair(desk, task) for task in desk.file.tasks if task.closed_at and task.outcome not in LEFT_OUT],
        laws=[f"{law.number}: {localized(law.title)}" for law in procedure.legal_basis],
        consent=_consent(desk, now),
        ended=ended_words(desk),
        archive_href=archive_href(desk, actor=actor),
        stop_href=url_for("official_ending.stop", code=record.code) if stop_of(desk) else "",
        correct_href=url_for("official_correcting.ask", code=record.code) if offers_correction(desk, actor) else "",
        copies=copy_pairs(desk, now=now),
        fees=fee_pairs(desk, now=now),
        cash_href=url_for("official_cash.take", code=desk.file.record.code) if may_take(desk.file, actor=actor) else "",
        duties=duty_pairs(desk, now=now),
        transfers=transfers_of(desk, actor=actor, now=now),
        parcel=parcel_words(view.parcel),
        slip_href=slip_href(desk),
        visit=visit_note(desk, booked, who=actor),
        scans=scan_rows(desk, kept_scans or {}),
        remedy=remedy_of(desk, actor=actor, now=now),
        undo=undo_note(desk, actor=actor, now=now),
    )


def _consent(desk: Desk, now: datetime) -> str:
    """Said only where a register holds one of the papers."""
    if not any(is_in_register(paper) for paper in desk.grounds.procedure.papers):
        return ""
    consented_at = desk.file.record.consented_at
    if consented_at is None:
        slots = {paper.slot for paper in desk.file.papers if paper.replaced_at is None}
        papers = spared_papers(desk.grounds.procedure, desk.facts, slots=slots)
        if not papers:
            return _("Người nộp không cho lấy dữ liệu dân cư và đất đai.")
        names = "; ".join(localized(paper.name) for paper in papers)
        return _("Người nộp không cho lấy dữ liệu. Còn thiếu, yêu cầu bổ sung: %(papers)s.", papers=names)
    return _("Người nộp cho lấy dữ liệu dân cư và đất đai từ %(day)s.", day=shown_day(consented_at, now=now))


def _tags(desk: Desk, now: datetime) -> list[Tag]:
    record = desk.file.record
    tags = [state_tag(record.state, before=ended_from(desk.file.events))]
    if record.finished_at is None and record.closed_at is None:
        paused = record.paused_at is not None
        promise = promise_tag(record.due_at, now=now, calendar=desk.grounds.calendar, paused=paused)
        tags += [promise] if promise else []
    return tags


def _line(desk: Desk, now: datetime) -> str:
    record, directory = desk.file.record, desk.grounds.directory
    counter = directory.unit(record.received_unit_id).in_language(current_language())
    parts = [str(CHANNELS.get(record.channel, record.channel))]
    if record.accepted_at:
        accepted = shown_day(record.accepted_at, now=now)
        parts.append(_("%(unit)s tiếp nhận %(day)s", unit=counter, day=accepted))
    else:
        parts.append(_("gửi đến %(unit)s %(day)s", unit=counter, day=shown_day(record.submitted_at, now=now)))
    holders = [_holder(desk, task, now) for task in desk.file.open_tasks]
    return " · ".join([*parts, *holders[:3]])


def _holder(desk: Desk, task: TaskRow, now: datetime) -> str:
    since = shown_day(task.opened_at, now=now)
    if desk.grounds.procedure.process.step(task.step).at.where is Where.APPLICANT:
        return _("chờ người nộp từ %(day)s", day=since)
    if task.assignee_name:
        return _("đang do %(name)s giữ từ %(day)s", name=task.assignee_name, day=since)
    unit = _short(desk, task.unit_id) if task.unit_id else ""
    return _("ở %(unit)s từ %(day)s, chưa ai nhận", unit=unit, day=since) if unit else _("đang chờ trả lời tự động")


def _sections(papers: int, asked: int, opinions: int, events: int, documents: int) -> list[dict[str, object]]:
    found = [
        (_("Tờ khai"), "to-khai", True),
        (_("Giấy tờ (%(count)s)", count=papers), "giay-to", papers),
        (_("Bổ sung (%(count)s)", count=asked), "bo-sung", asked),
        (_("Ý kiến (%(count)s)", count=opinions), "y-kien", opinions),
        (_("Đường đi"), "duong-di-ho-so", True),
        (_("Văn bản (%(count)s)", count=documents), "van-ban", documents),
        (_("Diễn biến (%(count)s)", count=events), "dien-bien", events),
    ]
    return [{"text": text, "href": f"#{anchor}"} for text, anchor, is_there in found if is_there]


def _number_href(tables: list[Table], code: str, wanted: Wanted) -> str | None:
    if not any(row.hidden for table in tables for row in table.rows):
        return None
    return wanted.href(code, hien="so", _anchor="to-khai")


def _asked(desk: Desk, now: datetime) -> list[Asked]:
    found = []
    for request in desk.file.supplements:
        if request.sent_at is None or request.cancelled_at is not None:
            continue
        sent = _("Lần %(number)s, gửi %(day)s", number=request.sheet, day=shown_day(request.sent_at, now=now))
        if request.answered_at:
            state = _("trả lời %(day)s", day=shown_day(request.answered_at, now=now))
        else:
            state = _("chờ trả lời đến %(day)s", day=_desk_day(request.answer_by, now)) if request.answer_by else ""
        lines = [(item_name(desk.grounds.procedure, item), _reason(item)) for item in request.items]
        found.append(Asked(f"{sent}, {state}" if state else sent, lines))
    return found


def _reason(item: Mapping[str, object]) -> str:
    answer = item.get("answer")
    kept = answer.get("as_it_is") if isinstance(answer, Mapping) else None
    if kept:
        return _("%(reason)s Người nộp giữ nguyên: %(words)s", reason=item["reason"], words=kept)
    return str(item["reason"])


def _desk_day(value: date, now: datetime) -> str:
    return desk_day(value, today=clock.local_day(now), language=current_language())


def _short(desk: Desk, unit_id: UUID) -> str:
    return desk.grounds.directory.unit(unit_id).short_in_language(current_language())


def _open_pair(desk: Desk, task: TaskRow, now: datetime) -> Pair:
    unit = _short(desk, task.unit_id) if task.unit_id else _("Người nộp")
    who = f"{task.assignee_name}, {unit}" if task.assignee_name else unit
    due = _("hạn %(day)s", day=shown_day(task.due_at, now=now))
    if clock.local_day(task.due_at) == clock.local_day(now):
        due = _("hạn %(time)s", time=f"{clock.local(task.due_at):%H:%M}")
    return Pair(localized(desk.grounds.procedure.process.step(task.step).name), who, due)


def _past_pair(desk: Desk, task: TaskRow) -> Pair:
    """Who did a step that is over, and how much working time it took."""
    unit = desk.grounds.directory.unit(task.unit_id) if task.unit_id else None
    language = current_language()
    used = desk.grounds.calendar.working_hours_between(task.opened_at, task.closed_at or task.opened_at)
    return Pair(
        name=localized(desk.grounds.procedure.process.step(task.step).name),
        who=(person_name(task.closed_by_name) or unit.in_language(language)) if unit else "",
        value=working_length(used, language),
    )
