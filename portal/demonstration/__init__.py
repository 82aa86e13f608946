"""The demonstration city: its people, its accounts, its records. Loaded only where the settings say so."""

from __future__ import annotations

PASSWORD = "CanTho-2026"  # noqa: S105 - public on purpose: it opens the sample accounts of a demonstration only
