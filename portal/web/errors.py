"""Errors become pages: each kind has one status, one page of templates/errors/ and a sentence that says what to do."""

from __future__ import annotations

import math
import time
from datetime import date
from typing import Any

import psycopg
from flask import Flask, g, render_template
from flask.typing import ResponseReturnValue
from flask_limiter import RateLimitExceeded
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from portal.core.actor import PUBLIC
from portal.core.errors import (
    Conflict,
    InvalidInput,
    NotAllowed,
    NotFound,
    OutcomeUnknown,
    PortalError,
    Unavailable,
)
from portal.core.wording import short_day
from portal.extensions import limiter
from portal.web.fields import BaseForm
from portal.web.languages import current_language, localized
from portal.web.translation import gettext as _
from portal.workflow.definition import Text


class Unsent(PortalError):
    """What was sent is not done: the form is of another site, of an older sign-in, or of nobody any more."""


ANSWERS: dict[type[PortalError], tuple[int, str]] = {
    NotFound: (404, "404"),
    NotAllowed: (403, "403"),
    Unsent: (403, "unsent"),
    Conflict: (409, "409"),
    InvalidInput: (422, "422"),
    OutcomeUnknown: (503, "503"),
    Unavailable: (503, "503"),
}
"""Status and page of each kind of error; a kind that is not named answers like the nearest above it."""

HAVE_A_PAGE = frozenset({400, 403, 404, 405, 409, 413, 422, 429, 500, 503})


def said(error: PortalError) -> str:
    """The sentence of an error in the language of the page, with its details filled in."""
    details = {name: _in_words(value) for name, value in error.details.items()}
    return _(error.sentence, **details) if error.sentence else ""


def _in_words(value: object) -> object:
    """A text in the language of the page, a day as it is written there; anything else as it is."""
    if isinstance(value, Text):
        return localized(value)
    return short_day(value, language=current_language()) if isinstance(value, date) else value


def status_of(error: PortalError) -> int:
    return _answer_to(error)[0]


def tell(form: BaseForm, error: PortalError) -> int:
    """Put what a service refused at the field that it is about, else above the form; answers the page's status."""
    named = getattr(error, "field", None)
    field = form._fields.get(named) if named else None
    if field is None:
        form.form_errors.append(said(error))
    else:
        field.errors = [*field.errors, said(error)]
    return status_of(error)


def install(app: Flask) -> None:
    app.register_error_handler(PortalError, answer_domain_error)
    app.register_error_handler(RateLimitExceeded, answer_too_many)
    app.register_error_handler(HTTPException, answer_http_error)
    app.register_error_handler(OperationalError, answer_database_away)
    app.register_error_handler(psycopg.OperationalError, answer_database_away)


def answer_domain_error(error: PortalError) -> ResponseReturnValue:
    status, name = _answer_to(error)
    about = {"sentence": said(error)} if error.sentence else {}
    return error_page(status, name, **about)


def answer_http_error(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if error.response is not None or status < 400:
        return error.get_response()
    page = status if status in HAVE_A_PAGE else (400 if status < 500 else 500)
    about = {"reference": g.get("request_id", "")} if page == 500 else {}
    kept = {name: value for name, value in error.get_headers() if name in ("Allow", "Retry-After")}
    return *error_page(status, str(page), **about), kept


def answer_too_many(error: RateLimitExceeded) -> ResponseReturnValue:
    current = limiter.current_limit
    seconds = max(1, math.ceil(current.reset_at - time.time())) if current else 60
    return *error_page(429, "429", minutes=math.ceil(seconds / 60)), {"Retry-After": str(seconds)}


def answer_database_away(error: OperationalError | psycopg.OperationalError) -> ResponseReturnValue:
    return *error_page(503, "503"), {"Retry-After": "30"}


def _answer_to(error: PortalError) -> tuple[int, str]:
    return next(ANSWERS[kind] for kind in type(error).__mro__ if kind in ANSWERS)


def error_page(status: int, name: str, **about: Any) -> tuple[str, int]:
    """A page in the look of the portal. When the fault is ours, nobody is looked up for its header."""
    if status >= 500:
        g.actor = PUBLIC
    return render_template(f"errors/{name}.html", **about), status
