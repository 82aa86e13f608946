"""Letting registers be asked for a record, or no longer: what follows is said before the one button."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.catalogue.types import Paper
from portal.core import clock, wording
from portal.core.unit_of_work import unit_of_work
from portal.records import consent, service
from portal.records.facts import facts_of
from portal.web.citizen.own_record import OwnRecord, opened_own
from portal.web.languages import current_language, localized
from portal.web.pages import page
from portal.web.sign_in import actor
from portal.web.translation import Words
from portal.web.translation import gettext as _
from portal.web.translation import lazy_gettext as __

blueprint = Blueprint("consenting", __name__)

DATA: dict[str, Words] = {
    "population_register": __("dữ liệu dân cư"),
    "land_register": __("dữ liệu đất đai"),
}
"""What each register holds."""


@dataclass(frozen=True)
class ConsentView:
    """How the consent stands. `data` names the registers, `papers` what they spare; `since` is "" without consent."""

    data: str
    papers: str
    since: str
    is_answered: bool
    href: str  # "" when it decides nothing any more


@blueprint.get("/ho-so/<code>/cho-lay-du-lieu")
def show(code: str) -> ResponseReturnValue:
    own = opened_own(code, actor=actor())
    view = consent_of(own)
    if view is None or not view.href:
        return redirect(url_for("record.show", code=code), 303)
    return page("citizen/consent.html", consent=view, **_around(own))


@blueprint.post("/ho-so/<code>/cho-lay-du-lieu")
def give(code: str) -> ResponseReturnValue:
    own = opened_own(code, actor=actor())
    with unit_of_work(actor()) as session:
        service.give_consent(session, own.file.record.id, actor=actor(), now=clock.now())
    flash(_("Đã ghi nhận việc cho lấy dữ liệu. Cơ quan giải quyết thấy ngay trên hồ sơ."), "success")
    return redirect(url_for("record.show", code=code), 303)


@blueprint.post("/ho-so/<code>/thoi-cho-lay-du-lieu")
def withdraw(code: str) -> ResponseReturnValue:
    own = opened_own(code, actor=actor())
    with unit_of_work(actor()) as session:
        service.withdraw_consent(session, own.file.record.id, actor=actor(), now=clock.now())
    flash(_("Đã thôi cho lấy dữ liệu. Cơ quan giải quyết thấy ngay trên hồ sơ."), "success")
    return redirect(url_for("record.show", code=code), 303)


def consent_of(own: OwnRecord) -> ConsentView | None:
    """None where no register would be asked for anything, or nobody let it be asked and it is too late."""
    record, procedure = own.file.record, own.procedure
    facts = facts_of(record, own.file.tasks, directory=own.directory, today=clock.local_day(own.now))
    slots = frozenset(paper.slot for paper in own.file.papers if paper.replaced_at is None)
    spared = consent.spared_papers(procedure, facts, slots=slots)
    matters = consent.matters(record, procedure, facts, slots=slots)
    answered = consent.is_answered(procedure, facts)
    since = record.consented_at
    if not matters and not (since and (spared or answered)):
        return None
    return ConsentView(
        data=_registers(spared),
        papers="; ".join(localized(paper.name) for paper in spared),
        since=wording.day(since, language=current_language()) if since else "",
        is_answered=answered,
        href=url_for("consenting.show", code=own.code) if matters else "",
    )


def _registers(papers: tuple[Paper, ...]) -> str:
    names = dict.fromkeys(str(DATA[paper.replaced_by]) for paper in papers if paper.replaced_by in DATA)
    return _(" và ").join(names) or str(DATA["population_register"])


def _around(own: OwnRecord) -> dict[str, Any]:
    return {
        "code": own.code,
        "subject": localized(own.view.subject),
        "decided_by": localized(own.procedure.decided_by),
        "has_supplement": own.file.open_supplement is not None,
        "is_accepted": own.file.record.accepted_at is not None,
    }
