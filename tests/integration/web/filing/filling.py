"""Filling in as an applicant does: page by page, button by button."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from uuid import UUID
from xml.etree.ElementTree import Element

from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from portal.core.actor import SYSTEM
from portal.core.unit_of_work import reading
from portal.records.models import Draft
from tests.harness.client import PageClient, page_of, submit

CAI_KHE = "31117"
SAVE = "Lưu và tiếp tục"

PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\n"
    b"xref\n0 4\n0000000000 65535 f \n0000000009 00000 n \n0000000052 00000 n \n0000000101 00000 n \n"
    b"trailer<</Size 4/Root 1 0 R>>\nstartxref\n164\n%%EOF\n"
)

Pages = Mapping[str, Mapping[str, str]]

APPLICANT = {"return_by": "online"}
FREE = "free"
"""The first time that the counter offers, whatever day the test runs on."""

START: Mapping[str, Mapping[str, str]] = {
    "1.009994": {"place": CAI_KHE, "level": "commune", "filer": "self"},
    "1.001612": {"place": CAI_KHE, "filer": "self", "consent": "yes"},
    "2.000815": {"place": CAI_KHE, "filer": "self"},
    "2.000884": {"place": CAI_KHE, "filer": "self"},
    "1.010803": {"place": CAI_KHE, "filer": "self"},
}

PAGES: Mapping[str, Pages] = {
    "1.009994": {
        "applicant": APPLICANT,
        "site": {"plot_no": "245", "plot_m2": "96,5", "tenure": "owned", "adjacent": "no", "planning_zone": "yes"},
        "building": {
            "grade": "IV", "use": "housing", "footprint_m2": "72", "floors-0-kind": "ground", "floors-0-area_m2": "72",
            "total_floor_m2": "72", "height_m": "4,5", "floors_above": "1",
        },
        "design": {"designer": "self", "months": "6"},
    },
    "1.001612": {
        "applicant": APPLICANT,
        "owner": {"ethnicity": "Kinh"},
        "business": {
            "name": "Hộ kinh doanh Mẫu An", "place": "Số 12 đường Mẫu", "lines-0-title": "Bán cà phê",
            "lines-0-vsic": "5630", "lines-0-main": "yes", "capital": "50.000.000",
        },
        "tax": {"start_date-day": "1", "start_date-month": "12", "start_date-year": "2026", "workers": "2"},
        "founder": {"founder": "person"},
    },
    "2.000815": {
        "applicant": APPLICANT,
        "docs": {
            "docs-0-title": "Bằng tốt nghiệp", "docs-0-issuer": "vn", "docs-0-pages": "2", "docs-0-copies": "3",
        },
        "visit": {"visit_at": FREE},
    },
    "2.000884": {
        "applicant": APPLICANT,
        "signature": {
            "kind": "cv", "texts": "1", "signers-0-name": "Nguyễn Mẫu An", "signers-0-id_no": "092085001234",
        },
    },
    "1.010803": {
        "applicant": APPLICANT,
        "martyr": {
            "relation": "con", "name": "Nguyễn Mẫu Hùng", "died_on-day": "30", "died_on-month": "4",
            "died_on-year": "1972", "merit_no": "AB 123", "decision_no": "45/QĐ", "file_at": "cantho",
            "no_monthly": "yes",
        },
        "kin": {
            "kin-0-name": "Nguyễn Mẫu An", "kin-0-birth_year": "1985", "kin-0-relation": "con", "kin-0-signed": "yes",
        },
    },
}  # fmt: skip

PAPERS: Mapping[str, tuple[str, ...]] = {
    "1.009994": ("land", "drawings"),
    "1.001612": (),
    "2.000815": (),
    "2.000884": ("text",),
    "1.010803": ("merit",),
}


def begin(client: PageClient, code: str, **changed: str) -> str:
    """Start a draft; the address of its task list."""
    answer = submit(client, f"/thu-tuc/{code}/bat-dau", {**START[code], **changed}, button="Bắt đầu")
    assert answer.status_code == 303, answer.text
    assert answer.location.startswith("/to-khai/")
    return str(answer.location)


def fill(client: PageClient, address: str, fields: Mapping[str, str], *, button: str = SAVE) -> TestResponse:
    """Fill in a page and press a button."""
    if FREE in fields.values():
        offered = [one.get("value") for one in page_of(client.get(address)).iter("option") if one.get("value")]
        fields = {name: str(offered[0]) if value == FREE else value for name, value in fields.items()}
    return submit(client, address, fields, button=button)


def fill_all(client: PageClient, draft: str, code: str, *, leave_out: str = "") -> None:
    for page, fields in PAGES[code].items():
        if page != leave_out:
            answer = fill(client, f"{draft}/{page}", fields)
            assert answer.status_code == 303, f"{page}: {answer.text}"
    for slot in PAPERS[code]:
        if slot != leave_out:
            assert upload(client, draft, slot, (PDF, f"{slot}.pdf")).status_code == 303


def filled(client: PageClient, code: str) -> str:
    """A draft with everything that it needs."""
    draft = begin(client, code)
    fill_all(client, draft, code)
    return draft


def upload(client: PageClient, draft: str, slot: str, *files: tuple[bytes, str]) -> TestResponse:
    address = f"{draft}/giay-to/{slot}"
    boundary, body = encode_multipart(
        {
            "csrf_token": token_on(client, address),
            "files": [FileStorage(BytesIO(content), filename=name) for content, name in files],
        }
    )
    return client.post(address, data=body, content_type=f"multipart/form-data; boundary={boundary}")


def token_on(client: PageClient, address: str) -> str:
    page = page_of(client.get(address))
    return next(one.get("value", "") for one in page.iter("input") if one.get("name") == "csrf_token")


def send(client: PageClient, draft: str) -> TestResponse:
    return submit(client, f"{draft}/xem-lai", button="Gửi hồ sơ")


def values_on(response: TestResponse) -> dict[str, str]:
    """Name and value of every text input of a page."""
    page = page_of(response)
    return {
        one.get("name", ""): one.get("value", "") for one in page.iter("input") if one.get("type") in ("text", "tel")
    }


def box_on(answer: TestResponse, name: str) -> Element:
    return next(box for box in page_of(answer).iter("input") if box.get("name") == name)


def draft_of(address: str) -> Draft:
    """The draft at that address as it is stored."""
    with reading(SYSTEM) as session:
        return session.scalars(select(Draft).where(Draft.id == UUID(address.rsplit("/", 1)[1]))).one()
