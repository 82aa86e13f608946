"""What a fee receipt says: the event that made it tells what was paid, how, and to whom."""

from __future__ import annotations

from datetime import datetime

from portal.documents import form_types as types
from portal.records.contents.writing import Writing, applicant, head

_KINDS = {"phi": "Phí", "le_phi": "Lệ phí"}
_WAYS = {
    "cash": "Tiền mặt",
    "transfer": "Chuyển khoản",
    "vnpay": "Trực tuyến, qua VNPAY",
    "mobile": "Trực tuyến, qua Tiền di động",
}


def fee_receipt(writing: Writing) -> types.FeeReceipt:
    record, told = writing.file.record, writing.event.details["receipt"]
    lines = [
        types.ReceiptedFee(kind=_KINDS[line["kind"]], name=line["name"], amount=line["amount"])
        for line in told["lines"]
    ]
    return types.FeeReceipt(
        **head(writing, made_at=writing.event.at),
        record_code=record.code,
        secret_version=record.secret_version,
        procedure_name=writing.procedure.name.vi,
        collected_by=writing.unit.name,
        applicant=applicant(writing),
        lines=lines,
        way=_WAYS.get(told["way"], told["way"]),
        transaction="" if told["way"] == "cash" else told["number"],
        paid_at=datetime.fromisoformat(told["paid_at"]),
        taken_by=told["taken_by"],
    )
