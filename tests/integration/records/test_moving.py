"""Records in flight move to another version of their procedure, in bulk, and back."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import text

from portal.calendars import queries as calendars
from portal.catalogue import queries as catalogue
from portal.catalogue.mapping import MappingError, VersionMapping, faults, propose
from portal.catalogue.queries import PublishedProcedure
from portal.catalogue.service import PROCEDURES, publish
from portal.core.actor import SYSTEM
from portal.core.errors import Conflict
from portal.core.unit_of_work import reading, unit_of_work
from portal.demonstration.walking import Walk
from portal.records import moving
from portal.records.jobs import KINDS
from portal.records.journey import journey
from portal.records.moving_plan import Versions
from portal.records.moving_queries import MovingReport, get_report
from portal.records.record_view import view_of
from portal.records.replay import differences
from portal.units import queries as units
from tests.cluster import DatabaseUrls
from tests.integration.records.arranging import NOW, PERMIT, act, at_desk, handed_in
from tests.integration.records.further_forms import MARITAL
from tests.integration.records.test_civil_status import PERIODS, far

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("database")]

SHIPPED = (PROCEDURES / f"{PERMIT}.yaml").read_text(encoding="utf-8")
LATER = NOW + timedelta(days=1)

Change = Callable[[str], str]


def renamed(source: str) -> str:
    """The step appraise and the answer months have other ids; the opinions have less time."""
    found = source.replace("appraise", "examine").replace("      months:\n", "      work_months:\n")
    return found.replace("{after: 12d,", "{after: 10d,").replace("⏰12d", "⏰10d")


def with_question(source: str) -> str:
    """One more answer is asked of everybody."""
    asked = "      site_road: {type: text, required: true, label: {vi: Đường vào thửa đất, en: Road to the plot}}\n"
    return source.replace("      plot_no:\n        type: text\n", f"{asked}      plot_no:\n        type: text\n", 1)


def without_site(source: str) -> str:
    """Nobody inspects the site any more: another step takes its id's place in the split."""
    found = source.replace(
        "    site:\n      name: {vi: Kiểm tra thực địa, en: Inspect the site}",
        "    compare:\n      name: {vi: Đối chiếu bản đồ số, en: Compare with the digital map}",
    )
    found = found.replace("to: [site,", "to: [compare,").replace("site.done", "compare.done")
    return found.replace("role: specialist\n      hours: 24", "role: head\n      hours: 24")


def publish_next(change: Change) -> tuple[PublishedProcedure, PublishedProcedure]:
    with unit_of_work(SYSTEM) as session:
        old = catalogue.get_procedure(session, PERMIT)
        new = publish(session, change(SHIPPED), actor=SYSTEM, now=NOW)
    assert (old.number, new.number) == (1, 2)
    return old, new


def start(old: PublishedProcedure, new: PublishedProcedure, mapping: VersionMapping | None = None) -> UUID:
    with unit_of_work(SYSTEM) as session:
        chosen = mapping or propose(old.procedure, new.procedure)
        moving_id = moving.start_moving(session, Versions(old, new, chosen), actor=SYSTEM, now=LATER)
    KINDS["collect_records"]({"moving_id": str(moving_id)}, now=LATER)
    return moving_id


def work(kind: str, moving_id: UUID) -> None:
    """What a worker does with the jobs of this move: they are owed once the records have been looked for."""
    KINDS["collect_records"]({"moving_id": str(moving_id)}, now=LATER)
    with reading(SYSTEM) as session:
        jobs = (
            session.execute(
                text("SELECT arguments FROM job WHERE kind = :kind AND arguments ->> 'moving_id' = :moving"),
                {"kind": kind, "moving": str(moving_id)},
            )
            .scalars()
            .all()
        )
    for arguments in jobs:
        KINDS[kind](arguments, now=LATER)


def report(moving_id: UUID) -> MovingReport:
    with reading(SYSTEM) as session:
        return get_report(session, moving_id)


def in_parallel() -> Walk:
    return at_desk().go("appraise.ask", "ask_ok.send")


def timers_of(walk: Walk, step: str) -> list[tuple[int, int, bool]]:
    """Timer jobs of the open task: index, days after the opening (12 days end on a Saturday), whether it still runs."""
    task = next(task for task in walk.file().open_tasks if task.step == step)
    with reading(SYSTEM) as session:
        rows = session.execute(
            text(
                "SELECT arguments ->> 'timer' AS timer, due_at, finished_at FROM job "
                "WHERE kind = 'task_timer' AND arguments ->> 'task_id' = :task ORDER BY finished_at NULLS LAST, timer"
            ),
            {"task": str(task.id)},
        )
        return [(int(row.timer), (row.due_at - task.anchored_at).days, row.finished_at is None) for row in rows]


def test_open_records_go_on_under_the_new_version() -> None:
    at_start, desk, asked = handed_in(), at_desk(), in_parallel()
    ended = handed_in().go("receive.refuse", "refuse_ok.approve")
    promised = asked.file().record.due_at
    old, new = publish_next(renamed)
    moving_id = start(old, new)
    work("move_records", moving_id)
    found = report(moving_id)
    assert (found.total, found.moved, found.refused, found.waiting) == (3, 3, 0, 0)
    for walk in (at_start, desk, asked):
        file = walk.file()
        assert (file.record.version_id, file.record.answers["work_months"]) == (new.version_id, "6")
        assert "months" not in file.record.answers
        assert file.events[-1].kind == "version_changed"
        assert differences(file) == []
    assert ended.file().record.version_id == old.version_id
    assert [task.step for task in desk.file().open_tasks] == ["examine"]
    assert asked.file().record.due_at == promised
    asked.procedure = None
    asked.go("plan.⏰", "site.done", "conclude.draft", "review.initial", "sign.sign", "stamp.issue", "give.give")
    assert asked.file().record.state == "returned"
    assert differences(asked.file()) == []


def test_other_timers_are_set_and_the_old_ones_ended() -> None:
    walk = in_parallel()
    assert timers_of(walk, "plan") == [(0, 8, True), (1, 14, True)]
    moving_id = start(*publish_next(renamed))
    work("move_records", moving_id)
    running = [timer for timer in timers_of(walk, "plan") if timer[2]]
    assert running == [(0, 8, True), (1, 10, True)]
    with unit_of_work(SYSTEM) as session:
        moving.revert_moving(session, moving_id, actor=SYSTEM, now=LATER)
    work("restore_records", moving_id)
    assert [timer for timer in timers_of(walk, "plan") if timer[2]] == [(0, 8, True), (1, 14, True)]


def test_a_rehearsal_names_each_record_that_would_stay_and_changes_nothing() -> None:
    waiting, asked = at_desk(), in_parallel()
    before = [walk.file().record.version for walk in (waiting, asked)]
    old, new = publish_next(without_site)
    with reading(SYSTEM) as session:
        mapping = propose(old.procedure, new.procedure)
        count, refusals = moving.rehearse(session, Versions(old, new, mapping), now=LATER)
    assert count == 1
    assert [refusal.code for refusal in refusals] == [asked.file().record.code]
    assert refusals[0].reasons[0].vi == "Bước Kiểm tra thực địa không có bước tương ứng trong bản mới."
    assert [walk.file().record.version for walk in (waiting, asked)] == before


def test_a_record_that_lacks_what_the_new_version_asks_stays_with_the_reason() -> None:
    walk = at_desk()
    old, new = publish_next(with_question)
    moving_id = start(old, new)
    work("move_records", moving_id)
    found = report(moving_id)
    assert (found.moved, found.refused) == (0, 1)
    assert found.refusals[0].code == walk.file().record.code
    assert found.refusals[0].reasons[0].vi == "Bản mới hỏi thêm: Nhập đường vào thửa đất."
    assert walk.file().record.version_id == old.version_id
    walk.go("appraise.ask")


def test_the_way_back_restores_what_was_and_leaves_alone_what_went_on() -> None:
    quiet, busy = at_desk(), at_desk()
    before = quiet.file()
    old, new = publish_next(renamed)
    moving_id = start(old, new)
    work("move_records", moving_id)
    busy.procedure = None
    busy.go("examine.ask")
    with unit_of_work(SYSTEM) as session:
        moving.revert_moving(session, moving_id, actor=SYSTEM, now=LATER)
    work("restore_records", moving_id)
    found = report(moving_id)
    assert (found.reverted, found.kept) == (1, 1)
    assert found.refusals[0].code == busy.file().record.code
    after = quiet.file()
    assert after.record.version_id == old.version_id
    assert (after.record.answers, after.record.state) == (before.record.answers, before.record.state)
    assert after.tasks == before.tasks
    assert differences(after) == []
    quiet.procedure = None
    quiet.go("appraise.ask")


def test_a_job_that_runs_again_moves_nothing_twice() -> None:
    walk = at_desk()
    moving_id = start(*publish_next(renamed))
    work("move_records", moving_id)
    version = walk.file().record.version
    work("move_records", moving_id)
    assert walk.file().record.version == version


def test_a_record_that_ended_meanwhile_is_left_alone() -> None:
    walk = handed_in().go("receive.refuse")
    moving_id = start(*publish_next(renamed))
    walk.go("refuse_ok.approve")
    work("move_records", moving_id)
    assert (report(moving_id).gone, report(moving_id).moved) == (1, 0)


def test_a_second_move_waits_until_the_first_is_done() -> None:
    at_desk()
    old, new = publish_next(renamed)
    start(old, new)
    with pytest.raises(Conflict):
        start(old, new)


@pytest.mark.parametrize(
    ("mapping", "sentence"),
    [
        (
            VersionMapping(steps={"appraise": "nowhere"}),
            "steps: appraise: The newer version has no nowhere. Choose again.",
        ),
        (
            VersionMapping(steps={"appraise": "sign"}),
            "steps: appraise: Another unit or role does ",
        ),
        (
            VersionMapping(fields={"plot_no": "address", "phone": "address"}),
            "fields: phone: Plot number becomes the same already. Each new one takes one old one.",
        ),
        (
            VersionMapping(fields={"plot_no": "height_m"}),
            "fields: plot_no: Height is of the type decimal number",
        ),
    ],
)
def test_an_impossible_mapping_is_refused_before_any_record_is_looked_at(
    mapping: VersionMapping, sentence: str
) -> None:
    old, new = publish_next(renamed)
    with pytest.raises(MappingError) as refused:
        start(old, new, mapping)
    assert any(said.startswith(sentence) for said in refused.value.sentences)
    with reading(SYSTEM) as session:
        assert session.execute(text("SELECT count(*) FROM record_moving")).scalar_one() == 0


def without_assignment(source: str) -> str:
    """Nobody assigns any more: the counter hands the record straight to the specialists."""
    return source.replace("hours: {forward: 2, assign: 2,", "hours: {forward: 2,").replace("assign.assign, ", "")


def test_a_step_that_is_gone_stays_in_the_history_of_the_record() -> None:
    walk = at_desk()
    old, new = publish_next(without_assignment)
    assert "assign" not in new.procedure.process.steps
    moving_id = start(old, new)
    work("move_records", moving_id)
    assert report(moving_id).moved == 1
    file = walk.file()
    with reading(SYSTEM) as session:
        directory, calendar = units.directory(session), calendars.working_calendar(session, now=LATER)
    picture = journey(view_of(file), new.procedure, directory, calendar, now=LATER, language="vi", every_step=True)
    assert "Phân công người xử lý" in [row.name for row in picture.rows]
    walk.procedure = None
    walk.go("appraise.ask", "ask_ok.send")
    assert differences(walk.file()) == []


def test_two_steps_that_can_be_open_together_do_not_become_one() -> None:
    old, _ = publish_next(renamed)
    same = propose(old.procedure, old.procedure)
    merged = VersionMapping(steps={**same.steps, "plan": "fire"}, fields=same.fields, papers=same.papers)
    said = [
        fault.reason.en for fault in faults(old.procedure, old.procedure, merged) if fault.old_id in ("fire", "plan")
    ]
    assert any(sentence.startswith("It can be open together with ") for sentence in said), said
    either = VersionMapping(steps={**same.steps, "sup_ok_leader": "sup_ok"}, fields=same.fields, papers=same.papers)
    said = [fault.reason.en for fault in faults(old.procedure, old.procedure, either)]
    assert not any(sentence.startswith("It can be open together with ") for sentence in said), said


def verify_renamed(source: str) -> str:
    """The communes that are asked are asked under another step."""
    return re.sub(r"\bverify\b", "look_up", source)


def test_a_record_with_a_branch_for_each_commune_moves_with_all_of_them() -> None:
    walk = far(MARITAL, ("check", "ask"), ("ask_ok", "sign"), periods=PERIODS)
    act(walk, "verify", "answer")
    before = [(task.step, task.split) for task in walk.file().open_tasks]
    shipped = (PROCEDURES / f"{MARITAL}.yaml").read_text(encoding="utf-8")
    with unit_of_work(SYSTEM) as session:
        old = catalogue.get_procedure(session, MARITAL)
        new = publish(session, verify_renamed(shipped), actor=SYSTEM, now=NOW)
    moving_id = start(old, new)
    work("move_records", moving_id)
    assert [refusal.reasons for refusal in report(moving_id).refusals] == []
    after = [(task.step, task.split) for task in walk.file().open_tasks]
    assert sorted(after) == sorted((re.sub(r"^verify$", "look_up", step), split) for step, split in before)
    walk.procedure = None
    act(walk, "look_up", "answer")
    assert differences(walk.file()) == []


def test_a_record_that_somebody_holds_keeps_nobody_waiting_and_is_moved_afterwards(
    database_urls: DatabaseUrls,
) -> None:
    held, free = at_desk(), at_desk()
    moving_id = start(*publish_next(renamed))
    with psycopg.connect(database_urls.superuser) as official, ThreadPoolExecutor() as pool:
        official.execute("SELECT FROM record WHERE id = %s FOR UPDATE", [held.record_id])
        worker = pool.submit(work, "move_records", moving_id)
        deadline = time.monotonic() + 20
        while report(moving_id).moved == 0 and time.monotonic() < deadline:
            time.sleep(0.05)
        assert report(moving_id).moved == 1
        assert free.file().events[-1].kind == "version_changed"
        official.rollback()
        worker.result(timeout=20)
    assert report(moving_id).moved == 2
    assert held.file().events[-1].kind == "version_changed"


def test_who_stops_a_move_waits_for_the_record_that_is_being_written_and_no_other_is_begun(
    database_urls: DatabaseUrls,
) -> None:
    walks = {walk.record_id: walk for walk in (at_desk(), at_desk(), at_desk())}
    old, new = publish_next(renamed)
    moving_id = start(old, new)
    with psycopg.connect(database_urls.superuser, autocommit=True) as watching:
        order = "SELECT record_id FROM moved_record WHERE moving_id = %s ORDER BY id"
        first, second, free = (row[0] for row in watching.execute(order, [moving_id]))
        with (
            psycopg.connect(database_urls.superuser) as holder,
            psycopg.connect(database_urls.superuser) as other_holder,
            ThreadPoolExecutor() as pool,
        ):
            holder.execute("SELECT FROM record WHERE id = %s FOR UPDATE", [first])
            other_holder.execute("SELECT FROM record WHERE id = %s FOR UPDATE", [second])
            worker = pool.submit(work, "move_records", moving_id)
            waits_for(watching, "locktype IN ('transactionid', 'tuple') AND NOT granted")
            assert walks[free].file().record.version_id == new.version_id
            stopping = pool.submit(stop, moving_id)
            waits_for(watching, "locktype = 'advisory' AND NOT granted")
            assert not stopping.done(), "a record is being written"
            holder.rollback()
            stopping.result(timeout=20)
            other_holder.rollback()
            worker.result(timeout=20)
    found = report(moving_id)
    assert (found.moved, found.waiting) == (2, 1)
    versions = {key: walk.file().record.version_id for key, walk in walks.items()}
    assert versions == {free: new.version_id, first: new.version_id, second: old.version_id}
    assert all(differences(walk.file()) == [] for walk in walks.values())


def stop(moving_id: UUID) -> None:
    with unit_of_work(SYSTEM) as session:
        moving.stop_moving(session, moving_id, actor=SYSTEM, now=LATER)


def waits_for(connection: psycopg.Connection[tuple[object, ...]], condition: str) -> None:
    """Until some connection waits for such a lock."""
    deadline = time.monotonic() + 20
    asked = f"SELECT FROM pg_locks WHERE {condition}"
    while connection.execute(asked).fetchone() is None:
        assert time.monotonic() < deadline, condition
        time.sleep(0.02)


def test_a_record_that_cannot_be_written_stops_no_other_and_keeps_its_place(database_urls: DatabaseUrls) -> None:
    bad, good = at_desk(), at_desk()
    old, new = publish_next(renamed)
    moving_id = start(old, new)
    with psycopg.connect(database_urls.superuser, autocommit=True) as connection:
        stays = f"id <> '{bad.record_id}' OR version_id = '{old.version_id}'"
        connection.execute(f"ALTER TABLE record ADD CONSTRAINT broken CHECK ({stays})")
        with pytest.raises(psycopg.errors.CheckViolation):
            work("move_records", moving_id)
        found = report(moving_id)
        assert (found.moved, found.waiting) == (1, 1)
        assert good.file().record.version_id == new.version_id
        assert differences(bad.file()) == []
        connection.execute("ALTER TABLE record DROP CONSTRAINT broken")
    work("move_records", moving_id)
    assert (report(moving_id).moved, report(moving_id).waiting) == (2, 0)


def test_two_who_start_in_the_same_moment_are_one_move() -> None:
    at_desk()
    old, new = publish_next(renamed)
    together = Barrier(2)

    def begin() -> UUID | Conflict:
        together.wait()
        try:
            with unit_of_work(SYSTEM) as session:
                chosen = propose(old.procedure, new.procedure)
                return moving.start_moving(session, Versions(old, new, chosen), actor=SYSTEM, now=LATER)
        except Conflict as refused:
            return refused

    with ThreadPoolExecutor() as pool:
        said = [one.result(timeout=20) for one in [pool.submit(begin), pool.submit(begin)]]
    assert sorted(type(one).__name__ for one in said) == ["Conflict", "UUID"]
    with reading(SYSTEM) as session:
        assert session.execute(text("SELECT count(*) FROM record_moving")).scalar_one() == 1


def test_papers_that_change_places_do_not_become_one() -> None:
    walk = at_desk()
    old, new = publish_next(renamed)
    proposed = propose(old.procedure, new.procedure)
    swapped = {**proposed.papers, "land": "drawings", "drawings": "land"}
    before = {paper.id: paper.slot for paper in walk.file().papers}
    moving_id = start(old, new, VersionMapping(proposed.steps, proposed.fields, swapped))
    work("move_records", moving_id)
    assert report(moving_id).moved == 1
    after = {paper.id: paper.slot for paper in walk.file().papers}
    assert after == {key: swapped[slot] for key, slot in before.items()}
    with unit_of_work(SYSTEM) as session:
        moving.revert_moving(session, moving_id, actor=SYSTEM, now=LATER)
    work("restore_records", moving_id)
    assert {paper.id: paper.slot for paper in walk.file().papers} == before
