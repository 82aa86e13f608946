"""The hot writes: plain statements, built once, sent together in one trip.

A bind parameter never has the name of a column of the table it updates: Core would add that column to SET.
"""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import (
    TIMESTAMP,
    Boolean,
    Date,
    Integer,
    Select,
    Table,
    Text,
    Uuid,
    bindparam,
    func,
    insert,
    literal,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.sql.elements import ColumnElement

from portal.records.models import (
    Opinion,
    Record,
    RecordEvent,
    RecordPaper,
    RecordSeries,
    Supplement,
    Task,
)

RECORD = cast(Table, Record.__table__)
TASK = cast(Table, Task.__table__)
EVENT = cast(Table, RecordEvent.__table__)
SERIES = cast(Table, RecordSeries.__table__)

OPEN_TASK = insert(TASK)
APPEND_EVENT = insert(EVENT)
ADD_PAPER = insert(cast(Table, RecordPaper.__table__))
ADD_SUPPLEMENT = insert(cast(Table, Supplement.__table__))
ADD_OPINION = insert(cast(Table, Opinion.__table__))

CLOSE_TASK = (
    update(TASK)
    .where(TASK.c.id == bindparam("closing_id"))
    .values(
        closed_at=bindparam("moment"),
        closed_by=bindparam("person"),
        closed_by_name=bindparam("person_name"),
        outcome=bindparam("action"),
    )
)
CLOSE_TASK_AGAIN = text("""
WITH forerunner AS (UPDATE task SET standing = false WHERE id = :forerunner_id RETURNING times)
UPDATE task SET closed_at = :moment, closed_by = :person, closed_by_name = :person_name, outcome = :action,
  times = 1 + coalesce((SELECT times FROM forerunner), 0)
WHERE id = :closing_id
""")
"""Like CLOSE_TASK, where a task has ended in the same way before: it is read no more, and its number goes on."""
CANCEL_TASKS = select(
    func.app.cancel_tasks(
        bindparam("wanted", type_=Uuid()),
        bindparam("moment", type_=TIMESTAMP(timezone=True)),
        bindparam("person", type_=Uuid()),
        bindparam("person_name", type_=Text()),
    )
)
RECALL_TASK = select(
    func.app.recall_task(
        bindparam("closing_id", type_=Uuid()),
        bindparam("moment", type_=TIMESTAMP(timezone=True)),
        bindparam("person", type_=Uuid()),
        bindparam("person_name", type_=Text()),
    )
)
TELL_OPINION = select(func.app.tell_opinion(bindparam("wanted", type_=Uuid())))
TELL_TASKS = select(
    func.app.tell_tasks(
        bindparam("wanted", type_=Uuid()),
        bindparam("promised", type_=TIMESTAMP(timezone=True)),
        bindparam("stands_still", type_=Boolean()),
    )
)
MOVE_RECORD = (
    update(RECORD)
    .where(RECORD.c.id == bindparam("moving_id"))
    .values(
        state=bindparam("to_state"),
        outcome=bindparam("to_outcome"),
        version=bindparam("to_version"),
        unit_ids=bindparam("to_units", type_=ARRAY(Uuid())),
        accepted_at=bindparam("to_accepted"),
        due_at=bindparam("to_due"),
        paused_at=bindparam("to_paused"),
        pauses=bindparam("to_pauses", type_=JSONB()),
        due_changes=bindparam("to_due_changes", type_=JSONB()),
        finished_at=bindparam("to_finished"),
        closed_at=bindparam("to_closed"),
        supplements=bindparam("to_supplements"),
    )
)


def _next_number() -> Any:
    """The next number of a receiving unit on a day: the row is locked from here to COMMIT, so no hole and no twin."""
    return (
        upsert(SERIES)
        .values(
            unit_id=bindparam("series_unit", type_=Uuid()),
            day=bindparam("series_day", type_=Date()),
            last=literal(1, Integer()),
        )
        .on_conflict_do_update(index_elements=[SERIES.c.unit_id, SERIES.c.day], set_={"last": SERIES.c.last + 1})
        .returning(SERIES.c.last)
        .cte("taken")
    )


def _code(last: ColumnElement[int]) -> ColumnElement[str]:
    """The printed code; from the 10,000th of a day the number grows wider, it never starts again."""
    printed = func.lpad(last.cast(Text), func.greatest(4, func.length(last.cast(Text))), "0")
    return bindparam("code_start", type_=Text()).concat(printed)


def _insert_record() -> Any:
    taken = _next_number()
    given = [column for column in RECORD.c if column.name != "code"]
    row: Select[Any] = select(
        *(bindparam(f"new_{column.name}", type_=column.type).label(column.name) for column in given),
        _code(taken.c.last).label("code"),
    ).select_from(taken)
    names = [column.name for column in given] + ["code"]
    return insert(RECORD).from_select(names, row, include_defaults=False).add_cte(taken)


INSERT_RECORD = _insert_record()

_task_values = [column for column in TASK.c if column.name not in ("record_code", "times", "standing")]
OPEN_FIRST_TASK = insert(TASK).from_select(
    [column.name for column in _task_values] + ["record_code"],
    select(
        *(bindparam(f"new_{column.name}", type_=column.type).label(column.name) for column in _task_values),
        RECORD.c.code,
    ).where(RECORD.c.id == bindparam("new_record_id", type_=Uuid())),
    include_defaults=False,
)

MARK_DRAFT_SUBMITTED = text("UPDATE draft SET submitted_at = :moment WHERE id = :draft")
SEND_SUPPLEMENT = text("UPDATE supplement SET sent_at = :moment, answer_by = :answer_by WHERE id = :wanted")
SHOW_REQUEST = text("""
UPDATE document SET for_applicant = true, issued_at = :moment WHERE NOT for_applicant AND id = (
  SELECT id FROM document WHERE record_id = :record AND kind = 'form02' ORDER BY created_at DESC, id DESC LIMIT 1)
""")
"""A request that was signed belongs to the applicant, and carries its day, from the moment it is sent."""
ANSWER_SUPPLEMENT = text(
    "UPDATE supplement SET answered_at = :moment, items = :answered WHERE id = :wanted"
).bindparams(bindparam("answered", type_=JSONB()))
CANCEL_SUPPLEMENT = text("UPDATE supplement SET cancelled_at = :moment WHERE id = :wanted")
REPLACE_PAPERS = text(
    "UPDATE record_paper SET replaced_at = :moment WHERE record_id = :wanted AND slot = :slot AND replaced_at IS NULL"
)
CORRECT_ANSWERS = text("UPDATE record SET answers = answers || :corrected WHERE id = :wanted").bindparams(
    bindparam("corrected", type_=JSONB())
)
FINISH_OPINION = text(
    "UPDATE opinion SET final_at = :moment "
    "WHERE record_id = :wanted AND consultation = :consultation AND final_at IS NULL AND unit_id = ANY (:units) "
    "AND given_at >= :since"
).bindparams(bindparam("units", type_=ARRAY(Uuid())))
