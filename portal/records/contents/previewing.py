"""A letter before it is asked for: what the form would say if the action were taken now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import datetime

from markupsafe import Markup

from portal.core import clock
from portal.core.actor import Actor
from portal.core.references import new_id
from portal.documents.rendering import shown_part
from portal.records.contents.forms import form02
from portal.records.contents.writing import Writing
from portal.records.desk import Desk
from portal.records.models import RecordEvent, Supplement
from portal.records.record_file import DocumentView
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
    document = DocumentView(
        id=new_id(),
        unit_id=unit_id,
        kind="notice",
        template="form02",
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
    content = form02(
        Writing(
            file=replace(desk.file, supplements=(*desk.file.supplements, asked)),
            document=document,
            event=RecordEvent(at=now, actor_id=None, unit_id=unit_id),
            procedure=desk.grounds.procedure,
            directory=desk.grounds.directory,
            official=lambda person_id, unit_id: None,
        )
    )
    return shown_part("form02", content)
