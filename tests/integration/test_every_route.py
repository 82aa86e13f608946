"""Who may come where: tried on every route, so that no author of a page has to remember."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import Engine, text
from werkzeug.routing import Rule

from portal.core.actor import SYSTEM
from portal.core.protection import PROTECTION
from portal.core.unit_of_work import reading
from portal.web.routes import CHECK_THEIR_OWN_TOKEN, ROUTES, WITHOUT_TOKEN, Access, check_completeness
from tests.harness.client import PageClient
from tests.harness.people import make_administrator, make_citizen, make_official
from tests.integration.conftest import AsUser, Client

OPEN = (Access.PUBLIC, Access.SIGNED_CALLBACK)
MAY_BE_WRITTEN_BY_READING = {"audit_entry"}
"""Who read personal data is noted after the answer."""

AT_ONCE = 20
"""To look at every row of every table takes longer than to open a page."""

EXAMPLES: dict[str, object] = {
    "filename": "portal.css",
    "token": "0" * 56,
    "code": "1.009994",
    "slug": "xay-nha",
}
"""A value for each variable of an address that is not a key; nothing need exist there."""


def address_of(app: Flask, rule: Rule) -> str:
    kinds = {name: type(converter).__name__ for name, converter in rule._converters.items()}
    values: dict[str, Any] = {
        name: UUID(int=7) if kinds[name] == "UUIDConverter" else EXAMPLES.get(name, "1") for name in rule.arguments
    }
    with app.test_request_context():
        return app.url_for(rule.endpoint, **values)


def rules_of(app: Flask, method: str) -> Iterator[tuple[Rule, str]]:
    for rule in app.url_map.iter_rules():
        if method in (rule.methods or ()):
            yield rule, address_of(app, rule)


CONTENTS = text(
    " UNION ALL ".join(
        f"SELECT '{table}', count(*), coalesce(md5(string_agg(t::text, '' ORDER BY t::text)), '') FROM {table} t"
        for table in sorted(PROTECTION.keys() - MAY_BE_WRITTEN_BY_READING)
    )
)


def rows_written(engine: Engine) -> dict[str, tuple[int, str]]:
    """Number and contents of every table, as the owner's policies do not hide them from SYSTEM."""
    with reading(SYSTEM) as session:
        return {table: (count, contents) for table, count, contents in session.execute(CONTENTS)}


def test_a_route_that_nobody_decided_about_stops_the_application(app: Flask) -> None:
    forgotten = Flask("forgotten")
    forgotten.add_url_rule("/moi", endpoint="forgotten.page", view_func=lambda: "")
    with pytest.raises(LookupError, match=r"forgotten\.page"):
        check_completeness(forgotten)


def test_the_table_names_no_route_that_is_gone(app: Flask) -> None:
    assert set(ROUTES) == {rule.endpoint for rule in app.url_map.iter_rules()}
    assert ROUTES.keys() >= WITHOUT_TOKEN | CHECK_THEIR_OWN_TOKEN


def test_a_stranger_is_asked_to_sign_in_and_comes_back(app: Flask, client: Client) -> None:
    for rule, address in rules_of(app, "GET"):
        if ROUTES[rule.endpoint] in OPEN:
            continue
        response = client.get(address)
        assert response.status_code == 303, f"{address} answers a stranger with {response.status_code}"
        assert response.location.startswith("/dang-nhap?next="), address


def test_a_stranger_may_not_send_anything(app: Flask, client: Client, engine: Engine) -> None:
    before = rows_written(engine)
    for rule, address in rules_of(app, "POST"):
        if ROUTES[rule.endpoint] not in OPEN:
            response = client.post(address, data={"csrf_token": "made up"})
            assert response.status_code == 403, f"{address} answers a stranger with {response.status_code}"
    assert rows_written(engine) == before


@pytest.mark.parametrize("access", [Access.CITIZEN, Access.OFFICIAL, Access.ADMINISTRATOR])
def test_somebody_of_another_kind_is_refused(app: Flask, as_user: AsUser, access: Access) -> None:
    outsiders = {
        Access.CITIZEN: [make_official()],
        Access.OFFICIAL: [make_citizen()],
        Access.ADMINISTRATOR: [make_citizen(), make_official()],
    }[access]
    for person in outsiders:
        browser = as_user(person)
        for rule, address in [*rules_of(app, "GET"), *rules_of(app, "POST")]:
            if ROUTES[rule.endpoint] is access:
                response = browser.open(address, method="GET" if "GET" in (rule.methods or ()) else "POST")
                assert response.status_code == 403, f"{address} answers {person.full_name} with {response.status_code}"


def test_opening_a_page_writes_nothing(app: Flask, as_user: AsUser, engine: Engine) -> None:
    browsers = [as_user(make_citizen()), as_user(make_official()), as_user(make_administrator())]
    before = rows_written(engine)
    addresses = [address for _, address in rules_of(app, "GET")]
    for start in range(0, len(addresses), AT_ONCE):
        some = addresses[start : start + AT_ONCE]
        for address in some:
            for browser in [app.test_client(), *browsers]:
                response = browser.get(address)
                assert response.status_code < 500, f"{address} answers {response.status_code}"
        assert rows_written(engine) == before, f"one of these pages writes: {some}"


def test_a_form_without_its_token_is_refused(app: Flask, as_user: AsUser, engine: Engine) -> None:
    people = [make_citizen(), make_official(), make_administrator()]
    browsers: list[PageClient] = [as_user(person) for person in people]
    before = rows_written(engine)
    for rule, address in rules_of(app, "POST"):
        if ROUTES[rule.endpoint] is Access.SIGNED_CALLBACK or rule.endpoint in WITHOUT_TOKEN:
            continue
        expected = (403, 404, 422) if rule.endpoint in CHECK_THEIR_OWN_TOKEN else (403,)
        for browser in browsers:
            response = browser.post(address)
            assert response.status_code in expected, (
                f"{address} answers a form without token with {response.status_code}"
            )
    assert rows_written(engine) == before


def test_a_form_sent_from_another_site_is_refused(app: Flask, as_user: AsUser, engine: Engine) -> None:
    browser = as_user(make_citizen())
    before = rows_written(engine)
    for rule, address in rules_of(app, "POST"):
        if ROUTES[rule.endpoint] is not Access.SIGNED_CALLBACK:
            response = browser.post(address, headers={"Sec-Fetch-Site": "cross-site"})
            assert response.status_code == 403, f"{address} takes a form from another site"
    assert rows_written(engine) == before
