"""Every dong accounted for: captured in the bank's books = matched + suspense in ours, in whatever order words come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from random import Random
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.core import clock
from portal.payments import jobs
from portal.payments.signature import signed_query
from tests.integration.payments.conftest import Town, ask

pytestmark = pytest.mark.committed


@dataclass(frozen=True)
class Attempt:
    """One attempt to pay on one of a few records, and what becomes of the bank's word."""

    record: int
    code: str
    copies: int
    forgeries: int


ATTEMPTS = st.lists(
    st.builds(
        Attempt,
        record=st.integers(0, 2),
        code=st.sampled_from(["00", "00", "00", "24", "51"]),
        copies=st.integers(0, 4),
        forgeries=st.integers(0, 2),
    ),
    min_size=1,
    max_size=6,
)


def forged(query: str, chance: Random) -> str:
    """The bank's word with one value changed, or signed by somebody else."""
    pairs = parse_qsl(query)
    if chance.random() < 0.3:
        return signed_query({**dict(pairs[:-1]), "vnp_ResponseCode": "00"}, secret="somebody else's secret")
    at = chance.randrange(len(pairs))
    name, value = pairs[at]
    pairs[at] = (name, value + "0")
    return urlencode(pairs)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(attempts=ATTEMPTS, chance=st.randoms(use_true_random=False))
def test_captured_is_matched_and_suspense_whatever_arrives(town: Town, attempts: list[Attempt], chance: Random) -> None:
    town.lies(drop=1)
    owner = town.till.citizen()
    records = [town.till.record(owner) for _ in range(3)]
    before = town.till.matched_and_suspense()
    words: list[str] = []
    references: list[str] = []
    captured = 0
    for number, attempt in enumerate(attempts):
        # Far enough apart that each attempt is a payment of its own; none is settled before the last has begun.
        started = town.till.start(
            records[attempt.record], owner, now=clock.now() - timedelta(minutes=20 * (len(attempts) - number - 1))
        )
        references.append(started.reference)
        ask("GET", started.redirect_url)
        order = next(order for order in town.bank.books.orders() if order.reference == started.reference)
        order = town.bank.settle(order, code=attempt.code)
        captured += sum(taken.amount for taken in town.bank.books.taken(order.reference))
        word = town.bank.genuine(order)
        words += [word] * attempt.copies + [forged(word, chance) for _ in range(attempt.forgeries)]
    chance.shuffle(words)
    for word in words:
        ask("GET", f"{town.bank.notification_url}?{word}")
        assert sum(town.till.matched_and_suspense()) - sum(before) <= captured
    for reference in references:
        jobs.poll_payment({"reference": reference, "turn": "0"}, now=clock.now() + timedelta(minutes=5))

    matched, suspense = town.till.matched_and_suspense()
    assert matched + suspense - sum(before) == captured
    paid = {attempt.record for attempt in attempts if attempt.code == "00"}
    assert matched - before[0] == 75_000 * len(paid)
    states = [state for record_id in records for state in town.till.states(record_id)]
    assert "created" not in states
    assert states.count("captured") == len(paid)
