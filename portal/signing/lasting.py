"""What the signatures of one job share: connections to the trust services, and for a minute what these have said.

A hundred signatures of a batch need not ask a hundred times whether one certificate still holds. Each has its own time
stamp.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from aiohttp import ClientSession

T = TypeVar("T")

HOLDS = 60.0
"""Seconds for which the status of a certificate that was heard is believed. Revocation lists are made once a day."""

IDLE = 2.0
"""Seconds after which a connection is made anew: many servers close one after five, and a POST is not repeated."""


@dataclass
class Lasting:
    """For one key: what signs, what stamps, and a validation context with the answers of OCSP and the lists in it.

    `room` is how many hexadecimal digits a signature may take; None until one has been tried.
    """

    signer: Any
    stamper: Any
    context: Any
    room: int | None = None
    since: float = field(default_factory=time.monotonic)

    @property
    def holds(self) -> bool:
        return time.monotonic() < self.since + HOLDS


class Network:
    """An event loop and its connections, for as long as the job lasts. Made when first used; to be closed."""

    def __init__(self) -> None:
        self._runner = asyncio.Runner()
        self._session: ClientSession | None = None
        self._kept: dict[str, Lasting] = {}

    def run(self, work: Callable[[ClientSession], Coroutine[Any, Any, T]]) -> T:
        return self._runner.run(self._with_session(work))

    def lasting(self, label: str, make: Callable[[], Lasting]) -> Lasting:
        """What this key has signed with a moment ago, or what `make` gives."""
        kept = self._kept.get(label)
        if kept is None or not kept.holds:
            kept = self._kept[label] = make()
        return kept

    def forget(self, label: str) -> None:
        """After a failure: the next signature asks everybody anew."""
        self._kept.pop(label, None)

    def close(self) -> None:
        if self._session is not None:
            self._runner.run(self._session.close())
        self._runner.close()

    async def _with_session(self, work: Callable[[ClientSession], Coroutine[Any, Any, T]]) -> T:
        if self._session is None:
            from aiohttp import ClientSession, TCPConnector  # slow: only who signs pays

            self._session = ClientSession(connector=TCPConnector(keepalive_timeout=IDLE))
        return await work(self._session)
