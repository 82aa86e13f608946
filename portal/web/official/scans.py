"""Electronic certified copies at the counter: each original is scanned and compared before the copy is drafted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.core import clock
from portal.core.errors import Conflict, InvalidInput, NotFound
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.wording import moment
from portal.files import service as files
from portal.files.queries import get_file
from portal.records import scans
from portal.records.desk import Desk, get_desk
from portal.records.queues import DeskCounts, count_desk
from portal.records.scans import Scan
from portal.web import personal_data
from portal.web.errors import tell
from portal.web.fields import BaseForm, ChecksField, FileField
from portal.web.languages import current_language
from portal.web.official.menu import menu
from portal.web.pages import page
from portal.web.sent_files import picture_of
from portal.web.sign_in import actor
from portal.web.state_words import Tag
from portal.web.translation import Words, ngettext
from portal.web.translation import gettext as _
from portal.web.translation import lazy_gettext as __

blueprint = Blueprint("official_scans", __name__, url_prefix="/can-bo/ho-so/<code>/ban-dien-tu")

CHECKS: tuple[tuple[str, Words], ...] = (
    ("pages", __("Đủ trang, đúng thứ tự, có cả mặt sau nếu có chữ")),
    ("legible", __("Rõ chữ, rõ dấu, rõ chữ ký, không mất góc")),
    ("same", __("Giống bản chính đang cầm trên tay")),
)


class ScanForm(BaseForm):
    file = FileField(
        __("Bản chụp (PDF)"),
        thing=__("bản chụp"),
        accept=[".pdf"],
        hint=__("Quét màu, 300 điểm một inch, tối đa %(limit)s MB", limit=scans.MOST_MB),
    )


class CompareForm(BaseForm):
    checks = ChecksField(
        __("Đã đối chiếu từng trang với bản chính"), thing=__("từng điều đã đối chiếu"), choices=CHECKS
    )


@dataclass(frozen=True)
class PaperRow:
    """One of the papers that become electronic copies."""

    number: int
    title: str
    note: str
    tag: Tag
    href: str
    current: bool


@dataclass(frozen=True)
class _Opened:
    desk: Desk
    counts: DeskCounts
    kept: Mapping[int, Scan]

    @property
    def code(self) -> str:
        return self.desk.file.record.code

    @property
    def wanted(self) -> Mapping[int, Mapping[str, Any]]:
        return scans.scanned_rows(self.desk.grounds.procedure, self.desk.file.record.answers)


@blueprint.get("/<int:number>")
def show(code: str, number: int) -> ResponseReturnValue:
    return _shown(_open(code, number), number)


@blueprint.post("/<int:number>")
def keep(code: str, number: int) -> ResponseReturnValue:
    opened, form = _open(code, number), ScanForm.from_request()
    if not form.is_valid_submission():
        return _shown(opened, number, upload=form)
    sent, now = form.answers["file"], clock.now()
    try:
        with unit_of_work(actor()) as session:
            kept = files.keep_upload(
                session, sent.stream, file_name=sent.filename, formats=("pdf",), max_mb=scans.MOST_MB, now=now
            )
            scans.keep_scan(session, opened.desk.file.record.id, number - 1, kept, actor=actor(), now=now)
    except InvalidInput as refused:
        refused.field = "file"
        tell(form, refused)
        return _shown(opened, number, upload=form)
    return redirect(url_for(".show", code=code, number=number), 303)


@blueprint.get("/<int:number>/trang/<int:sheet>")
def picture(code: str, number: int, sheet: int) -> ResponseReturnValue:
    opened = _open(code, number)
    scan = opened.kept.get(number - 1)
    if scan is None:
        raise NotFound
    with reading(actor()) as session:
        facts = get_file(session, scan.digest)
    return picture_of(facts, page=sheet)


@blueprint.post("/<int:number>/doi-chieu")
def compare(code: str, number: int) -> ResponseReturnValue:
    opened, form = _open(code, number), CompareForm.from_request()
    if not form.is_valid_submission() or len(form.answers["checks"]) < len(CHECKS):
        if not form.errors:
            form["checks"].errors = [_("Đánh dấu đủ các điều đã đối chiếu. Có điều chưa đúng thì chụp lại.")]
        return _shown(opened, number, comparing=form)
    digest = request.form.get("digest", "")
    try:
        with unit_of_work(actor()) as session:
            scans.compare_scan(
                session, opened.desk.file.record.id, number - 1, digest=digest, actor=actor(), now=clock.now()
            )
    except Conflict as refused:
        tell(form, refused)
        return _shown(_open(code, number), number, comparing=form)
    flash(_("Đã ghi việc đối chiếu. Tệp này được chứng thực, không phải tệp khác."), "success")
    following = _next(_open(code, number))
    if following is None:
        return redirect(url_for("official_records.show", code=code, _anchor="xu-ly"), 303)
    return redirect(url_for(".show", code=code, number=following), 303)


def scan_rows(opened_desk: Desk, kept: Mapping[int, Scan], *, current: int = 0) -> list[PaperRow]:
    """The papers of a record that become electronic copies, and how far each is."""
    code = opened_desk.file.record.code
    wanted = scans.scanned_rows(opened_desk.grounds.procedure, opened_desk.file.record.answers)
    return [_row(code, number, row, kept.get(number), current=current) for number, row in wanted.items()]


def _row(code: str, number: int, row: Mapping[str, Any], scan: Scan | None, *, current: int) -> PaperRow:
    if scan is None:
        tag, note = Tag(_("Chưa chụp"), "grey"), ""
    elif scan.compared_at is None:
        tag, note = Tag(_("Chưa đối chiếu"), "yellow"), _pages(scan)
    else:
        when = moment(scan.compared_at, language=current_language())
        said = {"pages": _pages(scan), "name": scan.compared_by_name, "moment": when}
        tag, note = Tag(_("Đã đối chiếu"), "green"), _("%(pages)s, %(name)s đối chiếu %(moment)s", **said)
    title = str(row.get("title") or _("Giấy tờ %(number)s", number=number + 1))
    href = url_for("official_scans.show", code=code, number=number + 1)
    return PaperRow(number + 1, title, note, tag, href, current=number + 1 == current)


def _pages(scan: Scan) -> str:
    return ngettext("%(num)s trang", "%(num)s trang", scan.pages)


def _open(code: str, number: int) -> _Opened:
    """Raises NotFound for a record, or a paper of it, that is not scanned."""
    now = clock.now()
    with reading(actor(), consistent=True) as session:
        desk = get_desk(session, code, actor=actor(), now=now)
        kept = scans.list_scans(session, desk.file.record.id)
        counts = count_desk(session, actor=actor(), now=now)
    personal_data.is_read(desk.file.record.id, owner_id=desk.file.record.owner_id)
    opened = _Opened(desk, counts, kept)
    if number - 1 not in opened.wanted:
        raise NotFound(scans.NO_SUCH_ROW)
    return opened


def _next(opened: _Opened) -> int | None:
    """The next paper that is still to be scanned or compared."""
    for number in opened.wanted:
        scan = opened.kept.get(number)
        if scan is None or scan.compared_at is None:
            return number + 1
    return None


def _shown(
    opened: _Opened, number: int, *, upload: ScanForm | None = None, comparing: CompareForm | None = None
) -> ResponseReturnValue:
    scan, row = opened.kept.get(number - 1), opened.wanted[number - 1]
    failed = next((form for form in (upload, comparing) if form is not None), None)
    declared = int(row.get("pages") or 0)
    rows = scan_rows(opened.desk, opened.kept, current=number)
    return page(
        "official/scan.html",
        failed,
        code=opened.code,
        number=number,
        title=next(one.title for one in rows if one.current),
        rows=rows,
        scan=scan,
        pages=range(1, scan.pages + 1) if scan else (),
        upload=upload or ScanForm(formdata=None),
        comparing=comparing or CompareForm(formdata=None),
        may_scan=scans.may_scan(opened.desk.open_tasks),
        declared=declared if scan and declared and declared != scan.pages else 0,
        navigation=menu(opened.counts, actor=actor()),
    )
