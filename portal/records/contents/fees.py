"""What a fee receipt says: the event that made it tells what was paid, how, and to whom."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from portal.documents import form_types as types
from portal.records.contents.writing import Writing, applicant, head

KIND_NAME = "Biên lai thu phí, lệ phí không in sẵn mệnh giá"
TEMPLATE_SYMBOL = "01BLP0-001"
"""Kind 01 of BLP (receipts for fees without a printed value), no carbon copies, the first template of its kind."""

_KINDS = {"phi": "Phí", "le_phi": "Lệ phí"}
_WAYS = {
    "cash": "Tiền mặt",
    "transfer": "Chuyển khoản",
    "vnpay": "Trực tuyến, qua VNPAY",
    "mobile": "Trực tuyến, qua Tiền di động",
}


def fee_receipt(writing: Writing) -> types.FeeReceipt:
    record, told, collector = writing.file.record, writing.event.details["receipt"], writing.unit
    counter = writing.directory.unit(UUID(told["taken_at"])) if told.get("taken_at") else collector
    lines = [
        types.ReceiptedFee(kind=_KINDS[line["kind"]], name=line["name"], amount=line["amount"])
        for line in told["lines"]
    ]
    return types.FeeReceipt(
        **head(writing, made_at=writing.event.at),
        kind_name=KIND_NAME,
        template_symbol=TEMPLATE_SYMBOL,
        record_code=record.code,
        secret_version=record.secret_version,
        procedure_name=writing.procedure.name.vi,
        collector=types.Collector(name=collector.name, address=collector.address, tax_code=collector.tax_code),
        applicant=applicant(writing),
        lines=lines,
        way=_WAYS.get(told["way"], told["way"]),
        transaction="" if told["way"] == "cash" else told["number"],
        paid_at=datetime.fromisoformat(told["paid_at"]),
        taken_by=told["taken_by"],
        taken_at=counter.name if counter.id != collector.id else "",
    )
