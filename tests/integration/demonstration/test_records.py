"""The sample records: no page is empty, no desk without work, nothing that could not have happened."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Connection, select, text

from portal.accounts import passwords
from portal.accounts.models import Person, PersonPost
from portal.catalogue import queries as catalogue
from portal.catalogue.service import PROCEDURES
from portal.config import Settings
from portal.core.actor import SYSTEM
from portal.core.database import engine
from portal.core.unit_of_work import reading
from portal.demonstration.accounts import CITIZENS
from portal.demonstration.loading import load_demonstration
from portal.demonstration.officials import read_names
from portal.demonstration.stories import stories
from portal.documents import rendering
from portal.documents.rendering import Issuer
from portal.files import store
from portal.files.folder import FolderStore
from portal.payments import gateways
from portal.payments.vnpay import Vnpay
from portal.records.models import Record, Task
from portal.records.record_file import get_record_file_by_id
from tests.cluster import DatabaseUrls
from tests.harness.city import working_in

REACHED = "SELECT DISTINCT record.procedure_code, task.step FROM task JOIN record ON record.id = task.record_id"
NOW = datetime(2026, 11, 11, 7, 40, tzinfo=UTC)
"""A Wednesday afternoon in Cần Thơ."""

STATES = {
    "submitted", "supplement_before_acceptance", "refused", "accepted", "in_progress", "consulting", "supplement",
    "granted", "not_granted", "returned", "expired", "withdrawn", "stopped", "fee_due", "applicant_confirms",
}  # fmt: skip
"""Every state of the design."""

WITHOUT_WORK = {
    "nk.yt": "the city decides about food safety",
    "nk.thue": "the tax office answers through its register",
    "pvhcc.cl1": "the city counter takes over, it refuses nothing",
    **{f"{commune}.ev1": "communes give no opinion about land" for commune in ("ck", "ta", "mk", "ttpd")},
}


@pytest.fixture(scope="module")
def loaded(shared_database: DatabaseUrls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    """The demonstration city with its records, loaded once for this module and never committed."""
    folder = tmp_path_factory.mktemp("demonstration")
    passwords.use(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    store.use(FolderStore(folder))
    before = gateways.offered()
    gateways.use(Vnpay(url="http://gateway.example", merchant="M", secret="s", public_url="http://portal.example"))
    rendering.use(Issuer("http://portal.example", b"k", "0292 1022"))
    bind = engine(shared_database.app)
    with bind.connect() as connection, connection.begin() as outer, working_in(connection):
        load_demonstration(settings_of(shared_database, folder), now=NOW)
        yield connection
        outer.rollback()
    bind.dispose()
    gateways.use(*before)


def settings_of(urls: DatabaseUrls, folder: Path) -> Settings:
    return Settings(
        database_url=urls.app,
        redis_url="redis://127.0.0.1:1",
        secret_key="cookies",
        receipt_key="receipts",
        payment_secret="s",
        payment_url="http://gateway.example",
        registers_secret="r",
        registers_url="http://registers.example",
        public_url="http://portal.example",
        files_dir=folder,
        data_dir=folder,
        demonstration=True,
    )


def rows(statement: str, **values: Any) -> list[Any]:
    with reading(SYSTEM) as session:
        return list(session.execute(text(statement), values))


def test_every_state_that_can_be_reached_is_there(loaded: Connection) -> None:
    assert {row.state for row in rows("SELECT DISTINCT state FROM record")} == STATES
    assert rows("SELECT 1 FROM record WHERE closed_at IS NULL AND finished_at IS NULL AND due_at < :now", now=NOW)
    assert rows("SELECT 1 FROM draft WHERE submitted_at IS NULL")


def test_every_procedure_has_records_and_every_step_has_been_reached_by_one(loaded: Connection) -> None:
    reached = rows(REACHED)
    codes = {row.procedure_code for row in reached}
    assert codes == {file.stem for file in PROCEDURES.glob("*.yaml")}
    with reading(SYSTEM) as session:
        found = [catalogue.get_procedure(session, code).procedure for code in codes]
    assert {step for procedure in found for step in procedure.process.steps} == {row.step for row in reached}


def test_queues_hold_what_is_late_and_what_is_not(loaded: Connection) -> None:
    is_late = [row.late for row in rows("SELECT due_at < :now AS late FROM task WHERE closed_at IS NULL", now=NOW)]
    assert is_late.count(True) >= 8
    assert is_late.count(False) >= 50


def test_every_official_named_by_hand_has_work_or_a_reason_for_none(loaded: Connection) -> None:
    desks = ("nk.", "pd.", "ck.", "ta.", "mk.", "ttpd.", "pvhcc.", "sxd.", "sgtvt.", "csgt.", "pccc.", "sldtbxh.")
    with reading(SYSTEM) as session:
        tasks = session.scalars(select(Task).where(Task.closed_at.is_(None))).all()
        idle = []
        for login in (login for login in read_names() if login.startswith(desks)):
            posts = session.scalars(select(PersonPost).join(Person).where(Person.login == login)).all()
            assert posts
            if not any(_is_for(task, post) for task in tasks for post in posts):
                idle.append(login)
    unexplained = [login for login in idle if not {login, login.rpartition(".")[0]} & WITHOUT_WORK.keys()]
    assert unexplained == []


def _is_for(task: Task, post: PersonPost) -> bool:
    fits = (task.unit_id, task.role) == (post.unit_id, post.role)
    return fits and (None in (post.function, task.function) or post.function == task.function)


@pytest.mark.parametrize(
    ("number", "states"),
    [
        (0, {"supplement", "granted", "returned", "submitted"}),
        (
            1,
            {
                "in_progress",
                "consulting",
                "applicant_confirms",
                "granted",
                "supplement_before_acceptance",
                "returned",
                "withdrawn",
            },
        ),
        (2, {"consulting", "granted", "in_progress", "returned"}),
    ],
)
def test_those_whose_accounts_are_shown_own_records_worth_looking_at(
    loaded: Connection, number: int, states: set[str]
) -> None:
    login = CITIZENS[number].id_number
    own = "FROM {} WHERE owner_id = (SELECT id FROM person WHERE login = :login)"
    assert {row.state for row in rows(f"SELECT state {own.format('record')}", login=login)} == states
    assert len(rows(f"SELECT 1 {own.format('draft')} AND submitted_at IS NULL", login=login)) == 1
    assert rows(f"SELECT 1 {own.format('message')}", login=login)


def test_a_fee_waits_to_be_paid_and_others_are_paid(loaded: Connection) -> None:
    an = "owner_id = (SELECT id FROM person WHERE login = :login)"
    unpaid = rows(f"SELECT 1 FROM fee_line WHERE {an} AND paid_at IS NULL", login=CITIZENS[0].id_number)
    assert unpaid
    assert len(rows("SELECT 1 FROM payment WHERE state = 'captured'")) > 30
    assert not rows("SELECT 1 FROM payment WHERE state <> 'captured'")


def test_no_record_waits_for_nobody(loaded: Connection) -> None:
    assert not rows(
        "SELECT code FROM record WHERE closed_at IS NULL"
        " AND NOT EXISTS (SELECT FROM task WHERE record_id = record.id AND task.closed_at IS NULL)"
    )


@pytest.mark.parametrize(
    "moment",
    [
        "record_event.at", "record.submitted_at", "record.closed_at", "task.opened_at", "task.closed_at",
        "document.created_at", "document.issued_at", "message.sent_at", "payment.captured_at", "supplement.sent_at",
        "opinion.given_at", "draft.updated_at", "file.stored_at",
    ],
)  # fmt: skip
def test_nothing_has_happened_in_the_future(loaded: Connection, moment: str) -> None:
    table = moment.partition(".")[0]
    (row,) = rows(f"SELECT max({moment}) AS last FROM {table}")
    assert row.last <= NOW


def test_what_fell_due_has_been_done_except_drawing_and_asking(loaded: Connection) -> None:
    owed = rows("SELECT DISTINCT kind FROM job WHERE finished_at IS NULL AND due_at <= :now", now=NOW)
    assert {row.kind for row in owed} == {"make_document", "make_request", "print_list", "call_register"}
    assert not rows("SELECT 1 FROM job WHERE given_up_at IS NOT NULL")


def test_every_document_is_drawn_once_the_newest_first(loaded: Connection) -> None:
    owed = rows(
        "SELECT arguments ->> 'document_id' AS document, created_at FROM job"
        " JOIN document ON document.id = (arguments ->> 'document_id')::uuid"
        " WHERE job.kind = 'make_document' AND finished_at IS NULL ORDER BY due_at"
    )
    documents = [row.document for row in owed]
    assert len(documents) == len(set(documents)) == len(rows("SELECT 1 FROM document WHERE batch_id IS NULL"))
    assert owed[0].created_at > owed[-1].created_at


def test_numbers_follow_each_other_without_a_hole_in_the_order_of_time(loaded: Connection) -> None:
    numbered = rows(
        "SELECT unit_id, series, year, number FROM document WHERE number IS NOT NULL"
        " ORDER BY unit_id, series, year, issued_at, number"
    )
    for _, series in groupby(numbered, key=lambda row: (row.unit_id, row.series, row.year)):
        numbers = [row.number for row in series]
        assert numbers == list(range(1, len(numbers) + 1))


def test_events_of_a_record_stand_in_the_order_of_time(loaded: Connection) -> None:
    for _, events in groupby(
        rows("SELECT record_id, at FROM record_event ORDER BY record_id, number"), key=lambda row: row.record_id
    ):
        times = [event.at for event in events]
        assert times == sorted(times)


def test_papers_lie_in_the_store(loaded: Connection) -> None:
    digests = [row.file_digest for row in rows("SELECT DISTINCT file_digest FROM record_paper")]
    assert len(digests) > 90
    for digest in digests:
        with store.the_store().on_disk(digest) as path:
            assert path.stat().st_size > 10_000


def test_loading_again_changes_nothing(loaded: Connection, tmp_path: Path, shared_database: DatabaseUrls) -> None:
    tables = ("record", "record_event", "draft", "job", "person", "procedure_version", "file")
    before = {table: rows(f"SELECT count(*) AS n FROM {table}")[0].n for table in tables}
    told = [story for story in stories() if story.form.get("return_by") != "post"]  # nobody carries parcels here
    assert before["record"] == len(told)
    load_demonstration(settings_of(shared_database, tmp_path), now=NOW)
    assert {table: rows(f"SELECT count(*) AS n FROM {table}")[0].n for table in tables} == before


def test_a_business_that_changed_and_rests_is_found_by_its_code(loaded: Connection) -> None:
    named = rows(
        "SELECT document.template, document.ended_at IS NOT NULL AS ended, older.template AS changes FROM document"
        " LEFT JOIN document AS older ON older.id = document.changes_id"
        " WHERE '32A8008700' IN (document.registered_no, older.registered_no) ORDER BY document.issued_at"
    )
    assert [tuple(row) for row in named] == [
        ("household_business_certificate", True, None),
        ("household_business_certificate", False, "household_business_certificate"),
        ("suspension_confirmation", False, "household_business_certificate"),
    ]


def test_a_worship_record_goes_through_three_levels_under_one_code(loaded: Connection) -> None:
    with reading(SYSTEM) as session:
        found = session.scalars(select(Record.id).where(Record.procedure_code == "1.010803", Record.state == "granted"))
        steps = [task.step for task in get_record_file_by_id(session, found.one()).tasks]
    assert {"receive", "c_sign", "d_in", "d_sign", "t_in", "t_check", "give"} <= set(steps)
