"""A record to make documents for, in a database of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from portal.accounts.models import Person
from portal.catalogue.models import ProcedureRow, ProcedureVersion
from portal.core.actor import SYSTEM
from portal.core.database import engine, sessions
from portal.core.references import new_id
from portal.core.unit_of_work import unit_of_work, use
from portal.documents import rendering
from portal.documents.contents import storable
from portal.documents.statements import ADD_DOCUMENT
from portal.files import store
from portal.files.folder import FolderStore
from portal.records.models import Draft, Record
from portal.schema import load_all
from portal.units.models import Unit
from tests.unit.documents.samples import SAMPLES

if TYPE_CHECKING:
    from tests.cluster import DatabaseUrls

NOW = datetime(2026, 2, 5, 2, 0, tzinfo=UTC)

load_all()


@dataclass(frozen=True)
class Arranged:
    record_id: UUID
    owner_id: UUID
    unit_id: UUID


@pytest.fixture
def arranged(own_database: DatabaseUrls, tmp_path: Path) -> Iterator[Arranged]:
    bind = engine(own_database.app, pool_size=20)
    use(sessions(bind))
    store.use(FolderStore(tmp_path / "files"))
    rendering.use(rendering.Issuer("https://dichvucong.vidu.vn", b"k" * 32, "0292 1022"))
    with unit_of_work(SYSTEM) as session:
        unit = Unit(
            code="000.00.18.H13",
            account_code="nk",
            name="UBND quận Ninh Kiều",
            short_name="Q. Ninh Kiều",
            level="district",
            kind="body",
            place="916",
            sort_key="",
            folded="",
            valid_from=date(2020, 1, 1),
        )
        person = Person(login="092190004321", password_hash="", full_name="Nguyễn Thị Ngọc Huyền", sort_key="")
        procedure = ProcedureRow(code="1.009994", name="", field="", competent_level="district", sort_key="")
        session.add_all([unit, person, procedure])
        session.flush()
        version = ProcedureVersion(procedure_id=procedure.id, number=1, source="", digest="", published_at=NOW)
        session.add(version)
        session.flush()
        common = {"owner_id": person.id, "version_id": version.id, "procedure_code": "1.009994", "place": "916"}
        draft = Draft(
            **common,
            received_unit_id=unit.id,
            answers={},
            pages_done=[],
            created_at=NOW,
            updated_at=NOW,
            expires_on=date(2027, 1, 1),
        )
        session.add(draft)
        session.flush()
        record = Record(
            **common,
            draft_id=draft.id,
            code="000.00.18.H13-260205-0001",
            procedure_name="",
            subject="",
            applicant_name="",
            received_unit_id=unit.id,
            return_unit_id=unit.id,
            return_by="counter",
            unit_ids=[unit.id],
            answers={},
            state="submitted",
            version=1,
            receipt_digest="",
            token_digest="",
            submitted_at=NOW,
            reception_due_at=NOW,
        )
        session.add(record)
        session.flush()
        ids = Arranged(record.id, person.id, unit.id)
    yield ids
    bind.dispose()


@pytest.fixture
def ask(arranged: Arranged) -> Callable[..., UUID]:
    """Ask for a document as an action does."""

    def asked(template: str = "construction_permit", **changes: Any) -> UUID:
        values = {
            "record_id": arranged.record_id,
            "owner_id": arranged.owner_id,
            "unit_id": arranged.unit_id,
            "kind": "result",
            "template": template,
            "title": "Giấy phép xây dựng",
            "title_en": "Construction permit",
            "content": SAMPLES[template],
            "series": "GPXD",
            "for_applicant": True,
            "created_at": NOW,
        }
        row = {"id": new_id(), **values, **changes}
        with unit_of_work(SYSTEM) as session:
            session.execute(ADD_DOCUMENT, {**row, "content": storable(template, row["content"])})
        return UUID(str(row["id"]))

    return asked
