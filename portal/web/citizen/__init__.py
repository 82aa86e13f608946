"""Pages of citizens and businesses."""

from __future__ import annotations

from flask import Flask

from portal.web.citizen import (
    booking,
    confirming,
    consenting,
    correcting,
    draft_consent,
    drafts,
    messages,
    pages,
    papers,
    paying,
    receiving,
    record,
    record_files,
    records,
    sending,
    start,
    supplement,
    transferring,
    vault,
    withdrawing,
)

FILING = (start, drafts, draft_consent, sending, papers, pages)
RECORDS = (
    *(records, record, record_files, confirming, supplement),
    *(booking, consenting, correcting, withdrawing, paying, receiving, transferring, messages, vault),
)


def install(app: Flask) -> None:
    for module in (*FILING, *RECORDS):
        app.register_blueprint(module.blueprint)
