"""`python -m tests.oracles`: the legal clock against the oracle, on a million random cases of 2024 to 2030."""

from __future__ import annotations

import argparse
import sys
import time
from concurrent.futures import ProcessPoolExecutor

from tests.oracles.clock_cases import cases, difference

SHARE = 20_000


def differences(seed: int, count: int) -> list[str]:
    """What differs in one share of the cases."""
    return [
        f"seed {seed}, case {number}: {fault}"
        for number, (calendars, case) in enumerate(cases(seed, count))
        if (fault := difference(calendars, case, number=number))
    ]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.oracles", description=__doc__)
    parser.add_argument("--cases", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--processes", type=int, default=2)
    given = parser.parse_args()
    shares = [min(SHARE, given.cases - start) for start in range(0, given.cases, SHARE)]
    started = time.monotonic()
    with ProcessPoolExecutor(given.processes) as pool:
        answers = pool.map(differences, range(given.seed, given.seed + len(shares)), shares)
        found = [fault for answer in answers for fault in answer]
    took = time.monotonic() - started
    for fault in found[:20]:
        sys.stdout.write(f"{fault}\n")
    sys.stdout.write(
        f"{given.cases:,} cases from seed {given.seed}, {len(found)} differences, {took:.0f} s "
        f"with {given.processes} processes\n"
    )
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
