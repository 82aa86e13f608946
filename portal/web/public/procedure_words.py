"""A procedure in the words of its pages: how long, how much, what to prepare, on which law it stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from portal.catalogue.queries import PublishedProcedure
from portal.catalogue.types import FeeRule, Paper, Procedure, Stage, Term
from portal.core import clock
from portal.core.text import raised
from portal.core.wording import day, number, short_day, vnd
from portal.records.collecting import must_come
from portal.web.languages import current_language, localized, path
from portal.web.translation import gettext as _
from portal.web.translation import ngettext


def row_of(procedure: Procedure) -> dict[str, str]:
    """One line of a list: the everyday name leads, the legal one follows."""
    return {
        "name": localized(procedure.everyday_name),
        "href": path(f"/thu-tuc/{procedure.code}"),
        "note": f"{term_words(procedure.term)} · {fee_words(_fees(procedure))}",
        "legal_name": localized(procedure.name),
    }


def page_of(published: PublishedProcedure, *, due_at: datetime) -> dict[str, Any]:
    """What the page of a procedure shows; `due_at` is when the result is due of what is submitted now."""
    procedure = published.procedure
    return {
        "name": localized(procedure.name),
        "lead": localized(procedure.summary),
        "code": procedure.code,
        "updated": short_day(published.published_at, language=current_language()),
        "crumbs": [
            {"text": _("Thủ tục"), "href": path("/thu-tuc")},
            {"text": localized(procedure.field_name), "href": path(f"/thu-tuc?linh-vuc={procedure.field}")},
        ],
        "facts": facts_of(procedure, due_at=due_at),
        "papers": [paper_words(paper, procedure) for paper in _listed(procedure) if is_always_asked(paper)],
        "papers_sometimes": [
            paper_words(paper, procedure) for paper in _listed(procedure) if not is_always_asked(paper)
        ],
        "not_needed": ", ".join(localized(text) for text in procedure.not_needed),
        "start_href": path(f"/thu-tuc/{procedure.code}/bat-dau"),
        "process_href": path(f"/thu-tuc/{procedure.code}/quy-trinh"),
        "form_name": localized(procedure.form_name),
        "form_href": path(f"/thu-tuc/{procedure.code}/to-khai.pdf"),
        "minutes": procedure.minutes,
        "collecting": collecting_words(procedure),
        "conditions": [localized(text) for text in procedure.requirements],
        "duties": [localized(duty.name) for duty in procedure.after],
        "other_ways": other_ways(procedure),
        "legal_basis": procedure.legal_basis,
    }


def collecting_words(procedure: Procedure) -> list[str]:
    """What must be known before one goes for the result."""
    said = []
    if must_come(procedure.process):
        said.append(_("Người nộp đến nhận trực tiếp tại bộ phận một cửa đã chọn, mang giấy tờ tùy thân."))
        said.append(_("Người khác đến thay thì mang giấy ủy quyền, hoặc giấy tờ chứng minh quan hệ."))
    taken = [localized(paper.name) for paper in procedure.papers if paper.mode == "surrender"]
    if taken:
        said.append(_("Mang theo để nộp lại khi nhận kết quả: %(papers)s.", papers="; ".join(taken)))
    return said


def facts_of(procedure: Procedure, *, due_at: datetime) -> list[dict[str, str]]:
    """The four answers that people come for."""
    submitted_today = _("nộp hôm nay, dự kiến trả %(day)s", day=day(due_at, language=current_language()))
    months = procedure.result.validity_months
    valid = months if isinstance(months, int) else None  # else the answers say how long
    fee_notes = [localized(fee.note) for fee in _fees(procedure) if fee.note and isinstance(fee.amount, int)]
    fee_notes += [localized(reduced.note) for fee in _fees(procedure) for reduced in fee.reductions_on(_today())]
    fee_notes += [localized(fee.refund_note) for fee in _fees(procedure) if fee.refund_note]
    return [
        {"term": _("Thời gian"), "text": raised(term_words(procedure.term)), "note": submitted_today},
        {"term": _("Lệ phí"), "text": raised(fee_words(_fees(procedure))), "note": "; ".join(fee_notes)},
        {"term": _("Nơi quyết định"), "text": localized(procedure.decided_by), "note": ""},
        {
            "term": _("Kết quả"),
            "text": localized(procedure.result.name),
            "note": validity_words(valid) if valid else "",
        },
    ]


def validity_words(months: int) -> str:
    """How long a result is valid: whole years from two on, as people say it."""
    if months >= 24 and months % 12 == 0:
        return _("có hiệu lực %(years)s năm", years=months // 12)
    return _("có hiệu lực %(months)s tháng", months=months)


def _fees(procedure: Procedure) -> tuple[FeeRule, ...]:
    return procedure.fees_on(_today())


def _today() -> date:
    return clock.local_day(clock.now())


def term_words(term: Term) -> str:
    """`15 ngày làm việc`, `trong ngày`; a term in stages is the sum of its stages, each kind of day for itself."""
    lengths: dict[str, Decimal] = defaultdict(Decimal)
    parts: Iterable[Stage | Term] = term.stages or (term,)
    for part in parts:
        lengths[part.unit] += part.value
    return _(" và ").join(_length(value, unit) for unit, value in lengths.items())


def fee_words(fees: Iterable[FeeRule]) -> str:
    """`75.000 đồng`, `không mất phí`; where the sum depends on the answers, how it is counted."""
    rules = list(fees)
    fixed = [fee.amount for fee in rules if isinstance(fee.amount, int)]
    counted = [fee for fee in rules if not isinstance(fee.amount, int)]
    words = [vnd(sum(fixed), language=current_language())] if sum(fixed) else []
    words += [localized(fee.note) or _("tùy hồ sơ") for fee in counted]
    return "; ".join(words) or _("không mất phí")


def is_always_asked(paper: Paper) -> bool:
    return (paper.required or paper.one_of is not None) and paper.when is None


def paper_words(paper: Paper, procedure: Procedure) -> dict[str, str]:
    """Name of a paper and what is accepted, instead of it too; there is no model to download yet."""
    said = [localized(paper.hint)] if paper.hint else []
    instead = [localized(other.name) for other in procedure.papers if paper.one_of and other.one_of == paper.one_of]
    if instead[1:]:
        said = [_("Hoặc một trong các giấy: %(papers)s", papers="; ".join(instead[1:]))]
    if paper.mode == "submit":
        formats = ", ".join(name.upper() for name in paper.formats)
        if paper.signed:
            said.append(_("Tệp PDF đã ký số, tối đa %(limit)s MB", limit=paper.max_mb))
        else:
            said.append(_("Tệp %(formats)s, tối đa %(limit)s MB", formats=formats, limit=paper.max_mb))
    return {"name": localized(paper.name), "text": ". ".join(said), "href": "", "link": ""}


def _listed(procedure: Procedure) -> list[Paper]:
    """The papers, of those of which one is enough the first only: it names the others."""
    sets: set[str] = set()
    listed = []
    for paper in procedure.papers:
        if paper.one_of is None or paper.one_of not in sets:
            listed.append(paper)
        sets |= {paper.one_of} if paper.one_of else set()
    return listed


def other_ways(procedure: Procedure) -> list[str]:
    """How to file without a screen of one's own."""
    levels = {"commune": _("phường, xã"), "district": _("quận, huyện"), "city": _("thành phố")}
    named = ", ".join(levels.get(level, level) for level in procedure.receivers)
    return [
        _("Nộp tại bộ phận một cửa: %(levels)s. Cán bộ giúp điền và quét giấy tờ, không mất thêm phí.", levels=named),
        _("Nhờ người khác nộp: người đó mang giấy ủy quyền và căn cước của mình."),
    ]


def _length(value: Decimal, unit: str) -> str:
    if unit == "same_day":
        return _("trong ngày")
    count = int(value) if value == int(value) else value
    shown = number(value, language=current_language())
    if unit == "working_days":
        return ngettext("%(shown)s ngày làm việc", "%(shown)s ngày làm việc", int(count), shown=shown)
    if unit == "working_hours":
        return ngettext("%(shown)s giờ làm việc", "%(shown)s giờ làm việc", int(count), shown=shown)
    return ngettext("%(shown)s ngày", "%(shown)s ngày", int(count), shown=shown)
