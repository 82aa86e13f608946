"""Pages of officials: their queue, one record, acting on a task, signing, numbering."""

from __future__ import annotations

from flask import Flask

from portal.web.official import (
    acting,
    apologies,
    archive,
    batches,
    bulk,
    cash,
    copies,
    correcting,
    ending,
    files,
    messages,
    money,
    questions,
    queue,
    records,
    refunds,
    search,
    signing,
    statements,
    transfers,
)


def install(app: Flask) -> None:
    on_records = (records, files, acting, ending, correcting, archive, questions)
    for module in (queue, bulk, batches, search, *on_records, signing, apologies, copies, messages, transfers):
        app.register_blueprint(module.blueprint)
    for module in (cash, money, refunds, statements):
        app.register_blueprint(module.blueprint)
