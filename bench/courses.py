"""Processes of any length: a chain of tasks, and two desks between which a record may go for ever."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

CHAINS: Mapping[int, str] = {10: "9.000110", 100: "9.000100"}
"""Code of the chain of so many tasks."""
LOOP = "9.000002"

TEN_TASKS = Path(__file__).with_name("ten_tasks.yaml")
_DESKS = ("land", "justice")


def definitions() -> list[str]:
    return [*(chain(tasks) for tasks in CHAINS), loop()]


def chain(tasks: int) -> str:
    """`receive`, then `step2` and so on, in turn at two desks of the commune; each action is `pass`."""
    steps = {"receive": "step2"} | {f"step{n}": f"step{n + 1}" for n in range(2, tasks)} | {f"step{tasks}": ""}
    return _definition(CHAINS[tasks], steps, way=[f"{step}.pass" for step in steps])


def loop() -> str:
    """`receive`, then `desk` and `check` in turn: `check` passes back to `desk`, or ends."""
    steps = {"receive": "desk", "desk": "check", "check": "desk"}
    return _definition(LOOP, steps, way=["receive.pass", "desk.pass", "check.end"])


def _definition(code: str, steps: Mapping[str, str], *, way: list[str]) -> str:
    head = TEN_TASKS.read_text(encoding="utf-8").partition("process:\n")[0].replace("9.000010", code)
    written = "".join(_step(step, to, _DESKS[index % 2]) for index, (step, to) in enumerate(steps.items()))
    test = f"  - {{name: way, facts: {{form: {{area: 80}}}}, do: [{', '.join(way)}], ends: done}}\n"
    return (
        f"{head}process:\n  start: receive\n  steps:\n{written}  ends:\n    done: {{state: returned}}\ntests:\n{test}"
    )


def _step(step: str, to: str, desk: str) -> str:
    is_first = step == "receive"
    at = "{where: received, function: one_stop}" if is_first else f"{{level: commune, function: {desk}}}"
    role = "receptionist\n      clock: reception" if is_first else "specialist"
    kind = ", kind: accept" if is_first else ""
    onward = [f"pass: {{label: {{vi: Chuyển, en: Pass on}}{kind}, to: {to}}}"] if to else []
    ending = "pass" if not to else "end" if step == "check" else ""
    onward += [f"{ending}: {{label: {{vi: Kết thúc, en: End}}, end: done}}"] if ending else []
    actions = "".join(f"        {action}\n" for action in onward)
    return f"""    {step}:
      name: {{vi: Việc {step}, en: Task {step}}}
      at: {at}
      role: {role}
      hours: 1
      timers: [{{after: 8d, effect: remind}}]
      actions:
{actions}"""
