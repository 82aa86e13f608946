"""The control slip: what the events say of who had the record from when to when."""

from __future__ import annotations

from portal.core import clock
from portal.documents import form_types as types
from portal.records.contents.writing import Writing, applicant, counter_head
from portal.records.grounds import deciding_unit
from portal.records.hand_overs import hand_overs_of


def control_slip(writing: Writing) -> types.ControlSlip:
    record = writing.file.record
    asked = (task.unit_id for task in writing.file.tasks if task.consultation and task.unit_id)
    return types.ControlSlip(
        **counter_head(writing, made_at=writing.event.at),
        record_code=record.code,
        procedure_name=writing.procedure.name.vi,
        applicant=applicant(writing),
        responsible=_responsible(writing),
        cooperating=list(dict.fromkeys(writing.directory.unit(unit_id).name for unit_id in asked)),
        received_at=record.accepted_at or record.submitted_at,
        due_at=record.due_at,
        hand_overs=hand_overs_of(writing.file, writing.procedure),
    )


def _responsible(writing: Writing) -> str:
    """The body that decides at the place of the matter; in general words where there is none."""
    record, day = writing.file.record, clock.local_day(writing.file.record.submitted_at)
    deciding = deciding_unit(writing.procedure, writing.directory, place=record.place, day=day)
    return writing.directory.unit(deciding).name if deciding else writing.procedure.decided_by.vi
