"""What the parts of one piece of work take: each for itself, without the parts inside it."""

from __future__ import annotations

import inspect
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from bench.spent import Spent


@dataclass
class Stages:
    """CPU of this process, and the clock, by name. One thing at a time: nothing runs beside it in this process."""

    taken: dict[str, Spent] = field(default_factory=dict)
    _inside: list[Spent] = field(default_factory=list)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """What runs inside counts for the name, but for stages inside it."""
        self._inside.append(Spent(0.0, 0.0))
        cpu, clock = time.process_time(), time.perf_counter()
        try:
            yield
        finally:
            whole = Spent(time.perf_counter() - clock, time.process_time() - cpu)
            inner = self._inside.pop()
            before = self.taken.get(name, Spent(0.0, 0.0))
            self.taken[name] = _sum(before, Spent(whole.seconds - inner.seconds, whole.cpu - inner.cpu))
            if self._inside:
                self._inside[-1] = _sum(self._inside[-1], whole)

    @contextmanager
    def watching(self, *places: tuple[Any, str, str]) -> Iterator[None]:
        """While it lasts, each (owner, name of a function, name of a stage) is a stage of its own."""
        usual = [(owner, name, inspect.getattr_static(owner, name)) for owner, name, _stage in places]
        for owner, name, stage in places:
            setattr(owner, name, self._watched(getattr(owner, name), stage))
        try:
            yield
        finally:
            for owner, name, function in usual:
                setattr(owner, name, function)

    def _watched(self, function: Callable[..., Any], stage: str) -> Callable[..., Any]:
        if inspect.iscoroutinefunction(function):

            async def waiting(*arguments: Any, **more: Any) -> Any:
                with self.stage(stage):
                    return await function(*arguments, **more)

            return waiting

        def straight(*arguments: Any, **more: Any) -> Any:
            with self.stage(stage):
                return function(*arguments, **more)

        return straight


def _sum(one: Spent, other: Spent) -> Spent:
    return Spent(one.seconds + other.seconds, one.cpu + other.cpu)
