"""Putting the application together."""

from __future__ import annotations

import logging
from collections.abc import Callable, MutableMapping
from typing import Any

from flask import Flask, Response
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask.templating import Environment
from itsdangerous import URLSafeTimedSerializer
from werkzeug.middleware.proxy_fix import ProxyFix

from portal import paths
from portal.config import Settings
from portal.web import (
    admin,
    citizen,
    errors,
    gate,
    headers,
    languages,
    logs,
    official,
    personal_data,
    presentation,
    public,
)
from portal.web.database_role import refuse_powerful_role
from portal.web.handed_out import HandedOut
from portal.web.kept_pages import KeptPages
from portal.web.public.lookup import PAGE_OF_A_RECORD
from portal.web.routes import check_completeness
from portal.web.sign_in import actor
from portal.wiring import wire

LARGEST_REQUEST = 64 * 1024 * 1024
"""Bytes: above the largest paper (50 MB), so that a paper that is too large meets a sentence and not a closed door."""

MOST_FIELDS = 1000
A_YEAR = 365 * 24 * 3600

log = logging.getLogger("portal.web")


class Templates(Environment):
    """Flask's templates with plain globals: Jinja compares them at each import, key by key when they are a chain."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Of a mapping its key, `items` too. Jinja looks for a method first, and an exception for each key of each item
        took a tenth of a page."""
        if type(obj) is dict and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)

    def make_globals(self, given: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return {**self.globals, **(given or {})}


class Cookies(SecureCookieSessionInterface):
    """Flask's session in a signed cookie; its signer is made once, not at each request: the key does not change."""

    _signer: URLSafeTimedSerializer | None = None

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        if self._signer is None:
            self._signer = super().get_signing_serializer(app)
        return self._signer

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Most answers leave the cookie as it is; then nothing of a cookie is worked out. No session is permanent."""
        if session.modified or "Vary" in response.headers:
            super().save_session(app, session, response)
        elif session.accessed:
            response.headers["Vary"] = "Cookie"


class Portal(Flask):
    """Flask, with errors of views logged without what they say: that may be what a citizen typed."""

    jinja_environment = Templates

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """No view waits in Python's own way. Flask looks at each view and each hook anew for every request."""
        return func

    def log_exception(self, exc_info: Any) -> None:
        log.error("a view failed", exc_info=exc_info)


def assemble(settings: Settings) -> Flask:
    """The whole web application: database, extensions, gate, pages."""
    logs.write_json()
    bind = wire(settings)
    refuse_powerful_role(bind)
    app = Portal("portal", template_folder=str(paths.TEMPLATES), static_folder=str(paths.STATIC))
    app.config.from_mapping(configuration(settings))
    app.session_interface = Cookies()
    app.extensions.update({"settings": settings, "engine": bind, "kept_pages": KeptPages()})
    logs.install(app)
    gate.install(app)
    headers.install(app, settings)
    errors.install(app)
    personal_data.install(app)
    public.install(app)
    citizen.install(app)
    official.install(app)
    admin.install(app)
    presentation.register(app, actor=actor, help_number=settings.help_number)
    app.wsgi_app = HandedOut(app, path=PAGE_OF_A_RECORD)  # type: ignore[method-assign]
    languages.register(app, translations=paths.TRANSLATIONS)
    believe_proxies(app, settings.trusted_proxies)
    check_completeness(app)
    return app


def believe_proxies(app: Flask, count: int) -> None:
    """Take the caller's address and scheme from the proxies that we know. Without any, headers say nothing: whoever
    could write them would have as many tries at a password as he writes addresses."""
    if count:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]


def configuration(settings: Settings) -> dict[str, Any]:
    """Flask's own settings."""
    secure = headers.is_secure(settings)
    return {
        "SECRET_KEY": settings.secret_key,
        "SESSION_COOKIE_NAME": "__Host-portal" if secure else "portal",
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "MAX_CONTENT_LENGTH": LARGEST_REQUEST,
        "MAX_FORM_MEMORY_SIZE": gate.LARGEST_ANSWERS,
        "MAX_FORM_PARTS": MOST_FIELDS,
        "SEND_FILE_MAX_AGE_DEFAULT": A_YEAR,
        "RATELIMIT_STORAGE_URI": settings.redis_url,
        "RATELIMIT_STORAGE_OPTIONS": {"socket_timeout": 0.5, "socket_connect_timeout": 0.5},
    }
