"""What an event says beside its form: answers that the applicant corrected, rows that were granted or refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from portal.catalogue.types import Field
from portal.core.wording import moment
from portal.records.consent import WITHDRAWN
from portal.records.decisions import DECISIONS
from portal.records.desk import Desk
from portal.records.models import RecordEvent
from portal.web.languages import current_language, localized
from portal.web.official.answer_tables import shown_value
from portal.web.translation import gettext as _
from portal.web.translation import ngettext
from portal.workflow.definition import Text


def event_notes(desk: Desk, event: RecordEvent) -> list[str]:
    """Sentences for the time line."""
    found = (
        _corrected(desk, event),
        _decided(event),
        _copied(event),
        _skipped(desk, event),
        _no_longer_spared(desk, event),
        _visit(event),
        _compared(event),
    )
    return [note for notes in found for note in notes]


def _visit(event: RecordEvent) -> Iterator[str]:
    """When the applicant comes, or was to come."""
    said, was = ((event.details.get(name) or "") for name in ("visit_at", "was_visit_at"))
    if said:
        yield _("Giờ hẹn: %(moment)s.", moment=moment(datetime.fromisoformat(said), language=current_language()))
    if was:
        yield _("Trước đó: %(moment)s.", moment=moment(datetime.fromisoformat(was), language=current_language()))


def _compared(event: RecordEvent) -> Iterator[str]:
    """Which scan was held against which original."""
    if event.kind == "scan_compared":
        pages = ngettext("%(num)s trang", "%(num)s trang", event.details["pages"])
        yield _("Giấy tờ %(number)s: %(pages)s.", number=event.details["row"] + 1, pages=pages)
        yield _("SHA-256 của bản chụp: %(digest)s.", digest=event.details["digest"])


def _skipped(desk: Desk, event: RecordEvent) -> Iterator[str]:
    """Opinions that the office would have asked of itself."""
    for skipped in event.details.get("skipped", ()):
        step = desk.grounds.procedure.process.steps.get(skipped["step"])
        name = localized(step.stop or step.name) if step else skipped["name"]
        yield _("Không phải hỏi: %(step)s, vì nơi hỏi cũng là nơi góp ý.", step=name)


def _corrected(desk: Desk, event: RecordEvent) -> Iterator[str]:
    before, after = event.details.get("before") or {}, event.details.get("form") or {}
    fields: dict[str, Field] = {field.id: field for page in desk.grounds.procedure.pages for field in page.fields}
    for name in before:
        if name in fields:
            values = [
                shown_value(fields[name], value, desk.grounds.directory) if value not in (None, "", []) else "…"
                for value in (before[name], after.get(name))
            ]
            label = localized(fields[name].label)
            yield _("%(label)s: %(old)s sửa thành %(new)s.", label=label, old=values[0], new=values[1])


def _copied(event: RecordEvent) -> Iterator[str]:
    """Who received a copy; the same agency may have one of each document."""
    found = [Text(copy["name"], copy.get("name_en") or "") for copy in event.details.get("copies") or []]
    if names := dict.fromkeys(localized(name) for name in found):
        yield _("Gửi để biết: %(names)s.", names=", ".join(names))


def _decided(event: RecordEvent) -> Iterator[str]:
    decisions = (event.details.get("form") or {}).get(DECISIONS) or []
    refused = [(number, one) for number, one in enumerate(decisions, start=1) if not one.get("granted")]
    if decisions:
        yield _("Cấp %(granted)s trên %(all)s mục.", granted=len(decisions) - len(refused), all=len(decisions))
    for number, one in refused:
        yield _("Không cấp mục %(number)s: %(reason)s", number=number, reason=one.get("reason", ""))


def _no_longer_spared(desk: Desk, event: RecordEvent) -> Iterator[str]:
    slots = event.details.get("papers") if event.kind == WITHDRAWN else None
    names = [localized(paper.name) for paper in desk.grounds.procedure.papers if paper.id in (slots or ())]
    if names:
        yield _("Giấy cần yêu cầu bổ sung: %(papers)s.", papers="; ".join(names))
