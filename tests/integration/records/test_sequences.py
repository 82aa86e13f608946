"""The definitions' own tests, played with real records: from the draft to the end, by the people whose work it is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from portal.catalogue.loader import canonical, load_published
from portal.catalogue.sequences import CLOCK_SIGN, CORRECT, HEAD, SUPPLEMENT_WAY, TAIL
from portal.catalogue.service import PROCEDURES
from portal.catalogue.types import Procedure, SequenceTest
from portal.core.actor import SYSTEM
from portal.core.unit_of_work import reading, unit_of_work
from portal.demonstration.walking import Walk
from portal.documents.contents import storable
from portal.records import service
from portal.records.contents.builders import BUILDERS
from portal.records.contents.gathering import writing_of
from portal.records.models import RecordEvent
from portal.records.queries import describe_record
from portal.records.record_file import RecordFile
from portal.records.replay import differences, replay
from portal.records.types import TaskRow
from tests.integration.records import arranging
from tests.integration.records.arranging import act, handed_in, offered, pay

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("database")]


def shipped() -> Iterator[tuple[Procedure, SequenceTest]]:
    for file in sorted(PROCEDURES.glob("*.yaml")):
        procedure = load_published(canonical(file.read_text(encoding="utf-8"), file.name))
        for test in procedure.tests:
            yield procedure, test


SEQUENCES = list(shipped())


@pytest.mark.parametrize(("procedure", "test"), SEQUENCES, ids=[f"{p.code}-{t.name}" for p, t in SEQUENCES])
def test_a_record_goes_the_way_that_its_definition_tells(procedure: Procedure, test: SequenceTest) -> None:
    if "same_office" in test.facts:
        with unit_of_work(SYSTEM) as session:
            arranging.in_one_office(session)
    channel = test.facts.get("record", {}).get("channel", "online")
    walk = handed_in(procedure.code, channel=channel, **test.facts.get("form", {}))
    if "fee" in procedure.process.steps and not test.facts.get("record", {}).get("unpaid"):
        pay(walk)
    play(walk, test)
    file = walk.file()
    end = procedure.process.ends[test.ends]
    assert (file.record.state, file.record.outcome) == (end.state, test.outcome)
    assert file.open_tasks == ()
    assert file.record.closed_at == file.events[-1].at
    assert differences(file) == []
    if test.ends == "done":
        assert file.result is not None
        first = next(one for one in file.documents if one.kind == "result")
        book = [one for one in file.documents if (one.unit_id, one.series) == (first.unit_id, first.series)]
        before = sum(one.created_at < first.created_at for one in book)
        assert (first.number, first.issued_at) == (1 + before, file.record.finished_at)
        assert file.result.number == 1 + before + sum(action == "draft" for action in corrections(file))
    assert_every_document_was_owed_and_can_be_written(walk, file)


def play(walk: Walk, test: SequenceTest) -> None:
    """As `portal.catalogue.sequences.play`, with real tasks."""
    for item in test.steps:
        if item == "SUP":
            for action_id in SUPPLEMENT_WAY:
                act(walk, offering(walk, action_id).step, action_id)
            continue
        if item == CORRECT:
            take_what_ends(walk)
            ask_correction(walk)
            continue
        step, _, action_id = item.partition(".")
        go_until_open(walk, step)
        if action_id.startswith(CLOCK_SIGN):
            walk.go(f"{under_the_timer(walk, step).step}.{action_id}")
        else:
            act(walk, step, action_id)
    take_what_ends(walk)


def ask_correction(walk: Walk) -> None:
    with unit_of_work(arranging.citizen()) as session:
        service.ask_correction(session, walk.record_id, reason="Ghi sai tên.", actor=arranging.citizen(), now=walk.now)


def take_what_ends(walk: Walk) -> None:
    for action_id in TAIL:
        tasks = walk.file().open_tasks
        if len(tasks) == 1 and action_id in {action.id for action in offered(walk, tasks[0])}:
            act(walk, tasks[0].step, action_id)


def go_until_open(walk: Walk, step: str) -> None:
    for action_id in HEAD:
        tasks = walk.file().open_tasks
        if step in {task.step for task in tasks} or len(tasks) != 1:
            return
        if action_id in {action.id for action in offered(walk, tasks[0])}:
            act(walk, tasks[0].step, action_id)


def offering(walk: Walk, action_id: str) -> TaskRow:
    return next(
        task
        for task in walk.file().open_tasks
        if task.origin is not None and action_id in {action.id for action in offered(walk, task)}
    )


def under_the_timer(walk: Walk, step: str) -> TaskRow:
    return next(task for task in walk.file().open_tasks if step in (task.step, task.consultation))


def corrections(file: RecordFile) -> list[str | None]:
    """The actions of the step that puts a result right."""
    return [event.action for event in file.events if event.kind == "action_taken" and event.step == "correct"]


OWED = text("""
SELECT arguments ->> 'document_id' FROM job WHERE kind = 'make_document'
UNION SELECT document.id::text FROM document JOIN job ON job.arguments ->> 'batch_id' = document.batch_id::text
WHERE job.kind = 'carry_batch'
""")
"""Documents that a job makes: itself, or by way of the batch whose list they are."""


def assert_every_document_was_owed_and_can_be_written(walk: Walk, file: RecordFile) -> None:
    with reading(SYSTEM) as session:
        owed = set(session.scalars(OWED))
        told = session.scalars(text("SELECT count(*) FROM job WHERE kind = 'tell_applicant'")).one()
    assert owed == {str(document.id) for document in file.documents}
    assert told == len({event.id for event in file.events if _is_told(event)})
    with reading(SYSTEM, consistent=True) as session:
        for document in file.documents:
            writing = writing_of(session, walk.record_id, document.id, now=walk.now)
            assert storable(document.template, BUILDERS[document.template](writing))


def test_a_history_with_a_missing_event_is_noticed() -> None:
    walk = handed_in()
    act(walk, "receive", "accept")
    events = walk.file().events
    with pytest.raises(ValueError, match="does not follow"):
        replay(events[1:])
    with pytest.raises(ValueError, match="does not follow"):
        replay([events[0], events[0]])


def test_a_record_that_was_changed_behind_its_history_is_noticed() -> None:
    walk = handed_in(arranging.COPIES)
    code = walk.file().record.code
    with unit_of_work(SYSTEM) as session:
        told = describe_record(session, code, actor=SYSTEM)
        session.execute(text("UPDATE record SET state = 'granted'"))
    assert told is not None
    assert not [line for line in told if "differ" in line]
    with reading(SYSTEM) as session:
        told = describe_record(session, code, actor=SYSTEM)
    assert told is not None
    assert told[-1] == "stored and history differ  state"


def _is_told(event: RecordEvent) -> bool:
    """The applicant hears of another state, of another date, and of money that has come."""
    return event.state_before != event.state_after or "was_due_at" in event.details or event.kind == "fee_paid"
