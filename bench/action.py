"""(a) One workflow action on the ten-task process: the portal, its bare statements, and two workflow libraries."""

from __future__ import annotations

from functools import partial
from statistics import median

from bench import waits
from bench.bare import BareActions, connected, sample_walk
from bench.carrying import WAY, Hands, act, carried, first_walk, new_record, open_task
from bench.ground import PEERS, PORTAL, Ground
from bench.peer import running_peer
from bench.rounds import Contestant, Figures, interleaved, milliseconds, quotients, spread, table, title, verdict
from bench.spent import Meter

PORTAL_NAME = "portal (policy, event, jobs, row-level security)"
BARE = "bare statements, same role and policies"
BARE_OPEN = "bare statements, without row-level security"
SPIFF = "SpiffWorkflow 3.2, JSON state in a row"
VIEWFLOW = "django-viewflow 2.4"
MOST_WAITS = 6


def measure(ground: Ground, *, rounds: int, records: int) -> None:
    ground.wire(PORTAL)
    hands = first_walk()
    with (
        connected(ground.url(PORTAL)) as as_app,
        connected(ground.url(PORTAL, role="postgres")) as as_superuser,
        running_peer("spiff.py", database_url=ground.url(PEERS, role="postgres")) as spiff,
        running_peer("viewflow_process.py", database_url=ground.url(PEERS, role="postgres")) as viewflow,
    ):
        walk = sample_walk(as_superuser, hands)
        bare = BareActions(as_app, walk, hands)
        bare_open = BareActions(as_superuser, walk, hands)
        contestants = [
            Contestant(PORTAL_NAME, partial(carried, hands, records, Meter.of(ground, PORTAL))),
            Contestant(BARE, partial(bare.carried, records)),
            Contestant(BARE_OPEN, partial(bare_open.carried, records)),
            Contestant(SPIFF, partial(spiff.steps, "carried", times=records)),
            Contestant(VIEWFLOW, partial(viewflow.steps, "carried", times=records)),
        ]
        figures = interleaved(contestants, rounds=rounds)
        bare_waits = _waits_of_bare(bare, hands)
    _show(figures, waits_of_actions(hands), bare_waits)


def waits_of_actions(hands: Hands) -> list[int]:
    """Of each of the ten actions, BEGIN and COMMIT included."""
    record_id = new_record(hands.owner)
    found = []
    for step, action in WAY:
        task_id = open_task(record_id, step)
        with waits.counted() as counted:
            act(task_id, action, hands.actors[step])
        found.append(counted.count)
    return found


def _waits_of_bare(bare: BareActions, hands: Hands) -> list[int]:
    record_id = new_record(hands.owner)
    open_tasks = {"receive": open_task(record_id, "receive")}
    found = []
    for written in bare.walk:
        with waits.counted() as counted:
            bare.act(record_id, open_tasks, written, hands.actors[written.step])
        found.append(counted.count)
    return found


def _show(figures: dict[str, Figures], portal_waits: list[int], bare_waits: list[int]) -> None:
    title("(a) One workflow action, ten-task process (three levels, one choice, one parallel split)")
    portal = figures[PORTAL_NAME]
    counts = {PORTAL_NAME: _range(portal_waits), BARE: _range(bare_waits)}
    table(
        ["", "ms an action", "time of the portal = 1", "ms CPU with the server", "CPU of the portal = 1", "waits"],
        [
            [
                name,
                milliseconds(found),
                spread(quotients(found, portal)),
                milliseconds(found.in_cpu),
                spread(quotients(found.in_cpu, portal.in_cpu)),
                counts.get(name, ""),
            ]
            for name, found in figures.items()
        ],
    )
    ratios = {name: median(quotients(found, portal)) for name, found in figures.items()}
    verdict("no slower than the bare statements", ratios[BARE] >= 1)
    verdict(f"at most {MOST_WAITS} waits for the database", max(portal_waits) <= MOST_WAITS)
    verdict("faster than SpiffWorkflow", ratios[SPIFF] > 1)
    verdict("at least 4 times as fast as django-viewflow", ratios[VIEWFLOW] >= 4)


def _range(counts: list[int]) -> str:
    return f"{min(counts)}-{max(counts)}" if min(counts) < max(counts) else str(counts[0])
