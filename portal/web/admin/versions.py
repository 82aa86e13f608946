"""A published version: its sections, and its text as a file."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, Response, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.catalogue import administration, exchange
from portal.catalogue.queries import PublishedProcedure
from portal.core import clock
from portal.core.errors import NotFound
from portal.core.unit_of_work import reading
from portal.core.wording import short_day
from portal.web.admin.opened_definition import CARD, OpenedDefinition, opened, section_page
from portal.web.languages import current_language, localized
from portal.web.sent_files import made_here
from portal.web.sign_in import actor
from portal.web.translation import gettext as _

blueprint = Blueprint("admin_versions", __name__, url_prefix="/quan-tri/thu-tuc/<code>/<int:number>")

HERE = "/quan-tri/thu-tuc"


@blueprint.get("")
@blueprint.get("/<section>")
def show(code: str, number: int, section: str = CARD) -> ResponseReturnValue:
    now = clock.now()
    with reading(actor()) as session:
        published, source = administration.get_version(session, code, number)
        newest = administration.list_versions(session, code)[0].number
        definition = _opened(session, published, source, now=now)
    return section_page(
        definition,
        section,
        here=HERE,
        state=_state(published, newest),
        version=published,
        digest=exchange.digest_of(source),
    )


@blueprint.get("/tai-ve")
def download(code: str, number: int) -> Response:
    with reading(actor()) as session:
        exported = exchange.export_version(session, code, number)
    return yaml_file(exported.text, name=exported.name)


def yaml_file(source: str, *, name: str) -> Response:
    """A definition to keep. The code of one that is being written may be any words."""
    return made_here(source, media_type="application/yaml", stem=name, extension="yaml")


def _opened(session: Session, published: PublishedProcedure, source: str, *, now: datetime) -> OpenedDefinition:
    code, number = published.procedure.code, published.number
    return opened(
        session,
        source,
        title=_("%(name)s, bản %(number)s", name=localized(published.procedure.name), number=number),
        code=code,
        file=f"{code}-{number}.yaml",
        before=_compared_with(session, code, number),
        address=lambda section: url_for(".show", code=code, number=number, section=section),
        now=now,
    )


def _compared_with(session: Session, code: str, number: int) -> PublishedProcedure | None:
    """The version before, or the one that was asked for. Raises NotFound."""
    other = request.args.get("voi", type=int) or number - 1
    if other == 0 or other == number:
        return None
    try:
        return administration.get_version(session, code, other)[0]
    except NotFound:
        return None


def _state(published: PublishedProcedure, newest: int) -> dict[str, str]:
    day = short_day(published.published_at, language=current_language())
    if published.number == newest:
        return {"text": _("Đang dùng"), "colour": "green", "note": _("công bố %(day)s", day=day)}
    return {
        "text": _("Đã thay"),
        "colour": "grey",
        "note": _("công bố %(day)s, bản đang dùng là %(number)s", day=day, number=newest),
    }
