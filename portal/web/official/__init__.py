"""Pages of officials: their queue, one record, acting on a task, signing, numbering."""

from __future__ import annotations

from flask import Flask

from portal.web.official import (
    acting,
    apologies,
    batches,
    bulk,
    ending,
    files,
    messages,
    questions,
    queue,
    records,
    search,
    signing,
)


def install(app: Flask) -> None:
    pages = (queue, bulk, batches, search, records, files, acting, ending, questions, signing, apologies, messages)
    for module in pages:
        app.register_blueprint(module.blueprint)
