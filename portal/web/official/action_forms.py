"""The form of an action: what the definition asks of whoever takes it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from wtforms.validators import StopValidation

from portal.accounts.types import OfficialView
from portal.records.types import ActionAnswers
from portal.web.fields import BaseForm, ChecksField, HiddenField, LongTextField, SelectField
from portal.web.languages import localized
from portal.web.official.act_box import is_checked
from portal.web.official.action_fields import form_field, stored
from portal.web.post_words import said_title
from portal.web.translation import gettext as _
from portal.workflow.definition import Action, Step

LONGEST_REASON = 2000


class AllChecksField(ChecksField):
    """The checklist of a step: every line must be ticked, and the error names the first that is not."""

    def pre_validate(self, form: Any) -> None:
        open_item = next((item for item in self.items if item["value"] not in self.data), None)
        if open_item is not None:
            raise StopValidation(_("Đánh dấu mục: %(item)s", item=open_item["text"]))

    def process_data(self, value: Any) -> None:
        self.data = list(value or ())


class ActionForm(BaseForm):
    """Extended for each action by `form_of`. What was seen travels along, so that nobody acts on an old page."""

    asked: tuple[str, ...] = ()  # ids of the fields that the definition gives the action
    parts: Sequence[Any] = ()  # answers of the applicant that are put right, shown before the other inputs
    seen_version = HiddenField()

    @property
    def seen(self) -> int | None:
        """The version of the task that the page showed."""
        written = str(self.seen_version.data or "")
        return int(written) if written.isascii() and written.isdigit() else None

    def action_answers(self) -> ActionAnswers:
        given = self.answers
        return ActionAnswers(
            reason=given.get("reason") or "",
            assignee_id=UUID(given["assignee_id"]) if given.get("assignee_id") else None,
            form={name: stored(given[name]) for name in self.asked if given[name] not in (None, "", [])},
        )

    def fields(self) -> list[Any]:
        """What the page prints, in order; the hidden field stands beside the token."""
        return [field for field in super().fields() if not isinstance(field, HiddenField)]


def form_of(
    step: Step, action: Action, *, officials: Iterable[OfficialView] = (), held: Mapping[UUID, int] | None = None
) -> type[ActionForm]:
    """The form of one action of a step. `officials` are those who may be named, `held` how many tasks each holds."""
    fields: dict[str, Any] = {"asked": tuple(field.id for field in action.form)}
    if step.checklist and is_checked(action):
        fields["checks"] = AllChecksField(
            _("Đã kiểm tra"),
            choices=[(str(index), localized(text)) for index, text in enumerate(step.checklist)],
        )
    if "person" in action.needs:
        fields["assignee_id"] = person_field(officials, held=held or {})
    fields |= {field.id: form_field(field) for field in action.form}
    if "reason" in action.needs:
        fields["reason"] = LongTextField(_("Lý do"), max_length=LONGEST_REASON)
    return type("FormOfAction", (ActionForm,), fields)


def assign_form_of(officials: Iterable[OfficialView], *, held: Mapping[UUID, int]) -> type[BaseForm]:
    """The form that puts a task into somebody's hands."""
    return type("AssignForm", (BaseForm,), {"assignee_id": person_field(officials, held=held)})


def person_field(officials: Iterable[OfficialView], *, held: Mapping[UUID, int]) -> Any:
    """Who shall do it, each with what he holds already."""
    named = {official.person_id: official for official in officials}
    choices = [(str(key), _person(official, held.get(key, 0))) for key, official in named.items()]
    return SelectField(_("Người làm"), choices=choices)


def _person(official: OfficialView, tasks: int) -> str:
    name = ", ".join(part for part in (official.name, said_title(official.title, role=official.role)) if part)
    return _("%(name)s: đang giữ %(count)s việc", name=name, count=tasks)
