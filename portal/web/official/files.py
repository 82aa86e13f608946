"""Papers and documents of a record: a page as a picture, or the whole file. Who sees the record may see them."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint
from flask.typing import ResponseReturnValue

from portal.core.errors import NotFound
from portal.core.unit_of_work import reading
from portal.documents import queries as documents
from portal.files.queries import get_file
from portal.files.types import FileFacts
from portal.records.queries import id_of_code
from portal.records.record_file import get_paper
from portal.web import personal_data
from portal.web.sent_files import picture_of, whole_file
from portal.web.sign_in import actor

blueprint = Blueprint("official_files", __name__, url_prefix="/can-bo/ho-so/<code>")


@blueprint.get("/giay-to/<uuid:paper_id>")
def paper(code: str, paper_id: UUID) -> ResponseReturnValue:
    facts, name = _paper(code, paper_id)
    return whole_file(facts, file_name=name)


@blueprint.get("/giay-to/<uuid:paper_id>/trang/<int:number>")
def paper_page(code: str, paper_id: UUID, number: int) -> ResponseReturnValue:
    facts, _name = _paper(code, paper_id)
    return picture_of(facts, page=number)


@blueprint.get("/van-ban/<uuid:document_id>")
def document(code: str, document_id: UUID) -> ResponseReturnValue:
    facts, name = _document(code, document_id)
    return whole_file(facts, file_name=name)


@blueprint.get("/van-ban/<uuid:document_id>/du-lieu")
def document_data(code: str, document_id: UUID) -> ResponseReturnValue:
    """The data of a receipt, as XML."""
    with reading(actor()) as session:
        found = documents.get_document(session, document_id)
        if found.record_id != id_of_code(session, code) or found.data_digest is None:
            raise NotFound("Tệp này chưa có. Mở lại hồ sơ để xem.")
        personal_data.is_read(found.record_id)
        return whole_file(get_file(session, found.data_digest), file_name=found.data_name)


@blueprint.get("/van-ban/<uuid:document_id>/trang/<int:number>")
def document_page(code: str, document_id: UUID, number: int) -> ResponseReturnValue:
    facts, _name = _document(code, document_id)
    return picture_of(facts, page=number)


def _paper(code: str, paper_id: UUID) -> tuple[FileFacts, str]:
    with reading(actor()) as session:
        found = get_paper(session, code, paper_id)
        personal_data.is_read(found.record_id, owner_id=found.owner_id)
        return get_file(session, found.file_digest), found.file_name


def _document(code: str, document_id: UUID) -> tuple[FileFacts, str]:
    with reading(actor()) as session:
        found = documents.get_document(session, document_id)
        if found.record_id != id_of_code(session, code) or found.file_digest is None:
            raise NotFound("Tệp này chưa có. Mở lại hồ sơ để xem.")
        personal_data.is_read(found.record_id)
        return get_file(session, found.file_digest), found.file_name
