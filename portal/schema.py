"""Every table of the portal: imported where the whole schema must be known (migrations, checks)."""

from __future__ import annotations

from importlib import import_module

DOMAINS = (
    "units",
    "calendars",
    "bookings",
    "accounts",
    "files",
    "catalogue",
    "jobs",
    "audit",
    "payments",
    "delivery",
    "signing",
    "documents",
    "records",
    "notifications",
    "trials",
)


def load_all() -> None:
    """Import the models of every domain, so that the metadata is complete."""
    for domain in DOMAINS:
        import_module(f"portal.{domain}.models")
