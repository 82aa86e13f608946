"""How a result is received, chosen again until it is sent: the questions of the application, and what follows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.catalogue.types import Field, Page
from portal.core import clock
from portal.core.errors import Conflict, InvalidInput
from portal.core.unit_of_work import unit_of_work
from portal.delivery.types import ParcelView, Receiver
from portal.records import service
from portal.records.answers import WAY
from portal.records.delivering import Wish, giving_task, locality_of, receiver_of, ways_offered
from portal.records.types import POST
from portal.web.citizen.answer_forms import filled_form, shown_form
from portal.web.citizen.answer_inputs import Surroundings
from portal.web.citizen.own_record import OwnRecord, opened_own
from portal.web.errors import tell
from portal.web.languages import current_language, localized
from portal.web.pages import page
from portal.web.record_states import WAYS
from portal.web.sign_in import actor
from portal.web.translation import gettext as _
from portal.web.way_words import way_words
from portal.workflow.definition import Text

blueprint = Blueprint("receiving", __name__)

TITLE = Text("Đổi cách nhận kết quả", "Change how to receive the result")
UNIT = "return_unit"
OF_POST = ("post_name", "post_phone", "post_where", "post_commune", "post_place", "post_address")


@dataclass(frozen=True)
class Receiving:
    """How the applicant receives the result, on the record's page. `href` is empty when it cannot be changed."""

    way: str
    receiver: Receiver | None
    href: str


@blueprint.route("/ho-so/<code>/cach-nhan", methods=["GET", "POST"])
def change(code: str) -> ResponseReturnValue:
    own = opened_own(code, actor=actor())
    asked = questions(own)
    if asked is None:
        flash(_("Không đổi cách nhận được nữa."), "notice")
        return redirect(url_for("record.show", code=code), 303)
    around = Surroundings(own.directory, current_language(), clock.local_day(own.now), has_heading=True)
    if request.method == "GET":
        return _page(own, shown_form(asked, known(own), around=around))
    filled = filled_form(asked, request.form, known(own), around=around)
    status = None
    if filled.is_right:
        try:
            with unit_of_work(actor()) as session:
                wish = wish_of(own, filled.answers)
                service.change_way(session, own.file.record.id, wish, actor=actor(), now=clock.now())
        except (Conflict, InvalidInput) as refused:
            status = tell(filled.form, refused)
        else:
            flash(_("Đã ghi cách nhận: %(way)s.", way=_way(opened_own(code, actor=actor()))), "success")
            return redirect(url_for("record.show", code=code), 303)
    return _page(own, filled.form, status=status, has_more=bool(filled.fresh))


def _page(own: OwnRecord, form: Any, *, status: int | None = None, has_more: bool = False) -> ResponseReturnValue:
    lies_at = giving_task(own.file.tasks, own.procedure.process)
    unit_id = lies_at.unit_id if lies_at else None
    return page(
        "citizen/receiving.html",
        form,
        status=status,
        code=own.code,
        title=localized(TITLE),
        subject=localized(own.view.subject),
        now_by=_way(own),
        ways=_ways(own),
        lies_at=own.directory.unit(unit_id).in_language(current_language()) if unit_id else "",
        has_more=has_more,
    )


def questions(own: OwnRecord) -> Page | None:
    """The fields of the application that ask for the way; None when nothing can be changed. The counter at which the
    result lies already is not asked for."""
    record = own.file.record
    parcel = live_parcel(own)
    if record.closed_at is not None or (parcel is not None and not parcel.may_change):
        return None
    ways, fields = _ways(own), {field.id: field for part in own.procedure.pages for field in part.fields}
    if WAY not in fields or len(ways) < 2:
        return None
    lies_there = giving_task(own.file.tasks, own.procedure.process) is not None
    asked = [WAY, *([] if lies_there else [UNIT]), *(OF_POST if POST in ways else ())]
    return Page("receiving", TITLE, tuple(_field(fields[name], ways) for name in asked if name in fields))


def live_parcel(own: OwnRecord) -> ParcelView | None:
    parcel = own.file.parcel
    return parcel if parcel is not None and parcel.ended_at is None else None


def known(own: OwnRecord) -> dict[str, Any]:
    """What is chosen now; of the ways that are not, what the application says."""
    record, parcel = own.file.record, live_parcel(own)
    receiver = parcel.receiver if parcel else receiver_of(record.answers, own.directory)
    return {
        **record.answers,
        WAY: record.return_by,
        UNIT: record.answers.get(UNIT) or own.directory.unit(record.return_unit_id).place,
        "post_name": receiver.name,
        "post_phone": receiver.phone,
        "post_where": "city" if receiver.place else "elsewhere",
        "post_commune": receiver.place,
        "post_place": "" if receiver.place else receiver.locality,
        "post_address": receiver.address,
    }


def wish_of(own: OwnRecord, answers: dict[str, Any]) -> Wish:
    way = str(answers.get(WAY) or "")
    if way != POST:
        return Wish(way, place=str(answers.get(UNIT) or ""))
    place = str(answers.get("post_commune") or "") if answers.get("post_where") == "city" else ""
    receiver = Receiver(
        name=str(answers["post_name"]),
        phone=str(answers["post_phone"]),
        address=str(answers["post_address"]),
        place=place,
        locality=locality_of(place, own.directory) if place else str(answers.get("post_place") or ""),
    )
    return Wish(way, receiver=receiver)


def receiving_of(own: OwnRecord) -> Receiving | None:
    """None where the record has ended without a result, or nobody asked for a way."""
    record, parcel = own.file.record, live_parcel(own)
    if record.return_by not in WAYS or (record.closed_at is not None and record.finished_at is None):
        return None
    return Receiving(
        way=_way(own),
        receiver=parcel.receiver if parcel and record.return_by == POST else None,
        href=url_for("receiving.change", code=own.code) if questions(own) is not None else "",
    )


def _way(own: OwnRecord) -> str:
    record = own.file.record
    return way_words(record.return_by, record.return_unit_id, own.directory, language=current_language())


def _ways(own: OwnRecord) -> tuple[str, ...]:
    return ways_offered(own.procedure, own.file.record.answers, outcome=own.file.record.outcome)


def _field(field: Field, ways: tuple[str, ...]) -> Field:
    if field.id != WAY:
        return field
    return replace(field, choices=tuple(choice for choice in field.choices if choice.value in ways), hint=None)
