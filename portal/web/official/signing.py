"""Initialling many documents, signing, and numbering and sealing them: each row is done or untouched, for itself."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session as DatabaseSession

from portal.calendars import queries as calendars
from portal.core import clock, wording
from portal.core.unit_of_work import reading
from portal.extensions import limiter, was_refused
from portal.records.batches import ToSign, is_long
from portal.records.desk import Desk
from portal.records.making import RESULT
from portal.records.queues import count_desk
from portal.records.signing import SeenDocument, WaitingDocument, WaitingLetter, is_of_kind, list_letters, list_waiting
from portal.signing import service as signing
from portal.web.languages import current_language, localized
from portal.web.official.act_box import needs_page
from portal.web.official.batch_words import name_of, reason_of
from portal.web.official.batches import again_href, done_now, refused_before, start, written_down
from portal.web.official.deadlines import deadline_tag
from portal.web.official.menu import menu
from portal.web.official.row_results import RowResults, tell_results
from portal.web.official.step_up import confirm_signing, shown_name, who_confirms
from portal.web.pages import page
from portal.web.sign_in import actor
from portal.web.state_words import Tag
from portal.web.translation import Words
from portal.web.translation import gettext as _
from portal.web.translation import lazy_gettext as __
from portal.workflow.deadlines import WorkingCalendar
from portal.workflow.definition import Action, ActionKind, Step, Text

blueprint = Blueprint("official_signing", __name__, url_prefix="/can-bo")

NO_TITLE = Text("", "")
"""The actions have labels of their own; the page of the batch says what they have in common."""


@dataclass(frozen=True)
class Session:
    """One of the three pages: what it does to the documents, in words."""

    kind: ActionKind
    purpose: str
    endpoint: str
    address: str
    heading: Words
    button: Words
    done: Words
    confirming: Words  # the heading of the page that asks for the password
    nothing: Words


SIGNING = Session(
    kind=ActionKind.SIGN,
    purpose="sign",
    endpoint="official_signing.sign",
    address="/can-bo/trinh-ky",
    heading=__("Trình ký: %(count)s văn bản"),
    button=__("Ký các văn bản đã chọn"),
    done=__("Đã ký %(count)s văn bản."),
    confirming=__("Ký số %(count)s văn bản"),
    nothing=__("Không có văn bản nào chờ ký."),
)
SEALING = Session(
    kind=ActionKind.ISSUE,
    purpose="issue",
    endpoint="official_signing.seal",
    address="/can-bo/van-thu",
    heading=__("Cho số và đóng dấu: %(count)s văn bản"),
    button=__("Cho số và đóng dấu các văn bản đã chọn"),
    done=__("Đã cho số và đóng dấu %(count)s văn bản."),
    confirming=__("Cho số và đóng dấu %(count)s văn bản"),
    nothing=__("Không có văn bản nào chờ số."),
)


INITIALLING = Session(
    kind=ActionKind.INITIAL,
    purpose="initial",
    endpoint="official_signing.initial",
    address="/can-bo/ky-nhay",
    heading=__("Ký nháy: %(count)s văn bản"),
    button=__("Ký nháy các văn bản đã chọn"),
    done=__("Đã ký nháy %(count)s văn bản."),
    confirming=__("Ký nháy %(count)s văn bản"),
    nothing=__("Không có văn bản nào chờ ký nháy."),
)


PAGES = {session.kind: session for session in (SIGNING, SEALING)}


@dataclass(frozen=True)
class Paper:
    """A document behind its link; `shown` is the SHA-256 of its PDF."""

    title: str
    href: str | None
    shown: str


@dataclass(frozen=True)
class Row:
    field: str  # task, letter
    key: UUID
    deadline: Tag
    title: str
    papers: tuple[Paper, ...]  # the PDFs that are looked at: they, and no others, are what is signed
    name: str
    record_href: str
    code: str
    procedure: str
    hindrance: str  # why it cannot be ticked; "" when it can
    ticked: bool


@blueprint.route("/ky-nhay", methods=["GET", "POST"])
def initial() -> ResponseReturnValue:
    return _carry_out(INITIALLING) if request.method == "POST" else _show(INITIALLING)


@blueprint.route("/trinh-ky", methods=["GET", "POST"])
@limiter.limit("10 per 15 minutes", methods=["POST"], deduct_when=was_refused, key_func=who_confirms)
def sign() -> ResponseReturnValue:
    return _carry_out(SIGNING) if request.method == "POST" else _show(SIGNING)


@blueprint.route("/van-thu", methods=["GET", "POST"])
@limiter.limit("10 per 15 minutes", methods=["POST"], deduct_when=was_refused, key_func=who_confirms)
def seal() -> ResponseReturnValue:
    return _carry_out(SEALING) if request.method == "POST" else _show(SEALING)


def signs_electronically(desk: Desk, step: Step, action: Action) -> bool:
    """Whether the action uses a key: then it is done on the page of its kind, by the worker, and not at once."""
    if not signing.is_on() or action.kind not in PAGES or needs_page(action) or step.consultation is not None:
        return False
    return any(document.kind == RESULT and document.issued_at is None for document in desk.file.documents)


def signing_page(action: Action, task_id: UUID) -> str:
    """Where the action is done, with this task ticked."""
    return url_for(PAGES[action.kind].endpoint, viec=task_id)


def _show(session: Session) -> ResponseReturnValue:
    now = clock.now()
    with reading(actor()) as database:
        again = refused_before(database) | set(request.args.getlist("viec", type=UUID))
        waiting = list_waiting(database, actor=actor(), wanted=is_of_kind(session.kind), first=again)
        letters = _letters(database, session, first=again)
        counts = count_desk(database, actor=actor(), now=now)
        calendar = calendars.working_calendar(database, now=now)
    return page(
        "official/signing.html",
        heading=str(session.heading) % {"count": _count(waiting, letters)},
        button_text=str(session.button),
        nothing=str(session.nothing),
        rows=[
            *(_row(document, now, calendar, again) for document in waiting),
            *(_letter_row(letter, again) for letter in letters),
        ],
        navigation=menu(counts, actor=actor(), here=session.address),
    )


def _carry_out(session: Session) -> ResponseReturnValue:
    """A few at once, and back to what is left; many in the background, with a page of their own."""
    ticked = set(request.form.getlist("task", type=UUID)) | set(request.form.getlist("letter", type=UUID))
    with reading(actor()) as database:
        waiting = list_waiting(database, actor=actor(), wanted=is_of_kind(session.kind), first=ticked)
        letters = [letter for letter in _letters(database, session, first=ticked) if letter.key in ticked]
    chosen = [document for document in waiting if document.task_id in ticked]
    if not ticked:
        flash(_("Chọn ít nhất một văn bản."), "notice")
    elif len(chosen) + len(letters) < len(ticked):
        flash(_("Có văn bản vừa được người khác xử lý. Danh sách dưới đây là mới nhất."), "notice")
    if signing.is_on() and (letters or any(document.needs_key for document in chosen)):
        return _signed(session, chosen, letters)
    if is_long(len(chosen)):
        return start(session.purpose, chosen, title=NO_TITLE)
    return redirect(_done_at_once(session, chosen) if chosen else url_for(session.endpoint), 303)


def _signed(session: Session, chosen: list[WaitingDocument], letters: list[WaitingLetter]) -> ResponseReturnValue:
    """By the worker, when the password was given: exactly what was shown."""
    heading = str(session.confirming) % {"count": _count(chosen, letters)}
    every: list[WaitingDocument | WaitingLetter] = [*chosen, *letters]
    confirmed = confirm_signing(every, heading=heading, address=session.address)
    if not isinstance(confirmed, UUID):
        return confirmed
    shown = {one.key: request.form.getlist(shown_name(one.key)) for one in every}
    to_sign = ToSign(confirmed, shown)
    return start(session.purpose, chosen, title=NO_TITLE, to_sign=to_sign, letters=[letter.key for letter in letters])


def _letters(database: DatabaseSession, session: Session, *, first: Collection[UUID]) -> list[WaitingLetter]:
    """Letters are signed on the page of signatures, and sealed at once: their number they have."""
    if session is not SIGNING or not signing.is_on():
        return []
    return list_letters(database, actor=actor(), first=first)


def _done_at_once(session: Session, chosen: list[WaitingDocument]) -> str:
    """Where to go on: the same page, with what was refused ticked again."""
    batch = done_now(written_down(session.purpose, chosen, title=NO_TITLE))
    titles: dict[UUID | None, str] = {document.task_id: localized(document.title) for document in chosen}
    refused = tuple(f"{name_of(row)}, {titles[row.task_id]}: {reason_of(row)}" for row in batch.refused)
    tell_results(
        RowResults(len(batch.done), refused),
        done=str(session.done) % {"count": len(batch.done)},
        refused=_("Các văn bản sau chưa xong, còn nguyên:"),
    )
    return again_href(batch) or url_for(session.endpoint)


def _count(waiting: Sequence[WaitingDocument], letters: Sequence[WaitingLetter]) -> int:
    """How many documents there are to look at; a task whose document is not made yet stands for one."""
    return sum(len(one.documents) or 1 for one in waiting) + len(letters)


def _row(document: WaitingDocument, now: datetime, calendar: WorkingCalendar, again: frozenset[UUID]) -> Row:
    return Row(
        field="task",
        key=document.task_id,
        deadline=deadline_tag(document.due_at, now=now, calendar=calendar, paused=document.paused),
        title=localized(document.title),
        papers=tuple(_paper(document.record_code, one) for one in document.documents),
        name=document.applicant_name,
        record_href=url_for("official_records.show", code=document.record_code, viec=document.task_id),
        code=document.record_code,
        procedure=localized(document.procedure_name),
        hindrance=_hindrance(document),
        ticked=document.task_id in again,
    )


def _letter_row(letter: WaitingLetter, again: frozenset[UUID]) -> Row:
    """A letter has no deadline of its own: it says since when it waits."""
    return Row(
        field="letter",
        key=letter.key,
        deadline=Tag(_("Chờ từ %(day)s", day=wording.short_day(letter.since, language=current_language())), "grey"),
        title=localized(letter.documents[0].title),
        papers=tuple(_paper(letter.record_code, one) for one in letter.documents),
        name=letter.applicant_name,
        record_href=url_for("official_records.show", code=letter.record_code),
        code=letter.record_code,
        procedure=localized(letter.procedure_name),
        hindrance="",
        ticked=letter.key in again,
    )


def _paper(code: str, seen: SeenDocument) -> Paper:
    href = url_for("official_files.document", code=code, document_id=seen.id) if seen.file_digest else None
    return Paper(localized(seen.title), href, seen.file_digest or "")


def _hindrance(document: WaitingDocument) -> str:
    if document.is_own_draft:
        return _("Người soạn không được ký")
    if document.is_own_hand:
        return _("Bạn đã ký văn bản này; người khác làm bước sau")
    if signing.is_on() and document.needs_key and not document.has_files:
        return _("Chưa có bản PDF để ký")
    return ""
