"""Automatic steps: asking a register, and acting on its answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from portal.catalogue import queries as catalogue
from portal.core.actor import SYSTEM
from portal.core.errors import Conflict
from portal.core.unit_of_work import reading, unit_of_work
from portal.integration import registers
from portal.integration.types import AnswerKind, RegisterAnswer
from portal.jobs.service import owe
from portal.jobs.types import Handler
from portal.records import queries as records
from portal.records import service
from portal.records.consent import ABOUT_PERSONS
from portal.records.record_file import get_record_file_by_id
from portal.records.types import ActionAnswers

AGAIN_AFTER = timedelta(minutes=5)
"""A register that is down is asked again as long as the task is open; a timer of the step ends the waiting."""
NOT_ALLOWED = RegisterAnswer(AnswerKind.MISMATCH, reason="Người nộp không cho lấy dữ liệu dân cư. Xem giấy tờ đã nộp.")


def call_register(arguments: Mapping[str, str], *, now: datetime) -> None:
    """Ask the register of an automatic task, and close the task with its answer.

    The task's key is the question's number: a second run gets the same answer and finds the task closed.
    """
    task_id, turn = UUID(arguments["task_id"]), int(arguments.get("turn", "0"))
    with reading(SYSTEM) as session:
        task = records.get_task(session, task_id)
        record = get_record_file_by_id(session, task.record_id).record
        procedure = catalogue.version(session, record.version_id).procedure
    call = procedure.process.step(task.step).automatic
    if task.closed_at is not None or call is None:
        return
    if call.call in ABOUT_PERSONS and record.consented_at is None:
        answer = NOT_ALLOWED
    else:
        answer = registers.ask(call.call, {"form": record.answers}, number=str(task_id), now=now)
    if answer.kind is AnswerKind.UNAVAILABLE:
        _ask_again(task_id, turn=turn + 1, now=now)
        return
    try:
        with unit_of_work(SYSTEM) as session:
            service.act_on_task(
                session,
                task_id,
                answer.kind.value,
                actor=SYSTEM,
                now=now,
                answers=ActionAnswers(form={"code": answer.code} if answer.code else {}, reason=answer.reason),
            )
    except Conflict:
        return  # a timer or a person was faster; the answer is no longer wanted


def _ask_again(task_id: UUID, *, turn: int, now: datetime) -> None:
    with unit_of_work(SYSTEM) as session:
        owe(
            session,
            "call_register",
            arguments={"task_id": str(task_id), "turn": str(turn)},
            due_at=now + AGAIN_AFTER,
            natural_key=f"{task_id}:call:{turn}",
            now=now,
        )


KINDS: dict[str, Handler] = {"call_register": call_register}
