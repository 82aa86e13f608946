"""A message written from its row of the table and what is known of the record, in both languages."""

from __future__ import annotations

from collections.abc import Sequence

from portal.core import wording
from portal.notifications.texts import NOTHING_TO_DO, TEXTS
from portal.notifications.types import About, MessageKind, MessageText
from portal.workflow.definition import Text


def message_for(kind: MessageKind, about: About) -> MessageText:
    """The message in both languages."""
    row = TEXTS[kind]
    sentences = [one for one in row.sentences if one is not NOTHING_TO_DO or about.visit_at is None]
    return MessageText(
        subject=Text(*(_said([row.subject], about, language=language) for language in ("vi", "en"))),
        body=Text(*(_said(sentences, about, language=language) for language in ("vi", "en"))),
    )


def _said(sentences: Sequence[Text], about: About, *, language: str) -> str:
    patterns = (sentence.in_language(language) for sentence in sentences)
    return wording.known_sentences(patterns, _words(about, language=language))


def _words(about: About, *, language: str) -> dict[str, str]:
    """Every name that a sentence may use. Empty: not known."""
    return {
        "code": about.code,
        "on": wording.day(about.on, language=language),
        "unit": about.unit.in_language(language),
        "place": about.place.in_language(language),
        "asked": about.asked.in_language(language),
        "come_to": about.come_to.in_language(language),
        "kept_at": about.kept_at.in_language(language),
        "bring": about.bring.in_language(language),
        "archived_on": wording.day(about.archived_on, language=language) if about.archived_on else "",
        "reason": about.reason.strip().rstrip("."),
        "reception": wording.moment(about.reception_due_at, language=language) if about.reception_due_at else "",
        "visit": wording.moment(about.visit_at, language=language) if about.visit_at else "",
        "was_visit": wording.moment(about.was_visit_at, language=language) if about.was_visit_at else "",
        "due": wording.day(about.due_at, language=language) if about.due_at else "",
        "was_due": wording.day(about.was_due_at, language=language) if about.was_due_at else "",
        "number": about.number,
        "newer": about.newer,
        "until": wording.day(about.until, language=language) if about.until else "",
        "answer_by": wording.day(about.answer_by, language=language) if about.answer_by else "",
        "count": _count(len(about.items), language=language),
        "items": "; ".join(item.in_language(language) for item in about.items),
        "way": about.way.in_language(language),
        "posted": about.posted.in_language(language),
        "electronic": about.electronic.in_language(language),
        "postage": wording.vnd(about.postage, language=language) if about.postage else "",
        "amount": wording.vnd(about.amount, language=language) if about.amount else "",
    }


def _count(items: int, *, language: str) -> str:
    if not items or language == "vi":
        return str(items or "")
    return "1 item" if items == 1 else f"{items} items"
