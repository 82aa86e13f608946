"""(j) One action on a process of ten tasks and on one of a hundred."""

from __future__ import annotations

from functools import partial
from statistics import median

from bench.carrying import carried, first_walk
from bench.courses import CHAINS
from bench.ground import PEERS, PORTAL, Ground
from bench.peer import running_peer
from bench.rounds import Contestant, Figures, interleaved, milliseconds, quotients, spread, table, title, verdict
from bench.spent import Meter

MOST = 1.2
LEAST = 5


def measure(ground: Ground, *, rounds: int) -> None:
    ground.wire(PORTAL)
    contestants = []
    with running_peer("spiff.py", database_url=ground.url(PEERS, role="postgres")) as spiff:
        for tasks, procedure in CHAINS.items():
            way = [("receive", "pass"), *((f"step{number}", "pass") for number in range(2, tasks + 1))]
            hands = first_walk(way, procedure=procedure)
            meter = Meter.of(ground, PORTAL)
            contestants += [
                Contestant(_name("portal", tasks), partial(carried, hands, 1, meter, way=way, procedure=procedure)),
                Contestant(
                    _name("SpiffWorkflow", tasks),
                    partial(spiff.steps, "carried", times=1, process=f"chain_{tasks}", tasks=tasks),
                ),
            ]
        figures = interleaved(contestants, rounds=rounds)
    _show(figures)


def _name(who: str, tasks: int) -> str:
    return f"{who}, {tasks} tasks"


def _show(figures: dict[str, Figures]) -> None:
    title("(j) One action, the median of all from the first task to the last")
    rows = []
    for name, found in figures.items():
        portal = figures[f"portal, {name.partition(', ')[2]}"]
        by_clock, by_cpu = spread(quotients(found, portal)), spread(quotients(found.in_cpu, portal.in_cpu))
        rows.append([name, milliseconds(found), by_clock, milliseconds(found.in_cpu), by_cpu])
    table(["", "ms an action", "portal = 1", "ms CPU with the server", "portal = 1"], sorted(rows))
    few, many = min(CHAINS), max(CHAINS)
    short, long = figures[_name("portal", few)], figures[_name("portal", many)]
    grown = max(median(quotients(long, short)), median(quotients(long.in_cpu, short.in_cpu)))
    verdict(f"with {many} tasks at most {MOST} times of what it costs with {few}", grown <= MOST)
    against = median(quotients(figures[_name("SpiffWorkflow", many)], long))
    verdict(f"SpiffWorkflow takes at least {LEAST} times as long with {many} tasks", against >= LEAST)
