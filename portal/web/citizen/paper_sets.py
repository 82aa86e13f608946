"""Papers of which one is enough, and papers that are brought along instead of being uploaded."""

from __future__ import annotations

from portal.catalogue.types import Paper
from portal.records.answers import brought_papers
from portal.web.citizen.draft_file import DraftFile
from portal.web.languages import localized
from portal.web.translation import gettext as _


def is_enough(file: DraftFile, paper: Paper) -> bool:
    """Whether another paper of the same set is there, so that this one is not asked for any more."""
    if paper.one_of is None or file.draft.papers_of(paper.id):
        return False
    return any(other.one_of == paper.one_of and file.draft.papers_of(other.id) for other in file.papers)


def paper_notes(file: DraftFile) -> list[str]:
    """What the list of papers says above it."""
    sets = dict.fromkeys(paper.one_of for paper in file.papers if paper.one_of)
    notes = [_("Chỉ cần một trong các giấy: %(papers)s.", papers=_names(file.papers, one_of)) for one_of in sets]
    for paper in brought_papers(file.procedure, file.facts):
        name = localized(paper.name)
        if paper.mode == "surrender":
            notes.append(_("Mang đến nộp lại khi nhận kết quả: %(paper)s.", paper=name))
        else:
            notes.append(_("Mang theo để đối chiếu, xem xong trả lại: %(paper)s.", paper=name))
    return notes


def _names(papers: tuple[Paper, ...], one_of: str | None) -> str:
    return "; ".join(localized(paper.name) for paper in papers if paper.one_of == one_of)
