"""One message for one event, to its owner and nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from portal.core import clock, database
from portal.core.actor import SYSTEM, Actor
from portal.core.references import new_id
from portal.core.unit_of_work import reading, unit_of_work, use
from portal.notifications import jobs, queries, service
from portal.notifications.types import MessageView
from portal.payments.models import Payment
from portal.records.models import Supplement
from portal.records.types import RecordState
from tests.cluster import DatabaseUrls
from tests.integration.rows import LONG_AGO, a_citizen, a_counter, a_record, an_event

pytestmark = pytest.mark.committed


@pytest.fixture(autouse=True)
def sessions(database_urls: DatabaseUrls) -> Iterator[None]:
    engine = database.engine(database_urls.app, pool_size=5)
    use(database.sessions(engine))
    yield
    engine.dispose()


def messages(actor: Actor) -> list[MessageView]:
    with reading(actor) as session:
        return queries.list_messages(session, actor=actor)


def test_an_event_is_told_once_however_often_the_job_runs() -> None:
    with unit_of_work(SYSTEM) as session:
        owner = a_citizen(session)
        record_id = a_record(session, owner=owner)
        event_id = an_event(session, record_id, owner=owner, number=1, kind="record_submitted")
    for _ in range(2):
        jobs.tell_applicant({"record_id": str(record_id), "event_id": str(event_id)}, now=clock.now())
    (message,) = messages(owner)
    assert message.kind == "submitted"
    assert message.text.subject.vi == f"Đã gửi hồ sơ {message.record_code}"
    assert "UBND phường Xuân Khánh trả lời trước 09:00, thứ Hai 18/11/2024." in message.text.body.vi
    assert "People's Committee of Xuân Khánh ward" in message.text.body.en
    assert "Hạnh" not in f"{message.text}"


def test_a_request_for_a_supplement_names_every_item_and_the_day() -> None:
    with unit_of_work(SYSTEM) as session:
        owner = a_citizen(session)
        record_id = a_record(session, owner=owner, state=RecordState.SUPPLEMENT)
        unit_id = a_counter(session)
        asked = {"record_id": record_id, "owner_id": owner.person_id, "unit_id": unit_id, "step": "appraise"}
        for sheet, label, answer_by in ((1, "Bản vẽ cũ", date(2024, 11, 1)), (2, "Bản vẽ móng", date(2024, 12, 14))):
            session.add(
                Supplement(
                    id=new_id(),
                    sheet=sheet,
                    items=[{"kind": "paper", "id": "drawings", "label": label, "reason": ""}],
                    requested_by=owner.person_id,
                    requested_at=LONG_AGO,
                    sent_at=LONG_AGO,
                    answer_by=answer_by,
                    **asked,
                )
            )
        event_id = an_event(
            session, record_id, owner=owner, number=1, state_before="in_progress", state_after="supplement"
        )
    jobs.tell_applicant({"event_id": str(event_id)}, now=clock.now())
    (message,) = messages(owner)
    assert message.text.body.vi.startswith("Bổ sung 1 mục trước thứ Bảy 14/12/2024. Các mục: Bản vẽ móng.")


@pytest.mark.parametrize(
    "event",
    [
        {"state_before": "accepted", "state_after": "in_progress"},
        {"state_before": "submitted", "state_after": "submitted"},
        {"state_before": "submitted", "state_after": "accepted", "for_applicant": False},
    ],
)
def test_some_events_are_nobodys_news(event: dict[str, object]) -> None:
    with unit_of_work(SYSTEM) as session:
        owner = a_citizen(session)
        event_id = an_event(session, a_record(session, owner=owner), owner=owner, number=1, **event)
    jobs.tell_applicant({"event_id": str(event_id)}, now=clock.now())
    assert messages(owner) == []


def test_a_payment_is_told_with_its_sum() -> None:
    with unit_of_work(SYSTEM) as session:
        owner = a_citizen(session)
        record_id = a_record(session, owner=owner)
        payment_id = new_id()
        session.add(
            Payment(
                id=payment_id,
                record_id=record_id,
                owner_id=owner.person_id,
                gateway="vnpay",
                reference=payment_id.hex,
                amount=75_000,
                fee_line_ids=[],
                state="captured",
                created_at=LONG_AGO,
                captured_at=LONG_AGO,
            )
        )
        event_id = an_event(
            session, record_id, owner=owner, number=1, kind="fee_paid", details={"payment_id": str(payment_id)}
        )
    jobs.tell_applicant({"event_id": str(event_id)}, now=clock.now())
    (message,) = messages(owner)
    assert message.text.body.vi == "Đã thu 75.000 đồng. Không phải nộp lần nữa."


def test_messages_are_read_by_their_owner_only() -> None:
    with unit_of_work(SYSTEM) as session:
        owner, stranger = a_citizen(session), a_citizen(session)
        record_id = a_record(session, owner=owner)
        events = [
            an_event(session, record_id, owner=owner, number=1, kind="record_submitted"),
            an_event(session, record_id, owner=owner, number=2, state_before="submitted", state_after="accepted"),
        ]
        for event_id in events:
            service.tell_applicant(session, event_id, now=clock.now())
    assert messages(stranger) == []
    with unit_of_work(stranger) as session:
        service.mark_read(session, actor=stranger, now=clock.now())
    assert [(message.kind, message.read_at) for message in messages(owner)] == [("accepted", None), ("submitted", None)]
    read_at = []
    for _again in range(2):
        with unit_of_work(owner) as session:
            service.mark_read(session, actor=owner, now=clock.now())
        read_at.append([message.read_at for message in messages(owner)])
    assert None not in read_at[0]
    assert read_at[0] == read_at[1]
    with reading(owner) as session:
        assert len(queries.list_messages(session, actor=owner, record_id=record_id)) == 2
        assert queries.list_messages(session, actor=owner, record_id=new_id()) == []


def test_an_event_that_is_gone_is_no_error() -> None:
    jobs.tell_applicant({"event_id": str(new_id())}, now=clock.now())
