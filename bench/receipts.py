"""(f) Receipts: printed in a loop, and by the documents worker with its jobs in the table."""

from __future__ import annotations

import sys
import time
from uuid import UUID

from sqlalchemy import text

from bench.carrying import citizen
from bench.children import child
from bench.ground import PORTAL, Ground
from bench.rounds import say, spread, table, title, verdict
from bench.submission import new_draft, send
from portal.core import clock
from portal.core.actor import SYSTEM
from portal.core.unit_of_work import reading, unit_of_work
from portal.documents import printing, rendering
from portal.documents.contents import storable
from portal.records.contents.builders import BUILDERS
from portal.records.contents.gathering import writing_of

LEAST = 7
"""A second, for each worker."""
PATIENCE = 300.0
_FORGET = text("UPDATE job SET finished_at = clock_timestamp() WHERE finished_at IS NULL AND given_up_at IS NULL")
_RECEIPT = text("SELECT id, title FROM document WHERE record_id = :wanted AND kind = 'receipt'")
_DONE = text("""
  SELECT count(*) FILTER (WHERE finished_at IS NOT NULL) AS done, count(*) FILTER (WHERE attempts > 1) AS repeated,
    extract(epoch FROM max(finished_at) - min(finished_at)) AS seconds
  FROM job WHERE queue = 'documents' AND id > :after
""")
_LATEST = text("SELECT id FROM job ORDER BY id DESC LIMIT 1")


def measure(ground: Ground, *, loops: int, jobs: int) -> None:
    ground.wire(PORTAL)
    with unit_of_work(SYSTEM) as session:
        session.execute(_FORGET)
    owner, key = citizen(), ground.settings(PORTAL).receipt_key.encode()
    in_a_loop = _printed(send(new_draft(owner), owner, key), loops)
    with unit_of_work(SYSTEM) as session:
        session.execute(_FORGET)
        after = session.execute(_LATEST).scalar_one()
    for _ in range(jobs):
        send(new_draft(owner), owner, key)
    by_worker = _worked_off(ground, after, jobs)
    title("(f) Receipts as PDF/A-3a with a QR code")
    rates = [1 / seconds for seconds in in_a_loop]
    rows = [["in a loop in one process", spread(rates, digits=1)], ["by one documents worker", f"{by_worker:.1f}"]]
    table(["", "receipts a second"], rows)
    verdict(f"one worker makes at least {LEAST} a second", by_worker >= LEAST)


def _printed(record_id: UUID, times: int) -> list[float]:
    """Seconds of each printing; the first, which loads the printer, is not counted."""
    with reading(SYSTEM, consistent=True) as session:
        document_id, heading = session.execute(_RECEIPT, {"wanted": record_id}).one()
        writing = writing_of(session, record_id, document_id, now=clock.now())
        content = storable("receipt", BUILDERS["receipt"](writing))
    printing.warm_up()
    seconds = []
    for _ in range(times):
        started = time.perf_counter()
        rendering.render("receipt", content, title=heading, record_id=record_id)
        seconds.append(time.perf_counter() - started)
    return seconds


def _worked_off(ground: Ground, after: UUID, jobs: int) -> float:
    """Receipts a second, from the first that was finished to the last."""
    command = [sys.executable, "-m", "portal", "worker", "--queue", "documents"]
    gives_up_at = time.monotonic() + PATIENCE
    with child(ground, "documents", command, database=PORTAL, port=8000):
        while True:
            with reading(SYSTEM) as session:
                found = session.execute(_DONE, {"after": after}).one()
            if found.done >= jobs:
                break
            if time.monotonic() > gives_up_at:
                raise TimeoutError(f"only {found.done} of {jobs} receipts were printed")
            time.sleep(0.2)
    if found.repeated:
        say(f"(f) {found.repeated} receipts needed more than one attempt.")
    return (jobs - 1) / float(found.seconds)
