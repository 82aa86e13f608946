"""A parcel in words: the same on the record's page and in the public look-up, which knows no reasons."""

from __future__ import annotations

from dataclasses import dataclass

from portal.core import clock, wording
from portal.core.text import with_full_stop
from portal.delivery.types import ParcelEventKind, ParcelEventView, ParcelState, Tracking
from portal.web.languages import current_language
from portal.web.record_timeline import TimelineItem
from portal.web.state_words import Tag
from portal.web.translation import Words
from portal.web.translation import gettext as _
from portal.web.translation import lazy_gettext as __

_STATES: dict[ParcelState, tuple[Words, str]] = {
    ParcelState.WANTED: (__("Chưa gửi"), "grey"),
    ParcelState.ORDERED: (__("Đang lập đơn"), "blue"),
    ParcelState.READY: (__("Chờ bưu tá đến lấy"), "blue"),
    ParcelState.SENT: (__("Đang chuyển"), "blue"),
    ParcelState.OUT: (__("Đang phát"), "blue"),
    ParcelState.FAILED: (__("Phát chưa được"), "orange"),
    ParcelState.RETURNING: (__("Đang về quầy"), "orange"),
    ParcelState.DELIVERED: (__("Đã phát"), "green"),
    ParcelState.BACK: (__("Đã về quầy"), "purple"),
    ParcelState.REFUSED: (__("Bưu điện không nhận"), "red"),
    ParcelState.CANCELLED: (__("Đã hủy"), "grey"),
    ParcelState.LOST: (__("Thất lạc"), "red"),
}
_SENTENCES: dict[ParcelState, Words] = {
    ParcelState.ORDERED: __("Quầy đang lập đơn với bưu điện."),
    ParcelState.READY: __("Quầy đã đóng phong bì, bưu tá sắp đến lấy."),
    ParcelState.SENT: __("Bưu điện đang chuyển đến nơi nhận."),
    ParcelState.OUT: __("Bưu tá gọi trước khi đến. Để máy điện thoại."),
    ParcelState.FAILED: __("Bưu tá chưa gặp được người nhận và sẽ quay lại."),
    ParcelState.RETURNING: __("Không phát được. Về tới quầy thì người nộp có tin."),
    ParcelState.DELIVERED: __("Người nhận đã cầm kết quả."),
    ParcelState.BACK: __("Đến quầy nhận, hoặc chọn lại cách nhận."),
    ParcelState.REFUSED: __("Đến quầy nhận, hoặc chọn lại cách nhận."),
    ParcelState.LOST: __("Bản điện tử vẫn dùng được. Đến quầy để nhận bản giấy khác."),
}
_EVENTS: dict[ParcelEventKind, Words] = {
    ParcelEventKind.COLLECTED: __("Bưu tá đã lấy"),
    ParcelEventKind.ARRIVED: __("Đã đến nơi trung chuyển"),
    ParcelEventKind.OUT: __("Bưu tá đi phát"),
    ParcelEventKind.FAILED: __("Phát chưa được"),
    ParcelEventKind.RETURNING: __("Chuyển về quầy"),
    ParcelEventKind.RETURNED: __("Bưu điện báo đã trả lại quầy"),
    ParcelEventKind.DELIVERED: __("Đã phát"),
    ParcelEventKind.LOST: __("Báo thất lạc"),
}
FEE_OPEN = frozenset({ParcelState.READY, ParcelState.SENT, ParcelState.OUT, ParcelState.FAILED})
"""While the postage is still to be paid."""


@dataclass(frozen=True)
class ParcelWords:
    """What records/parcel.html prints."""

    tag: Tag
    sentence: str
    number: str
    fee: str
    events: tuple[TimelineItem, ...]


def parcel_words(tracking: Tracking | None) -> ParcelWords | None:
    """None before there is an order."""
    if tracking is None or tracking.state is ParcelState.WANTED:
        return None
    fee = wording.vnd(tracking.fee, language=current_language()) if tracking.fee else ""
    return ParcelWords(
        tag=parcel_tag(tracking.state),
        sentence=str(_SENTENCES.get(tracking.state, "")),
        number=tracking.number,
        fee=_("%(fee)s, người nhận trả cho bưu tá", fee=fee) if fee and tracking.state in FEE_OPEN else "",
        events=tuple(_happening(event) for event in reversed(tracking.events)),
    )


def parcel_tag(state: ParcelState) -> Tag:
    words, colour = _STATES[state]
    return Tag(str(words), colour)


def event_words(event: ParcelEventView) -> str:
    """In one line, for the counter, beside the state."""
    return ", ".join(part for part in (event.office, event.reason) if part) or str(_EVENTS[event.kind])


def _happening(event: ParcelEventView) -> TimelineItem:
    return TimelineItem(
        title=str(_EVENTS[event.kind]),
        by=event.office,
        at=wording.moment(event.at, language=current_language()),
        datetime=clock.local(event.at).isoformat(timespec="minutes"),
        text=with_full_stop(event.reason) if event.reason else "",
    )
