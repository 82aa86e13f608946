"""What every page of administrators shares: the menu, and the cells of its tables."""

from __future__ import annotations

from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from portal.web.fields import BaseForm
from portal.web.languages import path
from portal.web.pages import page
from portal.web.sign_in import actor
from portal.web.translation import gettext as _

Cell = str | dict[str, Any]
"""A cell of components/sheet.html: words, or text with href, note, note_lang, tag (text, colour), num."""


def menu(here: str = "") -> list[dict[str, Any]]:
    """The items of service_navigation. `here` is the address of the section that the page belongs to."""
    items = [
        (_("Quản trị"), "/quan-tri"),
        (_("Thủ tục"), "/quan-tri/thu-tuc"),
        (_("Đơn vị"), "/quan-tri/don-vi"),
        (_("Tài khoản"), "/quan-tri/tai-khoan"),
        (_("Lịch"), "/quan-tri/lich"),
        (_("Việc chạy nền"), "/quan-tri/hang-doi"),
        (_("Nhật ký"), "/quan-tri/nhat-ky"),
    ]
    if any(post.role != "administrator" for post in actor().posts):
        items.append((_("Việc của tôi"), "/can-bo"))
    return [
        {
            "text": text,
            "href": path(address),
            "current": address == here == request.path,
            "active": address == here != request.path,
        }
        for text, address in items
    ]


def admin_page(
    template: str, form: BaseForm | None = None, *, here: str, status: int | None = None, **context: Any
) -> ResponseReturnValue:
    """As `page`, with the menu."""
    return page(f"admin/{template}", form, status=status, navigation=menu(here), **context)
