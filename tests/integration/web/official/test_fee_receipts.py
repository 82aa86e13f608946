"""Receipts for fees: one for each capture that pays, without gaps, ended when the money goes back."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pypdfium2
import pytest
from lxml import etree
from sqlalchemy import select, text, update

from portal.core import clock
from portal.core.actor import SYSTEM, Actor, ActorKind
from portal.core.unit_of_work import reading, unit_of_work
from portal.demonstration.walking import Walk
from portal.documents.models import Document
from portal.documents.symbols import reference
from portal.files.store import the_store
from portal.jobs.models import Job
from portal.payments import refunds
from portal.payments.models import FeeLine, Refund
from portal.payments.refunds import OWE_REFUND
from portal.records.fee_receipts import symbol_on
from portal.records.jobs import KINDS
from tests.harness.client import submit, words_of
from tests.integration.web.official.conftest import RECEPTIONIST, AsOfficial, Permit, person


def run(kind: str, walk: Walk, *, now: datetime, times: int = 1) -> None:
    """What the worker does with the jobs of that kind for this record."""
    with reading(SYSTEM) as session:
        owed = session.scalars(select(Job.arguments).where(Job.kind == kind)).all()
    wanted = {str(walk.record_id), *map(str, receipts_of(walk)), *(str(refund.id) for refund in refunds_of(walk))}
    mine = [arguments for arguments in owed if wanted & set(arguments.values())]
    for arguments in mine * times:
        KINDS[kind](arguments, now=now)


def receipts_of(walk: Walk) -> dict[UUID, Document]:
    with reading(SYSTEM) as session:
        found = session.scalars(
            select(Document)
            .where(Document.record_id == walk.record_id, Document.kind == "fee_receipt")
            .order_by(Document.number)
        )
        return {receipt.id: receipt for receipt in found}


def refunds_of(walk: Walk) -> list[Refund]:
    with reading(SYSTEM) as session:
        return list(session.scalars(select(Refund).where(Refund.record_id == walk.record_id)))


def paid_in_cash(as_official: AsOfficial, permit: Permit, *, times: int = 1) -> Walk:
    walk = permit()
    submit(as_official(RECEPTIONIST), f"/can-bo/ho-so/{walk.file().record.code}/thu-tien-mat")
    run("payment_captured", walk, now=walk.now, times=times)
    return walk


def test_each_capture_has_one_receipt_and_numbers_have_no_gap(as_official: AsOfficial, permit: Permit) -> None:
    first, second = (paid_in_cash(as_official, permit, times=2) for _ in range(2))
    (one,), (other,) = receipts_of(first).values(), receipts_of(second).values()
    assert one.number is not None
    assert {one.series, other.series} == {symbol_on(clock.local_day(first.now))}
    assert other.number == one.number + 1
    assert one.capture_id != other.capture_id
    assert one.for_applicant


def test_the_receipt_says_the_sum_in_figures_and_words_and_who_took_it(as_official: AsOfficial, permit: Permit) -> None:
    walk = paid_in_cash(as_official, permit)
    run("make_document", walk, now=walk.now)
    (receipt,) = receipts_of(walk).values()
    said = text_of(receipt)
    for words in (
        "BIÊN LAI THU PHÍ, LỆ PHÍ",
        "Ký hiệu mẫu: 01BLP0-001",
        f"Ký hiệu: {receipt.series}",
        f"Số: {receipt.number:07d}",
        "UBND phường Cái Khế",
        "Mã số thuế: 00000000",
        walk.file().record.code,
        "Nguyễn Thị Hoa",
        "Lệ phí cấp giấy phép xây dựng",
        "75.000 đồng",
        "Bảy mươi lăm nghìn đồng",
        "Tiền mặt",
        person(RECEPTIONIST).full_name,
    ):
        assert words in said
    citizen = as_official("092085001234")
    page = f"/ho-so/{walk.file().record.code}"
    assert f"Dữ liệu của biên lai số {numbered(receipt)}" in words_of(citizen.get(page))
    for browser, address in ((citizen, page), (as_official(RECEPTIONIST), f"/can-bo{page}")):
        sent = browser.get(f"{address}/van-ban/{receipt.id}/du-lieu")
        assert sent.mimetype == "application/xml"
        said = etree.fromstring(sent.data)
        assert said.findtext(".//SBLai") == f"{receipt.number:07d}"
        assert said.findtext(".//TgTien") == "75000"


@pytest.mark.parametrize("rest", [0, 20_000])
def test_a_receipt_ends_when_a_fee_goes_back_and_another_says_what_stays(
    as_official: AsOfficial, permit: Permit, rest: int
) -> None:
    walk = permit()
    if rest:
        with unit_of_work(SYSTEM) as session:
            session.execute(text(ANOTHER_FEE), {"wanted": walk.record_id, "amount": rest})
    submit(as_official(RECEPTIONIST), f"/can-bo/ho-so/{walk.file().record.code}/thu-tien-mat")
    run("payment_captured", walk, now=walk.now)
    later = walk.now + timedelta(days=1)
    give_back(walk, now=later)
    run("fee_returned", walk, now=later, times=2)
    ended, *newer = receipts_of(walk).values()
    assert ended.ended_at == later
    assert [(one.changes_id, one.ended_at) for one in newer] == [(ended.id, None)] * bool(rest)
    assert [event.kind for event in walk.file().events][-1] == "fee_returned"
    if rest:
        run("make_document", walk, now=later)
        said = text_of(receipts_of(walk)[newer[0].id])
        assert "Hai mươi nghìn đồng" in said
        assert f"thay bản số {numbered(ended)}" in said


def numbered(receipt: Document) -> str:
    return reference(receipt.number or 0, receipt.series or "")


def text_of(receipt: Document) -> str:
    """What the PDF says, in one line."""
    assert receipt.file_digest is not None
    with the_store().opened(receipt.file_digest) as stored, pypdfium2.PdfDocument(stored.read()) as pdf:
        return " ".join(" ".join(page.get_textpage().get_text_bounded().split()) for page in pdf)


ANOTHER_FEE = """
INSERT INTO fee_line (id, record_id, owner_id, rule, kind, name, name_en, amount, legal_basis, note, note_en, moment,
  owed_at)
SELECT gen_random_uuid(), record_id, owner_id, 'another', 'phi', 'Phí thẩm định', '', :amount, '', '', '', moment,
  owed_at
FROM fee_line WHERE record_id = :wanted
"""


def give_back(walk: Walk, *, now: datetime) -> None:
    """The fee of the permit is due to go back, and two persons agree."""
    first, second = (
        Actor(kind=ActorKind.OFFICIAL, person_id=person(login).id, name=login) for login in ("stc.sp1", "stc.hd1")
    )
    with unit_of_work(SYSTEM) as session:
        due = update(FeeLine).where(FeeLine.record_id == walk.record_id, FeeLine.rule != "another")
        session.execute(due.values(refund_due_at=now))
        session.execute(OWE_REFUND, {"wanted": walk.record_id})
    wanted = [refund.id for refund in refunds_of(walk)]
    with unit_of_work(first) as session:
        refunds.propose(session, wanted, actor=first, now=now)
    with unit_of_work(second) as session:
        refunds.approve(session, wanted, actor=second, now=now)
        refunds.note_paid_back(session, wanted, number="PC 12", actor=second, now=now)
