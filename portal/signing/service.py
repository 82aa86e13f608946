"""Signing as other domains see it: whether this portal signs, who may, and one signature at a time."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from portal.core.actor import Actor
from portal.core.errors import Conflict
from portal.core.references import new_id
from portal.core.text import marked
from portal.signing import pades, uploads, verification
from portal.signing.models import DocumentSignature, SigningSession
from portal.signing.pades import Desk, TrustServices
from portal.signing.token import MISSING, Token, TokenUnavailable
from portal.signing.types import SignatureReport

LASTS = timedelta(minutes=15)
"""How long one confirmation lets somebody sign."""

OVER = marked("Phiên ký đã hết hạn. Nhập lại mật khẩu rồi ký lại; văn bản còn nguyên.")

Pictures = Callable[[str, str], bytes | None]
"""`pictures(label, name)`: the picture of a signature or a seal as PNG; None when there is none."""

_IN_FORCE = text(
    "SELECT 1 FROM signing_session JOIN sign_in ON sign_in.id = signing_session.sign_in_id "
    "WHERE signing_session.id = :wanted AND signing_session.person_id = :person "
    "AND signing_session.expires_at > :now AND sign_in.revoked_at IS NULL"
)


@dataclass(frozen=True)
class Signing:
    """How this portal signs. The PIN is in a file that only the worker reads, and only when it signs."""

    module: str
    token: str
    pin_file: Path = field(repr=False)
    services: TrustServices
    pictures: Pictures = field(repr=False)


_signing: Signing | None = None


def use(signing: Signing | None) -> None:
    """Name how this process signs; None: results are not signed electronically."""
    global _signing
    _signing = signing
    verification.use((lambda: signing.services.roots) if signing else bytes)


def is_on() -> bool:
    return _signing is not None


def picture(label: str, name: str) -> bytes | None:
    return _signing.pictures(label, name) if _signing else None


@contextmanager
def open_desk() -> Iterator[Desk]:
    """The token, open, for the signatures of one job. Raises TokenUnavailable."""
    if _signing is None:
        raise TokenUnavailable(MISSING)
    try:
        pin = _signing.pin_file.read_text(encoding="utf-8").strip()
    except OSError as unreadable:
        raise TokenUnavailable(MISSING) from unreadable
    with pades.desk(Token(_signing.module, _signing.token, pin), _signing.services) as desk:
        yield desk


def report_on(path: Path) -> SignatureReport | None:
    """What the signatures of an upload say; None for a file without any, and where we do not sign and so believe
    nobody."""
    return uploads.report_on(path, roots_file=_signing.services.roots_file) if _signing is not None else None


def examine(content: bytes) -> SignatureReport:
    """What the signatures of a file say that somebody wants to have checked. Raises Unavailable."""
    return uploads.examine(content, roots_file=_signing.services.roots_file if _signing else Path(os.devnull))


def begin_session(session: Session, *, actor: Actor, now: datetime) -> UUID:
    """The authority to sign, for the sign-in in which the password was given once more."""
    session_id = new_id()
    session.execute(
        insert(SigningSession).values(
            id=session_id,
            person_id=actor.person_id,
            sign_in_id=actor.sign_in_id,
            stepped_up_at=now,
            expires_at=now + LASTS,
        )
    )
    return session_id


def open_session(session: Session, *, actor: Actor, now: datetime) -> UUID | None:
    """The authority that this sign-in still has."""
    wanted = (
        select(SigningSession.id)
        .where(SigningSession.sign_in_id == actor.sign_in_id, SigningSession.expires_at > now)
        .order_by(SigningSession.expires_at.desc())
        .limit(1)
    )
    found: UUID | None = session.execute(wanted).scalar_one_or_none()
    return found


def check_session(session: Session, session_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Asked in the transaction that keeps the signature. Raises Conflict: the authority is over."""
    asked = {"wanted": session_id, "person": actor.person_id, "now": now}
    if session.execute(_IN_FORCE, asked).first() is None:
        raise Conflict(OVER)


def is_signed(session: Session, file_digest: str | None) -> bool:
    """Whether a file carries a signature of ours."""
    wanted = select(DocumentSignature.id).where(DocumentSignature.file_digest == file_digest).limit(1)
    return file_digest is not None and session.execute(wanted).first() is not None
