"""The demonstration city with its officials at their desks, and records on their way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from io import BytesIO

import pypdfium2
import pytest
from flask import Flask
from sqlalchemy import Connection, select, text

from portal.accounts.models import Person, SignIn
from portal.config import Settings
from portal.core import clock
from portal.core.actor import SYSTEM, Actor, ActorKind
from portal.core.references import new_id
from portal.core.unit_of_work import reading, unit_of_work
from portal.demonstration.walking import Walk, submit
from portal.extensions import limiter
from portal.files.service import keep_upload
from portal.records.types import TaskRow
from portal.web import sign_in
from tests.harness.city import working_in
from tests.harness.client import PageClient

AsOfficial = Callable[[str], PageClient]
Permit = Callable[..., Walk]

PLACE = "31117"  # phường Cái Khế, quận Ninh Kiều
ANSWERS = {
    "filer": "self",
    "full_name": "Nguyễn Thị Hoa",
    "id_no": "092190004321",
    "birth_date": "1990-05-06",
    "address": "12 Trần Hoàng Na",
    "commune": PLACE,
    "phone": "0905123456",
    "return_by": "online",
    "plot_no": "245",
    "plot_m2": "96.5",
    "plot_commune": PLACE,
    "tenure": "owned",
    "adjacent": False,
    "planning_zone": True,
    "grade": "IV",
    "use": "mixed",
    "footprint_m2": "72",
    "floors": [{"kind": "ground", "area_m2": "72"}, {"kind": "upper", "area_m2": "72"}],
    "total_floor_m2": "144",
    "height_m": "8",
    "floors_above": "2",
    "designer": "self",
    "months": "6",
}

RECEPTIONIST = "ck.ju1"
SPECIALIST = "nk.qldt.sp1"
HEAD = "nk.qldt.hd1"
LEADER = "nk.lr1"
CLERK = "nk.vp.ck1"


@pytest.fixture
def office(app: Flask, peopled_connection: Connection) -> Iterator[Connection]:
    """The city; what a test adds is gone after it."""
    limiter.reset()
    with peopled_connection.begin_nested() as savepoint, working_in(peopled_connection):
        yield peopled_connection
        savepoint.rollback()


def person(login: str) -> Person:
    with reading(SYSTEM) as session:
        return session.scalars(select(Person).where(Person.login == login)).one()


def holder_of(task: TaskRow) -> str:
    """The account of whoever holds the task, or of somebody whose post fits."""
    with reading(SYSTEM) as session:
        found = session.execute(
            text("""
            SELECT login FROM person JOIN post ON post.person_id = person.id
            WHERE unit_id = :unit AND role = :role AND (post.function IS NULL OR post.function = :function)
              AND (CAST(:holder AS uuid) IS NULL OR person.id = :holder)
            ORDER BY login LIMIT 1
            """),
            {"unit": task.unit_id, "role": task.role, "function": task.function, "holder": task.assignee_id},
        )
        return str(found.scalar_one())


@pytest.fixture
def as_official(app: Flask, office: Connection) -> AsOfficial:
    """A browser in which the person with that account has signed in."""

    def signed_in(login: str) -> PageClient:
        now = clock.now()
        row = SignIn(id=new_id(), person_id=person(login).id, created_at=now, seen_at=now)
        key = str(row.id)
        with unit_of_work(SYSTEM) as session:
            session.add(row)
        browser: PageClient = app.test_client()  # type: ignore[assignment]
        with browser.session_transaction() as cookie:
            cookie[sign_in.KEY] = key
            cookie[sign_in.SINCE] = cookie[sign_in.SEEN] = int(now.timestamp())
        return browser

    return signed_in


def sheets(count: int) -> BytesIO:
    """A PDF of empty pages."""
    document = pypdfium2.PdfDocument.new()
    for _ in range(count):
        document.new_page(595, 842).close()
    content = BytesIO()
    document.save(content)
    document.close()
    content.seek(0)
    return content


@pytest.fixture(scope="module")
def kept_paper(app: Flask, peopled_connection: Connection) -> str:
    """The digest of a paper of two pages, which is looked at in a process of its own: once for each module."""
    with working_in(peopled_connection), unit_of_work(SYSTEM) as session:
        now = clock.now()
        return keep_upload(session, sheets(2), file_name="ban-ve.pdf", formats=["pdf"], max_mb=10, now=now).digest


@pytest.fixture
def permit(office: Connection, settings: Settings, kept_paper: str) -> Permit:
    """A construction permit that was sent so many hours ago, carried along the steps named."""

    def walked(*steps: str, name: str = "Nguyễn Thị Hoa", at: datetime | None = None, **answers: object) -> Walk:
        at = at or clock.now() - timedelta(hours=1)
        citizen = person("092085001234")
        owner = Actor(kind=ActorKind.CITIZEN, person_id=citizen.id, name=citizen.full_name)
        walk = submit(
            "1.009994",
            owner=owner,
            answers={**ANSWERS, "full_name": name, **answers},
            papers=[("land", kept_paper), ("drawings", kept_paper), ("fire_doc", kept_paper)],
            place=PLACE,
            level="commune",
            receipt_key=settings.receipt_key.encode(),
            now=at,
        )
        return walk.go(*steps)

    return walked
