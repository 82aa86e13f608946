"""Pages of officials: their queue, one record, acting on a task, signing, numbering."""

from __future__ import annotations

from flask import Flask

from portal.web.official import (
    acting,
    apologies,
    archive,
    batches,
    bookings,
    bulk,
    cash,
    certifications,
    control_slip,
    copies,
    correcting,
    ending,
    files,
    issued,
    lists,
    messages,
    money,
    questions,
    queue,
    records,
    refunds,
    register,
    scans,
    search,
    signing,
    statements,
    transfers,
)


def install(app: Flask) -> None:
    on_records = (records, files, scans, control_slip, acting, ending, correcting, archive, questions)
    on_money = (cash, money, refunds, statements)
    of_the_office = (signing, apologies, copies, messages, transfers, register, issued, bookings, certifications)
    for module in (queue, bulk, batches, search, lists, *on_records, *of_the_office, *on_money):
        app.register_blueprint(module.blueprint)
