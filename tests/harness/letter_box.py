"""A mail server of one test: takes every letter, and keeps it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

from portal.simulators.smtp import mail_server


@dataclass
class LetterBox:
    letters: list[EmailMessage] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def take(self, content: bytes) -> None:
        self.letters.append(message_from_bytes(content, policy=policy.default))


@contextmanager
def letter_box(*, refuses: str = "") -> Iterator[LetterBox]:
    """`refuses` is part of an address to which it takes nothing."""
    box = LetterBox()
    with mail_server(box.take, port=0, refuses=refuses) as server:
        box.port = server.socket.getsockname()[1]
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield box
        server.shutdown()
