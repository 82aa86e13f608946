"""Paper on its way between desks: what a desk waits for and what it has sent, and saying that it has arrived."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.core import clock
from portal.core.actor import Actor
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.wording import desk_day
from portal.records import service
from portal.records.desk import Desk
from portal.records.queues import count_desk
from portal.records.transfers import Transfer, list_on_the_way
from portal.units.queries import directory as read_directory
from portal.units.resolution import Directory
from portal.web.languages import current_language
from portal.web.official.menu import menu
from portal.web.pages import page
from portal.web.person_names import person_name
from portal.web.sign_in import actor
from portal.web.state_words import Tag
from portal.web.translation import gettext as _

blueprint = Blueprint("official_transfers", __name__, url_prefix="/can-bo/giay-to")

ADDRESS = "/can-bo/giay-to"
LIST = "danh-sach"
"""Sent along from the list, so that one comes back to it."""


@dataclass(frozen=True)
class TransferRow:
    """Paper between two desks in words; the addresses are empty for whoever may not confirm it."""

    name: str
    code: str
    record_href: str
    way: str
    sent: str
    due: str
    arrived: str  # when, and by whom; empty while it is on the way
    tag: Tag
    arrived_href: str
    none_href: str


@blueprint.get("")
def waiting() -> ResponseReturnValue:
    now, who = clock.now(), actor()
    with reading(who) as session:
        found = list_on_the_way(session, actor=who)
        units = read_directory(session)
        counts = count_desk(session, actor=who, now=now)
    coming = [transfer for transfer in found if transfer.to_unit_id in who.unit_ids]
    gone = [transfer for transfer in found if transfer not in coming]
    return page(
        "official/transfers.html",
        coming=transfer_rows(coming, units, actor=who, now=now),
        gone=transfer_rows(gone, units, actor=who, now=now),
        back=LIST,
        navigation=menu(counts, actor=who, here=ADDRESS),
    )


@blueprint.post("/<uuid:transfer_id>/da-nhan")
def arrived(transfer_id: UUID) -> ResponseReturnValue:
    with unit_of_work(actor()) as session:
        code = service.confirm_paper(session, transfer_id, actor=actor(), now=clock.now())
    flash(_("Đã ghi nhận bản giấy đã tới."), "success")
    return _back(code)


@blueprint.post("/<uuid:transfer_id>/khong-co")
def none(transfer_id: UUID) -> ResponseReturnValue:
    with unit_of_work(actor()) as session:
        code = service.say_no_paper(session, transfer_id, actor=actor(), now=clock.now())
    flash(_("Đã ghi nhận hồ sơ không có bản giấy đi kèm."), "success")
    return _back(code)


def _back(code: str) -> ResponseReturnValue:
    if request.form.get("back") == LIST:
        return redirect(url_for("official_transfers.waiting"), 303)
    return redirect(url_for("official_records.show", code=code, _anchor="ban-giay"), 303)


def transfers_of(desk: Desk, *, actor: Actor, now: datetime) -> list[TransferRow]:
    """Those of one record that were not taken back, the newest first."""
    known = [transfer for transfer in desk.transfers if transfer.dropped_at is None]
    return transfer_rows(known, desk.grounds.directory, actor=actor, now=now)


def transfer_rows(
    transfers: Iterable[Transfer], directory: Directory, *, actor: Actor, now: datetime
) -> list[TransferRow]:
    return [_row(transfer, directory, actor, now) for transfer in transfers]


def _row(transfer: Transfer, directory: Directory, who: Actor, now: datetime) -> TransferRow:
    language = current_language()
    sender, receiver = (
        directory.unit(unit_id).short_in_language(language) for unit_id in (transfer.from_unit_id, transfer.to_unit_id)
    )
    may_confirm = transfer.is_on_the_way and transfer.to_unit_id in who.unit_ids
    return TransferRow(
        name=transfer.applicant_name,
        code=transfer.record_code,
        record_href=url_for("official_records.show", code=transfer.record_code, _anchor="ban-giay"),
        way=_("%(sender)s chuyển %(receiver)s", sender=sender, receiver=receiver),
        sent=_said_by(transfer.sent_at, transfer.sent_by_name, now),
        due=_moment(transfer.due_at, now),
        arrived=_said_by(transfer.arrived_at, transfer.arrived_by_name, now) if transfer.arrived_at else "",
        tag=_tag(transfer, now),
        arrived_href=url_for("official_transfers.arrived", transfer_id=transfer.id) if may_confirm else "",
        none_href=url_for("official_transfers.none", transfer_id=transfer.id) if may_confirm else "",
    )


def _tag(transfer: Transfer, now: datetime) -> Tag:
    if transfer.arrived_at is not None:
        return Tag(_("Đã nhận"), "green")
    return Tag(_("Quá hạn"), "red") if transfer.is_late(now) else Tag(_("Đang chuyển"), "blue")


def _said_by(moment: datetime, name: str, now: datetime) -> str:
    return ", ".join(part for part in (_moment(moment, now), person_name(name)) if part)


def _moment(moment: datetime, now: datetime) -> str:
    """The hour, with the day when it is not today."""
    day, today = clock.local_day(moment), clock.local_day(now)
    hour = f"{clock.local(moment):%H:%M}"
    return hour if day == today else f"{hour}, {desk_day(day, today=today, language=current_language())}"
