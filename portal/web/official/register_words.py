"""The register in the words of its page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from portal.core.actor import Actor
from portal.core.wording import short_day
from portal.records.register_book import Entry, Share
from portal.web.languages import current_language, localized
from portal.web.record_states import LEVEL_NAMES
from portal.web.state_words import Tag, state_tag
from portal.web.translation import Words
from portal.web.translation import gettext as _
from portal.web.translation import lazy_gettext as __

SHARES: dict[Share, Words] = {
    Share.RECEIVED: __("Hồ sơ nhận tại đơn vị"),
    Share.HANDLED: __("Hồ sơ đơn vị tham gia giải quyết"),
}
WAYS: dict[str, Words] = {"counter": __("tại quầy"), "post": __("qua bưu điện"), "online": __("trên mạng")}


@dataclass(frozen=True)
class RegisterRow:
    number: str
    code: str
    href: str
    name: str
    reached: str  # address and telephone
    procedure: str
    decided_by: str
    received: str
    due: str
    given: str
    taken: str  # how, and by whom
    tag: Tag
    late: bool


def row_of(entry: Entry, *, now: datetime) -> RegisterRow:
    language = current_language()
    way = str(WAYS.get(entry.return_by, ""))
    return RegisterRow(
        number=entry.number,
        code=entry.code,
        href=url_for("official_records.show", code=entry.code),
        name=entry.applicant_name,
        reached="; ".join(part for part in (entry.address, entry.phone) if part),
        procedure=localized(entry.procedure.everyday_name),
        decided_by=entry.decided_by_en if language == "en" else entry.decided_by,
        received=short_day(entry.received_at, language=language),
        due=short_day(entry.due_at, language=language) if entry.due_at else "",
        given=short_day(entry.given_at, language=language) if entry.given_at else "",
        taken=_("%(name)s nhận %(way)s", name=entry.given_to, way=way) if entry.given_to else way,
        tag=state_tag(entry.state),
        late=entry.is_late,
    )


def units_of(actor: Actor, *, language: str) -> list[tuple[str, str]]:
    """The units whose register the actor may open, each with its level."""
    found = {}
    for post in actor.posts:
        name = post.unit_name_en if language == "en" and post.unit_name_en else post.unit_name
        level = LEVEL_NAMES.get(post.level)
        found[str(post.unit_id)] = f"{name} ({level.in_language(language)})" if level else name
    return list(found.items())
