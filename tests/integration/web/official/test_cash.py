"""Cash at the counter: the sum of the fee lines, in the books by name, once."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError

from portal.core.actor import SYSTEM, Actor, ActorKind
from portal.core.references import new_id
from portal.core.unit_of_work import reading, unit_of_work
from portal.demonstration.walking import Walk
from portal.payments import queries
from portal.payments.models import Capture
from tests.harness.client import submit, words_of
from tests.integration.web.official.conftest import RECEPTIONIST, SPECIALIST, AsOfficial, Permit, person


@pytest.fixture
def walk(permit: Permit) -> Walk:
    return permit()


def address(walk: Walk) -> str:
    return f"/can-bo/ho-so/{walk.file().record.code}"


def test_cash_pays_the_fee_in_the_name_of_who_took_it(as_official: AsOfficial, walk: Walk) -> None:
    desk = as_official(RECEPTIONIST)
    assert "Thu tiền mặt" in words_of(desk.get(address(walk)))
    page = f"{address(walk)}/thu-tien-mat"
    shown = words_of(desk.get(page))
    assert "75.000 đồng" in shown
    assert "Bảy mươi lăm nghìn đồng" in shown
    first = desk.get(page)
    done = submit(desk, page, button="Đã nhận 75.000 đồng", follow=True)
    assert "Đã thu 75.000 đồng." in words_of(done)
    assert walk.file().unpaid == 0
    with reading(SYSTEM) as session:
        (capture,) = session.scalars(select(Capture).where(Capture.record_id == walk.record_id))
        assert (capture.gateway, capture.state, capture.amount) == ("cash", "matched", 75_000)
        assert capture.taken_by == person(RECEPTIONIST).id
        assert queries.books(session).is_balanced
    assert first.status_code == 200
    assert desk.get(page).status_code == 404, "nothing is owed any more"


def test_a_second_press_takes_no_second_sum(as_official: AsOfficial, walk: Walk) -> None:
    one, other = as_official(RECEPTIONIST), as_official(RECEPTIONIST)
    page = f"{address(walk)}/thu-tien-mat"
    fields = {"csrf_token": "", "amount": "75000"}
    opened = other.get(page)
    submit(one, page)
    fields["csrf_token"] = opened.text.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    refused = other.post(page, data=fields)
    assert refused.status_code in (409, 422)
    assert "Khoản này đã nộp rồi" in words_of(refused)
    with reading(SYSTEM) as session:
        assert len(session.scalars(select(Capture).where(Capture.record_id == walk.record_id)).all()) == 1


def test_a_sum_that_is_not_owed_is_not_taken(as_official: AsOfficial, walk: Walk) -> None:
    refused = submit(as_official(RECEPTIONIST), f"{address(walk)}/thu-tien-mat", {"amount": "74000"})
    assert "Số phải nộp vừa đổi." in words_of(refused)
    assert walk.file().unpaid == 75_000


@pytest.mark.parametrize("login", [SPECIALIST, "sxd.hd1", "nk.tckh.sp1"])
def test_only_the_counter_of_the_record_takes_cash(as_official: AsOfficial, walk: Walk, login: str) -> None:
    browser = as_official(login)
    assert browser.get(f"{address(walk)}/thu-tien-mat").status_code in (403, 404)
    assert "Thu tiền mặt" not in words_of(browser.get(address(walk)))


def test_the_table_refuses_cash_in_another_name_and_from_the_applicant(permit: Permit) -> None:
    walk = permit()
    taken = text("""
    INSERT INTO capture (id, gateway, number, reference, amount, state, cause, record_id, captured_at, heard_by,
      taken_by, taken_by_name, taken_unit_id)
    SELECT :id, 'cash', 'n', 'r', 75000, 'suspense', 'unknown', record.id, now(), 'counter', :taker, 'x',
      record.received_unit_id FROM record WHERE record.id = :wanted
    """)
    clerk, citizen = person(RECEPTIONIST), person("092085001234")
    for who, taker in ((clerk, citizen), (citizen, citizen)):
        actor = Actor(kind=ActorKind.OFFICIAL, person_id=who.id, name=who.full_name)
        with pytest.raises(ProgrammingError, match="row-level security"), unit_of_work(actor) as session:
            session.execute(taken, {"id": new_id(), "taker": taker.id, "wanted": walk.record_id})
