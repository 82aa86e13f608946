"""The opinions asked for on a record, as its page lists them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from portal.core.actor import Actor
from portal.core.text import with_full_stop
from portal.records import policy
from portal.records.desk import Desk
from portal.records.late_opinions import may_answer_late
from portal.records.models import RecordEvent
from portal.records.questions import AgencyQuestion, QuestionState, questions_of
from portal.records.recalling import may_recall
from portal.web.languages import localized
from portal.web.official.deadlines import shown_day
from portal.web.official.paper_list import document_href
from portal.web.state_words import Tag, verdict_tag
from portal.web.translation import gettext as _


@dataclass(frozen=True)
class Link:
    text: str
    href: str


@dataclass(frozen=True)
class OpinionRow:
    """`about` is what the agency is asked for, `notes` what is said beside its opinion."""

    unit: str
    about: str
    asked: str
    due: str
    tag: Tag
    text: str
    notes: list[str]
    links: list[Link]


def opinion_rows(desk: Desk, *, actor: Actor, now: datetime) -> list[OpinionRow]:
    """One row a question: asked of whom, when, until when, what became of it, and what this official may do."""
    return [_row(desk, question, actor, now) for question in questions_of(desk.file)]


def _row(desk: Desk, question: AgencyQuestion, actor: Actor, now: datetime) -> OpinionRow:
    step = desk.grounds.procedure.process.step(question.task.step)
    unit = desk.grounds.directory.unit(question.unit_id) if question.unit_id else None
    is_asked = question.state is not QuestionState.SKIPPED
    return OpinionRow(
        unit=localized(step.at.body or unit) if step.at.body or unit else "",
        about=localized(step.stop or step.name),
        asked=shown_day(question.asked_at, now=now) if is_asked else "",
        due=shown_day(question.due_at, now=now) if is_asked else "",
        tag=question_tag(question, now),
        text=question.opinion.text if question.opinion else "",
        notes=list(_notes(question, now)),
        links=list(_links(desk, question, actor)),
    )


def question_tag(question: AgencyQuestion, now: datetime) -> Tag:
    """What became of a question."""
    if question.state in (QuestionState.ANSWERED, QuestionState.LATE) and question.opinion:
        return verdict_tag(question.opinion.verdict)
    if question.state is QuestionState.SILENT:
        return verdict_tag(question.silence)
    if question.state is QuestionState.WAITING and question.due_at < now:
        return Tag(_("Đang chờ, quá hạn"), "orange")
    words = {
        QuestionState.WAITING: _("Đang chờ"),
        QuestionState.RECALLED: _("Đã rút câu hỏi"),
        QuestionState.SKIPPED: _("Không phải hỏi"),
        QuestionState.CANCELLED: _("Không cần nữa"),
    }
    return Tag(
        words.get(question.state, _("Đã trả lời")), "blue" if question.state is QuestionState.WAITING else "grey"
    )


def _notes(question: AgencyQuestion, now: datetime) -> Iterator[str]:
    opinion, ended = question.opinion, question.ended
    if question.state is QuestionState.WAITING and opinion is not None:
        yield _("Dự thảo, chờ ký")
    if question.state is QuestionState.LATE and opinion is not None:
        yield _("Ý kiến đến muộn, ngày %(day)s.", day=shown_day(opinion.final_at or opinion.given_at, now=now))
        if question.silence:
            yield with_full_stop(_("Lúc hết hạn: %(meaning)s", meaning=verdict_tag(question.silence).text))
    if question.state is QuestionState.ANSWERED and opinion is not None:
        yield _("Trả lời ngày %(day)s.", day=shown_day(opinion.final_at or opinion.given_at, now=now))
    if question.state is QuestionState.RECALLED and ended is not None:
        yield _("Rút ngày %(day)s. Lý do: %(reason)s", day=shown_day(ended.at, now=now),
                reason=with_full_stop(ended.reason))  # fmt: skip
    if question.state is QuestionState.SKIPPED:
        yield _("Cơ quan này chính là nơi hỏi.")


def _links(desk: Desk, question: AgencyQuestion, actor: Actor) -> Iterator[Link]:
    code, process, posts = desk.file.record.code, desk.grounds.procedure.process, policy.held_posts(actor)
    yield from _letters(desk, question.asked, "letter", _("Văn bản hỏi"))
    if question.state is QuestionState.ANSWERED:
        yield from _letters(desk, question.ended, "opinion", _("Văn bản trả lời"))
    if question.state is QuestionState.LATE:
        yield from _letters(desk, question.ended, "opinion", _("Văn bản đến muộn"))
    if may_recall(question.task, desk.file.tasks, process, actor=actor, posts=posts):
        yield Link(_("Rút câu hỏi"), url_for("official_questions.recall", code=code, task_id=question.task.id))
    if takes_late_opinions(desk, question) and may_answer_late(question.task, desk.file.tasks, process, posts=posts):
        href = url_for("official_questions.answer_late", code=code, task_id=question.task.id)
        yield Link(_("Gửi ý kiến muộn"), href)


def takes_late_opinions(desk: Desk, question: AgencyQuestion) -> bool:
    """Of an agency that stayed silent, until the result is signed."""
    record, result = desk.file.record, desk.file.result
    is_over = record.finished_at or record.closed_at or (result and result.signed_at)
    return question.state is QuestionState.SILENT and not is_over


def _letters(desk: Desk, event: RecordEvent | None, kind: str, words: str) -> Iterator[Link]:
    made = {one["id"] for one in (event.details.get("documents") or ()) if one["kind"] == kind} if event else set()
    for document in desk.file.documents:
        if str(document.id) in made:
            href = document_href(document, code=desk.file.record.code)
            if href:
                yield Link(words, href)
