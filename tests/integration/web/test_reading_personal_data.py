"""Every page of a record that an official was shown leaves one entry."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from flask import Flask, abort
from sqlalchemy import select

from portal.accounts.models import Person
from portal.audit.models import AuditEntry
from portal.config import Settings
from portal.core import clock
from portal.core.actor import SYSTEM
from portal.core.unit_of_work import reading
from portal.demonstration.walking import official_for
from portal.web import personal_data
from tests.harness.database import RungBells
from tests.harness.people import make_citizen, make_official
from tests.integration.conftest import AsUser
from tests.integration.web.submitted import NOW, Submitted, hand_in

RECORD, OWNER = UUID(int=11), UUID(int=12)

Shows = Callable[..., None]


@pytest.fixture
def bells(peopled_city: RungBells) -> RungBells:
    return peopled_city


@pytest.fixture
def shows(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Shows:
    """Lets a page that everybody may open show a record."""

    def arrange(record_id: Any, *, status: int = 200) -> None:
        def show() -> str:
            personal_data.is_read(record_id, owner_id=OWNER)
            return "" if status == 200 else abort(status)

        monkeypatch.setitem(app.view_functions, "content.contact", show)

    return arrange


def entries() -> list[AuditEntry]:
    with reading(SYSTEM) as session:
        return list(session.scalars(select(AuditEntry).where(AuditEntry.kind == personal_data.RECORD_READ)))


def test_an_official_leaves_one_entry_for_each_page(as_user: AsUser, shows: Shows) -> None:
    official = make_official()
    browser = as_user(official)
    shows(RECORD)
    for _ in range(2):
        assert browser.get("/lien-he").status_code == 200
    assert [(entry.actor_id, entry.record_id, entry.subject_id, entry.details) for entry in entries()] == [
        (official.id, RECORD, OWNER, {"page": "content.contact"})
    ] * 2


@pytest.mark.parametrize(("make_person", "status"), [(make_citizen, 200), (make_official, 404)])
def test_own_data_and_refused_pages_leave_none(
    as_user: AsUser, shows: Shows, make_person: Callable[[], Person], status: int
) -> None:
    shows(RECORD, status=status)
    assert as_user(make_person()).get("/lien-he").status_code == status
    assert entries() == []


def test_a_page_whose_entry_cannot_be_written_is_not_shown(
    app: Flask, as_user: AsUser, shows: Shows, monkeypatch: pytest.MonkeyPatch
) -> None:
    shows("no key of a record")
    monkeypatch.setitem(app.config, "TESTING", False)
    assert as_user(make_official()).get("/lien-he").status_code == 500
    assert entries() == []


@pytest.fixture
def handed_in(bells: RungBells, settings: Settings) -> Submitted:
    return hand_in(receipt_key=settings.receipt_key.encode())


def test_opening_a_record_at_the_desk_is_noted(as_user: AsUser, handed_in: Submitted) -> None:
    record = handed_in.walk.file().record
    with reading(SYSTEM) as session:
        task = handed_in.walk.file().open_tasks[0]
        receptionist = official_for(session, task, record.id, day=clock.local_day(NOW))
        person = session.get_one(Person, receptionist.person_id)
    browser = as_user(person)
    assert browser.get(f"/can-bo/ho-so/{record.code}").status_code == 200
    assert [(entry.actor_id, entry.record_id, entry.subject_id) for entry in entries()] == [
        (person.id, record.id, handed_in.owner.id)
    ]
    assert as_user(handed_in.owner).get(f"/ho-so/{record.code}").status_code == 200
    assert len(entries()) == 1
