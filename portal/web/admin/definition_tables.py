"""The parts of a definition as the rows of tables: card, papers, fees, form, steps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from portal.catalogue import words
from portal.catalogue.types import FeeRule, Field, FieldType, Paper, Procedure
from portal.catalogue.words import on_day, place, shown, way_on, word
from portal.web.admin.layout import Cell
from portal.web.languages import localized
from portal.web.translation import gettext as _
from portal.workflow.definition import Action, Step, Text


def said(value: Any) -> str:
    """A value of a definition in the language of the page."""
    return localized(shown(value))


def card_rows(procedure: Procedure) -> list[dict[str, str]]:
    """The card, as summary_list prints it."""
    pairs = [
        (_("Mã thủ tục"), procedure.code),
        (_("Tên thường gọi"), localized(procedure.everyday_name)),
        (_("Tên đơn, tờ khai"), localized(procedure.form_name)),
        (_("Giới thiệu"), localized(procedure.summary)),
        (_("Lĩnh vực"), localized(procedure.field_name)),
        (_("Nơi quyết định"), localized(procedure.decided_by)),
        (_("Nơi nhận hồ sơ"), ", ".join(localized(word(words.LEVELS, level)) for level in procedure.receivers)),
        (_("Thời hạn"), said(procedure.term)),
        (_("Gia hạn"), said(procedure.extension)),
        (_("Trả lời tiếp nhận"), _("%(hours)s giờ làm việc", hours=said(procedure.reception_hours))),
        (_("Bổ sung hồ sơ"), said(procedure.supplement)),
        (_("Kết quả"), said((procedure.result, *procedure.further_results))),
        (_("Nơi nhận kết quả để biết"), said(procedure.copies_to)),
        (_("Điều kiện"), said(procedure.requirements)),
        (_("Không cần nộp"), said(procedure.not_needed)),
        (_("Căn cứ pháp lý"), said(procedure.legal_basis)),
        (_("Từ tìm kiếm"), ", ".join(procedure.search_words)),
    ]
    return [{"key": key, "value": value} for key, value in pairs]


def paper_rows(procedure: Procedure) -> list[list[Cell]]:
    return [_paper(paper) for paper in procedure.papers]


def _paper(paper: Paper) -> list[Cell]:
    formats = ", ".join(name.upper() for name in paper.formats)
    needed = _("Bắt buộc") if paper.required else _("Nếu có")
    return [
        {"text": localized(paper.name), "note": localized(paper.hint)},
        {"text": needed, "note": _("khi %(condition)s", condition=paper.when.source) if paper.when else ""},
        {"text": f"{paper.copies} · {localized(word(words.PAPER_MODES, paper.mode))}"},
        {
            "text": _("%(formats)s, phải ký số", formats=formats) if paper.signed else formats,
            "note": _("nhiều nhất %(files)s tệp, mỗi tệp %(size)s MB", files=paper.max_files, size=paper.max_mb),
        },
        paper.replaced_by or "",
    ]


def fee_rows(procedure: Procedure) -> list[list[Cell]]:
    return [_fee(fee) for fee in procedure.fees]


def _fee(fee: FeeRule) -> list[Cell]:
    return [
        {"text": localized(fee.name), "note": localized(word(words.FEE_KINDS, fee.kind))},
        {"text": said(fee.amount), "note": localized(fee.note), "num": True},
        localized(word(words.MOMENTS, fee.moment)),
        fee.exempt_if.source if fee.exempt_if else "",
        {"text": _dates(fee), "num": True},
        fee.legal_basis,
    ]


def _dates(fee: FeeRule) -> str:
    start = localized(on_day(fee.valid_from)) if fee.valid_from else ""
    end = localized(on_day(fee.valid_to)) if fee.valid_to else ""
    if start and end:
        return _("%(start)s đến %(end)s", start=start, end=end)
    return _("từ %(start)s", start=start) if start else (_("đến %(end)s", end=end) if end else _("không ghi ngày"))


def form_rows(procedure: Procedure) -> list[dict[str, Any]]:
    """A table for each page of the form."""
    return [
        {
            "id": page.id,
            "title": localized(page.title),
            "rows": [row for field in page.fields for row in _field(field)],
            "checks": [
                {"condition": check.condition.source, "message": localized(check.message), "warns": check.warns}
                for check in page.checks
            ],
        }
        for page in procedure.pages
    ]


def _field(field: Field, above: str = "") -> Iterator[list[Cell]]:
    label = f"{above} › {localized(field.label)}" if above else localized(field.label)
    yield [
        {"text": label, "note": field.id},
        {"text": localized(word(words.FIELD_TYPES, field.type)), "note": _details(field)},
        _("Bắt buộc") if field.required else _("Nếu có"),
        field.when.source if field.when else "",
    ]
    for inner in field.fields:
        yield from _field(inner, label)


def _details(field: Field) -> str:
    parts = []
    if field.type is FieldType.CHOICE:
        parts.append(", ".join(localized(choice.label) for choice in field.choices))
    if field.minimum is not None:
        parts.append(_("từ %(least)s", least=said(field.minimum)))
    if field.maximum is not None:
        parts.append(_("đến %(most)s", most=said(field.maximum)))
    if field.max_length is not None:
        parts.append(_("nhiều nhất %(most)s ký tự", most=field.max_length))
    if field.suffix is not None:
        parts.append(localized(field.suffix))
    return " ".join(parts)


def step_rows(procedure: Procedure) -> list[list[Cell]]:
    """The approved internal procedure: a row a step, in the order of the file."""
    names = {step.id: step.name for step in procedure.process.steps.values()}
    return [_step(step, names) for step in procedure.process.steps.values()]


def _step(step: Step, names: dict[str, Text]) -> list[Cell]:
    return [
        {"text": localized(step.name), "note": step.id},
        {"text": localized(place(step.at)), "note": localized(word(words.ROLES, step.role)) if step.role else ""},
        {"text": _("%(hours)s giờ", hours=said(step.quota)) if step.quota else "", "note": _clock(step)},
        {"lines": [_action(action, names) for action in step.actions]},
    ]


def _clock(step: Step) -> str:
    said_clock = localized(word(words.CLOCKS, step.clock))
    return "; ".join([said_clock, *(said(timer) for timer in step.timers)])


def _action(action: Action, names: dict[str, Text]) -> dict[str, str]:
    condition = _(" (khi %(condition)s)", condition=action.when.source) if action.when else ""
    return {"text": localized(action.label), "note": f"→ {localized(way_on(action, names))}{condition}"}


def total_hours(procedure: Procedure) -> str:
    """The sum of all quotas on the statutory clock, in working hours."""
    return said(sum(step.quota for step in procedure.process.steps.values() if step.clock == "statutory"))
