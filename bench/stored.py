"""(l) Bytes of the rows that a record of ten tasks leaves, without indexes: as handed in, and for each action."""

from __future__ import annotations

from uuid import UUID

from psycopg import sql

from bench.carrying import WAY, act, first_walk, new_record, open_task
from bench.ground import PEERS, PORTAL, Ground
from bench.peer import running_peer
from bench.rounds import table, title
from portal.core.database import Base


def measure(ground: Ground) -> None:
    ground.wire(PORTAL)
    hands = first_walk()
    record_id = new_record(hands.owner)
    begun = _bytes_of(ground, record_id)
    for step, action in WAY:
        act(open_task(record_id, step), action, hands.actors[step])
    over = _bytes_of(ground, record_id)
    rows = [_row("portal", sum(begun.values()), sum(over.values()))]
    for name, script in (("SpiffWorkflow", "spiff.py"), ("django-viewflow", "viewflow_process.py")):
        with running_peer(script, database_url=ground.url(PEERS, role="postgres")) as peer:
            found = peer.ask("stored")
        rows.append(_row(name, found["begun"], found["over"]))
    title("(l) Bytes of the rows of one record, ten tasks")
    table(["", "as it begins", "when it is over", "for each action"], rows)
    parts = [[name, str(begun.get(name, 0)), str(over[name])] for name in over]
    table(["of the portal's", "as it begins", "when it is over"], parts)


def _row(name: str, begun: int, over: int) -> list[str]:
    return [name, f"{begun:,}", f"{over:,}", f"{(over - begun) / len(WAY):,.0f}"]


def _bytes_of(ground: Ground, record_id: UUID) -> dict[str, int]:
    """Of every table that has rows of the record: its own, its children's, the jobs of both."""
    found = {}
    with ground.superuser(PORTAL) as connection:
        for name, of in Base.metadata.tables.items():
            if name != "record" and "record_id" not in of.columns:
                continue
            key = "id" if name == "record" else "record_id"
            query = sql.SQL("SELECT coalesce(sum(pg_column_size(t.*)), 0) FROM {} t WHERE {} = %s")
            ((size,),) = connection.execute(query.format(sql.Identifier(name), sql.Identifier(key)), [record_id])
            found[name] = int(str(size))
        ((size,),) = connection.execute(
            """SELECT coalesce(sum(pg_column_size(job.*)), 0) FROM job
            WHERE arguments ->> 'record_id' = %(record)s
              OR arguments ->> 'task_id' IN (SELECT id::text FROM task WHERE record_id = %(record)s::uuid)
              OR arguments ->> 'document_id' IN (SELECT id::text FROM document WHERE record_id = %(record)s::uuid)""",
            {"record": str(record_id)},
        )
        found["job"] = int(str(size))
    return {name: size for name, size in found.items() if size}
