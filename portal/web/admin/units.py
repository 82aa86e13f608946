"""The dated tree of units, and one unit with its functions and posts."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.accounts import administration as accounts
from portal.accounts import queries as people
from portal.accounts.administration import DatedPost
from portal.catalogue.words import FUNCTIONS, LEVELS, ROLES, word
from portal.core import clock
from portal.core.errors import InvalidInput
from portal.core.text import folded
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.wording import short_day
from portal.units import queries, service
from portal.units.resolution import Directory
from portal.units.types import Holding, UnitView
from portal.web.admin.layout import Cell, admin_page
from portal.web.asked_days import asked_day
from portal.web.errors import tell
from portal.web.fields import BaseForm, TextField
from portal.web.languages import current_language, localized
from portal.web.sign_in import actor
from portal.web.translation import gettext as _
from portal.web.translation import lazy_gettext as __
from portal.web.translation import ngettext

blueprint = Blueprint("admin_units", __name__, url_prefix="/quan-tri/don-vi")

HERE = "/quan-tri/don-vi"

LONGEST_TAX_CODE = 14


@blueprint.get("")
def tree() -> ResponseReturnValue:
    day = asked_day("ngay") or clock.local_day(clock.now())
    question = request.args.get("q", "").strip()
    with reading(actor()) as session:
        directory = queries.directory(session)
    units = directory.units(day=day)
    return admin_page(
        "units.html",
        here=HERE,
        day=day,
        query=question,
        count=len(units),
        found=[_node(unit, day) for unit in units if _fits(unit, question)] if question else None,
        branches=_branches(units, day) if not question else [],
    )


class TaxCodeForm(BaseForm):
    tax_code = TextField(
        __("Mã số thuế"),
        thing=__("mã số thuế"),
        required=False,
        hint=__("10 hoặc 13 chữ số, ví dụ 1800000001-002. Để trống: biên lai ghi đơn vị cấp trên gần nhất có mã."),
        max_length=LONGEST_TAX_CODE,
        width=20,
        inputmode="numeric",
        autocomplete="off",
        spellcheck=False,
    )


@blueprint.route("/<uuid:unit_id>", methods=["GET", "POST"])
def show(unit_id: UUID) -> ResponseReturnValue:
    now = clock.now()
    form = _tax_code_form(unit_id)
    if form.is_valid_submission():
        try:
            with unit_of_work(actor()) as session:
                service.set_tax_code(session, unit_id, form.answers["tax_code"], actor=actor(), now=now)
        except InvalidInput as refused:
            tell(form, refused)
        else:
            flash(_("Đã ghi mã số thuế. Biên lai lập từ nay mang mã này."), "success")
            return redirect(url_for(".show", unit_id=unit_id), 303)
    return _unit_page(unit_id, form, day=clock.local_day(now))


def _tax_code_form(unit_id: UUID) -> TaxCodeForm:
    with reading(actor()) as session:
        return TaxCodeForm.from_request(tax_code=queries.directory(session).unit(unit_id).tax_code)


def _unit_page(unit_id: UUID, form: TaxCodeForm, *, day: date) -> ResponseReturnValue:
    with reading(actor()) as session:
        directory = queries.directory(session)
        unit = directory.unit(unit_id)
        posts = accounts.list_dated_posts(session, unit_id=unit_id)
        names = people.official_names(session, {post.person_id for post in posts})
    return admin_page(
        "unit.html",
        form,
        here=HERE,
        unit=unit,
        heading=_name(unit),
        facts=_facts(unit, directory),
        functions=[_function_row(holding, day) for holding in unit.holdings],
        posts=[_post_row(post, names.get(post.person_id, ""), day) for post in posts],
        below=[_node(other, day) for other in directory.units(day=day) if other.parent_id == unit_id],
    )


def _name(unit: UnitView) -> str:
    return unit.in_language(current_language())


def _fits(unit: UnitView, question: str) -> bool:
    said = folded(f"{unit.name} {unit.short_name} {unit.account_code} {unit.code}")
    return all(part in said for part in folded(question).split())


def _node(unit: UnitView, day: date) -> dict[str, Any]:
    held = [holding for holding in unit.holdings if holding.is_in_force(day)]
    return {
        "name": _name(unit),
        "href": url_for(".show", unit_id=unit.id),
        "note": ", ".join(localized(word(FUNCTIONS, holding.function)) for holding in held),
        "mark": unit.account_code,
    }


def _branches(units: list[UnitView], day: date) -> list[dict[str, Any]]:
    """The tree below the city: what stands directly under it, then each district with everything under it."""
    children: dict[UUID | None, list[UnitView]] = {}
    known = {unit.id for unit in units}
    for unit in units:
        children.setdefault(unit.parent_id if unit.parent_id in known else None, []).append(unit)
    branches = []
    for top in children.get(None, []):
        offices = [unit for unit in children.get(top.id, []) if not unit.is_body]
        branches.append(_branch(top, offices, day, is_open=top.is_body))
        for body in (unit for unit in children.get(top.id, []) if unit.is_body):
            branches.append(_branch(body, _all_below(body, children), day))
    return branches


def _all_below(unit: UnitView, children: dict[UUID | None, list[UnitView]]) -> list[UnitView]:
    below = []
    for child in children.get(unit.id, []):
        below += [child, *_all_below(child, children)]
    return below


def _branch(unit: UnitView, below: list[UnitView], day: date, *, is_open: bool = False) -> dict[str, Any]:
    count = ngettext("%(num)s đơn vị", "%(num)s đơn vị", len(below))
    own = _node(unit, day)
    return {**own, "count": count, "below": [_node(other, day) for other in below], "open": is_open}


def _facts(unit: UnitView, directory: Directory) -> list[dict[str, str]]:
    place = directory.place_or_none(unit.place)
    above = directory.ancestors(unit.id)
    return [
        {
            "term": _("Cấp"),
            "text": localized(word(LEVELS, unit.level)),
            "note": localized(place) if place else unit.place,
        },
        {"term": _("Trực thuộc"), "text": _name(above[0]) if above else _("không"), "note": ""},
        {"term": _("Mã cơ quan"), "text": unit.code, "note": _("mã tạm") if unit.synthetic else ""},
        {"term": _("Hoạt động"), "text": days_of(unit.valid_from, unit.valid_to), "note": ""},
    ]


def days_of(start: date, end: date | None) -> str:
    """`từ 1/1/2024`, `1/1/2024 đến 30/6/2025`."""
    first = short_day(start, language=current_language())
    if end is None:
        return _("từ %(start)s", start=first)
    return _("%(start)s đến %(end)s", start=first, end=short_day(end, language=current_language()))


def _function_row(holding: Holding, day: date) -> list[Cell]:
    name: dict[str, Any] = {"text": localized(word(FUNCTIONS, holding.function))}
    if holding.own:
        name["note"] = _("chỉ cho việc của mình")
    if not holding.is_in_force(day):
        name["tag"] = {"text": _("Không hiệu lực"), "colour": "grey"}
    return [name, {"text": days_of(holding.valid_from, holding.valid_to), "num": True}]


def _post_row(post: DatedPost, name: str, day: date) -> list[Cell]:
    who: dict[str, Any] = {"text": name, "href": url_for("admin_accounts.show", person_id=post.person_id)}
    if not post.is_in_force(day):
        who["tag"] = {"text": _("Không hiệu lực"), "colour": "grey"}
    function = localized(word(FUNCTIONS, post.function)) if post.function else _("mọi chức năng")
    return [
        who,
        {"text": localized(word(ROLES, post.role)), "note": post.title, "note_lang": "vi"},
        function,
        {"text": days_of(post.valid_from, post.valid_to), "num": True},
    ]
