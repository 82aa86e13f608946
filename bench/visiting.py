"""The portal's pages in this process: an application, and visitors who are signed in."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder

from bench.ground import Ground
from portal.accounts.models import SignIn
from portal.core import clock
from portal.core.actor import SYSTEM
from portal.core.references import new_id
from portal.core.unit_of_work import unit_of_work
from portal.web.application import assemble
from portal.web.sign_in import KEY, SEEN, SINCE

_TOKEN = re.compile(r'name="csrf_token"[^>]* value="([^"]+)"')


def application(ground: Ground, database: str) -> Flask:
    return assemble(ground.settings(database))


def sign_in(person_id: UUID) -> UUID:
    """A sign-in of the person, in the database that this process works in."""
    now, sign_in_id = clock.now(), new_id()
    with unit_of_work(SYSTEM) as session:
        session.execute(insert(SignIn).values(id=sign_in_id, person_id=person_id, created_at=now, seen_at=now))
    return sign_in_id


def visitor(app: Flask, sign_in_id: UUID) -> FlaskClient:
    """A browser that holds the cookie of a sign-in."""
    client = app.test_client()
    with client.session_transaction() as session:
        session[KEY] = str(sign_in_id)
        session[SINCE] = session[SEEN] = int(clock.now().timestamp())
    return client


def token_on(client: FlaskClient, address: str) -> str:
    """The form token that a page gave the visitor."""
    found = _TOKEN.search(client.get(address).text)
    if found is None:
        raise LookupError(f"no form on {address}")
    return found.group(1)


def cookies_of(client: FlaskClient) -> str:
    """What the browser would send."""
    return "; ".join(f"{cookie.key}={cookie.value}" for cookie in (client._cookies or {}).values())


def sending(app: Flask, address: str, *, cookies: str, form: dict[str, str]) -> Callable[[], str]:
    """A form about to be sent, as a server hands it to WSGI; calling it once sends it and gives the status."""
    environ = EnvironBuilder(method="POST", path=address, data=form, headers=Headers({"Cookie": cookies})).get_environ()
    statuses: list[str] = []

    def answered(status: str, *_rest: Any) -> Callable[[bytes], object]:
        statuses.append(status)
        return len

    def send() -> str:
        for _part in app.wsgi_app(environ, answered):
            pass
        return statuses[0]

    return send


def opener(app: Flask, address: str, *, cookies: str = "") -> Callable[[], None]:
    """Opens a page through WSGI, without a server and without a test client; raises when it is not there."""
    headers = Headers({"Cookie": cookies} if cookies else {})

    def answered(status: str, *_rest: Any) -> Callable[[bytes], object]:
        if not status.startswith("200"):
            raise AssertionError(f"{address} answers {status}")
        return len  # the older way to write an answer, which nobody here takes

    def open_page() -> None:
        environ = EnvironBuilder(
            path=address.partition("?")[0], query_string=address.partition("?")[2], headers=headers
        )
        for _part in app.wsgi_app(environ.get_environ(), answered):
            pass

    return open_page
