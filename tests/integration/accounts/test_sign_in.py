"""Signing in, who a sign-in stands for, and how it ends."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import Connection, insert, update

from portal.accounts import passwords, queries, service
from portal.accounts.models import Person, PersonPost
from portal.core.actor import SYSTEM, Actor, ActorKind
from portal.core.errors import InvalidInput
from portal.core.references import new_id
from portal.core.text import name_key
from portal.core.unit_of_work import reading, recognise, unit_of_work
from portal.units.queries import directory
from tests.harness.city import NOW
from tests.harness.statements import count_queries

PASSWORD = "a password of the tests"
DAY = date(2025, 6, 2)


def make_person(*, login: str, name: str = "Lê Mẫu Thử") -> UUID:
    person_id = new_id()
    row = {
        "id": person_id,
        "login": login,
        "full_name": name,
        "sort_key": name_key(name),
        "password_hash": passwords.hashed(PASSWORD),
    }
    with unit_of_work(SYSTEM) as session:
        session.execute(insert(Person).values(**row))
    return person_id


def make_post(person_id: UUID, *, office: str, role: str, name: str = "Lê Mẫu Thử", **columns: object) -> None:
    with unit_of_work(SYSTEM) as session:
        unit = directory(session).unit_of_account(office, day=DAY)
        post = {"valid_from": date(2024, 1, 1), **columns}
        session.execute(
            insert(PersonPost).values(
                id=new_id(), person_id=person_id, person_name=name, unit_id=unit.id, role=role, **post
            )
        )


def sign_in(login: str, password: str = PASSWORD) -> Actor:
    with unit_of_work(SYSTEM) as session:
        return service.sign_in(session, login, password, now=NOW)


def actor_of(actor: Actor, *, after: timedelta = timedelta()) -> Actor | None:
    sign_in_id = actor.sign_in_id
    assert sign_in_id is not None
    return recognise(lambda ask: queries.actor_of(ask, sign_in_id, now=NOW + after))


def test_a_citizen_signs_in_with_the_identity_number(city: Connection) -> None:
    person_id = make_person(login="092085001234")
    actor = sign_in(" 092 085 001 234 ")
    assert (actor.kind, actor.person_id, actor.posts) == (ActorKind.CITIZEN, person_id, ())
    assert actor_of(actor) == actor


def test_an_official_has_the_posts_of_the_day(city: Connection) -> None:
    person_id = make_person(login="nk.qldt.sp1")
    make_post(person_id, office="nk.qldt", role="specialist", function="urban_management", title="Chuyên viên")
    make_post(person_id, office="ck", role="head", valid_to=date(2025, 6, 1))
    actor = sign_in("NK.qldt.sp1")
    (post,) = actor.posts
    assert actor.kind == ActorKind.OFFICIAL
    assert (post.unit_name, post.level, post.role) == ("Phòng Quản lý đô thị quận Ninh Kiều", "district", "specialist")
    assert actor_of(actor) == actor


def test_who_acts_is_read_in_one_statement(city: Connection) -> None:
    person_id = make_person(login="nk.qldt.sp1")
    for office in ("nk.qldt", "nk.kt", "ck"):
        make_post(person_id, office=office, role="specialist")
    actor = sign_in("nk.qldt.sp1")
    with count_queries() as statements:
        seen = actor_of(actor)
    assert len(statements) == 1
    assert seen is not None
    assert len(seen.posts) == 3


@pytest.mark.parametrize("login", ["nk.qldt.sp1", "nobody", "092085001234"])
def test_wrong_password_and_unknown_name_get_the_same_sentence(city: Connection, login: str) -> None:
    make_person(login="nk.qldt.sp1")
    with pytest.raises(InvalidInput, match=r"^Số định danh hoặc mật khẩu chưa đúng\.$"):
        sign_in(login, "something else")


def test_an_identity_number_too_short_is_named_before_any_password_is_tried(city: Connection) -> None:
    with pytest.raises(InvalidInput, match="12 chữ số") as refused:
        sign_in("09208500123")
    assert refused.value.field == "login"


def test_a_closed_account_is_closed_at_once(city: Connection) -> None:
    person_id = make_person(login="quantri")
    actor = sign_in("quantri")
    with unit_of_work(SYSTEM) as session:
        session.execute(update(Person).where(Person.id == person_id).values(disabled_at=NOW))
    assert actor_of(actor) is None
    with pytest.raises(InvalidInput):
        sign_in("quantri")


def test_signing_out_ends_this_sign_in_only(city: Connection) -> None:
    make_person(login="quantri")
    here, there = sign_in("quantri"), sign_in("quantri")
    with unit_of_work(here) as session:
        service.sign_out(session, actor=here, now=NOW)
    assert actor_of(here) is None
    assert actor_of(there) == there


def test_a_sign_in_ends_by_itself(city: Connection) -> None:
    make_person(login="quantri")
    actor = sign_in("quantri")
    assert actor_of(actor, after=timedelta(hours=11)) == actor
    assert actor_of(actor, after=timedelta(hours=12)) is None


def test_officials_are_listed_by_given_name(city: Connection) -> None:
    for number, name in enumerate(["Trần Mẫu Đức", "Lê Mẫu Dung", "Bùi Mẫu Ân"]):
        person_id = make_person(login=f"nk.qldt.sp{number}", name=name)
        make_post(person_id, office="nk.qldt", role="specialist", name=name)
    leader = make_person(login="nk.qldt.hd1", name="Lê Mẫu An")
    make_post(leader, office="nk.qldt", role="head", name="Lê Mẫu An")
    with reading(SYSTEM) as session:
        unit = directory(session).unit_of_account("nk.qldt", day=DAY)
        found = queries.list_officials(session, unit.id, day=DAY, role="specialist", function="urban_management")
    assert [official.name for official in found] == ["Bùi Mẫu Ân", "Lê Mẫu Dung", "Trần Mẫu Đức"]
