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
    hours_changes,
    jobs,
    moving,
    overview,
    procedures,
    publishing,
    standstill,
    trial_keeping,
    trials,
    units,
    versions,
)
from portal.web.admin.editor import views as editor
from portal.web.admin.process import actions, endings, entries, steps, table

MODULES = (
    overview,
    procedures,
    versions,
    definitions,
    editor,
    table,
    steps,
    actions,
    entries,
    endings,
    publishing,
    trials,
    trial_keeping,
    exchange,
    moving,
    units,
    accounts,
    calendar,
    calendar_changes,
    hours_changes,
    standstill,
    jobs,
    audit_log,
)


def install(app: Flask) -> None:
    for module in MODULES:
        app.register_blueprint(module.blueprint)
