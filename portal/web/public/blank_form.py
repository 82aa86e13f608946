"""The application form of a procedure to print and fill in by hand."""

from __future__ import annotations

from functools import lru_cache
from uuid import UUID

from flask import Blueprint
from flask.typing import ResponseReturnValue

from portal.catalogue import queries
from portal.core.actor import PUBLIC
from portal.core.unit_of_work import reading
from portal.documents.rendering import print_page
from portal.records.contents.blank_form import BLOCKS, ROWS, blank_form
from portal.web.languages import current_language
from portal.web.sent_files import made_here
from portal.web.settings import settings

blueprint = Blueprint("blank_form", __name__)

FILES = 64
"""Forms that a process remembers: a version never changes, and a PDF takes a second."""
AUTHOR = "Ủy ban nhân dân thành phố Cần Thơ"


@blueprint.get("/thu-tuc/<code>/to-khai.pdf")
def printed(code: str) -> ResponseReturnValue:
    with reading(PUBLIC) as session:
        published = queries.get_procedure(session, code)
    content = _content(published.version_id, current_language(), settings().help_number)
    stem = f"{published.procedure.form_name.vi} {code}"
    return made_here(content, media_type="application/pdf", stem=stem, extension="pdf")


@lru_cache(maxsize=FILES)
def _content(version_id: UUID, language: str, help_number: str) -> bytes:
    with reading(PUBLIC) as session:
        published = queries.version(session, version_id)
    values = {
        "form": blank_form(published.procedure),
        "number": published.number,
        "language": language,
        "author": AUTHOR,
        "help_number": help_number,
        "rows": ROWS,
        "blocks": BLOCKS,
    }
    return print_page("sheets/application_form.html", values, leads_to=f"/thu-tuc/{published.procedure.code}")
