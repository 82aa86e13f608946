"""The menu of officials, with what waits in each queue, and the lists and books that a page of their own names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from portal.core.actor import Actor
from portal.core.wording import number
from portal.delivery import operator
from portal.records.policy import AT_THE_COUNTER
from portal.records.queues import COUNT_UP_TO, DeskCounts
from portal.web.languages import current_language, path
from portal.web.translation import gettext as _

SIGNERS = frozenset({"head", "leader", "counter_leader"})
LISTS = "/can-bo/so-va-danh-sach"
TO_DECIDE = "/can-bo/so-van-ban?xem=cho-quyet-dinh"
"""Proposals to revoke, replace or prolong a result; the menu names them while there are some."""


@dataclass(frozen=True)
class Door:
    """The way to a page, and what is found there."""

    text: str
    address: str
    note: str


def menu(counts: DeskCounts, *, actor: Actor, here: str = "") -> list[dict[str, Any]]:
    """The items of service_navigation. `here` is the address of the page, without its language."""
    items = [
        (_("Việc của tôi (%(count)s)", count=shown_count(counts.mine)), "/can-bo"),
        (_("Cả đơn vị (%(count)s)", count=shown_count(counts.unit)), "/can-bo/don-vi"),
        (_("Tìm hồ sơ"), "/can-bo/tim"),
    ]
    if any(post.role in AT_THE_COUNTER for post in actor.posts):
        items.append((_("Lịch hẹn"), "/can-bo/lich-hen"))
    if actor.has_role("head"):
        items.append((_("Ký nháy"), "/can-bo/ky-nhay"))
    if _signs(actor):
        items.append((_("Trình ký"), "/can-bo/trinh-ky"))
    if actor.has_role("clerk"):
        items.append((_("Cho số và đóng dấu"), "/can-bo/van-thu"))
    if counts.to_decide:
        items.append((_("Chờ quyết định (%(count)s)", count=shown_count(counts.to_decide)), TO_DECIDE))
    items.append((_("Sổ và danh sách"), LISTS))
    if actor.has_role("administrator"):
        items.append((_("Quản trị"), "/quan-tri"))
    below = {door.address for _heading, doors in lists(counts, actor=actor) for door in doors}
    return [
        {
            "text": text,
            "href": path(address),
            "current": address == here,
            "active": address == LISTS and here in below,
        }
        for text, address in items
    ]


def lists(counts: DeskCounts, *, actor: Actor) -> Iterator[tuple[str, list[Door]]]:
    """Groups of pages that are opened now and then, for this official: heading and doors."""
    daily = [Door(_("Nhận để biết"), "/can-bo/nhan-de-biet", _("Bản sao kết quả của nơi khác gửi đơn vị"))]
    if actor.posts:
        note = _("Bản giấy đang trên đường đến hoặc đi")
        daily.append(Door(_("Giấy đang chuyển"), "/can-bo/giay-to", note))
    if operator.is_offered() and any(post.role in AT_THE_COUNTER for post in actor.posts):
        note = _("Kết quả chờ gửi, chờ bưu tá, đang chuyển, gửi về")
        daily.append(Door(_("Gửi bưu điện"), "/can-bo/buu-gui", note))
    if _signs(actor):
        daily.append(Door(_("Thư xin lỗi"), "/can-bo/xin-loi", _("Thư chờ ký vì hồ sơ trễ hẹn")))
        daily.append(Door(_("Thông báo"), "/can-bo/thong-bao", _("Hồ sơ sắp trễ mà Cổng đã báo")))
    yield _("Việc hằng ngày"), daily
    if actor.posts:
        note = _("Hồ sơ đã nhận và đã trả; in hoặc tải bảng tính")
        books = [Door(_("Sổ theo dõi hồ sơ"), "/can-bo/so-theo-doi", note)]
        books.append(
            Door(_("Sổ văn bản đã cấp"), "/can-bo/so-van-ban", _("Số, hiệu lực; thu hồi, đính chính, gia hạn"))
        )
        if any(post.level == "commune" or post.function == "justice" for post in actor.posts):
            books.append(Door(_("Sổ chứng thực"), "/can-bo/so-chung-thuc", _("Bản sao, chữ ký đã chứng thực, theo số")))
        yield _("Sổ"), books
    if counts.keeps_accounts:
        note = _("Đã thu, đã khớp, còn chờ, đã hoàn; sao kê của ngân hàng")
        money = [Door(_("Sổ tiền"), "/can-bo/so-tien", note)]
        money.append(Door(_("Hoàn tiền"), "/can-bo/hoan-tien", _("Khoản chờ hai người duyệt")))
        yield _("Tiền"), money
    yield _("Trợ giúp"), [Door(_("Phím tắt"), "/can-bo/phim-tat", _("Làm nhanh bằng bàn phím"))]


def shown_count(count: int) -> str:
    """Counting stops at a thousand: more is said as more."""
    if count < COUNT_UP_TO:
        return str(count)
    return _("trên %(most)s", most=number(COUNT_UP_TO, language=current_language()))


def _signs(actor: Actor) -> bool:
    return any(post.role in SIGNERS for post in actor.posts)
