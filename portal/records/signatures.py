"""Electronic signatures of results, in the transaction of the act: the person in authority signs what was shown; the
agency's field is signed when the clerk has taken the number. When anything fails the act has not happened either.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import insert, text, update
from sqlalchemy.orm import Session

from portal.accounts import queries as accounts
from portal.core import clock
from portal.core.actor import Actor
from portal.core.errors import Conflict, NotFound, Unavailable
from portal.core.references import new_id
from portal.core.text import marked
from portal.documents import drawings
from portal.documents.contents import holder_of, storable
from portal.documents.jobs import pages_of
from portal.documents.models import Document
from portal.documents.rendering import check_drawing, render
from portal.documents.symbols import reference
from portal.documents.words import long_date
from portal.files import service as files
from portal.records.contents.builders import BUILDERS
from portal.records.contents.gathering import writing_of
from portal.records.lateness import LEADING
from portal.signing import service as signing
from portal.signing import token
from portal.signing.fields import places_of
from portal.signing.models import DocumentSignature
from portal.signing.pades import Desk
from portal.signing.summaries import Summary
from portal.signing.types import PERSON, Place
from portal.units import queries as units

CHANGED = marked("Văn bản vừa được soạn lại sau khi bạn mở. Xem bản mới rồi ký.")
NOT_READY = marked("Bản PDF của văn bản này chưa sẵn sàng để ký. Chờ một phút rồi ký lại.")
DAMAGED = marked(
    "Bản PDF của văn bản này trong kho bị mất hoặc hỏng. Chưa ký, chưa lấy số; báo người quản trị khôi phục tệp."
)
FULL = marked("Kho tệp đầy hoặc chưa ghi được. Chưa ký, chưa lấy số; ký lại khi kho đã có chỗ.")

NO_LETTER = marked("Thư này đã được ký, hoặc do cơ quan khác ký. Mở lại danh sách để xem.")

SIGNS = "Ký ban hành văn bản"
SEALS = "Đóng dấu, cấp số văn bản"

_JUST_ACTED = text("""
SELECT document.id, document.unit_id, document.owner_id, document.record_id, document.file_digest, document.number,
  document.series, document.title, document.template, document.issued_at,
  document.content, document.valid_until,
  document.signed_at = :now AS signed_now, document.issued_at = :now AS sealed_now,
  main.number AS main_number, main.series AS main_series,
  older.number AS older_number, older.series AS older_series, older.issued_at AS older_issued_at
FROM document LEFT JOIN document AS older ON older.id = document.changes_id AND older.record_id = document.record_id
LEFT JOIN LATERAL (
  SELECT result.number, result.series FROM document AS result
  WHERE document.kind = 'further_result' AND result.record_id = document.record_id AND result.kind = 'result'
    AND coalesce(result.row, 0) = 0 AND result.number IS NOT NULL
  ORDER BY result.issued_at DESC LIMIT 1) AS main ON true
WHERE document.record_id = :record AND document.kind IN ('result', 'further_result')
  AND (document.signed_at = :now AND document.signed_by = :person
    OR document.issued_at = :now AND document.sealed_by = :person)
ORDER BY document.kind DESC, document.row NULLS FIRST, document.id
""")
_LETTER = text("""
SELECT id, unit_id, owner_id, record_id, file_digest, number, series, title, content, valid_until,
  true AS sealed_now, NULL AS older_number, NULL AS main_number
FROM document WHERE id = :wanted AND awaits_signature_since IS NOT NULL AND unit_id = ANY (:units) FOR UPDATE
""")
_LETTER_IS_SIGNED = text("UPDATE document SET awaits_signature_since = NULL WHERE id = :wanted")
_SIGNED_BY_PERSON = text(
    "SELECT 1 FROM document_signature WHERE document_id = :document AND file_digest = :digest AND kind = 'person'"
)
_KEEP = text("UPDATE document SET file_digest = :digest, rendered_at = :moment WHERE id = :document")


@dataclass(frozen=True)
class Hand:
    """An open desk, and the authority under which its keys are used."""

    desk: Desk
    session_id: UUID


def sign_acts(
    session: Session, record_id: UUID, *, hand: Hand, shown: Collection[str], actor: Actor, now: datetime
) -> None:
    """Put the signatures that belong to what the actor has just done to the documents of a record: the result, and
    those that are signed and sealed with it. `shown`: SHA-256 of each PDF that the actor could see.

    Raises Conflict when a document is another than those that were shown, or the authority to sign is over;
    Unavailable and what `Desk.sign` raises. Nothing of the act must stay then.
    """
    asked = {"record": record_id, "now": now, "person": actor.person_id}
    for document in session.execute(_JUST_ACTED, asked).all():
        signing.check_session(session, hand.session_id, actor=actor, now=now)
        if document.sealed_now and not document.signed_now and not _has_signature(session, document):
            _seal_alone(session, document, hand=hand, actor=actor, now=now)
            continue
        pdf = _shown(document.file_digest)
        places = places_of(pdf)
        if document.signed_now and document.file_digest not in shown:
            raise Conflict(CHANGED)
        if document.signed_now and places:
            _sign(session, document, pdf, places, hand=hand, actor=actor, now=now)
        elif document.sealed_now:
            _seal(session, document, pdf, places, hand=hand, actor=actor, now=now)


def sign_letter(
    session: Session, document_id: UUID, *, hand: Hand, shown: Collection[str], actor: Actor, now: datetime
) -> None:
    """The person in authority signs a letter that has its number, and the agency's seal follows at once.

    Raises what `sign_acts` raises, and Conflict when the letter is signed, or of another agency.
    """
    signing.check_session(session, hand.session_id, actor=actor, now=now)
    leads = [post.unit_id for post in actor.posts if post.role in LEADING]
    letter = session.execute(_LETTER, {"wanted": document_id, "units": leads}).one_or_none()
    if letter is None:
        raise Conflict(NO_LETTER)
    if letter.file_digest not in shown:
        raise Conflict(CHANGED)
    pdf = _shown(letter.file_digest)
    _sign(session, letter, pdf, places_of(pdf), hand=hand, actor=actor, now=now)
    session.execute(_LETTER_IS_SIGNED, {"wanted": document_id})


def _shown(digest: str | None) -> bytes:
    """The bytes that were shown. Raises Conflict when the store has them no longer, or others in their place."""
    if digest is None:
        raise Conflict(NOT_READY)
    try:
        with files.content_of(digest) as stream:
            content = stream.read()
    except NotFound as gone:
        raise Conflict(DAMAGED) from gone
    if sha256(content).hexdigest() != digest:
        raise Conflict(DAMAGED)
    return content


def _has_signature(session: Session, document: Any) -> bool:
    asked = {"document": document.id, "digest": document.file_digest}
    return session.execute(_SIGNED_BY_PERSON, asked).first() is not None


def _sign(
    session: Session, document: Any, pdf: bytes, places: tuple[Place, ...], *, hand: Hand, actor: Actor, now: datetime
) -> None:
    label, name = token.of_person(_person(actor)), actor.name
    place = next(place for place in places if place.field == PERSON)
    drawing = drawings.of_person(
        place,
        capacity=_capacity(session, document.unit_id, _person(actor), now=now),
        name=name,
        picture=signing.picture(label, name),
    )
    signed = hand.desk.sign(pdf, field=PERSON, label=label, name=name, appearance=drawing, reason=SIGNS)
    _keep(session, document, [(PERSON, "person", signed)], hand=hand, actor=actor, now=now)
    if document.sealed_now:  # a refusal takes its number with the signature
        _seal(session, document, signed.content, places, hand=hand, actor=actor, now=now)


def _seal(
    session: Session, document: Any, pdf: bytes, places: tuple[Place, ...], *, hand: Hand, actor: Actor, now: datetime
) -> None:
    """Every field of the agency, on the page where it stands: number and day, then the seal, which closes all."""
    agency = units.directory(session).unit(document.unit_id).name
    label = token.of_unit(document.unit_id)
    picture = signing.picture(label, agency)
    made = []
    if not places:
        return  # a form of its own, without a place for a seal
    for place in places:
        if place.field == PERSON:
            continue
        drawing = drawings.of_agency(
            place,
            number=document.number,
            agency=agency.replace("UBND", "Ủy ban nhân dân"),
            now=now,
            picture=picture,
            reference=reference(document.main_number, document.main_series) if document.main_number else "",
            code=_code(document, pdf, place, agency=agency, hand=hand, now=now),
            note=_note(document),
        )
        signed = hand.desk.sign(pdf, field=place.field, label=label, name=agency, appearance=drawing, reason=SEALS)
        made.append((place.field, "agency", signed))
        pdf = signed.content
    _keep(session, document, made, hand=hand, actor=actor, now=now)


def _code(document: Any, pdf: bytes, place: Place, *, agency: str, hand: Hand, now: datetime) -> bytes | None:
    """The QR code by which the document is checked; None in a field without room for it."""
    if all(part.kind != "code" for part in place.parts):
        return None
    summary = Summary(
        number=reference(document.number, document.series),
        day=clock.local_day(now),
        agency=agency,
        title=document.title,
        holder=holder_of(document.content),
        valid_until=document.valid_until,
        begins_with=pdf,
    )
    return check_drawing(document.id, summary=hand.desk.sign_summary(summary))


def _seal_alone(session: Session, document: Any, *, hand: Hand, actor: Actor, now: datetime) -> None:
    """A document under a signature that was given elsewhere: what was signed before the portal could, or a row that the
    answers have only had since. It is printed with all that is known, and the agency signs it."""
    content = BUILDERS[document.template](writing_of(session, document.record_id, document.id, now=now))
    stored = storable(document.template, content)
    session.execute(update(Document).where(Document.id == document.id).values(content=stored))
    pdf = render(
        document.template,
        stored,
        title=document.title,
        record_id=document.record_id,
        document_id=document.id,
        series=document.series,
        number=document.number,
        issued_on=clock.local_day(document.issued_at),
        puts_right=_note(document),
        for_seal=True,
    )
    _seal(session, document, pdf, places_of(pdf), hand=hand, actor=actor, now=now)


def _keep(session: Session, document: Any, made: list[Any], *, hand: Hand, actor: Actor, now: datetime) -> None:
    """The file first, then its rows. Raises Unavailable when the store is full."""
    content: bytes = made[-1][2].content
    try:
        stored = files.store_produced(content)
    except OSError as full:
        raise Unavailable(FULL) from full
    files.write_row(session, stored, media_type="application/pdf", pages=pages_of(content), now=now)
    for field, kind, signed in made:
        session.execute(
            insert(DocumentSignature).values(
                id=new_id(),
                document_id=document.id,
                record_id=document.record_id,
                owner_id=document.owner_id,
                kind=kind,
                field=field,
                person_id=actor.person_id,
                unit_id=document.unit_id,
                signing_session_id=hand.session_id,
                certificate_serial=signed.certificate_serial,
                subject=signed.subject,
                shown_digest=document.file_digest or "",
                file_digest=stored.digest,
                signed_at=now,
            )
        )
    session.execute(_KEEP, {"digest": stored.digest, "moment": clock.now(), "document": document.id})


def _capacity(session: Session, unit_id: UUID, person_id: UUID, *, now: datetime) -> list[str]:
    day = clock.local_day(now)
    posts = [post for post in accounts.list_officials(session, unit_id, day=day) if post.person_id == person_id]
    leading = [post for post in posts if post.role in ("leader", "head")]
    post = next(iter([*leading, *posts]), None)
    return [part for part in (post.capacity, post.title) if part] if post else []


def _note(document: Any) -> str:
    if document.older_number is None:
        return ""
    day = long_date(clock.local_day(document.older_issued_at))
    return f"Bản đính chính, thay bản số {reference(document.older_number, document.older_series)} {day}."


def _person(actor: Actor) -> UUID:
    if actor.person_id is None:
        raise Conflict(NOT_READY)
    return actor.person_id
