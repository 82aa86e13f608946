"""Files as answers: saved by the browser under their own name, or a page of them as a picture."""

from __future__ import annotations

from io import BytesIO

from flask import Response, request, send_file
from werkzeug.datastructures import FileStorage

from portal.core.errors import PortalError
from portal.files import service as files
from portal.files.names import safe_name
from portal.files.types import FileFacts
from portal.web.errors import said

SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
"""The media type of .xlsx."""


def whole_file(facts: FileFacts, *, file_name: str) -> Response:
    """The content to keep; the browser runs nothing in it."""
    served = files.served(facts, file_name=file_name)
    response = send_file(
        served.content,
        mimetype=served.media_type,
        as_attachment=True,
        download_name=served.download_name,
        etag=served.digest,
        conditional=False,  # it is made so below, where the length is known
    )
    response.content_length = served.size
    response.make_conditional(request.environ, accept_ranges=True, complete_length=served.size)
    response.headers.update(served.headers)
    return response


def picture_of(facts: FileFacts, *, page: int = 1) -> Response:
    """A page, drawn anew. Raises NotFound when there is no such page."""
    return Response(files.preview(facts, page=page), mimetype="image/png", headers=dict(files.HEADERS))


def named_refusal(sent: FileStorage, refused: PortalError, *, several: bool) -> str:
    """Why a file was not taken; of several the sentence names which."""
    return f"{sent.filename}: {said(refused)}" if several else said(refused)


def made_here(content: bytes | str, *, media_type: str, stem: str, extension: str) -> Response:
    """A content of our own making to keep as `stem.extension`; the stem may be any words that somebody wrote."""
    made = content.encode() if isinstance(content, str) else content
    name = safe_name(stem, extension=extension)  # send_file writes it as a header may carry it: RFC 6266
    return send_file(BytesIO(made), mimetype=media_type, as_attachment=True, download_name=name, etag=False)
