"""A draft becomes a record once: one code, in a series without hole or twin."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text, update

from portal.core.actor import SYSTEM, Actor, ActorKind
from portal.core.errors import Conflict, InvalidInput, NotFound
from portal.core.unit_of_work import reading, unit_of_work
from portal.records import service
from portal.records.models import RecordSeries
from tests.integration.records.arranging import (
    NOW,
    PDF,
    RECEIPT_KEY,
    SIGNATURE,
    citizen,
    draft,
    send,
)

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("database")]


def numbers() -> list[int]:
    """The running numbers of all records, in the order of their codes."""
    with reading(SYSTEM) as session:
        codes: Sequence[str] = session.scalars(text("SELECT code FROM record")).all()
    return sorted(int(code.rpartition("-")[2]) for code in codes)


def counted(table: str) -> int:
    with reading(SYSTEM) as session:
        return int(session.scalars(text(f"SELECT count(*) FROM {table}")).one())


def test_a_draft_sent_twice_is_one_record_with_one_code() -> None:
    owner = citizen()
    draft_id = draft(owner=owner)
    first = send(draft_id, owner=owner)
    again = send(draft_id, owner=owner, now=NOW + timedelta(minutes=1))
    assert (first.code, first.is_new) == ("000.01.21.H13-261109-0001", True)
    assert (again.code, again.record_id, again.is_new) == (first.code, first.record_id, False)
    assert [counted(table) for table in ("record", "task", "record_event", "document", "fee_line")] == [1] * 5
    assert counted("job") == 2


def test_a_draft_sent_by_eight_browsers_at_once_is_one_record() -> None:
    owner = citizen()
    draft_id = draft(owner=owner)
    together = Barrier(8)

    def click(_: int) -> tuple[str, bool]:
        together.wait()
        sent = send(draft_id, owner=owner)
        return sent.code, sent.is_new

    with ThreadPoolExecutor(8) as browsers:
        answers = list(browsers.map(click, range(8)))
    assert {code for code, _ in answers} == {"000.01.21.H13-261109-0001"}
    assert [is_new for _, is_new in answers].count(True) == 1
    assert counted("record") == 1


def test_sixteen_clients_at_one_counter_leave_no_hole_and_no_twin() -> None:
    owners = [citizen(number) for number in range(3)]
    drafts = [(draft(SIGNATURE, owner=owners[number % 3]), owners[number % 3]) for number in range(64)]
    together = Barrier(16)

    def client(mine: list[tuple[UUID, Actor]]) -> list[int]:
        together.wait()
        return [int(send(draft_id, owner=owner).code[-4:]) for draft_id, owner in mine]

    with ThreadPoolExecutor(16) as clients:
        got = list(clients.map(client, [drafts[start::16] for start in range(16)]))
    assert sorted(number for mine in got for number in mine) == list(range(1, 65)) == numbers()
    assert all(mine == sorted(mine) for mine in got)  # who sends later gets the higher number


def test_a_number_that_is_rolled_back_is_given_to_the_next() -> None:
    owner = citizen()
    abandoned, next_one = draft(owner=owner), draft(owner=owner)
    with pytest.raises(RuntimeError):
        fail_after_sending(abandoned, owner)
    assert [counted(table) for table in ("record", "task", "record_event", "document", "job")] == [0] * 5
    assert send(next_one, owner=owner).code.endswith("-0001")
    assert send(abandoned, owner=owner).code.endswith("-0002")


def fail_after_sending(draft_id: UUID, owner: Actor) -> None:
    with unit_of_work(owner) as session:
        service.submit_record(session, draft_id, actor=owner, now=NOW, receipt_key=RECEIPT_KEY)
        raise RuntimeError


def test_the_ten_thousandth_number_of_a_day_grows_wider() -> None:
    owner = citizen()
    assert send(draft(owner=owner), owner=owner).code.endswith("-261109-0001")
    with unit_of_work(SYSTEM) as session:
        session.execute(update(RecordSeries).values(last=9_998))
    assert send(draft(owner=owner), owner=owner).code.endswith("-261109-9999")
    assert send(draft(owner=owner), owner=owner).code.endswith("-261109-10000")


def test_each_day_of_the_city_counts_for_itself() -> None:
    owner = citizen()
    last_minute = NOW.replace(hour=16, minute=59)
    assert send(draft(owner=owner), owner=owner, now=last_minute).code.endswith("-261109-0001")
    assert send(draft(owner=owner), owner=owner, now=last_minute + timedelta(minutes=1)).code.endswith("-261110-0001")


def faults(draft_id: UUID, owner: Actor) -> set[tuple[str, str]]:
    with pytest.raises(InvalidInput) as refused:
        send(draft_id, owner=owner)
    found: Any = refused.value.details["faults"]
    return {(fault.page, fault.field) for fault in found}


def test_what_is_missing_is_named_and_nothing_is_kept() -> None:
    owner = citizen()
    draft_id = draft(owner=owner, papers=("land",), full_name=None, months="NaN")
    assert faults(draft_id, owner) == {
        ("applicant", "full_name"),
        ("design", "months"),
        ("papers", "drawings"),
    }
    assert counted("record") == counted("record_series") == 0


def test_a_day_that_has_not_come_is_no_birthday() -> None:
    owner = citizen()
    assert faults(draft(owner=owner, birth_date="2027-01-01"), owner) == {("applicant", "birth_date")}


def test_answers_that_are_hidden_are_dropped_with_what_they_asked_for() -> None:
    owner = citizen()
    hidden: dict[str, Any] = {
        "designer_name": "Công ty Thiết kế Mẫu",
        "org_name": "Công ty Mẫu",
        "tax_code": "not a number",
    }
    sent = send(draft(owner=owner, **hidden), owner=owner)
    with reading(SYSTEM) as session:
        answers = session.scalars(text("SELECT answers FROM record WHERE id = :id"), {"id": sent.record_id}).one()
    assert not hidden.keys() & answers.keys()
    assert answers["designer"] == "self"


def test_a_draft_of_somebody_else_is_not_there() -> None:
    draft_id = draft(owner=citizen(0))
    with pytest.raises(NotFound):
        send(draft_id, owner=citizen(1))
    with pytest.raises(NotFound):
        send(draft_id, owner=Actor(kind=ActorKind.CITIZEN, person_id=uuid4()))
    assert counted("record") == 0


def test_a_paper_that_comes_while_the_draft_is_sent_is_in_the_record_or_refused() -> None:
    owner = citizen()
    for _ in range(5):
        draft_id = draft(owner=owner)
        together = Barrier(2)

        def upload(wanted: UUID = draft_id, start: Barrier = together) -> bool:
            start.wait()
            try:
                with unit_of_work(owner) as session:
                    service.add_paper(
                        session, wanted, "fire_doc", digest=PDF, file_name="pccc.pdf", most=10, actor=owner, now=NOW
                    )
            except Conflict:
                return False
            return True

        with ThreadPoolExecutor(1) as other:
            uploaded = other.submit(upload)
            together.wait()
            sent = send(draft_id, owner=owner)
        assert (paper_slots(sent.record_id).count("fire_doc") == 1) is uploaded.result()


def test_a_paper_committed_while_the_submission_waits_is_seen() -> None:
    owner = citizen()
    draft_id = draft(owner=owner)
    with ThreadPoolExecutor(1) as browser:
        with unit_of_work(owner) as session:
            service.add_paper(
                session, draft_id, "fire_doc", digest=PDF, file_name="pccc.pdf", most=10, actor=owner, now=NOW
            )
            session.flush()
            sending = browser.submit(send, draft_id, owner=owner)
            wait_until_somebody_waits()
        sent = sending.result()
    assert paper_slots(sent.record_id) == ["drawings", "fire_doc", "land"]


def wait_until_somebody_waits() -> None:
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    with reading(SYSTEM) as session:
        for _ in range(2_000):
            if session.scalars(waiting).one():
                return
            session.execute(text("SELECT pg_sleep(0.005)"))
    pytest.fail("nobody waits for the lock")


def paper_slots(record_id: UUID) -> list[str]:
    with reading(SYSTEM) as session:
        found = session.scalars(
            text("SELECT slot FROM record_paper WHERE record_id = :id ORDER BY slot"), {"id": record_id}
        )
        return list(found)
