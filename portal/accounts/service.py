"""Signing in and out."""

from __future__ import annotations

import re
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from portal.accounts import identity, passwords
from portal.accounts.models import Person, SignIn
from portal.accounts.queries import actor_from, list_posts
from portal.audit import service as audit
from portal.core.actor import Actor
from portal.core.clock import local_day
from portal.core.errors import InvalidInput
from portal.core.references import new_id


def sign_in(session: Session, login: str, password: str, *, now: datetime) -> Actor:
    """A new sign-in of the person with this identity number or account name. The session acts as SYSTEM.

    Raises InvalidInput: at once for an identity number that nobody can have; else the same sentence, after the same
    time, for an unknown name, a wrong password and a closed account.
    """
    login = _tidy_login(login, now=now)
    person = session.execute(
        select(Person.id, Person.full_name, Person.password_hash).where(
            Person.login == login, Person.disabled_at.is_(None)
        )
    ).first()
    if not passwords.fits(password, person.password_hash if person else None) or person is None:
        raise InvalidInput("Số định danh hoặc mật khẩu chưa đúng.")
    if passwords.is_outdated(person.password_hash):
        _renew_hash(session, person.id, password)
    posts = list_posts(session, person.id, day=local_day(now))
    sign_in_id = new_id()
    session.execute(insert(SignIn).values(id=sign_in_id, person_id=person.id, created_at=now, seen_at=now))
    actor = actor_from(person_id=person.id, name=person.full_name, posts=posts, sign_in_id=sign_in_id)
    audit.note(session, "signed_in", actor=actor, now=now, subject_id=person.id)
    return actor


def confirm(session: Session, password: str, *, actor: Actor, now: datetime) -> None:
    """Whoever is signed in gives the password once more, before using a key. Raises InvalidInput when it is wrong."""
    person = session.execute(select(Person.password_hash).where(Person.id == actor.person_id)).first()
    if not passwords.fits(password, person.password_hash if person else None):
        raise InvalidInput("Mật khẩu chưa đúng.", field="password")
    audit.note(session, "stepped_up", actor=actor, now=now, subject_id=actor.person_id)


def sign_out(session: Session, *, actor: Actor, now: datetime) -> None:
    """End the actor's own sign-in. Signing out twice is no mistake."""
    session.execute(
        update(SignIn).where(SignIn.id == actor.sign_in_id, SignIn.revoked_at.is_(None)).values(revoked_at=now)
    )
    audit.note(session, "signed_out", actor=actor, now=now, subject_id=actor.person_id)


def _tidy_login(typed: str, *, now: datetime) -> str:
    typed = typed.strip()
    if not typed:
        raise InvalidInput("Nhập số định danh hoặc tên tài khoản.", field="login")
    if re.fullmatch(r"[0-9\s.\-]+", typed):
        return identity.checked_id_number(typed, today=local_day(now), field="login")
    return typed.lower()


def _renew_hash(session: Session, person_id: UUID, password: str) -> None:
    session.execute(update(Person).where(Person.id == person_id).values(password_hash=passwords.hashed(password)))
