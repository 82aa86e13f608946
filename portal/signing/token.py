"""The token that holds the keys (PKCS#11): opened with its PIN, asked to sign, never to give a key away.

Labels of keys and certificates say whose they are: `person-<id>` and `unit-<id>`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from portal.core.errors import Conflict, Unavailable
from portal.core.text import marked

MISSING = marked("Chưa nối được thiết bị ký số. Báo người quản trị; văn bản còn nguyên, ký lại sau.")
LOCKED = marked("Thiết bị ký số đã khóa hoặc mã PIN không đúng. Báo người quản trị; văn bản còn nguyên, ký lại sau.")
NO_KEY = marked("Chưa có khóa ký số của %(name)s trong thiết bị. Báo người quản trị; văn bản còn nguyên.")

ISSUER = "issuer"
"""The label of the certificate that issued the others, kept beside them."""


@dataclass(frozen=True)
class Token:
    """Where the keys are. The PIN is known to the worker that signs, and to nobody else."""

    module: str
    label: str
    pin: str = field(repr=False)


class TokenUnavailable(Unavailable):
    """The token is missing or locked: nothing can be signed."""


class NoKey(Conflict):
    """The token has no key of that person or agency; others can sign."""


def of_person(person_id: UUID) -> str:
    return f"person-{person_id}"


def of_unit(unit_id: UUID) -> str:
    return f"unit-{unit_id}"


@contextmanager
def opened(token: Token, *, writable: bool = False) -> Iterator[Any]:
    """A session with the token. Raises TokenUnavailable: it is not there, or does not let us in."""
    import pkcs11  # inside the function: only the worker that signs loads it, after it was forked
    from pkcs11 import exceptions

    refuses = (exceptions.PinIncorrect, exceptions.PinLocked, exceptions.PinExpired, exceptions.PinInvalid,
               exceptions.PinLenRange, exceptions.UserPinNotInitialized)  # fmt: skip
    try:
        library = pkcs11.lib(token.module)
        library.reinitialize()  # a token that was put back since the last time is seen again
        session = library.get_token(token_label=token.label).open(user_pin=token.pin, rw=writable)
    except refuses as locked:
        raise TokenUnavailable(LOCKED) from locked
    except (exceptions.PKCS11Error, RuntimeError, OSError) as absent:
        raise TokenUnavailable(MISSING) from absent
    try:
        yield session
    finally:
        session.close()


def certificate(session: Any, label: str, *, name: str) -> bytes:
    """The certificate (DER) of a key. `name`: whose, for the sentence of NoKey when there is none."""
    from pkcs11 import Attribute, ObjectClass

    wanted = {Attribute.CLASS: ObjectClass.CERTIFICATE, Attribute.LABEL: label}
    for found in session.get_objects(wanted):
        return bytes(found[Attribute.VALUE])
    raise NoKey(NO_KEY, name=name)
