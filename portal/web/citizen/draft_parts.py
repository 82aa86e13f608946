"""The parts of a draft as its task list shows them: what is done, what is left, what must be mended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from flask import url_for

from portal.catalogue.types import Page, Paper
from portal.records.answers import PAPERS_PAGE, Fault, missing_sets, visible_fields
from portal.web.citizen.draft_file import DraftFile
from portal.web.citizen.known_answers import FILER
from portal.web.citizen.paper_sets import is_enough
from portal.web.languages import localized
from portal.web.translation import gettext as _
from portal.web.translation import lazy_gettext as __


class PartState(Enum):
    """Words and colour of the tag."""

    TO_DO = (__("Chưa làm"), "blue")
    STARTED = (__("Đang làm"), "teal")
    DONE = (__("Xong"), "")
    TO_MEND = (__("Cần sửa"), "red")
    BLOCKED = (__("Chưa làm được"), "grey")


@dataclass(frozen=True)
class Part:
    """A line of the task list. `title` is also the name in captions."""

    id: str
    title: str
    href: str
    state: PartState
    hint: str = ""

    def item(self, number: int) -> Mapping[str, Any]:
        """For the component of task lists."""
        status, colour = self.state.value
        blocked = self.state is PartState.BLOCKED
        return {
            "title": f"{number}. {self.title}",
            "href": "" if blocked else self.href,
            "hint": self.hint,
            "status": str(status),
            "colour": colour,
            "cannot_start": blocked,
        }


NO_PAPER = "paper."
"""Among the pages done: the applicant said that there is no such paper."""

REVIEW = "review"


def parts_of(file: DraftFile) -> list[Part]:
    """Pages, papers and, last, looking through it all and sending."""
    parts = [_page_part(file, page) for page in file.procedure.pages]
    if file.papers:
        parts.append(_papers_part(file))
    ready = all(part.state is PartState.DONE for part in parts) or not blocking(file)
    parts.append(
        Part(
            id=REVIEW,
            title=_("Xem lại và gửi"),
            href=url_for("sending.review", draft_id=file.draft.id),
            state=PartState.TO_DO if ready else PartState.BLOCKED,
        )
    )
    return parts


def blocking(file: DraftFile) -> list[Fault]:
    """What must be mended before sending."""
    return [fault for fault in file.faults if not fault.warns]


def caption(file: DraftFile, part_id: str) -> str:
    """`Phần 3 trên 6: Ngôi nhà`."""
    parts = parts_of(file)
    number = next(index for index, part in enumerate(parts, start=1) if part.id == part_id)
    title = parts[number - 1].title
    return _("Phần %(number)s trên %(count)s: %(title)s", number=number, count=len(parts), title=title)


def href_after(file: DraftFile, part_id: str) -> str:
    """The part that follows."""
    parts = parts_of(file)
    number = next(index for index, part in enumerate(parts) if part.id == part_id)
    return parts[number + 1].href


def has_no_paper(file: DraftFile, slot: str) -> bool:
    """Whether the applicant said that there is none."""
    return NO_PAPER + slot in file.draft.pages_done


def _page_part(file: DraftFile, page: Page) -> Part:
    return Part(
        id=page.id,
        title=localized(page.title),
        href=url_for("draft_pages.show", draft_id=file.draft.id, page_id=page.id),
        state=_page_state(file, page),
    )


def _page_state(file: DraftFile, page: Page) -> PartState:
    faults = [fault for fault in file.faults if fault.page == page.id and not fault.warns]
    if page.id in file.draft.pages_done:
        return PartState.TO_MEND if faults else PartState.DONE
    typed = [field.id for field in visible_fields(page, file.facts) if _was_typed(file, field.id, field.prefill)]
    if not typed:
        return PartState.TO_DO
    wrong = [fault for fault in faults if file.answers.get(fault.field) not in (None, "", [])]
    return PartState.TO_MEND if wrong else PartState.STARTED


def _was_typed(file: DraftFile, name: str, prefill: str | None) -> bool:
    """Whether the page was kept once: what the start of a draft gives does not count."""
    return name in file.answers and not prefill and name not in (FILER, file.place_field)


def _papers_part(file: DraftFile) -> Part:
    given = [paper for paper in file.papers if file.draft.papers_of(paper.id)]
    return Part(
        id=PAPERS_PAGE,
        title=_("Giấy tờ"),
        href=url_for("draft_papers.index", draft_id=file.draft.id),
        state=_papers_state(file, given),
        hint=_("%(given)s trên %(asked)s giấy tờ", given=len(given), asked=len(given) + len(left_of(file))),
    )


def _papers_state(file: DraftFile, given: list[Paper]) -> PartState:
    left = [paper for paper in left_of(file) if not has_no_paper(file, paper.id)]
    supplied = [paper.id for paper in given]
    if not left and not missing_sets(file.papers, supplied):
        return PartState.DONE
    return PartState.STARTED if given or len(left) < len(left_of(file)) else PartState.TO_DO


def left_of(file: DraftFile) -> list[Paper]:
    """The papers that are not there and that no register is asked for."""
    return [paper for paper in file.papers if _is_left(file, paper)]


def _is_left(file: DraftFile, paper: Paper) -> bool:
    return not (file.draft.papers_of(paper.id) or file.is_spared(paper) or is_enough(file, paper))
