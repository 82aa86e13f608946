"""A mail server of one test: takes every letter, and keeps it."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import cast


@dataclass
class LetterBox:
    """`refuses` names an address to which it takes nothing."""

    refuses: str = ""
    letters: list[EmailMessage] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"


@contextmanager
def letter_box(*, refuses: str = "") -> Iterator[LetterBox]:
    box = LetterBox(refuses=refuses)

    class Postman(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.say("220 ready")
            for line in iter(self.rfile.readline, b""):
                self.answer(line.decode().strip())

        def answer(self, said: str) -> None:
            word = said.upper()
            if word.startswith("EHLO"):
                self.say("250 8BITMIME")
            elif word.startswith("RCPT") and box.refuses and box.refuses in said:
                self.say("550 unknown")
            elif word == "DATA":
                self.say("354 go on")
                content = b"".join(iter(self.rfile.readline, b".\r\n"))
                box.letters.append(cast(EmailMessage, message_from_bytes(content, policy=policy.default)))
                self.say("250 taken")
            else:
                self.say("221 bye" if word == "QUIT" else "250 well")

        def say(self, words: str) -> None:
            self.wfile.write(f"{words}\r\n".encode())

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Postman) as server:
        server.daemon_threads = True
        box.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield box
        server.shutdown()
