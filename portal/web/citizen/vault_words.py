"""The papers of the personal store in words."""

from __future__ import annotations

from datetime import date

from portal.core import wording
from portal.records.vault import VaultItem
from portal.records.verdicts import Worth
from portal.web.languages import current_language, localized
from portal.web.paper_words import WORDS, ShownWorth, shown_worth
from portal.web.state_words import Tag
from portal.web.translation import gettext as _


def named(item: VaultItem) -> str:
    name = localized(item.name)
    return _("%(name)s, số %(number)s", name=name, number=item.number) if item.number else name


def said_of(item: VaultItem, *, today: date) -> str:
    """What it is about, who issued it, and until when it holds."""
    parts = [_about(item), _issued(item), _validity(item, today=today)]
    if item.is_unpaid:
        parts.append(_("Nộp phí rồi tải được"))
    elif item.is_verified:
        parts.append(_("Cổng đã xác minh"))
    elif not item.issuer.vi and not item.number:
        parts.append(_("chưa ghi số, nơi cấp"))
    return " · ".join(part for part in parts if part)


def offered(item: VaultItem, *, today: date) -> str:
    """The same where no tag says what it is worth."""
    if item.is_verified:
        return said_of(item, today=today)
    return f"{said_of(item, today=today)} · {_source(item)}"


def standing_tag(item: VaultItem, *, today: date) -> Tag:
    worth = item.worth(today=today)
    if worth is Worth.VALID:
        return Tag(_("Còn hiệu lực"), "green")
    if worth is Worth.NOT_SIGNED:
        return Tag(_("Chưa xác minh"), "grey")
    if worth is Worth.EXPIRED:
        return Tag(_("Đã hết hạn"), "red")
    shown = shown_worth(item.verdict)
    return shown.tag if shown else Tag(str(WORDS[worth].tag), "grey")


def worth_of(item: VaultItem) -> ShownWorth | None:
    """What its file is worth, where that is more than what its line says."""
    return shown_worth(item.verdict) if item.verdict.worth is not Worth.VALID else None


def _about(item: VaultItem) -> str:
    if item.about is None:
        return ""
    about = localized(item.about)
    return about if item.is_result else _("đã nộp ở hồ sơ %(about)s", about=about)


def _issued(item: VaultItem) -> str:
    day = wording.short_day(item.issued_on, language=current_language()) if item.issued_on else ""
    issuer = localized(item.issuer)
    if issuer and day:
        return _("%(issuer)s cấp %(day)s", issuer=issuer, day=day)
    return _("cấp %(day)s", day=day) if day else issuer


def _validity(item: VaultItem, *, today: date) -> str:
    worth = item.worth(today=today)
    until = wording.short_day(item.expires_on, language=current_language()) if item.expires_on else ""
    if worth is Worth.EXPIRED:
        return _("đã hết hạn %(day)s", day=until)
    if worth is Worth.REPLACED:
        return _("đã được thay bằng bản mới")
    if worth is Worth.REVOKED:
        return _("đã bị thu hồi")
    if worth is Worth.UNFINISHED:
        return _("không phải bản cuối")
    return _("có hiệu lực đến hết %(day)s", day=until) if until else ""


def _source(item: VaultItem) -> str:
    return _("chữ ký số đúng") if item.verdict.worth is Worth.UNREGISTERED else _("chưa xác minh")
