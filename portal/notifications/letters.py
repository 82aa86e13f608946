"""What a letter by e-mail says: the message of the account, where to go on, and the papers that go with it."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from portal.files import service as files
from portal.jobs.types import RetryLater
from portal.notifications import mailing
from portal.notifications.mailing import Letter, MailServer
from portal.notifications.papers import papers_of
from portal.notifications.types import ASKING_TO_PAY, MessagePaper
from portal.records.types import NOTHING_OWED

_TOLD = text("""
SELECT message.kind, message.subject, message.subject_en, message.body, message.body_en, record.code, record.state,
  person.language,
  EXISTS (SELECT FROM fee_line WHERE record_id = record.id AND amount > 0 AND paid_at IS NULL) AS owes,
  coalesce(nullif(record.answers ->> 'email', ''), person.email) AS address
FROM message JOIN record ON record.id = message.record_id JOIN person ON person.id = message.owner_id
WHERE message.event_id = :event AND message.owner_id = :owner
""")
_WORDS = {
    "vi": "{body}\n\n{pay}Xem hồ sơ: {address}\nCần hỏi: gọi {help_number}.\n\nThư gửi tự động, không nhận trả lời.",
    "en": "{body}\n\n{pay}The record: {address}\nQuestions: call {help_number}.\n\nSent automatically; do not answer.",
}
_PAY = {"vi": "Nộp phí: {address}/nop-phi\n", "en": "Pay: {address}/nop-phi\n"}


def letter_of(session: Session, event_id: UUID, *, owner_id: UUID, server: MailServer) -> Letter | None:
    """None without a message or an address. Raises RetryLater while a paper is still being drawn. Run as SYSTEM."""
    told = session.execute(_TOLD, {"event": event_id, "owner": owner_id}).one_or_none()
    if told is None or not told.address:
        return None
    papers = papers_of(session, [event_id], owner_id=owner_id)[event_id]
    if any(paper.file_digest is None for paper in papers):
        raise RetryLater("a paper is still being drawn")
    english = told.language == "en" and told.subject_en
    language = "en" if english else "vi"
    where = f"{server.public_url}{'/en' if english else ''}/ho-so/{told.code}"
    body = told.body_en if english else told.body
    is_asked = told.kind in ASKING_TO_PAY and told.owes and told.state not in NOTHING_OWED
    pay = _PAY[language].format(address=where) if is_asked else ""
    return Letter(
        to=told.address,
        subject=told.subject_en if english else told.subject,
        body=_WORDS[language].format(body=body, pay=pay, address=where, help_number=server.help_number),
        reference=f"{event_id}.{owner_id}",
        papers=tuple(mailing.fitting(_attached(paper, language) for paper in papers)),
    )


def _attached(paper: MessagePaper, language: str) -> tuple[str, bytes]:
    with files.content_of(str(paper.file_digest)) as content:
        return f"{paper.in_language(language).replace('/', '-')}.pdf", content.read()
