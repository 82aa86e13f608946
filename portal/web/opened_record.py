"""The record that a visitor has opened in the public look-up: a short signed cookie, so that no address names it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache, lru_cache
from typing import Any
from uuid import UUID

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.wrappers import Response

from portal.records.queries import LookupKey

LASTS = timedelta(minutes=10)
"""After that both codes are asked for again: the page may have been opened at a counter or in an internet shop."""

READ = 500
"""Cookies that a process remembers to have read."""

_PURPOSE = "the record opened in the look-up"


def remember(response: Response, key: LookupKey, *, now: datetime) -> None:
    """Let this browser read the record for `LASTS`."""
    value = _signer(current_app.config["SECRET_KEY"]).dumps(
        [key.record_id.hex, key.digest, int((now + LASTS).timestamp())]
    )
    response.set_cookie(
        _name(current_app.config),
        value if isinstance(value, str) else value.decode(),
        max_age=LASTS,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )


def remembered(*, now: datetime) -> LookupKey | None:
    """The key in the cookie; None without one, or when it is over or not ours."""
    return key_in(request.cookies, current_app.config, now=now)


def key_in(cookies: Mapping[str, str], configuration: Mapping[str, Any], *, now: datetime) -> LookupKey | None:
    """The same, of cookies that no request has been made of yet; `configuration` is the application's."""
    signed = cookies.get(_name(configuration))
    key, until = _read(configuration["SECRET_KEY"], signed) if signed else (None, 0)
    return key if now.timestamp() < until else None


@lru_cache(maxsize=READ)
def _read(secret_key: str, signed: str) -> tuple[LookupKey | None, int]:
    """Whoever reloads shows the same cookie, and its signature does not change; whether it is over is asked apart."""
    try:
        record_id, digest, until = _signer(secret_key).loads(signed)
    except BadSignature:
        return None, 0
    return LookupKey(UUID(record_id), digest), until


@cache
def _signer(secret_key: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret_key, salt=_PURPOSE)


def _name(configuration: Mapping[str, Any]) -> str:
    return "__Host-record" if configuration["SESSION_COOKIE_SECURE"] else "record"
