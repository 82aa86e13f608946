"""Early, on time, late, near due: as tags, and each agency's share in a row."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from portal.units.resolution import Directory
from portal.web.languages import current_language, localized
from portal.web.state_words import Tag
from portal.web.translation import Words
from portal.web.translation import gettext as _
from portal.web.translation import lazy_gettext as __
from portal.workflow.date_words import working_length
from portal.workflow.standing import Judged, Share, Standing

STANDINGS: dict[Standing, tuple[Words, str]] = {
    Standing.EARLY: (__("Trước hạn"), "green"),
    Standing.ON_TIME: (__("Đúng hạn"), "green"),
    Standing.DONE_LATE: (__("Xong trễ"), "red"),
    Standing.RUNNING: (__("Còn hạn"), "grey"),
    Standing.NEAR_DUE: (__("Sắp đến hạn"), "yellow"),
    Standing.LATE: (__("Quá hạn"), "red"),
    Standing.PAUSED: (__("Tạm dừng"), "purple"),
}
WITH_LENGTH = frozenset({Standing.DONE_LATE, Standing.LATE, Standing.RUNNING, Standing.NEAR_DUE, Standing.EARLY})


@dataclass(frozen=True)
class ShareRow:
    """One agency in the table of shares."""

    agency: str
    steps: str
    used: str
    tag: Tag


def standing_tag(found: Judged) -> Tag:
    """With the working time that is left or missed: "Quá hạn 3 giờ"."""
    words, colour = STANDINGS[found.standing]
    length = _length(found.hours) if found.standing in WITH_LENGTH and found.hours else ""
    return Tag(f"{words} {length}".rstrip(), colour)


def share_rows(shares: tuple[Share[UUID], ...], directory: Directory) -> list[ShareRow]:
    return [_row(share, directory) for share in shares]


def _row(share: Share[UUID], directory: Directory) -> ShareRow:
    words, colour = STANDINGS[share.standing]
    used = _length(share.used)
    if share.allowed:
        used = _("%(used)s trên %(allowed)s", used=used, allowed=_length(share.allowed))
    steps = _("%(count)s bước", count=share.steps)
    if share.late_steps:
        steps = _("%(steps)s, %(late)s trễ", steps=steps, late=share.late_steps)
    return ShareRow(localized(directory.unit(share.agency)), steps, used, Tag(str(words), colour))


def _length(hours: Decimal) -> str:
    return working_length(hours, current_language())
