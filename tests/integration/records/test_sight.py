"""Who sees what of a record: the database itself decides, whatever the portal's own code forgets."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from portal.core.actor import PUBLIC, SYSTEM, Actor
from portal.core.errors import NotFound
from portal.core.references import lookup_token, receipt_secret
from portal.core.unit_of_work import reading, unit_of_work
from portal.demonstration.walking import Walk
from portal.records import policy, queries, queues, service
from portal.records.policy import PERMISSIONS, Permission
from portal.records.queue_conditions import QueueScope
from portal.records.queues import QueuePart
from portal.records.record_file import get_record_file
from tests.integration.records.arranging import (
    ALLOWANCE,
    RECEIPT_KEY,
    act,
    at_desk,
    citizen,
    handed_in,
    official,
    task_of,
)

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("database")]

OF_A_RECORD = ("record_event", "record_paper", "document", "supplement", "opinion", "fee_line")


def rows_seen(actor: Actor, table: str, record_id: UUID) -> int:
    column = "id" if table == "record" else "record_id"
    with reading(actor) as session:
        found = session.execute(text(f"SELECT count(*) FROM {table} WHERE {column} = :id"), {"id": record_id})
        return int(found.scalar_one())


def sees_anything(actor: Actor, record_id: UUID) -> list[str]:
    return [table for table in ("record", "task", *OF_A_RECORD) if rows_seen(actor, table, record_id)]


def rich_record() -> Walk:
    """With papers, documents, fees, a supplement: at the district, received by a ward."""
    walk = at_desk()
    walk.supplement("appraise").answer()
    return walk


def test_an_official_of_another_unit_another_citizen_and_the_public_see_nothing() -> None:
    walk = rich_record()
    for stranger in (official("nk.tckh.sp1"), official("sldtbxh.sp1"), citizen(1), PUBLIC):
        assert sees_anything(stranger, walk.record_id) == []
        with pytest.raises(NotFound), reading(stranger, consistent=True) as session:
            get_record_file(session, walk.file().record.code)


def test_the_owner_and_every_unit_that_took_part_keep_sight() -> None:
    walk = rich_record()
    for actor in (citizen(), official("ck.ju1"), official("nk.qldt.sp1"), official("nk.qldt.hd1")):
        seen = sees_anything(actor, walk.record_id)
        assert {"record", "record_event", "record_paper", "document", "supplement", "fee_line"} <= set(seen), actor.name
        with reading(actor, consistent=True) as session:
            file = get_record_file(session, walk.file().record.code)
        assert {task.step for task in file.tasks} == {task.step for task in walk.file().tasks}


def test_a_unit_that_handed_over_sees_the_record_but_no_longer_acts() -> None:
    walk = handed_in(ALLOWANCE)
    for action in ("accept", "hand_over", "pass", "sign", "hand_over"):
        act(walk, walk.file().open_tasks[0].step, action)
    ward, [task] = official("ck.lb1"), walk.file().open_tasks
    assert task.step == "d_in"
    assert "record" in sees_anything(ward, walk.record_id)
    with reading(ward) as session:
        assert queues.list_queue(session, actor=ward, now=walk.now).rows == ()
        with pytest.raises(NotFound):
            queries.get_task(session, task.id)
    with pytest.raises(NotFound), unit_of_work(ward) as session:
        service.act_on_task(session, task.id, "receive", actor=ward, now=walk.now)
    assert rows_seen(official("sldtbxh.sp1"), "record", walk.record_id) == 0  # not there yet


WRITES = (
    "UPDATE record SET state = 'refused' WHERE id = :record",
    "UPDATE task SET news = 'x' WHERE record_id = :record",
    "UPDATE record_paper SET replaced_at = now() WHERE record_id = :record",
    "UPDATE supplement SET cancelled_at = now() WHERE record_id = :record",
    "UPDATE document SET title = 'x' WHERE record_id = :record",
    "UPDATE fee_line SET paid_at = now() WHERE record_id = :record",
)


def test_without_the_policy_the_database_still_refuses_other_units(monkeypatch: pytest.MonkeyPatch) -> None:
    walk = rich_record()
    before = everything(walk)
    for permission in Permission:
        monkeypatch.setitem(PERMISSIONS, permission, [[]])  # everybody may do everything
    assert policy.may(Permission.ACT, None)  # type: ignore[arg-type]
    task = walk.file().open_tasks[0]
    for stranger in (official("nk.tckh.hd1"), official("pccc.hd1"), citizen(1), PUBLIC):
        with pytest.raises(NotFound), unit_of_work(stranger) as session:
            service.act_on_task(session, task.id, "reject", actor=stranger, now=walk.now)
        with pytest.raises(NotFound), unit_of_work(stranger) as session:
            service.claim_task(session, task.id, actor=stranger, now=walk.now)
        with unit_of_work(stranger) as session:
            changed = [session.execute(text(write), {"record": walk.record_id}).rowcount for write in WRITES]  # type: ignore[attr-defined]
            session.execute(text("SELECT app.cancel_tasks(:record, now(), NULL, '')"), {"record": walk.record_id})
            session.execute(text("SELECT app.tell_tasks(:record, now(), true)"), {"record": walk.record_id})
        assert changed == [0] * len(WRITES)
    assert everything(walk) == before


def everything(walk: Walk) -> list[Any]:
    with reading(SYSTEM) as session:
        return [
            session.scalars(
                text(f"SELECT to_jsonb({table}) FROM {table} WHERE {key} = :id ORDER BY id"), {"id": walk.record_id}
            ).all()
            for table, key in (("record", "id"), ("task", "record_id"), *((name, "record_id") for name in OF_A_RECORD))
        ]


def test_nobody_changes_what_has_happened() -> None:
    walk = handed_in()
    for write in ("UPDATE record_event SET reason = 'x'", "DELETE FROM record_event", "DELETE FROM record"):
        with pytest.raises(Exception, match="permission denied"), unit_of_work(SYSTEM) as session:
            session.execute(text(write))
    assert len(walk.file().events) == 1


def secret_of(walk: Walk) -> str:
    return receipt_secret(walk.record_id, key=RECEIPT_KEY, version=1)


def test_only_both_codes_together_open_a_record() -> None:
    walk, other = handed_in(), handed_in()
    code, other_code = walk.file().record.code, other.file().record.code
    with reading(PUBLIC) as session:
        found = queries.find_by_receipt(session, code=f" {code.lower()} ", secret=secret_of(walk).lower())
        assert found is not None
        assert found["record"]["code"] == code
        wrong = (
            (code, secret_of(other)),
            (other_code, secret_of(walk)),
            (code, ""),
            (code, secret_of(walk)[:-1]),
            ("", secret_of(walk)),
            ("000.01.21.H13-261109-9999", secret_of(walk)),
            (code, "%"),
        )
        assert [queries.find_by_receipt(session, code=one, secret=secret) for one, secret in wrong] == [None] * 7


def test_a_receipt_that_was_withdrawn_opens_nothing() -> None:
    walk = handed_in()
    key = queries.key_of_token(lookup_token(walk.record_id, key=RECEIPT_KEY, version=1))
    withdrawn = queries.key_of_token(lookup_token(walk.record_id, key=RECEIPT_KEY, version=2))
    assert key is not None
    assert withdrawn is not None
    assert queries.find_by_key(key, actor=PUBLIC) is not None
    assert queries.find_by_key(withdrawn, actor=PUBLIC) is None
    assert queries.key_of_token("AAAA") is None


def test_a_look_up_names_no_person_and_shows_no_answer() -> None:
    walk = at_desk(full_name="Nguyễn Thị Mỹ Hạnh", phone="0912345678").supplement("appraise")
    with reading(PUBLIC) as session:
        found = queries.find_by_receipt(session, code=walk.file().record.code, secret=secret_of(walk))
    assert found is not None
    assert found["record"]["applicant_name"] == "Nguyễn T. M. H."
    assert found["supplement"]["items"][0]["reason"]
    said = json.dumps(found, ensure_ascii=False)
    people = {event.actor_name for event in walk.file().events} | {task.assignee_name for task in walk.file().tasks}
    for private in {"Mỹ Hạnh", "0912345678", "092085001234", "Số 12 đường Mẫu", *people} - {""}:
        assert private not in said, private
    keys = {"answers", "owner_id", "receipt_digest", "token_digest", "actor_name", "assignee_name", "requested_by"}
    assert not [key for key in keys if f'"{key}"' in said]


def test_a_queue_shows_the_unit_its_own_tasks_only() -> None:
    mine, elsewhere = at_desk(), handed_in()
    specialist = official("nk.qldt.sp1")
    with reading(specialist) as session:
        page = queues.list_queue(session, QueuePart(QueueScope.UNIT), actor=specialist, now=mine.now)
    assert {row.record_id for row in page.rows} == {mine.record_id}
    with reading(official("ck.ju1")) as session:
        page = queues.list_queue(session, actor=official("ck.ju1"), now=mine.now)
    assert {row.id for row in page.rows} == {task_of(elsewhere, "receive").id}
