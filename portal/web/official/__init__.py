"""Pages of officials: their queue, one record, acting on a task, signing, numbering."""

from __future__ import annotations

from flask import Flask

from portal.web.official import (
    acting,
    apologies,
    archive,
    batches,
    book_prints,
    bookings,
    bulk,
    cash,
    certifications,
    control_slip,
    copies,
    correcting,
    ending,
    files,
    hand_over,
    issued,
    lists,
    messages,
    money,
    parcels,
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
    visits,
)


def install(app: Flask) -> None:
    on_records = (records, files, scans, visits, control_slip, hand_over, acting, ending, correcting, archive)
    on_money = (cash, money, refunds, statements)
    on_lists = (apologies, copies, messages, transfers, parcels, issued, bookings, signing)
    on_books = (register, certifications, book_prints)
    for module in (queue, questions, bulk, batches, search, lists, *on_records, *on_lists, *on_books, *on_money):
        app.register_blueprint(module.blueprint)
