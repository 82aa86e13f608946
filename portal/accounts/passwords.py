"""Passwords: argon2id (RFC 9106), with the library's own parameters unless the process names others."""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_hasher = PasswordHasher()
_decoy: str | None = None


def use(hasher: PasswordHasher) -> None:
    """Name the parameters of this process: tests take cheap ones."""
    global _hasher, _decoy
    _hasher = hasher
    _decoy = None


def hashed(password: str) -> str:
    """A new salted hash: two of the same password differ."""
    return _hasher.hash(password)


def fits(password: str, password_hash: str | None) -> bool:
    """Whether the password belongs to the hash. Without a hash it takes as long, and the answer is no."""
    try:
        return _hasher.verify(password_hash or _decoy_hash(), password) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(password_hash: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return _hasher.check_needs_rehash(password_hash)


def _decoy_hash() -> str:
    global _decoy
    if _decoy is None:
        _decoy = _hasher.hash("no person has this password")
    return _decoy
