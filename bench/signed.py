"""(n) Receipts that are sealed: what each stage takes, whether a worker grows, checking one, and other typesetters."""

from __future__ import annotations

import os
import resource
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from itertools import cycle, pairwise
from multiprocessing import get_context
from pathlib import Path
from shutil import which
from statistics import median
from tempfile import NamedTemporaryFile
from typing import Any

from bench import sealing, typesetting
from bench.carrying import citizen
from bench.children import children_of
from bench.ground import PORTAL, Ground
from bench.rounds import Contestant, interleaved, quotients, say, spread, table, title, verdict
from bench.sealing import Receipt
from bench.spent import Meter, Spent, cpu_with_ended
from bench.stages import Stages
from bench.submission import new_draft, send
from bench.trusted import Trusted, trusted_agency
from portal.documents import printing
from portal.signing import pades, uploads
from portal.signing.enrolment import CannotEnrol
from portal.signing.verification import verify

MOST_MS = 400
"""Of one core, for a receipt that is printed, sealed and stored."""
RECORDS = 5
STOPS = (0.1, 0.5, 1.0)
"""At which parts of the way the memory is looked at."""
LETS_GROW = 0.05
"""Of the memory: between the second look and the last a worker may take so much more."""
BATCH = 50
"""Documents of one job, with one session of the token."""
PAGE_BYTES = 4096


def measure(ground: Ground, *, rounds: int, times: int, documents: int) -> None:
    """`times`: receipts of each round; `documents`: of the worker whose memory is watched."""
    ground.wire(PORTAL)
    owner, key = citizen(), ground.settings(PORTAL).receipt_key.encode()
    receipts = [Receipt.of(send(new_draft(owner), owner, key)) for _ in range(RECORDS)]
    printing.warm_up()
    title("(n) Receipts, sealed by the agency (PAdES B-LT: time stamp, chain, OCSP and lists inside)")
    try:
        with trusted_agency() as trusted:
            trusted.use()
            pdf = _stages(ground, trusted, receipts, rounds=rounds, times=times)
            _growth(ground, trusted, receipts, documents)
            _checking(pdf, trusted, rounds=rounds)
    except CannotEnrol as missing:
        say(f"  nothing is sealed: {missing}")
    typesetting.compare(receipts[0], key, rounds=rounds, times=times)


def _stages(ground: Ground, trusted: Trusted, receipts: Sequence[Receipt], *, rounds: int, times: int) -> bytes:
    """A sealed receipt. The median round of each stage is shown, in ms of CPU and by the clock."""
    found: list[Mapping[str, Spent]] = []
    whole: list[Spent] = []
    wanted = cycle(receipts)
    with pades.desk(trusted.token, trusted.services) as desk:
        pdf = sealing.made(next(wanted), desk, Stages())
        meter = Meter.of(ground, PORTAL)
        for _ in range(rounds):
            stages = Stages()
            with sealing.watched(stages):
                work = partial(_some, wanted, desk, stages, times)
                took = meter(work)
            whole.append(Spent(took.seconds / times, took.cpu / times))
            found.append(stages.taken)
    cpu = [one.cpu for one in whole]
    own = [sum(stage.cpu for stage in one.values()) / times for one in found]
    rows = [_row(name, [one[name] for one in found], own, times) for name in sealing.ALL]
    rows.append(["all", spread(own, scale=1000, digits=0), "1.00", spread([one.seconds for one in whole], scale=1000)])
    table(["stage", "ms CPU", "share", "ms by the clock"], rows)
    per_second = 1 / median(own)
    say(f"  one worker with a core makes {per_second:.1f} a second; with PostgreSQL's CPU {1 / median(cpu):.1f}")
    verdict(f"a sealed receipt in under {MOST_MS} ms of one core", median(cpu) * 1000 < MOST_MS)
    return pdf


def _row(name: str, found: Sequence[Spent], own: Sequence[float], times: int) -> list[str]:
    cpu = [one.cpu / times for one in found]
    share = median(part / all_of_it for part, all_of_it in zip(cpu, own, strict=True))
    clock = spread([one.seconds / times for one in found], scale=1000)
    return [name, spread(cpu, scale=1000, digits=1), f"{share:.2f}", clock]


def _some(wanted: Iterator[Receipt], desk: pades.Desk, stages: Stages, times: int) -> None:
    for _ in range(times):
        sealing.made(next(wanted), desk, stages)


def _growth(ground: Ground, trusted: Trusted, receipts: Sequence[Receipt], documents: int) -> None:
    """The documents worker forks for each bell, which hides growth: here one process makes them all."""
    stops = [0, *(round(documents * part) for part in STOPS)]
    with get_context("spawn").Pool(1) as pool:
        sizes = pool.apply(_grown, (ground.environment(PORTAL, port=8000), trusted, list(receipts), stops))
    looks = ", ".join(f"{count:,}: {size / 1e6:.0f}" for count, size in zip(stops, sizes, strict=True))
    say(f"  memory of one process that makes and seals them, MB after so many: {looks}")
    grown = sizes[-1] / sizes[-2] - 1
    verdict(f"from {stops[-2]:,} to {stops[-1]:,} it grows by less than {LETS_GROW:.0%}", grown < LETS_GROW)


def _grown(environment: dict[str, str], trusted: Trusted, receipts: list[Receipt], stops: list[int]) -> list[int]:
    """Bytes in memory at each stop. Runs in a process of its own."""
    from portal import wiring
    from portal.config import Settings

    wiring.wire(Settings.from_environment(environment))
    trusted.use()
    printing.warm_up()
    sizes, wanted = [_resident()], cycle(receipts)
    for before, after in pairwise(stops):
        for _ in range(0, after - before, BATCH):
            with pades.desk(trusted.token, trusted.services) as desk:
                _some(wanted, desk, Stages(), min(BATCH, after - before))
        sizes.append(_resident())
    return sizes


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE_BYTES


def _checking(pdf: bytes, trusted: Trusted, *, rounds: int) -> None:
    """The check of a file that somebody brings: by itself, in the process that uploads have, and by pdfsig."""
    roots = trusted.services.roots
    if not verify(pdf, roots=roots).is_good:
        raise AssertionError("the receipt is not sealed well")
    with ExitStack() as stack:
        file = stack.enter_context(NamedTemporaryFile(suffix=".pdf"))
        file.write(pdf)
        file.flush()
        upload = partial(uploads.examine, pdf, roots_file=trusted.services.roots_file)
        (first_upload,) = _cpu_of(upload, times=1)
        works = {
            "the check itself": partial(_cpu_of, partial(verify, pdf, roots=roots)),
            "an upload, with its codes, in a process forked for it": partial(_cpu_of, upload),
        }
        if program := which("pdfsig"):  # asks nobody for certificates: signature and bytes alone
            words = [program, "-nocert", file.name]
            works["poppler's pdfsig, without certificates"] = partial(
                _cpu_of, partial(subprocess.run, words, capture_output=True, check=True)
            )
        figures = interleaved([Contestant(name, turn) for name, turn in works.items()], rounds=rounds)
    first = figures["the check itself"]
    rows = [
        [name, spread(found.rounds, scale=1000, digits=1), spread(quotients(found, first))]
        for name, found in figures.items()
    ]
    table(["checking a sealed receipt", "ms CPU", "the check = 1"], rows)
    say(f"  the first upload of a process of the web, which loads the libraries: {first_upload * 1000:,.0f} ms CPU")


def _cpu_of(work: Any, *, times: int = 3) -> Sequence[float]:
    """CPU of this process, of its children, and of theirs that have ended."""
    taken = []
    for _ in range(times):
        before = _cpu()
        work()
        taken.append(_cpu() - before)
    return taken


def _cpu() -> float:
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime + sum(map(cpu_with_ended, children_of(os.getpid())))
