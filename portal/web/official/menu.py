"""The menu of officials, with what waits in each queue."""

from __future__ import annotations

from typing import Any

from portal.core.actor import Actor
from portal.core.wording import number
from portal.records.queues import COUNT_UP_TO, DeskCounts
from portal.web.languages import current_language, path
from portal.web.translation import gettext as _

SIGNERS = frozenset({"head", "leader", "counter_leader"})


def menu(counts: DeskCounts, *, actor: Actor, here: str = "") -> list[dict[str, Any]]:
    """The items of service_navigation. `here` is the address of the page, without its language."""
    items = [
        (_("Việc của tôi (%(count)s)", count=shown_count(counts.mine)), "/can-bo"),
        (_("Cả đơn vị (%(count)s)", count=shown_count(counts.unit)), "/can-bo/don-vi"),
        (_("Tìm hồ sơ"), "/can-bo/tim"),
    ]
    items.append((_("Nhận để biết"), "/can-bo/nhan-de-biet"))
    if actor.posts:
        items.append((_("Giấy đang chuyển"), "/can-bo/giay-to"))
        items.append((_("Sổ theo dõi"), "/can-bo/so-theo-doi"))
        items.append((_("Sổ văn bản"), "/can-bo/so-van-ban"))
    if any(post.role in SIGNERS for post in actor.posts):
        items.append((_("Trình ký"), "/can-bo/trinh-ky"))
        items.append((_("Thư xin lỗi"), "/can-bo/xin-loi"))
        items.append((_("Thông báo"), "/can-bo/thong-bao"))
    if actor.has_role("clerk"):
        items.append((_("Cho số và đóng dấu"), "/can-bo/van-thu"))
    if counts.keeps_accounts:
        items.append((_("Sổ tiền"), "/can-bo/so-tien"))
        items.append((_("Hoàn tiền"), "/can-bo/hoan-tien"))
    items.append((_("Phím tắt"), "/can-bo/phim-tat"))
    if actor.has_role("administrator"):
        items.append((_("Quản trị"), "/quan-tri"))
    return [{"text": text, "href": path(address), "current": address == here} for text, address in items]


def shown_count(count: int) -> str:
    """Counting stops at a thousand: more is said as more."""
    if count < COUNT_UP_TO:
        return str(count)
    return _("trên %(most)s", most=number(COUNT_UP_TO, language=current_language()))
