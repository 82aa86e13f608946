"""Opening accounts, giving posts, entering organisations: many at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from portal.accounts.models import Membership, Organisation, Person, PersonPost
from portal.accounts.types import NewOrganisation, NewPerson
from portal.audit import service as audit
from portal.core.actor import Actor
from portal.core.references import new_id
from portal.core.text import composed, name_key


def add_people(session: Session, people: Sequence[NewPerson], *, actor: Actor, now: datetime) -> int:
    """Open accounts with their posts; a login that exists is left as it is. Returns how many are new.

    The session acts as SYSTEM.
    """
    known = set(session.scalars(select(Person.login).where(Person.login.in_([person.login for person in people]))))
    opened = [(new_id(), person) for person in people if person.login not in known]
    if not opened:
        return 0
    session.execute(insert(Person), [_person_row(person_id, person) for person_id, person in opened])
    posts = [row for person_id, person in opened for row in _post_rows(person_id, person)]
    if posts:
        session.execute(insert(PersonPost), posts)
    audit.note(session, "accounts_opened", actor=actor, now=now, people=len(opened), posts=len(posts))
    return len(opened)


def add_organisation(session: Session, organisation: NewOrganisation, *, actor: Actor, now: datetime) -> bool:
    """Enter an organisation and who represents it; whether it is new. The session acts as SYSTEM."""
    if session.scalar(select(Organisation.id).where(Organisation.tax_code == organisation.tax_code)) is not None:
        return False
    person_id = session.scalars(select(Person.id).where(Person.login == organisation.representative)).one()
    organisation_id = new_id()
    session.execute(
        insert(Organisation).values(
            id=organisation_id,
            name=composed(organisation.name),
            tax_code=organisation.tax_code,
            address=organisation.address,
            place=organisation.place,
        )
    )
    session.execute(
        insert(Membership).values(
            id=new_id(), organisation_id=organisation_id, person_id=person_id, role="representative"
        )
    )
    audit.note(session, "organisation_entered", actor=actor, now=now, subject_id=person_id)
    return True


def _person_row(person_id: UUID, person: NewPerson) -> dict[str, Any]:
    kept = {name: value for name, value in asdict(person).items() if name != "posts"}
    name = composed(person.full_name)
    return {**kept, "id": person_id, "full_name": name, "sort_key": name_key(name), "language": "vi"}


def _post_rows(person_id: UUID, person: NewPerson) -> list[dict[str, Any]]:
    return [
        {
            **asdict(post),
            "id": new_id(),
            "person_id": person_id,
            "person_name": composed(person.full_name),
            "role": post.role.value,
        }
        for post in person.posts
    ]
