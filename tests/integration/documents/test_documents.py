"""Documents from asking to the issued PDF, on a real database and a real disk."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from io import BytesIO
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Executable, select, text

from portal.core.actor import SYSTEM, Actor, ActorKind
from portal.core.errors import InvalidInput, NotFound
from portal.core.unit_of_work import in_one_trip, reading, unit_of_work
from portal.documents import queries, statements
from portal.documents.jobs import print_document, write_document
from portal.documents.models import Document
from portal.documents.numbering import NUMBER_AND_SEAL, sealing
from portal.documents.types import IssuedDocument
from portal.files import queries as file_queries
from portal.files import service as files
from portal.files.store import the_store
from tests.integration.documents.conftest import NOW, Arranged
from tests.unit.documents.samples import SAMPLES

pytestmark = pytest.mark.committed

CHAIR = {"capacity": ["CHỦ TỊCH"], "name": "Đặng Thị Thủy Tiên"}


def seal(document_id: UUID, *, now: datetime = NOW) -> None:
    with unit_of_work(SYSTEM) as session, in_one_trip(session):
        session.connection().execute(NUMBER_AND_SEAL, sealing(document_id, sealed_by=None, now=now))


def seen(document_id: UUID) -> IssuedDocument:
    with reading(SYSTEM) as session:
        return queries.get_document(session, document_id)


def text_of(digest: str) -> str:
    with the_store().on_disk(digest) as path:
        command = ["pdftotext", "-raw", str(path), "-"]
        said = " ".join(subprocess.run(command, capture_output=True, check=True, text=True).stdout.split())
    return said.replace("DỰ TH ẢO", "DỰ THẢO")  # letters set across the page are read in pieces


def mark(statement: Executable, document_id: UUID, *, person: UUID) -> None:
    with unit_of_work(SYSTEM) as session:
        session.connection().execute(statement, {"wanted": document_id, "person": person, "moment": NOW})


def test_a_permit_from_draft_to_the_issued_pdf(ask: Callable[..., UUID], arranged: Arranged) -> None:
    unsigned = {**SAMPLES["construction_permit"], "signature": {"capacity": ["CHỦ TỊCH"], "name": ""}}
    document_id = ask(content=unsigned)
    write_document(document_id, content=unsigned, now=NOW)
    draft = seen(document_id)
    assert draft.number_line == "…/GPXD"
    assert "DỰ THẢO" in text_of(draft.file_digest or "")

    mark(statements.INITIAL, document_id, person=arranged.owner_id)
    mark(statements.SIGN, document_id, person=arranged.owner_id)
    seal(document_id)
    write_document(document_id, content={**unsigned, "signature": CHAIR}, now=NOW)

    issued = seen(document_id)
    assert (issued.number, issued.year, issued.issued_at) == (1, 2026, NOW)
    assert issued.file_name == "Giấy phép xây dựng 01-GPXD.pdf"
    said = text_of(issued.file_digest or "")
    assert "Số: 01/GPXD" in said
    assert "Đặng Thị Thủy Tiên" in said
    assert "ngày 05 tháng 02 năm 2026" in said
    assert "DỰ THẢO" not in said


def test_sixteen_clerks_leave_no_hole_and_no_twin(ask: Callable[..., UUID]) -> None:
    documents = [ask() for _ in range(32)]
    with ThreadPoolExecutor(16) as clerks:
        list(clerks.map(seal, [*documents, *documents[:8]]))
    assert sorted(seen(document_id).number or 0 for document_id in documents) == list(range(1, 33))


def test_a_number_of_a_rolled_back_action_is_given_to_the_next(ask: Callable[..., UUID]) -> None:
    first, second = ask(), ask()
    with pytest.raises(RuntimeError):
        _seal_and_fail(first)
    seal(second)
    assert (seen(first).number, seen(second).number) == (None, 1)


def _seal_and_fail(document_id: UUID) -> None:
    with unit_of_work(SYSTEM) as session:
        session.connection().execute(NUMBER_AND_SEAL, sealing(document_id, sealed_by=None, now=NOW))
        raise RuntimeError


def test_each_series_and_each_year_counts_for_itself(ask: Callable[..., UUID]) -> None:
    last_minute_of_the_year = NOW.replace(month=12, day=31, hour=16, minute=59)
    permit, next_year, letter = ask(), ask(), ask("letter", series="QLĐT", kind="letter")
    seal(permit, now=last_minute_of_the_year)
    seal(letter, now=last_minute_of_the_year)
    seal(next_year, now=last_minute_of_the_year + timedelta(minutes=1))
    assert [(seen(one).year, seen(one).number) for one in (permit, letter, next_year)] == [
        (2026, 1),
        (2026, 1),
        (2027, 1),
    ]


def test_an_issued_document_is_never_changed(ask: Callable[..., UUID], arranged: Arranged) -> None:
    document_id = ask()
    seal(document_id)
    write_document(document_id, content=SAMPLES["construction_permit"], now=NOW + timedelta(seconds=1))
    issued = seen(document_id)
    mark(statements.INITIAL, document_id, person=arranged.owner_id)
    mark(statements.SIGN, document_id, person=arranged.owner_id)
    draft_again = {"to_template": "rejection", "to_title": "", "to_title_en": "", "to_series": "TB"}
    with unit_of_work(SYSTEM) as session:
        session.connection().execute(
            statements.DRAFT_AGAIN,
            {"wanted": document_id, **draft_again, "to_drafted_by": arranged.owner_id, "to_drafted_at": NOW},
        )
    seal(document_id)
    content = {**SAMPLES["construction_permit"], "owner": "Người khác"}
    write_document(document_id, content=content, now=NOW + timedelta(days=1))
    assert seen(document_id) == issued
    assert "Người khác" not in text_of(seen(document_id).file_digest or "")


def test_printing_twice_is_printing_once(ask: Callable[..., UUID]) -> None:
    document_id = ask("form01", series=None)
    print_document(document_id, now=NOW)
    first = seen(document_id).file_digest
    print_document(document_id, now=NOW)
    assert seen(document_id).file_digest == first
    print_document(uuid4(), now=NOW)


def test_the_applicant_sees_a_document_and_a_stranger_nothing(ask: Callable[..., UUID], arranged: Arranged) -> None:
    form = ask("form01", series=None)
    with reading(Actor(kind=ActorKind.CITIZEN, person_id=arranged.owner_id)) as session:
        assert queries.get_document(session, form).id == form
    with reading(Actor(kind=ActorKind.CITIZEN, person_id=uuid4())) as session, pytest.raises(NotFound):
        queries.get_document(session, form)


def test_an_upload_is_on_disk_before_its_row_and_stored_once(ask: Callable[..., UUID], arranged: Arranged) -> None:
    document_id = ask("form01", series=None)
    print_document(document_id, now=NOW)
    with the_store().opened(seen(document_id).file_digest or "") as drawn:
        content = drawn.read()
    applicant = Actor(kind=ActorKind.CITIZEN, person_id=arranged.owner_id)
    for _ in range(2):
        with unit_of_work(applicant) as session:
            kept = files.keep_upload(
                session, BytesIO(content), file_name="Đơn.pdf", formats=("pdf",), max_mb=10, now=NOW
            )
    assert (kept.media_type, kept.pages, kept.file_name) == ("application/pdf", 1, "Đơn.pdf")
    with reading(applicant) as session:
        facts = file_queries.get_file(session, kept.digest)
        with pytest.raises(NotFound):
            file_queries.get_file(session, "0" * 64)
    served = files.served(facts, file_name=kept.file_name)
    with served.content as kept_content:
        assert (kept_content.read(), served.size) == (content, len(content))
    assert served.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert files.preview(facts, page=1).startswith(b"\x89PNG")
    with pytest.raises(NotFound):
        files.preview(facts, page=2)


def test_a_refused_upload_leaves_no_row_and_no_file(arranged: Arranged) -> None:
    with pytest.raises(InvalidInput), unit_of_work(SYSTEM) as session:
        files.keep_upload(session, BytesIO(b"<html>"), file_name="a.pdf", formats=("pdf",), max_mb=10, now=NOW)
    assert [path for path in the_store().folder.rglob("*") if path.is_file()] == []
    with reading(SYSTEM) as session:
        assert session.execute(text("SELECT count(*) FROM file")).scalar_one() == 0


def test_a_validity_is_kept_with_the_number(ask: Callable[..., UUID]) -> None:
    document_id = ask()
    with unit_of_work(SYSTEM) as session:
        values = sealing(document_id, sealed_by=None, now=NOW, valid_until=date(2027, 2, 5))
        session.connection().execute(NUMBER_AND_SEAL, values)
        assert session.scalar(select(Document.valid_until).where(Document.id == document_id)) == date(2027, 2, 5)
