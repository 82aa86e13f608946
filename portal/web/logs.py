"""Log lines as JSON, one per request, without personal data: the route's pattern stands there, never the address."""

from __future__ import annotations

import json
import logging
import secrets
import time
import traceback
from types import TracebackType
from typing import Any

from flask import Flask, g, request
from werkzeug.wrappers import Response

from portal.web.languages import current_language, language_of

ACCESS = logging.getLogger("portal.access")
_JSON = json.JSONEncoder(ensure_ascii=False, default=str)
_ORDINARY = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class JsonLines(logging.Formatter):
    """A constant message, the names given in `extra`, and where an error arose; never what an error says."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line.update({name: value for name, value in vars(record).items() if name not in _ORDINARY})
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            line["where"] = places(record.exc_info[2])
        return _JSON.encode(line)


def places(trace: TracebackType | None) -> list[str]:
    """File, line and function of each frame: an error's text may hold what a citizen typed."""
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]


def write_json() -> None:
    """Send the portal's log lines to standard error, unless somebody has decided otherwise."""
    logger = logging.getLogger("portal")
    if logger.handlers:
        return
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    logger.addHandler(handler)
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False  # no line says them
    logger.setLevel(logging.INFO)


def install(app: Flask) -> None:
    @app.before_request
    def start() -> None:
        g.request_id = secrets.token_hex(6)
        g.started = time.perf_counter()

    @app.after_request
    def note_request(response: Response) -> Response:
        if request.endpoint != "static":
            ACCESS.info("request", extra=about_this_request(response))
        return response


def note(request_id: str, *, route: str, root: str, started: float) -> None:
    """The line of a page that was handed out without a request."""
    ACCESS.info(
        "request",
        extra={
            "request": request_id,
            "method": "GET",
            "route": route,
            "status": 200,
            "milliseconds": round((time.perf_counter() - started) * 1000, 1),
            "language": language_of(root),
        },
    )


def about_this_request(response: Response) -> dict[str, object]:
    rule = request.url_rule
    return {
        "request": g.get("request_id", ""),
        "method": request.method,
        "route": rule.rule if rule else "",
        "status": response.status_code,
        "milliseconds": round((time.perf_counter() - g.get("started", time.perf_counter())) * 1000, 1),
        "language": current_language(),
    }
