"""Pages of officials: their queue, one record, acting on a task, signing, numbering."""

from __future__ import annotations

from flask import Flask

from portal.web.official import (
    acting,
    apologies,
    archive,
    batches,
    bulk,
    copies,
    correcting,
    ending,
    files,
    messages,
    questions,
    queue,
    records,
    refunds,
    registry,
    search,
    signing,
    transfers,
)


def install(app: Flask) -> None:
    on_records = (records, files, acting, ending, correcting, archive, questions)
    for module in (
        queue,
        bulk,
        batches,
        search,
        *on_records,
        signing,
        apologies,
        copies,
        messages,
        transfers,
        refunds,
        registry,
    ):
        app.register_blueprint(module.blueprint)
