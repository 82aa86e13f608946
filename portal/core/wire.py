"""Speaking to outside systems over HTTP: what comes back is judged like a stranger's input."""

from __future__ import annotations

import http.client
import json
import ssl
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from portal.core.errors import Unavailable

LARGEST_ANSWER = 256 * 1024
"""Bytes: no answer to a single question comes near it."""


def post_json(
    url: str,
    message: Mapping[str, Any],
    *,
    headers: Mapping[str, str] | None = None,
    timeout: float = 10.0,
    largest: int = LARGEST_ANSWER,
) -> dict[str, Any]:
    """Send a JSON object and return the JSON object that answers it; redirects are not followed.

    `timeout` is in seconds, for connecting and for each wait. Raises Unavailable for everything else than a 200
    with an object of at most `largest` bytes: what the other side meant is then unknown.
    """
    return post_bytes(url, encoded(message), headers=headers, timeout=timeout, largest=largest)


def encoded(message: Mapping[str, Any]) -> bytes:
    """The bytes that are sent, and signed where a signature goes with them."""
    return json.dumps(message, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def post_bytes(
    url: str,
    body: bytes,
    *,
    headers: Mapping[str, str] | None = None,
    timeout: float = 10.0,
    largest: int = LARGEST_ANSWER,
) -> dict[str, Any]:
    """As `post_json`, for a body that was encoded already."""
    given = {"Content-Type": "application/json", **(headers or {})}
    return _exchange("POST", url, body=body, headers=given, timeout=timeout, largest=largest)


def get_json(url: str, *, timeout: float = 10.0) -> dict[str, Any]:
    """As `post_json`, asking without a body."""
    return _exchange("GET", url, body=None, headers={}, timeout=timeout)


def _exchange(
    method: str,
    url: str,
    *,
    body: bytes | None,
    headers: Mapping[str, str],
    timeout: float,
    largest: int = LARGEST_ANSWER,
) -> dict[str, Any]:
    address = urlsplit(url)
    connection = _connection(address.scheme, address.netloc, timeout=timeout)
    path = address.path + (f"?{address.query}" if address.query else "")
    try:
        connection.request(method, path, body, dict(headers))
        answer = connection.getresponse()
        text = answer.read(largest + 1)
    except (OSError, http.client.HTTPException) as failure:
        raise Unavailable(reason=type(failure).__name__) from failure
    finally:
        connection.close()
    if answer.status != 200 or len(text) > largest:
        raise Unavailable(status=answer.status, size=len(text))
    return _object(text)


def _connection(scheme: str, netloc: str, *, timeout: float) -> http.client.HTTPConnection:
    if scheme == "https":
        return http.client.HTTPSConnection(netloc, timeout=timeout, context=ssl.create_default_context())
    return http.client.HTTPConnection(netloc, timeout=timeout)


def _object(text: bytes) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as failure:
        raise Unavailable(reason="not JSON") from failure
    if not isinstance(found, dict):
        raise Unavailable(reason="not an object")
    return found
