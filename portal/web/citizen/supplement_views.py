"""What the pages of a supplement show: the items that were asked, how far they are, and what stands beside each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for

from portal.core import wording
from portal.core.errors import NotFound
from portal.records.models import Supplement
from portal.records.supplements import AS_IT_IS, FILES, VALUE
from portal.web.citizen.answer_words import AnswerWords
from portal.web.citizen.own_record import OwnRecord
from portal.web.citizen.supplement_forms import field_of
from portal.web.item_names import item_name
from portal.web.languages import current_language, localized
from portal.web.translation import gettext as _


def asked(own: OwnRecord) -> Supplement:
    """The request that waits. Raises NotFound."""
    waiting = own.file.open_supplement
    if waiting is None:
        raise NotFound("Không có yêu cầu bổ sung nào đang chờ. Mở hồ sơ để xem.")
    return waiting


def items_shown(own: OwnRecord) -> dict[str, Any]:
    """The context of citizen/supplement.html."""
    waiting, status = asked(own), own.status()
    return {
        "code": own.code,
        "subject": localized(own.view.subject),
        "heading": status.heading,
        "asker": localized(own.directory.unit(waiting.unit_id)),
        "stands_still": own.view.is_paused,
        "unpaid": sum(fee.amount for fee in own.file.fees if fee.moment == "supplement" and not fee.paid_at),
        "items": [_row(own, item) for item in waiting.items],
        "is_ready": all(item["answer"] for item in waiting.items),
    }


def shown_item(own: OwnRecord, item: Mapping[str, Any]) -> dict[str, Any]:
    """The context of citizen/supplement_item.html."""
    return {
        "code": own.code,
        "item": item,
        "item_title": item_name(own.procedure, item),
        "supplied": _supplied(own, item) if item["kind"] == "paper" else [],
        "value": _value(own, item) if item["kind"] == "field" else "",
        "kept": _answered(item, own),
        "kept_files": (item["answer"] or {}).get(FILES, []),
    }


def _row(own: OwnRecord, item: Mapping[str, Any]) -> dict[str, str]:
    answered = _answered(item, own)
    return {
        "title": item_name(own.procedure, item),
        "href": _href(own, item),
        "hint": answered or item["reason"],
        "status": _("Xong") if answered else _("Chưa làm"),
        "colour": "" if answered else "blue",
    }


def _href(own: OwnRecord, item: Mapping[str, Any]) -> str:
    if item["kind"] == "paper":
        return url_for("supplement.paper", code=own.code, slot=item["id"])
    return url_for("supplement.correction", code=own.code, field_id=item["id"])


def _answered(item: Mapping[str, Any], own: OwnRecord) -> str:
    """The kept answer in words, or nothing."""
    answer = item["answer"]
    if not answer:
        return ""
    if AS_IT_IS in answer:
        return _("Giữ như đã nộp: %(why)s", why=answer[AS_IT_IS])
    if FILES in answer:
        return _("Tệp mới: %(names)s", names=", ".join(file["file_name"] for file in answer[FILES]))
    return _("Sửa thành: %(value)s", value=AnswerWords(own.directory).of(field_of(own, item["id"]), answer[VALUE]))


def _supplied(own: OwnRecord, item: Mapping[str, Any]) -> list[dict[str, str]]:
    return [
        {
            "name": paper.file_name,
            "day": wording.short_day(paper.supplied_at, language=current_language()),
            "href": url_for("record_files.paper", code=own.code, paper_id=paper.id),
            "picture": url_for("record_files.paper_page", code=own.code, paper_id=paper.id, number=1),
        }
        for paper in own.file.papers_of(item["id"])
    ]


def _value(own: OwnRecord, item: Mapping[str, Any]) -> str:
    return AnswerWords(own.directory).of(field_of(own, item["id"]), own.file.record.answers.get(item["id"]))
