"""Narrowing a queue and choosing its columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from portal.catalogue.types import Procedure
from portal.core import clock
from portal.core.text import sort_key
from portal.core.wording import desk_day
from portal.records.queue_conditions import Narrowing
from portal.records.queues import KindOfWork
from portal.web.fields import BaseForm, CheckField, ChecksField, DateField, SelectField
from portal.web.fields.base import PlainLabel
from portal.web.languages import current_language, localized
from portal.web.official.queue_address import Column, QueueAddress
from portal.web.translation import gettext as _
from portal.web.translation import lazy_gettext as __


class Kind(PlainLabel, SelectField):
    """One kind of work, or all of them."""

    def __init__(self, label: str, *, all_of_them: str, **given: Any) -> None:
        super().__init__(label, required=False, **given)
        self.all_of_them = all_of_them

    def arguments(self) -> dict[str, Any]:
        return {**super().arguments(), "items": [{"value": "", "text": self.all_of_them}, *self.items]}


class Until(PlainLabel, DateField):
    """A day that may be left open."""


class Columns(PlainLabel, ChecksField):
    """Small boxes: what stands in the list."""

    def arguments(self) -> dict[str, Any]:
        return {**super().arguments(), "classes": "govuk-checkboxes--small"}


COLUMNS = {Column.PLACE: __("Nơi"), Column.DUE: __("Hẹn trả"), Column.NEWS: __("Tình hình")}


def filter_form_of(work: Iterable[KindOfWork], procedures: Mapping[UUID, Procedure], queue: QueueAddress) -> BaseForm:
    """The form as the address of the queue fills it. `procedures` have the names in another language."""
    kinds = list(work)
    to = queue.narrowing
    names = {kind.procedure_name: _procedure(kind, procedures) for kind in kinds}
    steps = {kind.step_name: _step(kind, procedures) for kind in kinds}
    fields: dict[str, Any] = {
        "procedure": _kind(_("Thủ tục"), _("Mọi thủ tục"), names, chosen=to.procedure),
        "step": _kind(_("Việc"), _("Mọi việc"), steps, chosen=to.step),
        "due_until": Until(_("Hạn của việc đến hết ngày"), hint=_("Để trống nếu xem mọi hạn"), required=False),
        "unclaimed": CheckField(_("Chỉ việc chưa ai nhận"), required=False),
        "columns": Columns(_("Cột ở bên phải"), choices=list(COLUMNS.items()), required=False),
    }
    made: type[BaseForm] = type("FilterForm", (BaseForm,), fields)
    return made.from_request(**vars(to), columns=[column.value for column in queue.columns])


def narrowed_by(form: BaseForm, queue: QueueAddress) -> QueueAddress:
    """The queue as the form asks for it."""
    given = form.answers
    narrowing = Narrowing(
        procedure=given["procedure"] or "",
        step=given["step"] or "",
        due_until=given["due_until"],
        unclaimed=bool(given["unclaimed"]),
    )
    return replace(queue, narrowing=narrowing, columns=frozenset(map(Column, given["columns"] or ())))


def said_narrowing(to: Narrowing, *, now: datetime) -> list[str]:
    """What the queue is narrowed to, in words."""
    parts = [to.procedure, to.step]
    if to.due_until:
        today = clock.local_day(now)
        parts.append(_("hạn đến hết %(day)s", day=desk_day(to.due_until, today=today, language=current_language())))
    if to.unclaimed:
        parts.append(_("chưa ai nhận"))
    return [part for part in parts if part]


def _kind(label: str, all_of_them: str, names: Mapping[str, str], *, chosen: str) -> Any:
    """Also what the address names although no task is of that kind any more."""
    known = {chosen: chosen, **names} if chosen else names
    choices = sorted(known.items(), key=lambda name: sort_key(name[1]))
    return Kind(label, all_of_them=all_of_them, choices=choices)


def _procedure(kind: KindOfWork, procedures: Mapping[UUID, Procedure]) -> str:
    procedure = procedures.get(kind.record_id)
    return localized(procedure.everyday_name) if procedure else kind.procedure_name


def _step(kind: KindOfWork, procedures: Mapping[UUID, Procedure]) -> str:
    procedure = procedures.get(kind.record_id)
    return localized(procedure.process.step(kind.step).name) if procedure else kind.step_name
