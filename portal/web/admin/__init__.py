"""Pages of administrators: what needs attention, procedures and versions, units, accounts, calendar, jobs, audit."""

from __future__ import annotations

from flask import Flask

from portal.web.admin import (
    accounts,
    audit_log,
    calendar,
    calendar_changes,
    definitions,
    exchange,
    jobs,
    moving,
    overview,
    procedures,
    publishing,
    trial_keeping,
    trials,
    units,
    versions,
)

MODULES = (
    overview,
    procedures,
    versions,
    definitions,
    publishing,
    trials,
    trial_keeping,
    exchange,
    moving,
    units,
    accounts,
    calendar,
    calendar_changes,
    jobs,
    audit_log,
)


def install(app: Flask) -> None:
    for module in MODULES:
        app.register_blueprint(module.blueprint)
