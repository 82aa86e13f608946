"""Pages of officials: their queue, one record, acting on a task, signing, numbering."""

from __future__ import annotations

from flask import Flask

from portal.web.official import (
    acting,
    apologies,
    archive,
    batches,
    bulk,
    ending,
    files,
    messages,
    queue,
    records,
    search,
    signing,
    transfers,
)


def install(app: Flask) -> None:
    for module in (
        queue,
        bulk,
        batches,
        search,
        records,
        files,
        acting,
        ending,
        signing,
        apologies,
        messages,
        transfers,
        archive,
    ):
        app.register_blueprint(module.blueprint)
