"""Letters by e-mail: the message with its papers, to whoever left an address. Without a server none goes out."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.errors import HeaderParseError
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from portal.jobs.types import GiveUp, RetryLater

PATIENCE = 20
"""Seconds that the server may take for an answer."""
SAME_MACHINE = ("localhost", "127.0.0.1", "::1")
HEAVIEST = 10_000_000
"""Bytes of papers in one letter: many servers take no more. What is left out lies in the account."""


@dataclass(frozen=True)
class MailServer:
    """`url`: smtps://user:password@host, or smtp:// for STARTTLS. `sender`: the address."""

    url: str = field(repr=False)
    sender: str
    public_url: str
    help_number: str


@dataclass(frozen=True)
class Letter:
    """`reference` is the same however often the letter is sent, so that it arrives once."""

    to: str
    subject: str
    body: str
    reference: str
    papers: tuple[tuple[str, bytes], ...] = ()  # file name, PDF


_server: MailServer | None = None


def use(server: MailServer | None) -> None:
    """Name the server of this process; None sends nothing."""
    global _server
    _server = server


def server() -> MailServer | None:
    return _server


def send(letter: Letter) -> None:
    """Raises RetryLater when the server does not take letters now, GiveUp when it never takes this one."""
    if _server is None:
        return
    try:
        message = _message(letter, _server)
        with _connected(_server) as connection:
            connection.send_message(message)
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError, ValueError, HeaderParseError) as refused:
        raise GiveUp("the letter was refused") from refused
    except (OSError, smtplib.SMTPException) as away:
        raise RetryLater("the mail server does not take letters now") from away


def fitting(papers: Iterable[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
    """The papers, as far as they fit into one letter."""
    weight = 0
    for name, content in papers:
        weight += len(content)
        if weight <= HEAVIEST:
            yield name, content


def _message(letter: Letter, known: MailServer) -> EmailMessage:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = letter.subject, known.sender, letter.to
    message["Message-ID"] = f"<{letter.reference}@{urlsplit(known.public_url).hostname}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.body)
    for name, content in letter.papers:
        message.add_attachment(content, maintype="application", subtype="pdf", filename=name)
    return message


@contextmanager
def _connected(known: MailServer) -> Iterator[smtplib.SMTP]:
    """Enciphered, with the server's certificate examined; in the clear to a server on the same machine only."""
    place = urlsplit(known.url)
    host, port = place.hostname or "", place.port or 0
    trust = ssl.create_default_context()
    with (
        smtplib.SMTP_SSL(host, port, timeout=PATIENCE, context=trust)
        if place.scheme == "smtps"
        else smtplib.SMTP(host, port, timeout=PATIENCE)
    ) as connection:
        connection.ehlo()
        if place.scheme != "smtps" and host not in SAME_MACHINE:
            connection.starttls(context=trust)  # raises where the server does not offer it
        if place.username:
            connection.login(unquote(place.username), unquote(place.password or ""))
        yield connection
