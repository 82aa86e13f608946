"""Headers of every answer: what the browser may do with it, and how long it may keep it."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, request, session
from werkzeug.wrappers import Response

from portal.config import Settings
from portal.web import sign_in

NOTHING_OF_THE_DEVICE = ", ".join(
    f"{feature}=()"
    for feature in ("accelerometer", "camera", "geolocation", "gyroscope", "microphone", "payment", "usb")
)


def content_policy(settings: Settings) -> str:
    """Everything from here and nothing inline. Paying goes on to a gateway, and browsers count that as the form's."""
    addresses = [urlsplit(url) for url in (settings.payment_url, settings.mobile_url) if url]
    gateways = " ".join(dict.fromkeys(f"{address.scheme}://{address.netloc}" for address in addresses))
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "manifest-src 'self'",
            f"form-action 'self' {gateways}",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )


def install(app: Flask, settings: Settings) -> None:
    headers = {
        "Content-Security-Policy": content_policy(settings),
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": NOTHING_OF_THE_DEVICE,
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }
    if is_secure(settings):
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    by_name = {name.lower(): (name, value) for name, value in headers.items()}

    @app.after_request
    def add(response: Response) -> Response:
        given = set(response.headers.keys(lower=True))
        response.headers.extend([header for name, header in by_name.items() if name not in given])
        if request.endpoint != "static" and "cache-control" not in given:
            response.headers["Cache-Control"] = "no-store" if sign_in.KEY in session else "private, no-cache"
        return response


def is_secure(settings: Settings) -> bool:
    """Whether citizens come over TLS: then cookies are sent over nothing else."""
    return settings.public_url.startswith("https://")
