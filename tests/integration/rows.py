"""Rows that a record stands on, written as SYSTEM: for tests of domains below the records service."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.accounts.models import Person
from portal.catalogue.models import ProcedureRow, ProcedureVersion
from portal.core.actor import Actor, ActorKind
from portal.core.references import new_id
from portal.records.models import Draft, Record, RecordEvent
from portal.records.types import RecordState
from portal.units.models import Place, Unit

LONG_AGO = datetime(2024, 11, 18, 2, 0, tzinfo=UTC)
DAY = date(2024, 11, 18)


def a_citizen(session: Session) -> Actor:
    person_id = new_id()
    session.add(
        Person(
            id=person_id,
            login=f"citizen-{person_id}",
            password_hash="",
            full_name="Nguyễn Thị Hạnh",
            sort_key="hanh nguyen thi",
        )
    )
    session.flush()
    return Actor(kind=ActorKind.CITIZEN, person_id=person_id, name="Nguyễn Thị Hạnh")


def a_counter(session: Session) -> UUID:
    """The counter of a ward that no test shares."""
    unit_id, place = new_id(), new_id().hex
    session.add(Place(code=place, name="Phường Xuân Khánh", kind="phường", level="commune", sort_key="", folded=""))
    session.flush()
    session.add(
        Unit(
            id=unit_id,
            code=f"H13.{unit_id.hex}",
            account_code=unit_id.hex,
            name="UBND phường Xuân Khánh",
            name_en="People's Committee of Xuân Khánh ward",
            short_name="P. Xuân Khánh",
            level="commune",
            kind="body",
            place=place,
            sort_key="",
            folded="",
            valid_from=DAY,
        )
    )
    session.flush()
    return unit_id


def a_version(session: Session) -> UUID:
    """A version of a procedure; its text plays no part here."""
    procedure_id, version_id = new_id(), new_id()
    number = procedure_id.int % 1_000_000
    session.add(
        ProcedureRow(
            id=procedure_id,
            code=f"1.{number:06d}",
            name="Cấp giấy phép xây dựng nhà ở riêng lẻ",
            field="construction",
            competent_level="district",
            sort_key="",
        )
    )
    session.flush()
    session.add(
        ProcedureVersion(
            id=version_id,
            procedure_id=procedure_id,
            number=1,
            source="",
            digest=version_id.hex,
            published_at=LONG_AGO,
        )
    )
    session.flush()
    return version_id


def a_record(session: Session, *, owner: Actor, state: RecordState = RecordState.SUBMITTED) -> UUID:
    """A submitted record of the owner, and everything that it refers to."""
    record_id, draft_id = new_id(), new_id()
    counter, version = a_counter(session), a_version(session)
    shared = {"version_id": version, "procedure_code": "1.009994", "place": "31135", "received_unit_id": counter}
    session.add(
        Draft(
            id=draft_id,
            owner_id=owner.person_id,
            answers={},
            pages_done=[],
            created_at=LONG_AGO,
            updated_at=LONG_AGO,
            expires_on=DAY,
            **shared,
        )
    )
    session.flush()
    session.add(
        Record(
            id=record_id,
            draft_id=draft_id,
            code=f"H13.31135-241118-{record_id.int % 10**9:09d}",
            procedure_name="Cấp giấy phép xây dựng nhà ở riêng lẻ",
            subject="Giấy phép xây dựng nhà tại 12 Trần Hoàng Na",
            applicant_name="Nguyễn Thị Hạnh",
            owner_id=owner.person_id,
            channel="online",
            return_unit_id=counter,
            return_by="online",
            unit_ids=[counter],
            answers={},
            state=state,
            version=1,
            receipt_digest="",
            token_digest="",
            submitted_at=LONG_AGO,
            reception_due_at=LONG_AGO,
            **shared,
        )
    )
    session.flush()
    return record_id


def an_event(session: Session, record_id: UUID, *, owner: Actor, number: int, **values: object) -> UUID:
    """An event of the record; `values` override what it says."""
    event_id = new_id()
    said: dict[str, object] = {
        "at": LONG_AGO,
        "kind": "action_taken",
        "actor_name": "Trần Văn Lộc",
        "unit_name": "UBND phường Xuân Khánh",
        "state_after": RecordState.SUBMITTED,
        "opened": [],
        "details": {},
    }
    session.add(
        RecordEvent(id=event_id, record_id=record_id, number=number, owner_id=owner.person_id, **{**said, **values})
    )
    session.flush()
    return event_id
