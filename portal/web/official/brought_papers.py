"""What a counter must remember about papers that are not uploaded: look at them, or take them in."""

from __future__ import annotations

from collections.abc import Mapping

from portal.core.text import marked
from portal.records.answers import brought_papers
from portal.records.desk import Desk
from portal.web.languages import localized
from portal.web.translation import gettext
from portal.workflow.definition import ActionKind, Step

BROUGHT: Mapping[ActionKind, tuple[str, str]] = {
    ActionKind.ACCEPT: ("present", marked("Đối chiếu rồi trả lại ngay: %(papers)s.")),
    ActionKind.GIVE: ("surrender", marked("Thu lại trước khi trả kết quả: %(papers)s.")),
}
"""At which action papers of which mode are looked at."""


def brought_notes(desk: Desk, step: Step) -> tuple[str, ...]:
    """A sentence for each kind of paper that this step looks at."""
    papers = brought_papers(desk.grounds.procedure, desk.facts)
    notes = []
    for action in step.actions:
        mode, sentence = BROUGHT.get(action.kind, ("", ""))
        names = "; ".join(localized(paper.name) for paper in papers if paper.mode == mode)
        if names:
            notes.append(gettext(sentence, papers=names))
    return tuple(notes)
