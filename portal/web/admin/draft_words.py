"""The state of a definition being written, as a tag and in a sentence."""

from __future__ import annotations

from portal.catalogue.administration import DefinitionDraftView
from portal.core.wording import short_moment
from portal.web.languages import current_language
from portal.web.translation import gettext as _
from portal.web.translation import ngettext


def draft_tag(draft: DefinitionDraftView) -> dict[str, str]:
    """What components/tag.html prints."""
    if draft.state == "sent":
        return {"text": _("Chờ duyệt"), "colour": "blue"}
    if draft.state == "returned":
        return {"text": _("Bị trả lại"), "colour": "orange"}
    if draft.state == "published":
        return {"text": _("Đã công bố"), "colour": "green"}
    if draft.mistakes:
        return {"text": ngettext("%(num)s lỗi", "%(num)s lỗi", draft.mistakes), "colour": "red"}
    return {"text": _("Đang soạn"), "colour": "grey"}


def draft_sentence(draft: DefinitionDraftView) -> str:
    """Who wrote it when, and what has become of it."""
    when = short_moment(draft.written_at, language=current_language())
    start = _("%(name)s soạn lúc %(time)s.", name=draft.written_by_name, time=when)
    if draft.state == "sent":
        return start + " " + _("Đang chờ một người quản trị khác duyệt.")
    if draft.state == "returned":
        return start + " " + _("%(name)s trả lại: %(reason)s", name=draft.decided_by_name, reason=draft.reason)
    if draft.state == "published":
        return start + " " + _("%(name)s đã công bố.", name=draft.decided_by_name)
    return start
