"""(b) Sending a construction permit: the whole POST, the service alone, and the bare statements for the same rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from statistics import median
from typing import Any
from uuid import UUID

import psycopg
from flask import Flask

from bench import waits
from bench.bare import Row, connected, insert_of, rows_of
from bench.carrying import COMMUNE, citizen
from bench.ground import PAPER, PORTAL, Ground
from bench.rounds import Contestant, Figures, interleaved, milliseconds, quotients, spread, table, title, verdict
from bench.spent import Meter, Spent
from bench.visiting import application, cookies_of, sending, sign_in, token_on, visitor
from portal.accounts.queries import SIGN_IN_LASTS
from portal.catalogue import queries as catalogue
from portal.core import clock
from portal.core.actor import Actor
from portal.core.references import new_id
from portal.core.unit_of_work import unit_of_work
from portal.records import service
from portal.units import queries as units

POST = "portal: the whole POST (cookie, form token, checks, bell, redirect)"
SERVICE = "portal: the service in its unit of work, and the bell"
BARE = "bare statements of the service, same role and policies"
BARE_POST = "bare statements of the POST: who is signed in, too"
MOST_WAITS = 6
PERMIT = "1.009994"
PAPERS = ("land", "drawings", "fire_doc")
ANSWERS: dict[str, Any] = {
    "filer": "self",
    "full_name": "Nguyễn Thị Hoa",
    "id_no": "092190004321",
    "birth_date": "1990-05-06",
    "address": "12 Trần Hoàng Na",
    "commune": COMMUNE,
    "phone": "0905123456",
    "return_by": "online",
    "plot_no": "245",
    "plot_m2": "96.5",
    "plot_commune": COMMUNE,
    "tenure": "owned",
    "adjacent": False,
    "planning_zone": True,
    "grade": "IV",
    "use": "mixed",
    "footprint_m2": "72",
    "floors": [{"kind": "ground", "area_m2": "72"}, {"kind": "upper", "area_m2": "72"}],
    "total_floor_m2": "144",
    "height_m": "8",
    "floors_above": "2",
    "designer": "self",
    "months": "6",
}
_SIGNED_IN = "SELECT * FROM app.actor_of(%s, %s, %s)"
_TELL = "SELECT set_config('app.person', %s, true), set_config('app.kind', %s, true)"
_LOCK = """SELECT id, owner_id, organisation_id, version_id, place, received_unit_id, answers, submitted_at
  FROM draft WHERE id = %s FOR UPDATE"""
_PAPERS = "SELECT slot, position, file_digest, file_name FROM draft_paper WHERE draft_id = %s ORDER BY slot, position"
_NUMBER = """INSERT INTO record_series (unit_id, day, last) VALUES (%s, %s, 1)
  ON CONFLICT (unit_id, day) DO UPDATE SET last = record_series.last + 1 RETURNING last"""
_SUBMITTED = "UPDATE draft SET submitted_at = %s WHERE id = %s"


def measure(ground: Ground, *, rounds: int, times: int) -> None:
    app = application(ground, PORTAL)
    owner = citizen()
    if owner.person_id is None:
        raise LookupError("the citizen has no account")
    sign_in_id = sign_in(owner.person_id)
    visit = Visit.of(app, sign_in_id, owner)
    key = ground.settings(PORTAL).receipt_key.encode()
    with connected(ground.url(PORTAL)) as as_app, connected(ground.url(PORTAL, role="postgres")) as as_superuser:
        written = sample(as_superuser, send(new_draft(owner), owner, key))
        bare = BareSubmissions(as_app, written, owner)
        bare_post = BareSubmissions(as_app, written, owner, sign_in_id=sign_in_id)
        meter = Meter.of(ground, PORTAL)
        works: dict[str, Callable[[UUID], Callable[[], object]]] = {
            POST: visit.about_to_send,
            SERVICE: lambda draft_id: partial(send, draft_id, owner, key),
            BARE_POST: lambda draft_id: partial(bare_post.send, draft_id),
            BARE: lambda draft_id: partial(bare.send, draft_id),
        }
        contestants = [
            Contestant(name, partial(repeated, prepared, owner, meter, times)) for name, prepared in works.items()
        ]
        figures = interleaved(contestants, rounds=rounds)
        counts = {name: _waits(prepared(new_draft(owner))) for name, prepared in works.items()}
    _show(figures, counts)


def new_draft(owner: Actor) -> UUID:
    """A draft with every answer and paper."""
    now = clock.now()
    with unit_of_work(owner) as session:
        published = catalogue.get_procedure(session, PERMIT)
        counters = units.directory(session).counters(COMMUNE, day=clock.local_day(now))
        counter = next(unit for unit in counters if unit.level == "commune")
        draft_id = service.start_draft(
            session, published, place=COMMUNE, received_unit_id=counter.id, answers=ANSWERS, actor=owner, now=now
        )
    with unit_of_work(owner) as session:
        for slot in PAPERS:
            service.add_paper(
                session, draft_id, slot, digest=PAPER, file_name=f"{slot}.pdf", most=10, actor=owner, now=now
            )
    return draft_id


def send(draft_id: UUID, owner: Actor, key: bytes) -> UUID:
    with unit_of_work(owner) as session:
        done = service.submit_record(session, draft_id, actor=owner, now=clock.now(), receipt_key=key)
    return done.record_id


def repeated(
    prepared: Callable[[UUID], Callable[[], object]], owner: Actor, meter: Meter, times: int
) -> Sequence[Spent]:
    """What each sending took, of drafts that were made before."""
    return [meter(prepared(new_draft(owner))) for _ in range(times)]


@dataclass(frozen=True)
class Visit:
    """A browser that is signed in and has the form's token."""

    app: Flask
    cookies: str
    token: str

    @classmethod
    def of(cls, app: Flask, sign_in_id: UUID, owner: Actor) -> Visit:
        client = visitor(app, sign_in_id)
        token = token_on(client, f"/to-khai/{new_draft(owner)}/xem-lai")
        return cls(app, cookies_of(client), token)

    def about_to_send(self, draft_id: UUID) -> Callable[[], object]:
        address = f"/to-khai/{draft_id}/xem-lai"
        send_form = sending(self.app, address, cookies=self.cookies, form={"csrf_token": self.token})

        def work() -> None:
            if not (status := send_form()).startswith("303"):
                raise AssertionError(f"{address} answers {status}")

        return work


@dataclass(frozen=True)
class Sample:
    """What one submission wrote, table by table in the order of its foreign keys."""

    record: Row
    children: dict[str, list[Row]]


def sample(connection: psycopg.Connection[Any], record_id: UUID) -> Sample:
    (record,) = rows_of(connection, "record", "id", record_id)
    children = ("task", "record_paper", "record_event", "fee_line", "document")
    written = {table: rows_of(connection, table, "record_id", record_id) for table in children}
    keys = {str(row["id"]) for rows in [[record], *written.values()] for row in rows}
    jobs = rows_of(connection, "job", "queue", "documents") + rows_of(connection, "job", "queue", "messages")
    written["job"] = [job for job in jobs if keys & set(job["arguments"].obj.values())]
    return Sample(record, written)


class BareSubmissions:
    def __init__(
        self, connection: psycopg.Connection[Any], written: Sample, owner: Actor, *, sign_in_id: UUID | None = None
    ) -> None:
        self.connection = connection
        self.sign_in_id = sign_in_id
        self.sample = written
        self.owner = owner
        self.inserts = {table: insert_of(table) for table in ("record", *written.children)}

    def send(self, draft_id: UUID) -> None:
        ask = self.connection.execute
        now, record_id = clock.now(), new_id()
        record = self.sample.record
        if self.sign_in_id is not None:
            ask(_SIGNED_IN, [self.sign_in_id, now - SIGN_IN_LASTS, clock.local_day(now)]).fetchall()
        ask("BEGIN")
        ask(_TELL, [self.owner.key, self.owner.kind.value])
        ask(_LOCK, [draft_id]).fetchone()
        ask(_PAPERS, [draft_id]).fetchall()
        taken = ask(_NUMBER, [record["received_unit_id"], clock.local_day(now)]).fetchone()
        if taken is None:
            raise AssertionError("no number was taken")
        code = f"{record['code'][:-5]}-{taken[0]:04d}"
        self.insert("record", {**record, "id": record_id, "draft_id": draft_id, "code": code, "submitted_at": now})
        for table_name, rows in self.sample.children.items():
            for row in rows:
                changed = {"id": new_id(), "record_id": record_id, "natural_key": str(new_id())}
                self.insert(table_name, {**row, **changed})
        ask(_SUBMITTED, [now, draft_id])
        ask("COMMIT")

    def insert(self, table_name: str, row: Row) -> None:
        statement, columns = self.inserts[table_name]
        self.connection.execute(statement, [row[name] for name in columns])


def _waits(work: Callable[[], object]) -> int:
    with waits.counted() as counted:
        work()
    return counted.count


def _show(figures: dict[str, Figures], counts: dict[str, int]) -> None:
    title("(b) Sending a construction permit (23 answers, 3 papers, number, task, event, fee, receipt, jobs)")
    post = figures[POST]
    table(
        ["", "ms", "time of the POST = 1", "ms CPU with the server", "CPU of the POST = 1", "waits"],
        [
            [
                name,
                milliseconds(found),
                spread(quotients(found, post)),
                milliseconds(found.in_cpu),
                spread(quotients(found.in_cpu, post.in_cpu)),
                str(counts[name]),
            ]
            for name, found in figures.items()
        ],
    )
    verdict("the service no slower than its bare statements", median(quotients(figures[BARE], figures[SERVICE])) >= 1)
    verdict("the whole POST no slower than its bare statements", median(quotients(figures[BARE_POST], post)) >= 1)
    verdict(f"at most {MOST_WAITS} waits", counts[POST] <= MOST_WAITS)
