"""As much of SMTP (RFC 5321) as taking a letter needs."""

from __future__ import annotations

import socketserver
from collections.abc import Callable

from portal.simulators.serving import HERE

Take = Callable[[bytes], None]
"""What is done with a letter."""


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


def mail_server(take: Take, *, port: int, refuses: str = "") -> socketserver.TCPServer:
    """Listens already, on this machine only; port 0 takes a free one. `refuses` is part of an address to which nothing
    goes."""

    class Postman(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.say("220 ready")
            for line in iter(self.rfile.readline, b""):
                self.answer(line.decode(errors="replace").strip())

        def answer(self, said: str) -> None:
            word = said.upper()
            if word.startswith("EHLO"):
                self.say("250 8BITMIME")
            elif word.startswith("RCPT") and refuses and refuses in said:
                self.say("550 unknown")
            elif word == "DATA":
                self.say("354 go on")
                lines = iter(self.rfile.readline, b".\r\n")
                take(b"".join(line.removeprefix(b".") if line.startswith(b"..") else line for line in lines))
                self.say("250 taken")
            else:
                self.say("221 bye" if word == "QUIT" else "250 well")

        def say(self, words: str) -> None:
            self.wfile.write(f"{words}\r\n".encode())

    return _Server((HERE, port), Postman)
