"""How a procedure is handled inside: the way, the table of steps, and both to take away."""

from __future__ import annotations

from functools import lru_cache
from uuid import UUID

from flask import Blueprint, Response, url_for
from flask.typing import ResponseReturnValue

from portal.catalogue import queries
from portal.catalogue.process_model import process_model
from portal.catalogue.queries import PublishedProcedure
from portal.catalogue.step_table import step_table
from portal.core.actor import PUBLIC
from portal.core.unit_of_work import reading
from portal.web.lane_views import procedure_map
from portal.web.languages import current_language
from portal.web.pages import page
from portal.web.public.process_words import page_of, printed_table, spreadsheet_of
from portal.web.sent_files import SPREADSHEET, made_here

blueprint = Blueprint("process", __name__)

FILES = 64
"""Files that a process remembers: a version never changes, and a PDF takes half a second."""


@blueprint.get("/thu-tuc/<code>/quy-trinh")
def show(code: str) -> ResponseReturnValue:
    published = _published(code)
    language = current_language()
    return page(
        "public/procedures/process.html",
        procedure=page_of(published),
        table=step_table(published.procedure, language=language),
        picture=procedure_map(published.procedure, language=language),
        files=[
            {"href": url_for(f".{name}", code=code), "name": name, "kind": kind}
            for name, kind in (("printed", "PDF"), ("sheet", "XLSX"), ("model", "BPMN"))
        ],
    )


@blueprint.get("/thu-tuc/<code>/quy-trinh.pdf")
def printed(code: str) -> ResponseReturnValue:
    return _file(_published(code), "pdf", "application/pdf")


@blueprint.get("/thu-tuc/<code>/quy-trinh.xlsx")
def sheet(code: str) -> ResponseReturnValue:
    return _file(_published(code), "xlsx", SPREADSHEET)


@blueprint.get("/thu-tuc/<code>/quy-trinh.bpmn")
def model(code: str) -> ResponseReturnValue:
    return _file(_published(code), "bpmn", "application/xml")


def _published(code: str) -> PublishedProcedure:
    with reading(PUBLIC) as session:
        return queries.get_procedure(session, code)


def _file(published: PublishedProcedure, suffix: str, kind: str) -> Response:
    content = _content(published.version_id, suffix, current_language())
    stem = f"{published.procedure.code}-v{published.number}"
    return made_here(content, media_type=kind, stem=stem, extension=suffix)


@lru_cache(maxsize=FILES)
def _content(version_id: UUID, suffix: str, language: str) -> bytes:
    with reading(PUBLIC) as session:
        published = queries.version(session, version_id)
    if suffix == "bpmn":
        return process_model(published.procedure, number=published.number, language=language).encode()
    return (printed_table if suffix == "pdf" else spreadsheet_of)(published, language=language)
