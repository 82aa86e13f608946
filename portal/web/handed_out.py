"""The page of a look-up is handed out again before Flask wakes.

Whoever waits for news reloads. A request context, session, limiter, routing and headers made anew cost three times
what asking the database does whether the page that was sent a moment ago still holds, and lead to the same answer.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from flask import Flask
from werkzeug.http import parse_cookie

from portal.core import clock
from portal.core.actor import PUBLIC
from portal.records import queries
from portal.web import logs, opened_record
from portal.web.kept_pages import KeptPages, Place

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class HandedOut:
    """Stands before the application, after the language has been taken off the path. Whoever has a session, asks for
    anything else, or meets any difficulty goes on to the application, which decides."""

    def __init__(self, app: Flask, *, path: str) -> None:
        self.application: WSGIApplication = app.wsgi_app
        self.configuration = app.config
        self.extensions = app.extensions
        self.path = path

    @property
    def pages(self) -> KeptPages:
        pages: KeptPages = self.extensions["kept_pages"]
        return pages

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        place = self._place(environ)
        if place is None:
            return self.application(environ, start_response)
        started = time.perf_counter()
        body = self._still_holding(place, start_response)
        if body is not None:
            logs.note(secrets.token_hex(6), route=self.path, root=place[1], started=started)
            return [body]

        def start_and_keep(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            if status.startswith("200"):
                self.pages.complete(place, headers)
            return start_response(status, headers, *rest)

        return self.application(environ, start_and_keep)

    def _place(self, environ: WSGIEnvironment) -> Place | None:
        """Whose page is asked for, by somebody who is nobody; None for everything else."""
        if environ["PATH_INFO"] != self.path or environ["REQUEST_METHOD"] != "GET" or environ.get("QUERY_STRING"):
            return None
        cookies = parse_cookie(environ.get("HTTP_COOKIE"))
        if self.configuration["SESSION_COOKIE_NAME"] in cookies:
            return None
        key = opened_record.key_in(cookies, self.configuration, now=clock.now())
        return (key, environ.get("SCRIPT_NAME", ""), self.path) if key else None

    def _still_holding(self, place: Place, start_response: StartResponse) -> bytes | None:
        kept = self.pages.at(place, now=clock.now())
        if kept is None or not kept.headers or not isinstance(place[0], queries.LookupKey):
            return None
        try:
            found = queries.find_by_key(place[0], actor=PUBLIC, seen=kept.stamp)
        except Exception:  # the application meets it again, and has a page for it
            return None
        if found is None or found.words is not None:
            return None
        start_response("200 OK", list(kept.headers))
        return kept.body
