"""Who read personal data of whose record, or whose account: one entry for each page that an official was shown.

A view says what it is about to show; the entry is written after the view, on a connection of its own, because pages
only read. When it cannot be written, the page is not shown either.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Flask, g, request
from werkzeug.wrappers import Response

from portal.audit import service as audit
from portal.core import clock
from portal.core.actor import ActorKind
from portal.core.unit_of_work import unit_of_work
from portal.web import sign_in

RECORD_READ = "record_read"
ACCOUNT_READ = "account_read"
REGISTER_READ = "register_read"


def install(app: Flask) -> None:
    app.after_request(note_reading)
    app.after_request(note_account)
    app.after_request(note_register)


def is_read(record_id: UUID, *, owner_id: UUID | None = None) -> None:
    """The answer shows this record, or one of its papers or documents. `owner_id` is the person whose data it is."""
    g.record_read = (record_id, owner_id)


def account_is_read(person_id: UUID) -> None:
    """The answer shows an official's account."""
    g.account_read = person_id


def register_is_read(*, unit_id: UUID, days: str, count: int) -> None:
    """The answer shows so many lines of a register, or another list, of the unit; one may show those of several."""
    read = {"unit": str(unit_id), "days": days, "count": count}
    g.register_read = [*g.get("register_read", ()), read]


def note_register(response: Response) -> Response:
    """One entry for the whole of a unit's, with the stretch of days and how many records it was."""
    read: list[dict[str, Any]] = g.get("register_read", [])
    if not read or response.status_code != 200:
        return response
    with unit_of_work(sign_in.actor()) as session:
        for one in read:
            audit.note(session, REGISTER_READ, actor=sign_in.actor(), now=clock.now(), **one)
    return response


def note_account(response: Response) -> Response:
    """Who opened whose account; a page that was refused leaves no entry."""
    person_id: UUID | None = g.get("account_read")
    if person_id is None or response.status_code != 200:
        return response
    with unit_of_work(sign_in.actor()) as session:
        audit.note(session, ACCOUNT_READ, actor=sign_in.actor(), now=clock.now(), subject_id=person_id)
    return response


def note_reading(response: Response) -> Response:
    """People who read what is their own leave no entry, nor does a page that was refused."""
    read: tuple[UUID, UUID | None] | None = g.get("record_read")
    if read is None or response.status_code != 200 or sign_in.actor().kind is not ActorKind.OFFICIAL:
        return response
    record_id, owner_id = read
    with unit_of_work(sign_in.actor()) as session:
        audit.note(
            session,
            RECORD_READ,
            actor=sign_in.actor(),
            now=clock.now(),
            record_id=record_id,
            subject_id=owner_id,
            page=request.endpoint,
        )
    return response
