"""Writing a definition in the browser, and publishing it by four eyes: who writes does not publish.

A text is kept with its mistakes, so that nothing typed is lost; only a text without mistakes can be sent, and only a
second administrator publishes it or gives it back. What was seen is what is decided on: each change raises `revision`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Any, NoReturn
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.audit import service as audit
from portal.catalogue import located, service
from portal.catalogue.findings import DefinitionError
from portal.catalogue.loader import canonical
from portal.catalogue.models import DefinitionDraft, ProcedureRow, ProcedureVersion
from portal.catalogue.queries import PublishedProcedure
from portal.catalogue.source import FILE as FILE
from portal.catalogue.source import Source
from portal.core.actor import Actor
from portal.core.clock import local
from portal.core.errors import Conflict, InvalidInput, NotAllowed, NotFound
from portal.core.references import new_id

OPEN_TO_WRITER = ("written", "returned")


def keep_definition(
    session: Session,
    text: str,
    *,
    actor: Actor,
    now: datetime,
    draft_id: UUID | None = None,
    seen_revision: int = 0,
) -> UUID:
    """Keep a text as a new draft, or as the next state of one's own; returns its key.

    Raises InvalidInput for an empty text or one that is too long, NotFound, NotAllowed for somebody else's draft, and
    Conflict when it has been changed or sent since it was seen.
    """
    _require_administrator(actor)
    text = _tidy(text)
    code, name = _card_of(text)
    values = {
        "code": code,
        "name": name,
        "source": text,
        "mistakes": len(service.check_definition_text(session, text, now=now, file=FILE)),
        "based_on": _number_in_force(session, code),
        "state": "written",
        "written_at": now,
        "sent_at": None,
    }
    if draft_id is None:
        draft_id = new_id()
        session.add(
            DefinitionDraft(
                id=draft_id,
                revision=1,
                written_by=actor.person_id,
                written_by_name=actor.name,
                decided_by_name="",
                reason="",
                **values,
            )
        )
    else:
        draft = _own(session, draft_id, actor=actor, seen_revision=seen_revision)
        _change(session, draft, **values)
    audit.note(session, "definition_kept", actor=actor, now=now, draft=str(draft_id), code=code or "")
    return draft_id


def change_definition(
    session: Session,
    draft_id: UUID,
    change: Callable[[Source], Source],
    *,
    actor: Actor,
    now: datetime,
    seen_revision: int,
) -> None:
    """Edit a part of one's own draft; what `change` leaves alone stays as it is to the character.

    What is so already is kept without a word, so that a form may be sent twice. Raises what `keep_definition` raises,
    InvalidInput also for a draft that is no YAML, and DefinitionError when what is put into it is none.
    """
    draft = _open_to(session, draft_id, actor=actor)
    try:
        source = Source(draft.source)
    except DefinitionError as error:
        raise InvalidInput("Bản soạn không đúng cú pháp YAML. Sửa ở phần Tệp YAML trước.") from error
    changed = change(source).text
    if changed != draft.source:
        keep_definition(session, changed, actor=actor, now=now, draft_id=draft_id, seen_revision=seen_revision)


def send_definition(session: Session, draft_id: UUID, *, actor: Actor, now: datetime, seen_revision: int) -> None:
    """Hand the draft to a second administrator. Raises InvalidInput when it has mistakes or changes nothing."""
    draft = _own(session, draft_id, actor=actor, seen_revision=seen_revision)
    mistakes = len(service.check_definition_text(session, draft.source, now=now, file=FILE))
    if mistakes:
        raise InvalidInput("Bản soạn còn %(count)s lỗi. Sửa hết rồi gửi.", count=mistakes)
    if _is_in_force(session, draft):
        raise InvalidInput("Bản soạn giống hệt bản đang dùng, không có gì để duyệt.")
    _change(session, draft, state="sent", sent_at=now, mistakes=0, based_on=_number_in_force(session, draft.code))
    audit.note(session, "definition_sent", actor=actor, now=now, draft=str(draft_id), code=draft.code or "")


def recall_definition(session: Session, draft_id: UUID, *, actor: Actor, now: datetime, seen_revision: int) -> None:
    """Take one's own draft back before anybody has decided. Raises Conflict when somebody has."""
    draft = _locked(session, draft_id)
    _require_writer(draft, actor)
    _require_state(draft, "sent", seen_revision)
    _change(session, draft, state="written", sent_at=None)
    audit.note(session, "definition_recalled", actor=actor, now=now, draft=str(draft_id), code=draft.code or "")


def publish_definition(
    session: Session, draft_id: UUID, *, actor: Actor, now: datetime, seen_revision: int, seen_number: int
) -> PublishedProcedure:
    """Publish what somebody else has written. `seen_number` is the version it was compared with, 0 for none.

    Raises NotAllowed for one's own draft, Conflict when the draft or the version in force is not the one that was
    seen, InvalidInput when the units have changed so that it has mistakes by now.
    """
    draft = _for_decision(session, draft_id, actor=actor, seen_revision=seen_revision)
    try:
        published = service.publish(session, draft.source, actor=actor, now=now, file=FILE, after=seen_number)
    except DefinitionError as refused:
        count = len(refused.findings)
        raise InvalidInput("Bản soạn nay có %(count)s lỗi. Trả lại cho người soạn.", count=count) from refused
    _decide(session, draft, actor=actor, now=now, state="published", version_id=published.version_id)
    return published


def return_definition(
    session: Session, draft_id: UUID, *, reason: str, actor: Actor, now: datetime, seen_revision: int
) -> None:
    """Give the draft back to whoever wrote it. Raises InvalidInput without a reason, NotAllowed for one's own."""
    draft = _for_decision(session, draft_id, actor=actor, seen_revision=seen_revision)
    if not reason.strip():
        raise InvalidInput("Nhập lý do trả lại", field="reason")
    _decide(session, draft, actor=actor, now=now, state="returned", reason=reason.strip())
    audit.note(session, "definition_returned", actor=actor, now=now, draft=str(draft_id), code=draft.code or "")


def discard_definition(session: Session, draft_id: UUID, *, actor: Actor, now: datetime, seen_revision: int) -> None:
    """Put one's own draft away. It stays in the table, and is shown nowhere."""
    draft = _own(session, draft_id, actor=actor, seen_revision=seen_revision)
    _change(session, draft, state="discarded")
    audit.note(session, "definition_discarded", actor=actor, now=now, draft=str(draft_id), code=draft.code or "")


def _require_administrator(actor: Actor) -> None:
    if not actor.has_role("administrator"):
        raise NotAllowed("Chỉ người quản trị soạn và công bố thủ tục.")


def _locked(session: Session, draft_id: UUID) -> DefinitionDraft:
    wanted = select(DefinitionDraft).where(DefinitionDraft.id == draft_id, DefinitionDraft.state != "discarded")
    draft = session.scalars(wanted.with_for_update().execution_options(populate_existing=True)).first()
    if draft is None:
        raise NotFound("Không có bản soạn này.")
    return draft


def _own(session: Session, draft_id: UUID, *, actor: Actor, seen_revision: int) -> DefinitionDraft:
    draft = _open_to(session, draft_id, actor=actor)
    _require_seen(draft, seen_revision)
    return draft


def _open_to(session: Session, draft_id: UUID, *, actor: Actor) -> DefinitionDraft:
    draft = _locked(session, draft_id)
    _require_administrator(actor)
    _require_writer(draft, actor)
    if draft.state not in OPEN_TO_WRITER:
        _refuse(draft)
    return draft


def _for_decision(session: Session, draft_id: UUID, *, actor: Actor, seen_revision: int) -> DefinitionDraft:
    draft = _locked(session, draft_id)
    _require_administrator(actor)
    if draft.written_by == actor.person_id:
        raise NotAllowed("Người soạn không tự công bố. Nhờ một người quản trị khác.")
    _require_state(draft, "sent", seen_revision)
    return draft


def _require_writer(draft: DefinitionDraft, actor: Actor) -> None:
    if draft.written_by != actor.person_id:
        raise NotAllowed("Bản soạn này của %(name)s. Sao thành bản soạn của mình để sửa.", name=draft.written_by_name)


def _require_state(draft: DefinitionDraft, state: str, seen_revision: int) -> None:
    if draft.state != state:
        _refuse(draft)
    _require_seen(draft, seen_revision)


def _require_seen(draft: DefinitionDraft, seen_revision: int) -> None:
    if draft.revision != seen_revision:
        time = f"{local(draft.written_at):%H:%M}"
        raise Conflict("Bản soạn vừa đổi lúc %(time)s. Mở lại trang để xem bản mới.", time=time)


def _refuse(draft: DefinitionDraft) -> NoReturn:
    time = f"{local(draft.decided_at or draft.sent_at or draft.written_at):%H:%M}"
    if draft.state == "published":
        raise Conflict("%(name)s vừa công bố bản soạn này lúc %(time)s.", name=draft.decided_by_name, time=time)
    if draft.state == "returned":
        raise Conflict("%(name)s vừa trả lại bản soạn này lúc %(time)s.", name=draft.decided_by_name, time=time)
    if draft.state == "sent":
        raise Conflict("Bản soạn này đã gửi duyệt lúc %(time)s. Lấy lại rồi mới sửa được.", time=time)
    raise Conflict("%(name)s vừa lấy lại bản soạn này để sửa.", name=draft.written_by_name)


def _change(session: Session, draft: DefinitionDraft, **values: Any) -> None:
    session.execute(
        update(DefinitionDraft)
        .where(DefinitionDraft.id == draft.id)
        .values(revision=DefinitionDraft.revision + 1, **values)
    )


def _decide(session: Session, draft: DefinitionDraft, *, actor: Actor, now: datetime, **values: Any) -> None:
    _change(session, draft, decided_by=actor.person_id, decided_by_name=actor.name, decided_at=now, **values)


def _tidy(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise InvalidInput("Nhập nội dung thủ tục hoặc tải tệp lên", field="source")
    if len(text) > located.LONGEST_FILE:
        limit = located.LONGEST_FILE
        raise InvalidInput("Nội dung dài hơn %(limit)s ký tự. Rút ngắn lại.", field="source", limit=limit)
    return text.rstrip() + "\n"


def _card_of(text: str) -> tuple[str | None, str]:
    """Code and name as far as they can be read: a text with mistakes has them mostly, too."""
    data, _ = located.read(text, FILE)
    code, name = data.get("code"), data.get("name")
    said = name.get("vi") if isinstance(name, dict) else None
    return (code if isinstance(code, str) else None), (said if isinstance(said, str) else "")


def _number_in_force(session: Session, code: str | None) -> int:
    numbers = (
        select(ProcedureVersion.number)
        .join(ProcedureRow, ProcedureRow.id == ProcedureVersion.procedure_id)
        .where(ProcedureRow.code == code)
        .order_by(ProcedureVersion.number.desc())
        .limit(1)
    )
    return session.scalar(numbers) or 0


def _is_in_force(session: Session, draft: DefinitionDraft) -> bool:
    digest = hashlib.sha256(canonical(draft.source, FILE).encode()).hexdigest()
    number = _number_in_force(session, draft.code)
    same = (
        select(ProcedureVersion.id)
        .join(ProcedureRow, ProcedureRow.id == ProcedureVersion.procedure_id)
        .where(ProcedureRow.code == draft.code, ProcedureVersion.number == number, ProcedureVersion.digest == digest)
    )
    return session.scalar(same) is not None
