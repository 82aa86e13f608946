"""(c) The look-up page and the queue page over HTTP and in process, against a bare Flask page on the same server."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from statistics import median
from uuid import UUID

from flask import Flask
from sqlalchemy import text

from bench import waits
from bench.bare_flask import app as bare_app
from bench.carrying import citizen, first_walk, new_record, open_task
from bench.children import child, wait_for
from bench.ground import PORTAL, Ground
from bench.load import requests_per_second, tool
from bench.rounds import Contestant, Figures, interleaved, quotients, say, spread, table, title, verdict
from bench.submission import new_draft, send
from bench.visiting import application, cookies_of, opener, sign_in, visitor
from portal.commands.data_folder import free_port
from portal.core.actor import SYSTEM
from portal.core.references import receipt_secret
from portal.core.unit_of_work import reading
from portal.web.kept_pages import KeptPages

BARE = "bare Flask page"
LOOK_UP = "look-up of a record"
FIRST_LOOK_UP = "its first opening of a minute"
QUEUE = "queue of an official"
LEAST = 0.45
WORKERS = "2"
WARM_UPS = 3
_CODE = text("SELECT code FROM record WHERE id = :wanted")


@dataclass(frozen=True)
class Page:
    name: str
    app: Flask
    address: str
    cookies: str = ""


def measure(ground: Ground, *, rounds: int, seconds: float) -> None:
    pages = all_pages(ground)
    with ExitStack() as stack:
        ports = {page.app: free_port() for page in pages}
        for app, port in ports.items():
            stack.enter_context(served(ground, "bench.bare_flask" if app is bare_app else "portal.wsgi", port))
        over_http = [
            Contestant(page.name, partial(_asked, f"http://127.0.0.1:{ports[page.app]}{page.address}", page, seconds))
            for page in pages
        ]
        for contestant in over_http * WARM_UPS:  # each worker loads units, calendar and procedures once
            with suppress(ZeroDivisionError):
                contestant.turn()
        http = interleaved(over_http, rounds=rounds)
    in_process = [Contestant(page.name, partial(_cpu_of, page, 50)) for page in pages]
    look_up = next(page for page in pages if page.name == LOOK_UP)
    in_process.append(Contestant(FIRST_LOOK_UP, partial(_cpu_of, look_up, 50, kept=False)))
    inside = interleaved(in_process, rounds=rounds)
    _show(http, inside, {page.name: _statements(page) for page in pages})


def all_pages(ground: Ground) -> list[Page]:
    """The bare page, and those of the portal that are there."""
    app = application(ground, PORTAL)
    pages = [Page(BARE, bare_app, "/"), _look_up(ground, app)]
    if any(rule.rule == "/can-bo" for rule in app.url_map.iter_rules()):
        pages.append(_queue(app))
    else:
        say("(c) There is no queue page yet: it is not measured.")
    return pages


def _look_up(ground: Ground, app: Flask) -> Page:
    """The page that a receipt opens, of a record that has been handed in."""
    key = ground.settings(PORTAL).receipt_key.encode()
    owner = citizen()
    record_id = send(new_draft(owner), owner, key)
    client = app.test_client()
    secret = receipt_secret(record_id, key=key, version=1)
    response = client.post("/tra-cuu", data={"code": _code(record_id), "secret": secret})
    return Page(LOOK_UP, app, response.headers["Location"], cookies_of(client))


def _queue(app: Flask) -> Page:
    """Of a receptionist with forty open tasks."""
    hands = first_walk()
    for _ in range(40):
        open_task(new_record(hands.owner), "receive")
    official = hands.actors["receive"]
    if official.person_id is None:
        raise LookupError("the official has no account")
    return Page(QUEUE, app, "/can-bo", cookies_of(visitor(app, sign_in(official.person_id))))


def _code(record_id: UUID) -> str:
    with reading(SYSTEM) as session:
        return str(session.execute(_CODE, {"wanted": record_id}).scalar_one())


@contextmanager
def served(ground: Ground, module: str, port: int) -> Iterator[int]:
    """The same server for both: gunicorn with its plain worker. Gives its process id."""
    options = ["--config", "python:portal.commands.web_server", "--bind", f"127.0.0.1:{port}", "--workers", WORKERS]
    command = [sys.executable, "-m", "gunicorn", *options, f"{module}:app"]
    with child(ground, module.replace(".", "_"), command, database=PORTAL, port=port) as process_id:
        wait_for(f"http://127.0.0.1:{port}/")
        yield process_id


def _asked(url: str, page: Page, seconds: float) -> Sequence[float]:
    return [1 / requests_per_second(url, cookies=page.cookies, seconds=seconds)]


def _cpu_of(page: Page, times: int, *, kept: bool = True) -> Sequence[float]:
    """CPU seconds of this process for each opening; unless `kept`, of a page that was not printed before."""
    open_page = opener(page.app, page.address, cookies=page.cookies)
    spent = []
    for _ in range(times):
        if not kept:
            page.app.extensions["kept_pages"] = KeptPages()
        spent.append(_spent(open_page))
    return spent


def _spent(work: Callable[[], None]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def _statements(page: Page) -> str:
    """Statements, and waits for the database."""
    if "engine" not in page.app.extensions:
        return "-"
    open_page = opener(page.app, page.address, cookies=page.cookies)
    open_page()
    with waits.counted() as counted:
        open_page()
    return f"{counted.statements} ({counted.count})"


def _show(http: dict[str, Figures], inside: dict[str, Figures], statements: dict[str, str]) -> None:
    title(f"(c) Pages (gunicorn, {WORKERS} plain workers, 8 connections, asked by {tool()})")
    rows = []
    for name, found in http.items():
        rates = [1 / seconds for seconds in found.rounds]
        rows.append(
            [
                name,
                spread(rates, digits=0),
                spread(quotients(http[BARE], found)),
                spread(inside[name].rounds, scale=1000),
                spread(quotients(inside[name], inside[BARE])),
                statements[name],
            ]
        )
    first = inside[FIRST_LOOK_UP]
    cpu = [spread(first.rounds, scale=1000), spread(quotients(first, inside[BARE]))]
    rows.insert(2, [FIRST_LOOK_UP, "", "", *cpu, statements[LOOK_UP]])
    table(["", "pages a second", "bare Flask = 1", "ms CPU in process", "bare = 1", "statements (waits)"], rows)
    verdict(f"look-up at least {LEAST} of bare Flask", median(quotients(http[BARE], http[LOOK_UP])) >= LEAST)
    verdict("look-up asks one statement", statements[LOOK_UP].startswith("1 "))
