"""(i) One action on a record with a short and a long history, with the same history in two workflow libraries."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from statistics import median
from uuid import UUID

from bench.carrying import Hands, acted, first_walk, new_record
from bench.courses import LOOP
from bench.ground import PEERS, PORTAL, Ground
from bench.peer import running_peer
from bench.rounds import Contestant, Figures, interleaved, milliseconds, quotients, spread, table, title, verdict
from bench.spent import Meter, Spent

EVENTS = (5, 50, 500)
MOST = 1.2
_WAY = (("receive", "pass"), ("desk", "pass"), ("check", "pass"))


def measure(ground: Ground, *, rounds: int, times: int) -> None:
    ground.wire(PORTAL)
    hands = first_walk(_WAY, procedure=LOOP)
    meter = Meter.of(ground, PORTAL)
    with (
        running_peer("spiff.py", database_url=ground.url(PEERS, role="postgres")) as spiff,
        running_peer("viewflow_process.py", database_url=ground.url(PEERS, role="postgres")) as viewflow,
    ):
        contestants = []
        for events in EVENTS:
            portal = Between(hands, meter, events)
            contestants += [
                Contestant(_name("portal", events), partial(portal.acted, times)),
                Contestant(_name("SpiffWorkflow", events), partial(spiff.steps, "looped", times=times, history=events)),
                Contestant(
                    _name("django-viewflow", events), partial(viewflow.steps, "looped", times=times, history=events)
                ),
            ]
        figures = interleaved(contestants, rounds=rounds)
    _show(figures)


class Between:
    """A record that two desks pass to and fro: it has seen `events`, or up to a tenth more."""

    def __init__(self, hands: Hands, meter: Meter, events: int) -> None:
        self.hands, self.meter, self.events = hands, meter, events
        self.record_id: UUID | None = None
        self.seen = 0
        self.step = ""

    def acted(self, times: int) -> Sequence[Spent]:
        if self.record_id is None or self.seen + times > max(self.events * 1.1, self.events + times):
            self.record_id = new_record(self.hands.owner, procedure=LOOP)
            self.seen, self.step = 1, "receive"
            while self.seen < self.events:
                self._pass(self.record_id)
        record_id = self.record_id
        return [self._pass(record_id) for _ in range(times)]

    def _pass(self, record_id: UUID) -> Spent:
        spent = acted(record_id, self.step, "pass", self.hands, self.meter)
        self.seen += 1
        self.step = "check" if self.step == "desk" else "desk"
        return spent


def _name(who: str, events: int) -> str:
    return f"{who}, {events} events"


def _show(figures: dict[str, Figures]) -> None:
    title("(i) One action on a record that has seen much: two desks pass it to and fro")
    rows = []
    for name, found in figures.items():
        who, _, events = name.partition(", ")
        portal, short = figures[f"portal, {events}"], figures[_name(who, EVENTS[0])]
        rows.append(
            [
                name,
                milliseconds(found),
                spread(quotients(found, portal)),
                milliseconds(found.in_cpu),
                spread(quotients(found.in_cpu, portal.in_cpu)),
                spread(quotients(found.in_cpu, short.in_cpu)),
            ]
        )
    head = ["", "ms an action", "portal = 1", "ms CPU with the server", "portal = 1", f"CPU at {EVENTS[0]} events = 1"]
    table(head, sorted(rows))
    short, long = figures[_name("portal", EVENTS[0])], figures[_name("portal", EVENTS[-1])]
    grown = max(median(quotients(long, short)), median(quotients(long.in_cpu, short.in_cpu)))
    verdict(f"with {EVENTS[-1]} events at most {MOST} times of what it costs with {EVENTS[0]}", grown <= MOST)
