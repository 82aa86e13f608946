"""Where open records stand, and how a bulk move or its rehearsal goes, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import url_for

from portal.catalogue.queries import PublishedProcedure
from portal.core import wording
from portal.core.actor import SYSTEM
from portal.records.moving_approval import ALONE, Weight
from portal.records.moving_queries import Moving, MovingReport, Refusal
from portal.web.admin.layout import Cell
from portal.web.languages import current_language, localized
from portal.web.translation import gettext as _
from portal.web.translation import ngettext
from portal.workflow.definition import Text


def said_number(count: int) -> str:
    return wording.number(count, language=current_language())


def said_moment(moment: datetime) -> str:
    return wording.short_moment(moment, language=current_language())


def standing_of(
    versions: Iterable[PublishedProcedure],
    records: Mapping[UUID, int],
    loads: Mapping[UUID, Mapping[str, int]],
    *,
    newest: int,
) -> list[dict[str, Any]]:
    """The versions that open records stand in, each with its steps in the order of the file."""
    return [
        {
            "title": _("Bản %(number)s", number=version.number),
            "records": _open(records[version.version_id]),
            "href": ""
            if version.number == newest
            else url_for("admin_moving.propose", code=version.procedure.code, number=version.number),
            "steps": [
                {"name": localized(step.name), "records": said_number(at[step.id])}
                for at in (loads.get(version.version_id, {}),)
                for step in version.procedure.process.steps.values()
                if at.get(step.id)
            ],
        }
        for version in versions
    ]


def moving_row(moving: Moving) -> list[Cell]:
    """One bulk move in the list of a procedure."""
    between = _("Bản %(old)s sang bản %(new)s", old=moving.old.number, new=moving.new.number)
    return [
        {"text": between, "href": url_for("admin_moving.show", moving_id=moving.id)},
        {"tag": state_tag(moving)},
        moving.requested_by_name or SYSTEM.name,
        {"text": said_moment(moving.requested_at), "num": True},
    ]


def sent_row(moving: Moving) -> list[Cell]:
    """One move that waits for a second administrator, in the list of all procedures."""
    about = {"old": moving.old.number, "new": moving.new.number, "code": moving.old.procedure.code}
    note = _("%(code)s, bản %(old)s sang bản %(new)s", **about)
    return [
        {
            "text": localized(moving.old.procedure.name),
            "href": url_for("admin_moving.show", moving_id=moving.id),
            "note": note,
        },
        moving.requested_by_name,
        {"text": said_moment(moving.sent_at or moving.requested_at), "num": True},
    ]


def state_tag(moving: Moving) -> dict[str, str]:
    """What components/tag.html prints."""
    if moving.finished_at is None:
        words = (
            _("Đang thử") if moving.is_rehearsal else _("Đang chuyển lại") if moving.reverted_at else _("Đang chuyển")
        )
        return {"text": words, "colour": "blue"}
    if moving.sent_at:
        return {"text": _("Chờ người thứ hai duyệt"), "colour": "blue"}
    if moving.is_stopped:
        return {"text": _("Đã dừng giữa chừng"), "colour": "orange"}
    if moving.is_rehearsal:
        return {"text": _("Thử, chưa đổi gì"), "colour": "yellow"}
    if moving.reverted_at:
        return {"text": _("Đã chuyển lại"), "colour": "grey"}
    return {"text": _("Đã chuyển"), "colour": "green"}


def link_to(moving: Moving | None) -> dict[str, str] | None:
    """To the move that keeps others waiting."""
    if moving is None:
        return None
    return {"text": _("Xem lần chuyển đang chạy"), "href": url_for("admin_moving.show", moving_id=moving.id)}


def heading_of(moving: Moving) -> str:
    words = {"old": moving.old.number, "new": moving.new.number}
    if moving.is_rehearsal:
        return _("Thử chuyển hồ sơ từ bản %(old)s sang bản %(new)s", **words)
    return _("Chuyển hồ sơ từ bản %(old)s sang bản %(new)s", **words)


def who_sentence(moving: Moving) -> str:
    """Who asked, approved, led back and stopped, and when."""
    name, moment = moving.requested_by_name or SYSTEM.name, said_moment(moving.requested_at)
    if moving.approved_by_name:
        about = {"name": name, "second": moving.approved_by_name, "moment": moment}
        said = [_("%(name)s chuẩn bị, %(second)s duyệt và bắt đầu lúc %(moment)s.", **about)]
    else:
        said = [_("%(name)s bắt đầu lúc %(moment)s.", name=name, moment=moment)]
    later = []
    if moving.reverted_at:
        name, moment = moving.reverted_by_name or SYSTEM.name, said_moment(moving.reverted_at)
        later.append((moving.reverted_at, _("%(name)s chuyển lại lúc %(moment)s.", name=name, moment=moment)))
    if moving.stopped_at:
        name, moment = moving.stopped_by_name or SYSTEM.name, said_moment(moving.stopped_at)
        later.append((moving.stopped_at, _("%(name)s dừng lúc %(moment)s.", name=name, moment=moment)))
    return " ".join([*said, *(sentence for _at, sentence in sorted(later))])


def why_second(moving: Moving, weight: Weight) -> str:
    """Why one administrator does not decide alone."""
    most, new = said_number(ALONE), moving.new.number
    if weight.is_many and weight.is_breaking:
        return _("Lần chuyển này đổi hơn %(most)s hồ sơ và bản %(new)s có chỗ phá vỡ.", most=most, new=new)
    if weight.is_many:
        return _("Lần chuyển này đổi hơn %(most)s hồ sơ.", most=most)
    return _("Bản %(new)s có chỗ phá vỡ so với bản %(old)s.", new=new, old=moving.old.number)


def progress_of(moving: Moving, report: MovingReport) -> dict[str, Any]:
    """How far it has come: the sentence, and two numbers for the bar. Nothing is counted before records are found."""
    if moving.batches is None:
        return {"sentence": _("Đang tìm hồ sơ đang giải quyết theo bản %(old)s.", old=moving.old.number)}
    total, done = report.total, report.total - report.waiting
    if moving.reverted_at:
        total, done = report.moved + report.reverted + report.kept, report.reverted + report.kept
    counts = {"done": said_number(done), "total": said_number(total)}
    if moving.is_rehearsal:
        sentence = _("Đang thử: %(done)s trên %(total)s hồ sơ.", **counts)
    elif moving.reverted_at:
        sentence = _("Đang chuyển lại: %(done)s trên %(total)s hồ sơ.", **counts)
    else:
        sentence = _("Đang chuyển: %(done)s trên %(total)s hồ sơ.", **counts)
    return {"sentence": sentence, "done": done, "total": total}


def counts_of(moving: Moving, report: MovingReport) -> list[dict[str, str]]:
    """The figures of a rehearsal or a report, as components/facts.html prints them; what is none is left out but for
    the first two."""
    old, new = moving.old.number, moving.new.number
    if moving.is_rehearsal:
        untried = (_("Chưa thử"), report.waiting, _("dừng trước khi tới"))
        refused = (_("Sẽ ở lại bản %(old)s", old=old), report.refused, "")
        return _facts([(_("Chuyển được"), report.fits, ""), refused, untried])
    stays = (_("Ở lại bản %(old)s", old=old), report.refused, "")
    gone = (_("Không chuyển"), report.gone, _("đã kết thúc hoặc đã đổi bản trước khi tới lượt"))
    unreached = (_("Chưa tới lượt"), report.waiting, _("dừng trước khi tới, ở lại bản %(old)s", old=old))
    if moving.reverted_at:
        back = (_("Đã về bản %(old)s", old=old), report.reverted, "")
        kept = (_("Giữ bản %(new)s", new=new), report.kept, _("đã có việc mới sau khi chuyển"))
        left = (_("Chưa tới lượt"), report.moved, _("dừng trước khi tới, giữ bản %(new)s", new=new))
        return _facts([back, kept, left, stays, gone])
    return _facts([(_("Đã chuyển"), report.moved, ""), stays, gone, unreached])


def staying_row(refusal: Refusal) -> list[Cell]:
    """A record that stays, and each of its reasons."""
    return [{"text": refusal.code, "num": True}, {"text": " ".join(map(localized, refusal.reasons))}]


def reason_row(reason: Text, count: int) -> list[Cell]:
    return [localized(reason), {"text": said_number(count), "num": True}]


def outcome_word(outcome: str, moving: Moving) -> str:
    """What has become of one record, for the spreadsheet."""
    old, new = moving.old.number, moving.new.number
    return {
        "fits": _("Chuyển được"),
        "moved": _("Đã chuyển"),
        "refused": _("Ở lại bản %(old)s", old=old),
        "gone": _("Không chuyển"),
        "reverted": _("Đã về bản %(old)s", old=old),
        "kept": _("Giữ bản %(new)s", new=new),
    }[outcome]


def _facts(counts: Iterable[tuple[str, int, str]]) -> list[dict[str, str]]:
    shown = [one for index, one in enumerate(counts) if index < 2 or one[1]]
    return [{"term": term, "text": _records(count), "note": note} for term, count, note in shown]


def _records(count: int) -> str:
    return ngettext("%(count)s hồ sơ", "%(count)s hồ sơ", count, count=said_number(count))


def _open(count: int) -> str:
    return ngettext(
        "%(count)s hồ sơ đang giải quyết", "%(count)s hồ sơ đang giải quyết", count, count=said_number(count)
    )
