"""Reading people, posts and sign-ins."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, and_, bindparam, or_, select
from sqlalchemy.orm import Session

from portal.accounts.models import Membership, Organisation, Person, PersonPost
from portal.accounts.types import OfficialView, OrganisationView, PersonView
from portal.core.actor import Actor, ActorKind, Post
from portal.core.clock import local_day
from portal.core.errors import NotFound
from portal.core.text import name_key
from portal.core.unit_of_work import Ask
from portal.units.queries import NAMED_UNITS

SIGN_IN_LASTS = timedelta(hours=12)
"""After that long a person signs in again, whatever the cookie says."""

_DAY = bindparam("day", type_=Date)


def _in_force() -> ColumnElement[bool]:
    return and_(PersonPost.valid_from <= _DAY, or_(PersonPost.valid_to.is_(None), PersonPost.valid_to >= _DAY))


_POST = (
    PersonPost.unit_id,
    NAMED_UNITS.c.name,
    NAMED_UNITS.c.level,
    PersonPost.role,
    PersonPost.function,
    PersonPost.title,
    NAMED_UNITS.c.name_en,
)
_POSTS_OF = (
    select(*_POST)
    .join(NAMED_UNITS, NAMED_UNITS.c.id == PersonPost.unit_id)
    .where(PersonPost.person_id == bindparam("person"), _in_force())
    .order_by(PersonPost.valid_from, PersonPost.id)
)
_ACTOR_OF = """
SELECT found.*, set_config('app.person', found.person_id::text, false) AS told_person,
       set_config('app.kind', CASE WHEN found.unit_id IS NULL THEN 'citizen' ELSE 'official' END, false) AS told_kind
FROM app.actor_of(%(sign_in)s, %(since)s, %(day)s) found
"""
_OFFICIALS = select(
    PersonPost.person_id,
    PersonPost.person_name,
    PersonPost.unit_id,
    PersonPost.role,
    PersonPost.function,
    PersonPost.title,
    PersonPost.capacity,
).where(_in_force())


def actor_of(ask: Ask, sign_in_id: UUID, *, now: datetime) -> Actor | None:
    """Who a sign-in stands for, with the posts of today, in one statement. None when it has ended.

    For `core.unit_of_work.recognise`: the statement tells the connection who reads from now on.
    """
    rows = ask((_ACTOR_OF, {"sign_in": sign_in_id, "since": now - SIGN_IN_LASTS, "day": local_day(now)}))
    if not rows:
        return None
    person_id, name = rows[0][:2]
    return actor_from(
        person_id=person_id,
        name=name,
        posts=tuple(Post(*row[2:9]) for row in rows if row[2] is not None),
        sign_in_id=sign_in_id,
    )


def actor_from(*, person_id: UUID, name: str, posts: tuple[Post, ...], sign_in_id: UUID) -> Actor:
    """A person with a post is an official, any other a citizen."""
    return Actor(
        kind=ActorKind.OFFICIAL if posts else ActorKind.CITIZEN,
        person_id=person_id,
        name=name,
        posts=posts,
        sign_in_id=sign_in_id,
    )


def list_posts(session: Session, person_id: UUID, *, day: date) -> tuple[Post, ...]:
    """The posts of a person that day: read again inside the transaction that relies on them."""
    return tuple(Post(*row) for row in session.execute(_POSTS_OF, {"person": person_id, "day": day}))


def list_officials(
    session: Session, unit_id: UUID, *, day: date, role: str | None = None, function: str | None = None
) -> list[OfficialView]:
    """Who works in a unit that day, by given name. With `function`, also those who do everything there."""
    wanted = _OFFICIALS.where(PersonPost.unit_id == unit_id)
    if role is not None:
        wanted = wanted.where(PersonPost.role == role)
    if function is not None:
        wanted = wanted.where(or_(PersonPost.function.is_(None), PersonPost.function == function))
    found = [OfficialView(*row) for row in session.execute(wanted, {"day": day})]
    return sorted(found, key=lambda official: (name_key(official.name), str(official.person_id), official.role))


def official_names(session: Session, person_ids: Collection[UUID]) -> dict[UUID, str]:
    """The names under which these people hold or held a post."""
    wanted = select(PersonPost.person_id, PersonPost.person_name).where(PersonPost.person_id.in_(person_ids))
    return {person_id: name for person_id, name in session.execute(wanted.order_by(PersonPost.valid_from))}


def as_official(session: Session, person_id: UUID, *, day: date) -> Actor:
    """The person with the posts that he or she holds that day: for what the worker does in somebody's name."""
    name = official_names(session, [person_id]).get(person_id, "")
    return Actor(ActorKind.OFFICIAL, person_id, name, list_posts(session, person_id, day=day))


def get_person(session: Session, person_id: UUID) -> PersonView:
    """Raises NotFound, also when the person is somebody whom the actor may not see."""
    columns: tuple[Any, ...] = tuple(getattr(Person, name) for name in PersonView.__dataclass_fields__)
    row = session.execute(select(*columns).where(Person.id == person_id)).first()
    if row is None:
        raise NotFound("Không có tài khoản này.")
    return PersonView(*row)


def list_organisations(session: Session, person_id: UUID) -> list[OrganisationView]:
    """The organisations for which a person may act."""
    wanted = (
        select(
            Organisation.id,
            Organisation.name,
            Organisation.tax_code,
            Organisation.address,
            Organisation.place,
            Membership.role,
        )
        .join(Membership, Membership.organisation_id == Organisation.id)
        .where(Membership.person_id == person_id)
        .order_by(Organisation.name, Organisation.id)
    )
    return [OrganisationView(*row) for row in session.execute(wanted)]
