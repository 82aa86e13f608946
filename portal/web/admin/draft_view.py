"""A definition being written, opened with all that its pages show around its parts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from flask import url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.catalogue import administration, drafting
from portal.catalogue.administration import DefinitionDraftView
from portal.catalogue.findings import DefinitionError
from portal.catalogue.source import FILE, Source
from portal.core import clock
from portal.core.unit_of_work import reading
from portal.web.admin.draft_words import draft_sentence, draft_tag
from portal.web.admin.layout import admin_page
from portal.web.admin.opened_definition import OpenedDefinition, navigation, opened
from portal.web.fields import BaseForm
from portal.web.languages import localized
from portal.web.sign_in import actor
from portal.web.translation import gettext as _

HERE = "/quan-tri/thu-tuc"


@dataclass(frozen=True)
class OpenedDraft:
    """`records` and `drafts` are under way in the published versions of the procedure."""

    draft: DefinitionDraftView
    definition: OpenedDefinition
    records: int
    drafts: int

    @property
    def mine(self) -> bool:
        return self.draft.written_by == actor().person_id

    @property
    def may_change(self) -> bool:
        return self.mine and self.draft.state in drafting.OPEN_TO_WRITER

    @cached_property
    def source(self) -> Source | None:
        """The text as a tree; None when it is no YAML."""
        try:
            return Source(self.draft.source)
        except DefinitionError:
            return None

    def around(self) -> dict[str, Any]:
        """What every page of the draft shows."""
        return {
            "draft": self.draft,
            "mine": self.mine,
            "may_change": self.may_change,
            "state": {**draft_tag(self.draft), "note": draft_sentence(self.draft)},
            "records": self.records,
            "drafts": self.drafts,
        }

    def page(
        self,
        template: str,
        section: str,
        *,
        heading: str,
        form: BaseForm | None = None,
        status: int | None = None,
        **context: Any,
    ) -> ResponseReturnValue:
        """A page within a section of the draft, under a heading of its own."""
        return admin_page(
            template,
            form,
            here=HERE,
            status=status,
            definition=self.definition,
            section=heading,
            sections=navigation(self.definition, section),
            **self.around(),
            **context,
        )


def open_draft(draft_id: UUID) -> OpenedDraft:
    """Raises NotFound."""
    with reading(actor()) as session:
        draft = administration.get_definition_draft(session, draft_id)
        definition = _opened(session, draft, now=clock.now())
        versions = administration.list_versions(session, draft.code or "")
    return OpenedDraft(
        draft,
        definition,
        records=sum(version.records for version in versions),
        drafts=sum(version.drafts for version in versions),
    )


def _opened(session: Session, draft: DefinitionDraftView, *, now: datetime) -> OpenedDefinition:
    name = localized(draft) or draft.code or _("chưa có tên")
    return opened(
        session,
        draft.source,
        title=_("%(name)s, bản soạn", name=name),
        code=draft.code or "",
        file=FILE,
        before=administration.newest_version(session, draft.code),
        address=lambda section: url_for("admin_definitions.show", draft_id=draft.id, section=section),
        now=now,
    )
