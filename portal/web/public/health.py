"""Whether this process can serve: asked by supervisors and load balancers."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from portal.core.actor import PUBLIC
from portal.core.unit_of_work import reading
from portal.files.service import check_store

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def check() -> ResponseReturnValue:
    """200 when database and file store answer; an OperationalError or Unavailable becomes 503."""
    with reading(PUBLIC) as session:
        session.execute(text("SELECT 1"))
    check_store()
    return {"status": "ok"}, {"Cache-Control": "no-store"}
