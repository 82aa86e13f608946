"""Files of a record of mine: documents to keep, papers to look at again."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.core.errors import NotFound
from portal.core.text import marked
from portal.core.unit_of_work import reading
from portal.files.queries import get_file
from portal.records.models import RecordPaper
from portal.records.record_file import DocumentView, RecordFile
from portal.web.citizen.own_record import own_record
from portal.web.citizen.record_parts import is_meant, is_ready
from portal.web.sent_files import picture_of, whole_file
from portal.web.sign_in import actor

blueprint = Blueprint("record_files", __name__)

UNSEEN = marked("Không thấy tệp này. Mở lại hồ sơ để xem các tệp đang có.")


@blueprint.get("/ho-so/<code>/van-ban/<uuid:document_id>")
def document(code: str, document_id: UUID) -> ResponseReturnValue:
    with reading(actor()) as session:
        file = own_record(session, code, actor=actor()).file
        wanted = _document(file, document_id)
        if file.waits_for_fee(wanted):
            return redirect(url_for("paying.pay", code=code), 303)
        facts = get_file(session, str(wanted.file_digest))
    return whole_file(facts, file_name=f"{_name(wanted)}.pdf")


@blueprint.get("/ho-so/<code>/van-ban/<uuid:document_id>/du-lieu")
def document_data(code: str, document_id: UUID) -> ResponseReturnValue:
    """The data of a receipt, as XML."""
    with reading(actor()) as session:
        wanted = _document(own_record(session, code, actor=actor()).file, document_id)
        if wanted.data_digest is None:
            raise NotFound(UNSEEN)
        facts = get_file(session, wanted.data_digest)
    return whole_file(facts, file_name=f"{_name(wanted)}.xml")


@blueprint.get("/ho-so/<code>/giay-to/<uuid:paper_id>")
def paper(code: str, paper_id: UUID) -> ResponseReturnValue:
    with reading(actor()) as session:
        wanted = _paper(own_record(session, code, actor=actor()).file, paper_id)
        facts = get_file(session, wanted.file_digest)
    return whole_file(facts, file_name=wanted.file_name)


@blueprint.get("/ho-so/<code>/giay-to/<uuid:paper_id>/trang-<int:number>.png")
def paper_page(code: str, paper_id: UUID, number: int) -> ResponseReturnValue:
    """A page of a paper as a picture, to look at beside what is wrong with it."""
    with reading(actor()) as session:
        wanted = _paper(own_record(session, code, actor=actor()).file, paper_id)
        facts = get_file(session, wanted.file_digest)
    return picture_of(facts, page=number)


def _document(file: RecordFile, document_id: UUID) -> DocumentView:
    wanted = next((one for one in file.documents if one.id == document_id), None)
    if wanted is None or not is_meant(wanted) or not is_ready(wanted):
        raise NotFound(UNSEEN)
    return wanted


def _name(document: DocumentView) -> str:
    return f"{document.title} {document.reference.replace('/', '-')}".strip()


def _paper(file: RecordFile, paper_id: UUID) -> RecordPaper:
    wanted = next((one for one in file.papers if one.id == paper_id), None)
    if wanted is None:
        raise NotFound(UNSEEN)
    return wanted
