"""What a counter prints for the post: a label for each envelope, and the list that the postman signs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from portal.core import clock
from portal.delivery.types import ParcelView
from portal.documents.rendering import Printed, print_page
from portal.documents.words import money
from portal.records.contents.writing import counter_head_of
from portal.units.resolution import Directory

LIST_TITLE = "Danh sách giao bưu gửi"
LABELS_TITLE = "Nhãn bưu gửi"


def labels(parcels: Iterable[ParcelView], directory: Directory) -> bytes:
    """A4 as PDF, eight labels on a sheet."""
    rows = [{**_row(parcel), "sender": _sender(directory, parcel.unit_id)} for parcel in parcels]
    return print_page("sheets/parcel_labels.html", {"labels": rows, "title": LABELS_TITLE})


def list_to_sign(parcels: Iterable[ParcelView], directory: Directory, *, unit_id: UUID, now: datetime) -> bytes:
    """A4 across as PDF: who gave and who took, each with a place to sign."""
    day = clock.local_day(now)
    values = {
        "content": counter_head_of(directory, directory.unit(unit_id), day=day),
        "document": Printed(template="parcel_list", title=LIST_TITLE, day=day),
        "name": LIST_TITLE,
        "rows": [_row(parcel) for parcel in parcels],
    }
    return print_page("sheets/parcel_list.html", values)


def _row(parcel: ParcelView) -> dict[str, Any]:
    return {
        "number": parcel.number,
        "code": parcel.record_code,
        "name": parcel.receiver.name,
        "phone": parcel.receiver.phone,
        "address": parcel.receiver.line,
        "fee": f"{money(parcel.fee)} đồng" if parcel.fee else "",
    }


def _sender(directory: Directory, unit_id: UUID) -> Mapping[str, str]:
    unit = directory.unit(unit_id)
    return {"name": unit.name, "address": unit.address, "phone": unit.phone}
