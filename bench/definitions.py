"""(h) Checking a definition: 30 steps, 4 parallel branches, every marking explored and every test played."""

from __future__ import annotations

import time
from datetime import date

from bench.ground import Ground
from bench.rounds import spread, table, title, verdict
from portal.calendars.rules import standard_calendar
from portal.catalogue.checking import Ground as CheckedOn
from portal.catalogue.checking import check_text
from portal.catalogue.loader import load
from portal.catalogue.service import PROCEDURES
from portal.workflow.soundness import explore

MOST = 2.0
"""Seconds."""
BRANCHES, PREPARATIONS = 4, 6


def measure(ground: Ground, *, rounds: int) -> None:
    """`ground` is not needed: a check asks no database."""
    text = large_definition()
    steps = load(text, "large.yaml").process.steps
    if len(steps) < 30 or check_text(text, "large.yaml", ground=_checked_on()):
        raise AssertionError("the large definition is not what it should be")
    largest = max(
        PROCEDURES.glob("*.yaml"), key=lambda file: len(load(file.read_text("utf-8"), file.name).process.steps)
    )
    title("(h) Checking a definition")
    rows = [
        [f"{len(steps)} steps, {BRANCHES} parallel branches", spread(_seconds(text, rounds), digits=2)],
        [
            f"{largest.stem}, the largest that is shipped",
            spread(_seconds(largest.read_text("utf-8"), rounds), digits=2),
        ],
        ["of the first, exploring every marking", spread(_exploring(text, rounds), digits=2)],
    ]
    table(["", "seconds"], rows)
    worst = max(_seconds(text, rounds))
    verdict(f"30 steps with 4 parallel branches are checked in under {MOST:.0f} s", worst < MOST)


def large_definition() -> str:
    """The construction permit with another opinion, and a chain of steps before the letters leave."""
    text = (PROCEDURES / "1.009994.yaml").read_text(encoding="utf-8")
    land = text[text.index("    land:\n") : text.index("    conclude:\n")]
    more = land.replace("    land:\n", "    office1:\n", 1)
    text = text.replace("{step: plan, if: in_planning_zone}, {step: land, unless: in_planning_zone}]", "land, office1]")
    text = text.replace("consult: [fire, plan, land]", "consult: [fire, office1, land]")
    start, end = text.index("    plan:\n"), text.index("    land:\n")
    text = text[:start] + text[end:]
    text = text.replace("    conclude:\n", f"{more}{_preparation()}    conclude:\n", 1)
    return text.replace("          to: ask_ok\n", "          to: prepare1\n", 1).split("tests:\n")[0] + _TEST


def _preparation() -> str:
    """Steps one after another, each of which may go back, before the letters leave."""
    steps = ""
    for number in range(1, PREPARATIONS + 1):
        following = f"prepare{number + 1}" if number < PREPARATIONS else "ask_ok"
        steps += f"""    prepare{number}:
      name: {{vi: Bước chuẩn bị {number}, en: Preparation {number}}}
      stop: {{vi: Thẩm định, en: Appraise}}
      at: $owner
      role: specialist
      hours: 0
      actions:
        pass:
          label: {{vi: Chuyển tiếp, en: Pass on}}
          to: {following}
        return:
          label: {{vi: Trả lại, en: Send back}}
          kind: send_back
          needs: [reason]
          to: appraise
"""
    return steps


_TEST = """tests:
  - name: T1
    facts: {form: {use: housing, floors_above: 2, planning_zone: false}}
    do: [appraise.reject]
    ends: done
    outcome: rejected
"""


def _checked_on() -> CheckedOn:
    return CheckedOn(calendar=standard_calendar(first_year=2025, last_year=2032), day=date(2026, 1, 5))


def _seconds(text: str, rounds: int) -> list[float]:
    ground = _checked_on()
    taken = []
    for _ in range(rounds):
        started = time.perf_counter()
        check_text(text, "large.yaml", ground=ground)
        taken.append(time.perf_counter() - started)
    return taken


def _exploring(text: str, rounds: int) -> list[float]:
    process = load(text, "large.yaml").process
    taken = []
    for _ in range(rounds):
        started = time.perf_counter()
        explore(process)
        taken.append(time.perf_counter() - started)
    return taken
