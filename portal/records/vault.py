"""The personal document store (Decree 107/2021/NĐ-CP; Decree 118/2025/NĐ-CP keeps it): results that were issued to a
person, and papers that the person keeps, to be handed in again in later procedures.

Nothing in it is the paper of a record: what was taken from here has its own row, and stays when this one goes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Delete, delete, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from portal.catalogue.types import Paper
from portal.core import clock
from portal.core.actor import Actor
from portal.core.errors import Conflict, NotAllowed, NotFound
from portal.core.references import new_id
from portal.core.text import folded, marked
from portal.files.kinds import FORMATS
from portal.files.queries import list_files
from portal.files.store import MEGABYTE
from portal.files.types import FileFacts
from portal.records.drafts import add_paper
from portal.records.paper_uploads import UploadedPaper
from portal.records.provenance import Provenance, verdict_of
from portal.records.vault_models import HiddenResult, VaultPaper
from portal.records.verdicts import Verdict, Worth
from portal.workflow.definition import Text

MOST = 100
"""Papers that a person may keep, and results that are listed."""
MAX_MB = 20
GONE = marked("Không thấy giấy này trong kho. Mở lại Kho giấy tờ.")
FULL = marked("Kho đã có %(count)s giấy. Bỏ bớt giấy không cần rồi thêm.")
SIGN_IN = marked("Đăng nhập để dùng Kho giấy tờ.")
NOT_OFFERED = marked("Giấy này không dùng được cho mục này. Chọn giấy khác hoặc tải tệp lên.")

_ISSUED_TO = """
FROM record JOIN document ON document.record_id = record.id
WHERE record.owner_id = :owner AND document.kind IN ('result', 'further_result') AND document.template <> 'rejection'
  AND document.for_applicant AND document.number IS NOT NULL AND document.rendered_at >= document.issued_at
"""
_RESULTS = text(f"""
SELECT document.id, document.file_digest, document.title, document.title_en, record.code, record.subject,
  record.subject_en, EXISTS (
    SELECT FROM hidden_result AS hidden
    WHERE hidden.owner_id = record.owner_id AND hidden.document_id = document.id) AS is_hidden, EXISTS (
    SELECT FROM fee_line WHERE fee_line.record_id = record.id AND moment = 'return' AND amount > 0 AND paid_at IS NULL
  ) AS is_unpaid
{_ISSUED_TO} ORDER BY document.issued_at DESC, document.row LIMIT :most
""")  # noqa: S608 - put together from constants
_THERE = text(f"""
SELECT (SELECT document.id {_ISSUED_TO} AND document.file_digest = :digest LIMIT 1) AS result_id, (
    SELECT id FROM vault_paper WHERE owner_id = :owner AND file_digest = :digest) AS paper_id, (
    SELECT count(*) FROM vault_paper WHERE owner_id = :owner) AS papers
""")  # noqa: S608 - as above


@dataclass(frozen=True)
class Details:
    """What a person writes of a paper. `expires_on` is the last day of validity."""

    name: str
    number: str = ""
    issuer: str = ""
    issued_on: date | None = None
    expires_on: date | None = None


@dataclass(frozen=True)
class VaultItem:
    """A paper in the store. `about`: the subject of the record that a result came out of, or that a paper was handed in
    with; `record_code`: of a result; `is_hidden`: its owner does not want to see this result among the others;
    `is_unpaid`: it is not handed out yet, nor in."""

    id: UUID
    is_result: bool
    name: Text
    number: str
    issuer: Text
    issued_on: date | None
    expires_on: date | None
    file: FileFacts
    file_name: str
    verdict: Verdict
    signatures: Mapping[str, Any] | None = None
    record_code: str = ""
    about: Text | None = None
    is_hidden: bool = False
    is_unpaid: bool = False

    @property
    def known(self) -> Provenance:
        """What goes with it wherever it is handed in."""
        issued = self.verdict.issued
        return Provenance(self.signatures, issued.id if issued else None, from_vault=True)

    @property
    def is_verified(self) -> bool:
        """Whether the portal knows what it is, not only its owner."""
        return self.verdict.worth.is_genuine

    def worth(self, *, today: date) -> Worth:
        """With the day that the owner wrote for a paper of which the registry knows nothing."""
        ended = self.expires_on is not None and self.expires_on < today
        return Worth.EXPIRED if ended and not self.is_verified else self.verdict.worth

    def is_in_force(self, *, today: date) -> bool:
        return self.worth(today=today) not in (Worth.EXPIRED, Worth.REPLACED, Worth.REVOKED, Worth.UNFINISHED)

    def fits(self, paper: Paper) -> bool:
        """Whether the slot takes such a file, and the file may be handed in."""
        if self.is_hidden or self.is_unpaid:
            return False
        kinds = {FORMATS[form] for form in paper.formats}
        is_taken = self.file.media_type in kinds and self.file.size <= paper.max_mb * MEGABYTE
        return is_taken and (not paper.signed or self.verdict.worth.is_signed_well)

    def likeness(self, name: str) -> int:
        """How many words of meaning its name shares with that of a slot."""
        return len(_words(self.name.vi) & _words(name))


_EMPTY = frozenset(
    [
        "giay",
        "to",
        "ban",
        "sao",
        "cua",
        "va",
        "hoac",
        "da",
        "cap",
        "chung",
        "nhan",
        "chinh",
        "hop",
        "le",
        "ve",
        "cho",
        "theo",
        "cac",
        "nguoi",
        "mot",
    ]
)


def _words(name: str) -> frozenset[str]:
    return frozenset(folded(name).split()) - _EMPTY


def list_vault(session: Session, *, actor: Actor, now: datetime) -> list[VaultItem]:
    """Results first, hidden ones too, then what the person keeps, each the newest first."""
    today = clock.local_day(now)
    results = session.execute(_RESULTS, {"owner": actor.person_id, "most": MOST}).all()
    mine = select(VaultPaper).where(VaultPaper.owner_id == actor.person_id).order_by(VaultPaper.kept_at.desc())
    papers = session.scalars(mine).all()
    digests = [*(row.file_digest for row in results), *(row.file_digest for row in papers)]
    known = list_files(session, digests)
    issued = [_result(session, row, known[row.file_digest], today=today) for row in results]
    return [*issued, *(_kept(session, row, known[row.file_digest], today=today) for row in papers)]


def get_vault_paper(session: Session, paper_id: UUID, *, actor: Actor, now: datetime) -> VaultItem:
    """A paper that the person keeps; NotFound for everybody else and for results."""
    row = _mine(session, paper_id, actor=actor)
    facts = list_files(session, [row.file_digest])[row.file_digest]
    return _kept(session, row, facts, today=clock.local_day(now))


def put_in(
    session: Session, uploaded: UploadedPaper, details: Details, *, actor: Actor, now: datetime
) -> tuple[UUID, bool]:
    """Keep an uploaded file; its key, and whether it is new here: the same content twice is one paper.

    Raises Conflict when the store is full.
    """
    file = uploaded.file
    return _put(session, file.digest, file.file_name, uploaded.known, details, Text(""), actor=actor, now=now)


def keep_supplied(
    session: Session, paper_ids: Iterable[UUID], names: Mapping[UUID, str], *, actor: Actor, now: datetime
) -> int:
    """Keep papers that were handed in with earlier records, under these names; how many. Raises Conflict."""
    wanted = set(paper_ids)
    chosen = [row for row in _supplied(session, actor=actor) if row.id in wanted and row.id in names]
    for row in chosen:
        known = Provenance(row.signatures, row.document_id)
        about = Text(row.subject, row.subject_en)
        _put(session, row.file_digest, row.file_name, known, Details(names[row.id]), about, actor=actor, now=now)
    return len(chosen)


def list_supplied(session: Session, *, actor: Actor) -> list[Any]:
    """Papers of the person's records that are not kept yet, the newest first: id, slot, file_name, supplied_at,
    version_id, code, subject, subject_en, file_digest, signatures, document_id."""
    return _supplied(session, actor=actor)


def describe(session: Session, paper_id: UUID, details: Details, *, actor: Actor) -> None:
    """Write down what a kept paper is. Raises NotFound."""
    row = _mine(session, paper_id, actor=actor)
    for name, value in vars(details).items():
        setattr(row, name, value)


def take_out(session: Session, paper_id: UUID, *, actor: Actor) -> None:
    """Keep it no longer. Papers of drafts and records that were taken from here stay. Raises NotFound."""
    session.delete(_mine(session, paper_id, actor=actor))


def hide(session: Session, document_id: UUID, *, actor: Actor, now: datetime) -> VaultItem:
    """Leave a result out of the list and of what is offered; the record, the file and their checking stay as they are.

    Raises NotFound.
    """
    item = _issued_to(session, document_id, actor=actor, now=now)
    row = {"owner_id": actor.person_id, "document_id": document_id, "hidden_at": now}
    session.execute(insert(HiddenResult).values(row).on_conflict_do_nothing())
    return item


def unhide(session: Session, document_id: UUID, *, actor: Actor, now: datetime) -> VaultItem:
    """List it again. Raises NotFound."""
    item = _issued_to(session, document_id, actor=actor, now=now)
    session.execute(_hidden_row(actor, document_id))
    return item


def _hidden_row(actor: Actor, document_id: UUID) -> Delete:
    return delete(HiddenResult).where(HiddenResult.owner_id == actor.person_id, HiddenResult.document_id == document_id)


def offers(items: Iterable[VaultItem], paper: Paper, *, besides: Iterable[str], today: date) -> list[VaultItem]:
    """What may be handed in for a slot, the likeliest first; `besides`: digests that are in the slot already."""
    there = set(besides)
    fit = [item for item in items if item.fits(paper) and item.file.digest not in there]
    return sorted(
        (item for item in fit if item.is_in_force(today=today)), key=lambda item: -item.likeness(paper.name.vi)
    )


def chosen(session: Session, paper: Paper, item_id: UUID, *, actor: Actor, now: datetime) -> VaultItem:
    """A paper of the store that is handed in for a slot. Raises Conflict when it is not offered any more."""
    offered = offers(list_vault(session, actor=actor, now=now), paper, besides=(), today=clock.local_day(now))
    item = next((one for one in offered if one.id == item_id), None)
    if item is None:
        raise Conflict(NOT_OFFERED)
    return item


def take(session: Session, draft_id: UUID, paper: Paper, item_id: UUID, *, actor: Actor, now: datetime) -> UUID:
    """Hand a paper of the store in for a slot of a draft. Its origin goes with it.

    Raises Conflict when it is not offered any more, or the slot is full, and NotFound.
    """
    item = chosen(session, paper, item_id, actor=actor, now=now)
    return add_paper(
        session,
        draft_id,
        paper.id,
        digest=item.file.digest,
        file_name=item.file_name,
        most=paper.max_files,
        known=item.known,
        actor=actor,
        now=now,
    )


def _put(
    session: Session,
    digest: str,
    file_name: str,
    known: Provenance,
    details: Details,
    about: Text,
    *,
    actor: Actor,
    now: datetime,
) -> tuple[UUID, bool]:
    """The same content twice is one paper, also when it comes twice at once."""
    if actor.person_id is None:
        raise NotAllowed(SIGN_IN)
    there = session.execute(_THERE, {"owner": actor.person_id, "digest": digest}).one()
    if there.result_id is not None:
        session.execute(_hidden_row(actor, there.result_id))
        return there.result_id, False
    if there.paper_id is not None:
        return there.paper_id, False
    if there.papers >= MOST:
        raise Conflict(FULL, count=MOST)
    row = {
        "id": new_id(),
        "owner_id": actor.person_id,
        **vars(details),
        "file_digest": digest,
        "file_name": file_name,
        "signatures": dict(known.signatures) if known.signatures else None,
        "document_id": known.document_id,
        "about": about.vi,
        "about_en": about.en,
        "kept_at": now,
    }
    written = insert(VaultPaper).values(row).on_conflict_do_nothing().returning(VaultPaper.id)
    paper_id = session.execute(written).scalar_one_or_none()
    if paper_id is not None:
        return paper_id, True
    same = select(VaultPaper.id).where(VaultPaper.owner_id == actor.person_id, VaultPaper.file_digest == digest)
    return session.scalars(same).one(), False


_SUPPLIED = text("""
SELECT * FROM (
SELECT DISTINCT ON (paper.file_digest) paper.id, paper.slot, paper.file_digest, paper.file_name, paper.supplied_at,
  paper.signatures, paper.document_id, record.version_id, record.code, record.subject, record.subject_en
FROM record JOIN record_paper AS paper ON paper.record_id = record.id
WHERE record.owner_id = :owner AND paper.replaced_at IS NULL AND NOT paper.from_vault
  AND NOT EXISTS (
    SELECT FROM vault_paper AS kept WHERE kept.owner_id = record.owner_id AND kept.file_digest = paper.file_digest)
ORDER BY paper.file_digest, paper.supplied_at DESC
) AS supplied
ORDER BY supplied_at DESC, code DESC, slot DESC LIMIT :most
""")


def _supplied(session: Session, *, actor: Actor) -> list[Any]:
    return list(session.execute(_SUPPLIED, {"owner": actor.person_id, "most": MOST}))


def _mine(session: Session, paper_id: UUID, *, actor: Actor) -> VaultPaper:
    wanted = select(VaultPaper).where(VaultPaper.id == paper_id, VaultPaper.owner_id == actor.person_id)
    row = session.scalars(wanted).one_or_none()
    if row is None:
        raise NotFound(GONE)
    return row


def _issued_to(session: Session, document_id: UUID, *, actor: Actor, now: datetime) -> VaultItem:
    items = list_vault(session, actor=actor, now=now)
    item = next((one for one in items if one.is_result and one.id == document_id), None)
    if item is None:
        raise NotFound(GONE)
    return item


def _result(session: Session, row: Any, file: FileFacts, *, today: date) -> VaultItem:
    known = Provenance(document_id=row.id)
    verdict = verdict_of(session, row.file_digest, known, today=today)
    issued = verdict.issued
    if issued is None:
        raise NotFound(GONE)
    return VaultItem(
        id=row.id,
        is_result=True,
        name=Text(row.title, row.title_en),
        number=issued.reference,
        issuer=issued.agency,
        issued_on=clock.local_day(issued.issued_at),
        expires_on=issued.valid_until,
        file=file,
        file_name=f"{row.title} {issued.reference.replace('/', '-')}.pdf",
        verdict=verdict,
        record_code=row.code,
        about=Text(row.subject, row.subject_en),
        is_hidden=row.is_hidden,
        is_unpaid=row.is_unpaid,
    )


def _kept(session: Session, row: VaultPaper, file: FileFacts, *, today: date) -> VaultItem:
    """What the registry knows of it counts more than what its owner wrote."""
    verdict = verdict_of(session, row.file_digest, Provenance(row.signatures, row.document_id), today=today)
    issued = verdict.issued
    return VaultItem(
        id=row.id,
        is_result=False,
        name=Text(issued.title, issued.title_en) if issued else Text(row.name, row.name),
        number=issued.reference if issued else row.number,
        issuer=issued.agency if issued else Text(row.issuer, row.issuer),
        issued_on=clock.local_day(issued.issued_at) if issued else row.issued_on,
        expires_on=issued.valid_until if issued else row.expires_on,
        file=file,
        file_name=row.file_name,
        verdict=verdict,
        signatures=row.signatures,
        about=Text(row.about, row.about_en) if row.about else None,
    )
