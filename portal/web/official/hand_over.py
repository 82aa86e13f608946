"""The slip of hand-over, printed for both to sign."""

from __future__ import annotations

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue

from portal.core import clock
from portal.core.errors import NotFound
from portal.core.unit_of_work import reading
from portal.records.contents.hand_over_sheet import TITLE, hand_over_slip, has_slip
from portal.records.desk import Desk, get_desk
from portal.web import personal_data
from portal.web.sent_files import made_here
from portal.web.sign_in import actor

blueprint = Blueprint("official_hand_over", __name__, url_prefix="/can-bo/ho-so/<code>")


@blueprint.get("/giay-giao-nhan.pdf")
def printed(code: str) -> ResponseReturnValue:
    now = clock.now()
    with reading(actor(), consistent=True) as session:
        desk = get_desk(session, code, actor=actor(), now=now)
    if not has_slip(desk):
        raise NotFound("Kết quả này không trả tại quầy. Mở lại hồ sơ để xem.")
    personal_data.is_read(desk.file.record.id, owner_id=desk.file.record.owner_id)
    content = hand_over_slip(desk, giver=actor().name, now=now)
    return made_here(content, media_type="application/pdf", stem=f"{TITLE} {code}", extension="pdf")


def slip_href(desk: Desk) -> str:
    """Empty unless something is given, or was, at a counter."""
    return url_for("official_hand_over.printed", code=desk.file.record.code) if has_slip(desk) else ""
