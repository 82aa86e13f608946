"""What is done with a step and with an action alike: moving it, giving it another id, taking it out."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue

from portal.catalogue.source import Path, Source
from portal.catalogue.step_references import Reference, action_references, references
from portal.catalogue.step_writing import (
    action_path,
    made_by,
    remove_action,
    remove_step,
    rename_action,
    rename_step,
    step_path,
)
from portal.web.admin.process.editing import EditedProcess, edited, is_changed, kept, moved, process_page
from portal.web.admin.process.process_words import told_references
from portal.web.admin.process.step_forms import RenameForm
from portal.web.fields import BaseForm


@dataclass(frozen=True)
class StepEntry:
    """A step as the draft writes it, with the pages that it has."""

    process: EditedProcess
    step: str
    action = ""
    listed_at = "admin_process.show"
    shown_at = "admin_steps.show"

    @property
    def path(self) -> Path:
        return step_path(self.step)

    @property
    def around(self) -> dict[str, str]:
        """What the address of the page that lists it has."""
        return {}

    @property
    def siblings(self) -> list[str]:
        """The other names that are taken."""
        return [name for name in self.process.sketch.process.steps if name != self.step]

    def named(self, name: str) -> dict[str, str]:
        """What the address of its page has under that name."""
        return {"step": name}

    def renamed(self, source: Source, name: str) -> Source:
        return rename_step(source, self.step, name)

    def removed(self, source: Source) -> Source:
        return remove_step(source, self.step)

    def references(self, source: Source) -> list[Reference]:
        return references(source.get(), made_by(source, self.step))

    def keeps(self, reference: Reference) -> bool:
        """Whether what speaks of it keeps it from going: its own actions do not."""
        return reference.step != self.step


@dataclass(frozen=True)
class ActionEntry:
    """The same of an action."""

    process: EditedProcess
    step: str
    action: str
    listed_at = "admin_steps.show"
    shown_at = "admin_actions.show"

    @property
    def path(self) -> Path:
        return action_path(self.step, self.action)

    @property
    def around(self) -> dict[str, str]:
        return {"step": self.step}

    @property
    def siblings(self) -> list[str]:
        return [name for name in self.process.entry(self.step)["actions"] if name != self.action]

    def named(self, name: str) -> dict[str, str]:
        return {"step": self.step, "action": name}

    def renamed(self, source: Source, name: str) -> Source:
        return rename_action(source, self.step, self.action, name)

    def removed(self, source: Source) -> Source:
        return remove_action(source, self.step, self.action)

    def references(self, source: Source) -> list[Reference]:
        return action_references(source.get(), self.step, self.action)

    def keeps(self, reference: Reference) -> bool:
        return True


Entry = StepEntry | ActionEntry


def opened_entry(draft_id: UUID, step: str, action: str = "") -> Entry:
    """Raises NotFound when the draft does not have it, NotAllowed."""
    process = edited(draft_id)
    if action:
        process.action(step, action)
        return ActionEntry(process, step, action)
    process.entry(step)
    return StepEntry(process, step)


def move_entry(entry: Entry) -> ResponseReturnValue:
    """One place up or down, as the pressed button says."""
    by = -1 if request.form.get("by") == "len" else 1
    form = BaseForm.from_request()
    if form.is_valid_submission():
        is_changed(entry.process, lambda source: source.move(entry.path, by=by), form=form)
    return moved(entry.process, form, entry.listed_at, **entry.around)


def rename_entry(entry: Entry) -> ResponseReturnValue:
    """Another id, everywhere."""
    process = entry.process
    form = RenameForm.from_request(revision=str(process.draft.revision), new_id=entry.action or entry.step)
    form.new_id.taken = entry.siblings
    new = str(form.new_id.data or "")
    if form.is_valid_submission() and is_changed(process, lambda source: entry.renamed(source, new), form=form):
        return kept(process, entry.shown_at, **entry.named(new))
    return _page("rename.html", entry, form, _references(entry))


def remove_entry(entry: Entry) -> ResponseReturnValue:
    """Out of the draft, when nothing speaks of it any more."""
    form = BaseForm.from_request()
    if form.is_valid_submission() and is_changed(entry.process, entry.removed, form=form):
        return kept(entry.process, entry.listed_at, **entry.around)
    return _page("remove.html", entry, form, [one for one in _references(entry) if entry.keeps(one)])


def _references(entry: Entry) -> list[Reference]:
    source = entry.process.source
    return entry.references(source) if source is not None else []


def _page(template: str, entry: Entry, form: BaseForm, found: list[Reference]) -> ResponseReturnValue:
    named = told_references(entry.process, found)
    return process_page(
        template, entry.process, form, step=entry.step, chosen=entry.step, action=entry.action, named=named
    )
