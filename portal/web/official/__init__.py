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
    control_slip,
    copies,
    correcting,
    ending,
    files,
    hand_over,
    lists,
    messages,
    money,
    parcels,
    questions,
    queue,
    records,
    refunds,
    register,
    registry,
    search,
    signing,
    statements,
    transfers,
)


def install(app: Flask) -> None:
    on_records = (records, files, control_slip, hand_over, acting, ending, correcting, archive, questions)
    on_money = (cash, money, refunds, statements)
    of_the_office = (signing, apologies, copies, messages, transfers, parcels, register, registry)
    for module in (queue, bulk, batches, search, lists, *on_records, *of_the_office, *on_money):
        app.register_blueprint(module.blueprint)
