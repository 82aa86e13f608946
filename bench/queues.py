"""(d) The queue of one unit among ten thousand and among a million records, first page and hundredth page."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from statistics import median
from uuid import UUID

from flask import Flask
from psycopg import ClientCursor
from sqlalchemy import Engine, text

from bench.carrying import COMMUNE
from bench.ground import CITY, Ground, city_mark
from bench.rounds import Contestant, Figures, interleaved, milliseconds, quotients, say, spread, table, title, verdict
from bench.visiting import application, cookies_of, opener, sign_in, visitor
from portal.core import clock
from portal.core.actor import SYSTEM, Actor
from portal.core.database import engine, sessions
from portal.core.unit_of_work import reading, use
from portal.demonstration.walking import actor_of_person
from portal.records.queues import PAGE, QueueKey, QueuePart, list_queue
from portal.web.official.queue_address import written_key

SMALL, LARGE = 10_000, 1_000_000
OPEN_TASKS = 3_000
"""Open in every unit of the large city, and in the measured one of both: a counter has as much to do in either."""
MOST = 1.2
HUNDREDTH = 100
CHANGES = "1"
"""Raised when the rows below change, so that kept databases are made anew."""

_FILL = """
SET session_replication_role = replica;
CREATE TEMP TABLE chosen AS
  SELECT unit.id, unit.name, row_number() OVER (ORDER BY unit.id <> %(measured)s, unit.id) - 1 AS number
  FROM unit LIMIT 100;
CREATE TEMP TABLE made AS
  SELECT number, uuidv7() AS record_id, uuidv7() AS task_id, lpad(number::text, 7, '0') AS digits,
    CASE WHEN number < %(open)s THEN 0 ELSE number %% 100 END AS unit_number,
    number < %(open)s OR (number %% 100 <> 0 AND number / 100 < %(open)s) AS is_open,
    now() + ((number::bigint * 7919) %% 43200 - 7200) * interval '1 minute' AS due_at
  FROM generate_series(0, %(records)s - 1) AS number;
INSERT INTO record (id, draft_id, code, version_id, procedure_code, procedure_name, subject, applicant_name, owner_id,
    place, channel, received_unit_id, return_unit_id, return_by, unit_ids, answers, state, version, secret_version,
    receipt_digest, token_digest, submitted_at, reception_due_at, accepted_at, due_at, pauses, closed_at, supplements)
  SELECT record_id, record_id, '000.00.31.H13-261109-' || digits, version.id, '9.000010', 'Mười việc ba cấp',
    'Mười việc cho người số ' || digits, 'Nguyễn Văn ' || digits, person.id, %(place)s, 'online', chosen.id, chosen.id,
    'online', ARRAY[chosen.id], jsonb_build_object('full_name', 'Nguyễn Văn ' || digits, 'area', '80', 'filling',
    repeat(digits, 60)), CASE WHEN is_open THEN 'in_progress' ELSE 'returned' END, 3, 1, 'r' || digits, 't' || digits,
    now() - interval '9 days', now(), now() - interval '8 days', now() + interval '9 days', '[]',
    CASE WHEN is_open THEN NULL ELSE now() END, 0
  FROM made JOIN chosen ON chosen.number = unit_number,
    (SELECT id FROM person LIMIT 1) AS person, (SELECT id FROM procedure_version LIMIT 1) AS version;
INSERT INTO task (id, record_id, owner_id, unit_id, step, function, role, split, version, opened_at, anchored_at,
    due_at, assignee_name, closed_at, closed_by_name, outcome, step_name, record_code, applicant_name, procedure_name,
    place_name, record_due_at, news, paused)
  SELECT task_id, record_id, person.id, chosen.id, 'receive', 'one_stop', 'receptionist', '', 1, now(), now(), due_at,
    '', CASE WHEN is_open THEN NULL ELSE now() END, '', CASE WHEN is_open THEN NULL ELSE 'accept' END,
    'Tiếp nhận, kiểm tra hồ sơ', '000.00.31.H13-261109-' || digits, 'Nguyễn Văn ' || digits, 'Mười việc ba cấp',
    'Xuân Khánh', now() + interval '9 days', '', false
  FROM made JOIN chosen ON chosen.number = unit_number, (SELECT id FROM person LIMIT 1) AS person;
"""
_RECEPTIONIST = text("""
  SELECT post.person_id FROM post JOIN unit ON unit.id = post.unit_id
  WHERE post.role = 'receptionist' AND unit.place = :place ORDER BY post.id LIMIT 1
""")
_KEY = text("""
  SELECT due_at, id FROM task WHERE unit_id = ANY (:units) AND closed_at IS NULL AND role = 'receptionist'
  ORDER BY due_at, id OFFSET :before LIMIT 1
""")


@dataclass(frozen=True)
class City:
    """A database with so many records, and one official of it."""

    records: int
    engine: Engine
    official: Actor
    hundredth: QueueKey


def measure(ground: Ground, *, rounds: int, times: int) -> None:
    cities = [_city(ground, records) for records in (SMALL, LARGE)]
    app = application(ground, _name(SMALL))
    contestants = []
    for city in cities:
        for page, after in ((1, None), (HUNDREDTH, city.hundredth)):
            label = f"{city.records:>9,} records, page {page:>3}"
            contestants.append(Contestant(f"list   {label}", partial(_listed, city, after, times)))
            if _has_page(app):
                contestants.append(Contestant(f"page   {label}", partial(_opened, app, city, after, times)))
    figures = interleaved(contestants, rounds=rounds)
    _show(figures, page_is_there=_has_page(app))
    for city in cities:
        city.engine.dispose()


def _name(records: int) -> str:
    return f"bench_queue_{records}"


def _has_page(app: Flask) -> bool:
    return any(rule.rule == "/can-bo" for rule in app.url_map.iter_rules())


def _city(ground: Ground, records: int) -> City:
    name = _name(records)
    bind = engine(ground.url(name))
    started = time.monotonic()
    made = ground.database(name, template=CITY, mark=city_mark() + CHANGES, fill=lambda: _fill(ground, name, records))
    if made:
        say(f"(d) {records:,} records were made in {time.monotonic() - started:.0f} s; they are kept for the next run.")
    with _in(bind), reading(SYSTEM) as session:
        person_id = session.execute(_RECEPTIONIST, {"place": COMMUNE}).scalar_one()
        official = actor_of_person(session, person_id, day=clock.local_day(clock.now()))
        before = {"units": list(official.unit_ids), "before": PAGE * (HUNDREDTH - 1) - 1}
        due_at, key = session.execute(_KEY, before).one()
    return City(records, bind, official, QueueKey(due_at, key))


def _fill(ground: Ground, name: str, records: int) -> None:
    with ground.superuser(name) as connection:
        measured = connection.execute(
            "SELECT unit.id FROM post JOIN unit ON unit.id = post.unit_id "
            "WHERE post.role = 'receptionist' AND unit.place = %s ORDER BY post.id LIMIT 1",
            [COMMUNE],
        ).fetchone()
        if measured is None:
            raise LookupError("the commune has no counter")
        values = {"measured": measured[0], "open": OPEN_TASKS, "records": records, "place": COMMUNE}
        with connection.transaction():
            for statement in _FILL.split(";\n"):
                if statement.strip():
                    ClientCursor(connection).execute(statement.encode(), values)
        connection.execute("VACUUM (ANALYZE) record")
        connection.execute("VACUUM (ANALYZE) task")


@contextmanager
def _in(bind: Engine) -> Iterator[None]:
    """The portal of this process works in that database."""
    use(sessions(bind))
    yield


def _listed(city: City, after: QueueKey | None, times: int) -> Sequence[float]:
    def ask() -> None:
        with reading(city.official) as session:
            found = list_queue(session, QueuePart(after=after), actor=city.official, now=clock.now())
        if len(found.rows) != PAGE:
            raise AssertionError(f"a page of {len(found.rows)} rows")

    return _timed(city, ask, times)


def _opened(app: Flask, city: City, after: QueueKey | None, times: int) -> Sequence[float]:
    address = "/can-bo" + (f"?sau={_written(after)}" if after else "")
    with _in(city.engine):
        open_page = opener(app, address, cookies=_cookies(app, city))
        open_page()
    return _timed(city, open_page, times)


def _written(after: QueueKey) -> str:
    return written_key(after)


def _cookies(app: Flask, city: City) -> str:
    person_id: UUID | None = city.official.person_id
    if person_id is None:
        raise LookupError("the official has no account")
    return cookies_of(visitor(app, sign_in(person_id)))


def _timed(city: City, work: Callable[[], None], times: int) -> Sequence[float]:
    seconds = []
    with _in(city.engine):
        for _ in range(times):
            started = time.perf_counter()
            work()
            seconds.append(time.perf_counter() - started)
    return seconds


def _show(figures: dict[str, Figures], *, page_is_there: bool) -> None:
    title(f"(d) The queue of a unit with {OPEN_TASKS:,} open tasks, {PAGE} rows a page")
    rows = []
    ratios: dict[str, float] = {}
    for name, found in figures.items():
        small = figures[name.replace(f"{LARGE:>9,}", f"{SMALL:>9,}")]
        rows.append([name, milliseconds(found), spread(quotients(found, small))])
        ratios[name] = median(quotients(found, small))
    table(["", "ms", "10,000 records = 1"], rows)
    if not page_is_there:
        say("  There is no queue page yet: only its list is measured.")
    measured = "page" if page_is_there else "list"
    worst = max(ratio for name, ratio in ratios.items() if name.startswith(measured))
    verdict(f"{measured}: a million records at most {MOST} times ten thousand", worst <= MOST)
