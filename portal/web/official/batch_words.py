"""What the page of a batch says: how far it has come, and what came of each row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for

from portal.core.errors import PortalError
from portal.documents.symbols import reference
from portal.records.batch_queries import BatchRow, BatchView
from portal.web.errors import said
from portal.web.languages import localized
from portal.web.state_words import Tag
from portal.web.translation import Words
from portal.web.translation import gettext as _
from portal.web.translation import lazy_gettext as __
from portal.workflow.definition import Text

PAGES = {
    "initial": "official_signing.initial",
    "sign": "official_signing.sign",
    "issue": "official_signing.seal",
    "list": "official_batches.prepare",
}
TITLES: dict[str, Words] = {
    "initial": __("Ký nháy nhiều văn bản"),
    "sign": __("Ký nhiều văn bản"),
    "issue": __("Cho số và đóng dấu nhiều văn bản"),
}
_BACK: dict[str, Words] = {
    "initial": __("Về ký nháy"),
    "sign": __("Về trình ký"),
    "issue": __("Về cho số và đóng dấu"),
    "list": __("Làm nhiều hồ sơ khác"),
}


@dataclass(frozen=True)
class ShownRow:
    name: str
    code: str
    href: str | None
    procedure: str
    result: Tag
    number: str  # of what was sealed
    reason: str


@dataclass(frozen=True)
class ShownList:
    title: str
    href: str | None


def heading_of(batch: BatchView) -> str:
    title = str(TITLES[batch.purpose]) if batch.purpose in TITLES else localized(batch.title)
    return _("%(title)s: %(count)s hồ sơ", title=title, count=len(batch.rows))


def said_result(batch: BatchView) -> str:
    """How far it has come, or how many went."""
    counts = {"done": len(batch.rows) - len(batch.waiting), "total": len(batch.rows)}
    if batch.finished_at is None:
        return _("Đang làm: %(done)s trên %(total)s hồ sơ.", **counts)
    if not batch.refused:
        return _("Đã xong cả %(total)s hồ sơ.", total=len(batch.rows))
    counts = {"done": len(batch.done), "total": len(batch.rows)}
    return _("Đã xong %(done)s trên %(total)s hồ sơ. Hồ sơ chưa xong vẫn còn nguyên.", **counts)


def reason_of(row: BatchRow) -> str:
    """Why a row was refused, in the language of the page."""
    reason: Mapping[str, Any] = row.reason or {}
    return said(PortalError(reason.get("sentence", ""), **reason.get("details", {})))


def name_of(row: BatchRow) -> str:
    return row.applicant_name or _("Một việc")


def shown_row(row: BatchRow) -> ShownRow:
    href = url_for("official_records.show", code=row.record_code, viec=row.task_id) if row.record_code else None
    return ShownRow(
        name=name_of(row),
        code=row.record_code or "",
        href=href,
        procedure=row.procedure_name or "",
        result=_result(row),
        number=", ".join(reference(number, series) for number, series in row.numbers or ()),
        reason=reason_of(row) if row.outcome == "refused" else "",
    )


def shown_rows(batch: BatchView) -> list[ShownRow]:
    """In their order; once all is over those first that did not go: somebody has to look at them."""
    first = {row.id for row in batch.refused} if batch.finished_at else set()
    return [shown_row(row) for row in sorted(batch.rows, key=lambda row: row.id not in first)]


def shown_list(batch: BatchView) -> ShownList | None:
    """The list of those that went, once it has its number; its file follows."""
    made = batch.document
    if made is None or made.number is None:
        return None
    title = f"{localized(Text(made.title, made.title_en))} {reference(made.number, made.series or '')}"
    address = url_for("official_files.document", code=made.record_code, document_id=made.id)
    return ShownList(title, address if made.has_file else None)


def back_of(batch: BatchView) -> dict[str, str]:
    return {"href": url_for(PAGES[batch.purpose]), "text": str(_BACK[batch.purpose])}


def _result(row: BatchRow) -> Tag:
    if row.outcome == "done":
        return Tag(_("Xong"), "green")
    return Tag(_("Chưa xong"), "yellow") if row.outcome == "refused" else Tag(_("Đang chờ"), "grey")
