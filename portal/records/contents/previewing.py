"""Documents that nobody has made: a letter before it is asked for, the control slip up to now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import datetime
from uuid import UUID

from markupsafe import Markup

from portal.catalogue.document_names import DOCUMENT_NAMES
from portal.core import clock
from portal.core.actor import Actor
from portal.core.references import new_id
from portal.documents.contents import storable
from portal.documents.rendering import render, shown_part
from portal.records.contents.control_slip import control_slip
from portal.records.contents.forms import form02
from portal.records.contents.writing import Writing
from portal.records.desk import Desk
from portal.records.models import RecordEvent, Supplement
from portal.records.record_file import DocumentView, RecordFile
from portal.records.types import SupplementItem, TaskRow
from portal.workflow.deadlines import duration_after


def supplement_letter(
    desk: Desk, task: TaskRow, items: Iterable[SupplementItem], *, actor: Actor, now: datetime
) -> Markup:
    """The request as it would be sent at once; its day, its signature and the day to answer by come when it is sent."""
    unit_id = task.unit_id or desk.file.record.received_unit_id
    wait = desk.grounds.procedure.supplement.wait
    asked = Supplement(
        unit_id=unit_id,
        sheet=max((request.sheet for request in desk.file.supplements), default=0) + 1,
        items=[asdict(item) for item in items],
        contact=actor.name,
        answer_by=clock.local_day(duration_after(now, wait, calendar=desk.grounds.calendar)) if wait else None,
    )
    file = replace(desk.file, supplements=(*desk.file.supplements, asked))
    return shown_part("form02", form02(_unmade(desk, "form02", unit_id, file=file, now=now)))


def control_slip_now(desk: Desk, *, now: datetime) -> bytes:
    """The control slip as PDF, up to this moment: no row is made of it, because it says another thing tomorrow."""
    record = desk.file.record
    writing = _unmade(desk, "control_slip", record.received_unit_id, file=desk.file, now=now)
    content = storable("control_slip", control_slip(writing))
    return render("control_slip", content, title=DOCUMENT_NAMES["slip"][0], record_id=record.id)


def _unmade(desk: Desk, template: str, unit_id: UUID, *, file: RecordFile, now: datetime) -> Writing:
    """What a document may quote that nobody has made."""
    document = DocumentView(
        id=new_id(),
        unit_id=unit_id,
        kind="notice",
        template=template,
        title="",
        title_en="",
        for_applicant=True,
        series=None,
        year=None,
        number=None,
        drafted_by=None,
        drafted_at=None,
        signed_by=None,
        signed_at=None,
        issued_at=None,
        valid_until=None,
        created_at=now,
        file_digest=None,
        rendered_at=None,
    )
    return Writing(
        file=file,
        document=document,
        event=RecordEvent(at=now, actor_id=None, unit_id=unit_id),
        procedure=desk.grounds.procedure,
        directory=desk.grounds.directory,
        official=lambda person_id, unit_id: None,
    )
