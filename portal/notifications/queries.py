"""Reading messages, and what the message about an event has to say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, and_, column, select, table, text
from sqlalchemy.orm import Session

from portal.accounts import queries as accounts
from portal.catalogue import queries as catalogue
from portal.core import clock
from portal.core.actor import Actor
from portal.notifications.models import Message
from portal.notifications.papers import papers_of
from portal.notifications.types import (
    ASKING_TO_PAY,
    UNKNOWN,
    About,
    MessageKind,
    MessagePaper,
    MessageText,
    MessageView,
)
from portal.payments.queries import fees_owed, paid_amount, unpaid_amount
from portal.records.collecting import archived_on, collecting
from portal.records.policy import LEADING
from portal.records.types import COUNTER, NOTHING_OWED, POST
from portal.workflow.definition import Text

_EVENT = text("""
SELECT event.kind, event.at, event.state_before, event.state_after, event.reason, event.details,
  event.for_applicant, event.record_id, event.step, own_task.due_at AS task_due_at,
  record.owner_id, record.version_id, record.answers, record.outcome, record.return_by,
  record.code, record.state, record.reception_due_at, record.due_at,
  coalesce(acting.name, receiving.name) AS unit, coalesce(acting.name_en, receiving.name_en) AS unit_en,
  returning_unit.name AS place, returning_unit.name_en AS place_en,
  supplement.items, supplement.answer_by, asked.names AS asked, asked.names_en AS asked_en
FROM record_event event
JOIN record ON record.id = event.record_id
JOIN unit receiving ON receiving.id = record.received_unit_id
JOIN unit returning_unit ON returning_unit.id = record.return_unit_id
LEFT JOIN task own_task ON own_task.id = event.task_id
LEFT JOIN unit acting ON acting.id = event.unit_id
LEFT JOIN LATERAL (
  SELECT sent.items, sent.answer_by FROM supplement sent
  WHERE sent.record_id = record.id AND sent.sent_at IS NOT NULL AND sent.cancelled_at IS NULL
  ORDER BY sent.sheet DESC LIMIT 1
) supplement ON true
CROSS JOIN LATERAL (
  SELECT array_agg(unit.name ORDER BY unit.name) AS names,
    array_agg(coalesce(nullif(unit.name_en, ''), unit.name) ORDER BY unit.name) AS names_en
  FROM jsonb_array_elements(event.opened) entry
  JOIN task ON task.id = CAST(entry ->> 'task_id' AS uuid) AND task.consultation IS NOT NULL
  JOIN unit ON unit.id = task.unit_id
) asked
WHERE event.id = :wanted
""")

WAYS = {
    COUNTER: Text("tại {place}", "at {place}"),
    POST: Text("qua bưu điện", "by post"),
    "online": Text("trên mạng", "online"),
}
ELECTRONIC = Text("bản điện tử", "the electronic copy")
POSTED = Text(
    "Bản giấy gửi qua bưu điện, người nhận trả cước cho bưu tá.",
    "The paper goes by post; the receiver pays the postage to the postman.",
)
READY = frozenset({MessageKind.GRANTED, MessageKind.GRANTED_UNPAID})
ABOUT_RESULTS = READY | {MessageKind.UNCOLLECTED}

_RECORD = table("record", column("id", Uuid()), column("code"), column("state"))

BETWEEN_STATES = {
    ("supplement", "in_progress"): MessageKind.SUPPLEMENT_RECEIVED,
    ("supplement_before_acceptance", "submitted"): MessageKind.SUPPLEMENT_RECEIVED,
    ("fee_due", "expired"): MessageKind.EXPIRED_UNPAID,
}
OTHER_EVENTS = {
    "fee_paid": MessageKind.PAID,
    "apology_signed": MessageKind.APOLOGY,
    "lateness_foreseen": MessageKind.LATENESS_FORESEEN,
    "consent_given": MessageKind.CONSENT_GIVEN,
    "consent_withdrawn": MessageKind.CONSENT_WITHDRAWN,
    "correction_asked": MessageKind.CORRECTION,
    "result_revoked": MessageKind.RESULT_REVOKED,
    "result_replaced": MessageKind.RESULT_REPLACED,
    "result_extended": MessageKind.RESULT_EXTENDED,
    "result_expiring": MessageKind.RESULT_EXPIRING,
    "archived_result_given": MessageKind.RETURNED,
    "paper_late": MessageKind.PAPER_LATE,
    "booking_made": MessageKind.BOOKING_MADE,
    "booking_moved": MessageKind.BOOKING_MOVED,
    "booking_cancelled": MessageKind.BOOKING_CANCELLED,
    "booking_missed": MessageKind.BOOKING_MISSED,
    "booking_near": MessageKind.BOOKING_NEAR,
    "way_changed": MessageKind.WAY_CHANGED,
    "parcel_sent": MessageKind.PARCEL_SENT,
    "parcel_out": MessageKind.PARCEL_OUT,
    "parcel_failed": MessageKind.PARCEL_FAILED,
    "parcel_returning": MessageKind.PARCEL_RETURNING,
    "parcel_back": MessageKind.PARCEL_BACK,
    "parcel_refused": MessageKind.PARCEL_REFUSED,
    "parcel_lost": MessageKind.PARCEL_LOST,
}
REMINDED = "applicant_reminded"
RESULTS = frozenset({"granted", "not_granted"})
TO_OFFICIALS = {**OTHER_EVENTS, "question_recalled": MessageKind.QUESTION_RECALLED}
"""What the officials are told whom an event names."""
SILENT_STATES = frozenset({"in_progress"})
"""Work that goes on is seen on the record's page; a message for each desk would hide those that matter."""


@dataclass(frozen=True)
class Told:
    """A message that is due about an event."""

    record_id: UUID
    owner_id: UUID
    kind: MessageKind
    about: About


def message_due(session: Session, event_id: UUID) -> Told | None:
    """What the applicant has to be told about an event; None when there is nothing to say."""
    row = session.execute(_EVENT, {"wanted": event_id}).first()
    if row is None or not row.for_applicant:
        return None
    if row.details.get("declined"):
        return _told(session, row, MessageKind.CORRECTION_DECLINED)
    is_unpaid = row.state_after == MessageKind.GRANTED and unpaid_amount(session, row.record_id, moment="return") > 0
    kind = kind_of(
        row.kind, before=row.state_before, after=row.state_after,
        has_new_date="was_due_at" in row.details, is_unpaid=is_unpaid,
    )  # fmt: skip
    return _told(session, row, kind) if kind else None


def message_to_recipients(session: Session, event_id: UUID) -> tuple[Told, tuple[UUID, ...]] | None:
    """What those who lead the units that received a copy are told of it, and who they are."""
    row = session.execute(_EVENT, {"wanted": event_id}).first()
    units = [copy["unit_id"] for copy in row.details.get("copies", ()) if copy["unit_id"]] if row is not None else []
    if row is None or not units:
        return None
    day = clock.local_day(row.at)
    people = (
        official.person_id
        for unit_id in dict.fromkeys(units)
        for official in accounts.list_officials(session, UUID(unit_id), day=day)
        if official.role in LEADING
    )
    return _told(session, row, MessageKind.COPY), tuple(dict.fromkeys(people))


def message_to_officials(session: Session, event_id: UUID) -> tuple[Told, tuple[UUID, ...]] | None:
    """What an event has to say to the officials that it names, and who they are."""
    row = session.execute(_EVENT, {"wanted": event_id}).first()
    if row is None or not row.details.get("told"):
        return None
    return _told(session, row, TO_OFFICIALS[row.kind]), tuple(UUID(person) for person in row.details["told"])


def _told(session: Session, row: Any, kind: MessageKind) -> Told:
    known: dict[str, Any] = {"place": Text(row.place, row.place_en or ""), **_about_result(session, kind, row)}
    about = About(
        code=row.code,
        on=clock.local_day(row.at),
        unit=Text(row.unit, row.unit_en or ""),
        asked=Text(*(", ".join(dict.fromkeys(names or ())) for names in (row.asked, row.asked_en))),
        reason=row.reason,
        reception_due_at=row.reception_due_at,
        due_at=row.due_at,
        was_due_at=_moment(row.details.get("was_due_at") or row.details.get("missed_due_at")),
        answer_by=row.answer_by,
        visit_at=_moment(row.details.get("visit_at")),
        was_visit_at=_moment(row.details.get("was_visit_at")),
        number=row.details.get("number", ""),
        newer=row.details.get("newer", ""),
        until=_day(row.details.get("valid_until")),
        items=tuple(Text(item["label"], item.get("label_en") or "") for item in row.items or ()),
        way=_way(row),
        postage=row.details.get("fee") or 0,
        amount=_amount(session, kind, row),
        **known,
    )
    return Told(record_id=row.record_id, owner_id=row.owner_id, kind=kind, about=about)


def _about_result(session: Session, kind: MessageKind, row: Any) -> dict[str, Any]:
    """Where it lies, who must come for it, and with what."""
    place = Text(row.place, row.place_en or "")
    if kind is MessageKind.ARCHIVED:
        return {"kept_at": place} if row.return_by == COUNTER else {}
    if kind not in ABOUT_RESULTS:
        return {}
    procedure = catalogue.version(session, row.version_id).procedure
    asked = collecting(procedure, row.answers, outcome=row.outcome)
    known: dict[str, Any] = {"bring": asked.names}
    if kind is MessageKind.UNCOLLECTED:
        known["archived_on"] = archived_on(procedure.process, row.step, row.task_due_at)
    if row.return_by == POST and kind in READY:
        known |= {"posted": POSTED, "place": UNKNOWN}
    elif not asked.on_paper and not asked.in_person and kind in READY:
        known |= {"electronic": ELECTRONIC, "place": UNKNOWN}
    if asked.in_person:
        known |= {"come_to": place, **({"place": UNKNOWN} if kind in READY else {})}
    return known


def _way(row: Any) -> Text:
    words, place = WAYS.get(row.details.get("to", ""), UNKNOWN), Text(row.place, row.place_en or "")
    return Text(*(words.in_language(one).format(place=place.in_language(one)) for one in ("vi", "en")))


def _moment(stored: str | None) -> datetime | None:
    return datetime.fromisoformat(stored) if stored else None


def kind_of(
    event: str, *, before: str | None, after: str, has_new_date: bool = False, is_unpaid: bool = False
) -> MessageKind | None:
    """What an event is to the applicant; `is_unpaid`: a fee is owed for the result. None: nothing to tell."""
    if event == REMINDED:
        known = MessageKind(after) if after in set(MessageKind) else None
        return MessageKind.UNCOLLECTED if after in RESULTS else known
    if event in OTHER_EVENTS:
        return OTHER_EVENTS[event]
    if has_new_date:
        return MessageKind.EXTENDED
    if before == after or (after in SILENT_STATES and (before, after) not in BETWEEN_STATES):
        return None
    found = BETWEEN_STATES.get((before or "", after)) or MessageKind(after)
    return MessageKind.GRANTED_UNPAID if found is MessageKind.GRANTED and is_unpaid else found


def list_messages(
    session: Session, *, actor: Actor, record_id: UUID | None = None, limit: int = 50
) -> list[MessageView]:
    """The actor's own messages, the newest first; of one record, if named."""
    statement = (
        select(
            Message.id,
            Message.record_id,
            Message.event_id,
            Message.kind,
            Message.subject,
            Message.subject_en,
            Message.body,
            Message.body_en,
            Message.sent_at,
            Message.read_at,
            _RECORD.c.code.label("record_code"),
            and_(_RECORD.c.state.not_in(NOTHING_OWED), fees_owed(Message.record_id)).label("owes"),
        )
        .join(_RECORD, _RECORD.c.id == Message.record_id, isouter=True)  # of a copy only the document may be seen
        .where(Message.owner_id == actor.person_id)
        .order_by(Message.sent_at.desc(), Message.id.desc())
        .limit(limit)
    )
    if record_id is not None:
        statement = statement.where(Message.record_id == record_id)
    rows = session.execute(statement).all()
    papers = papers_of(session, [row.event_id for row in rows], owner_id=actor.person_id) if actor.person_id else {}
    return [_view(row, papers.get(row.event_id, ())) for row in rows]


def _day(told: str | None) -> date | None:
    return date.fromisoformat(told) if told else None


def _amount(session: Session, kind: MessageKind, row: Any) -> int:
    if kind is MessageKind.PAID:
        return paid_amount(session, UUID(row.details["payment_id"]))
    return 0 if row.state in NOTHING_OWED else unpaid_amount(session, row.record_id)


def _view(row: Any, papers: tuple[MessagePaper, ...]) -> MessageView:
    return MessageView(
        id=row.id,
        record_id=row.record_id,
        record_code=row.record_code or "",
        kind=row.kind,
        text=MessageText(Text(row.subject, row.subject_en), Text(row.body, row.body_en)),
        sent_at=row.sent_at,
        read_at=row.read_at,
        papers=papers,
        asks_to_pay=row.kind in ASKING_TO_PAY and bool(row.owes),
    )
